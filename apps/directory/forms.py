from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.campuses.models import Campus, CampusRole
from apps.core.forms import ServiceForm
from apps.tenants import features
from apps.tenants.models import School

from .models import ConflictDecision, DirectoryChange, DirectoryRun, DirectorySchedule
from .rules import ALERT_HOURS, HOLD_COUNT, HOLD_PERCENT, NOTIFICATIONS
from .wording import REASONS


class MappingForm(ServiceForm):
    """Campus, role and nesting of a mapping; the group is chosen beside it, from Microsoft's own list."""

    campus = forms.ModelChoiceField(label=_("Campus"), queryset=Campus.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=CampusRole, initial=CampusRole.MEMBER)
    transitive = forms.BooleanField(
        label=_("Include nested groups"), required=False, initial=True,
        help_text=_("People of groups inside the group count as well."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campus"].queryset = Campus.objects.filter(archived_at=None)  # type: ignore[attr-defined]


class MappingChangeForm(ServiceForm):
    role = forms.ChoiceField(label=_("Role"), choices=CampusRole)
    transitive = forms.BooleanField(label=_("Include nested groups"), required=False)
    active = forms.BooleanField(
        label=_("Active"), required=False,
        help_text=_("While a mapping is paused, nobody of its campus is removed by a run."),
    )  # fmt: skip


class GroupFilter(forms.Form):
    q = forms.CharField(label=_("Search groups"), required=False, max_length=100)


class ChangeFilter(forms.Form):
    """Which lines of a run's plan are shown; what makes no sense filters nothing."""

    q = forms.CharField(label=_("Search people"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Change"), required=False, choices=[("", _("All")), *DirectoryChange.Kind.choices])
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=[("", _("All")), *REASONS.items()])
    campus = forms.ChoiceField(label=_("Campus"), required=False)

    def __init__(self, data: Any, *, campuses: Mapping[UUID, str]) -> None:
        super().__init__(data)
        named = sorted(((str(pk), name) for pk, name in campuses.items()), key=lambda choice: choice[1])
        self.fields["campus"].choices = [("", _("All")), *named]  # type: ignore[attr-defined]

    @property
    def usable(self) -> dict[str, str]:
        self.is_valid()
        found = self.cleaned_data
        names = ("kind", "reason", "campus")
        return {"search": found.get("q", ""), **{name: found.get(name, "") for name in names}}


class RunFilter(forms.Form):
    """Which runs the history shows; what makes no sense filters nothing."""

    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("What"), required=False)
    trigger = forms.ChoiceField(label=_("Started by"), required=False)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        offered = {
            "state": DirectoryRun._meta.get_field("state").choices,
            "kind": DirectoryRun.Kind.choices,
            "trigger": DirectoryRun.Trigger.choices,
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", _("All")), *(choices or ())]  # type: ignore[attr-defined]

    @property
    def usable(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ScheduleForm(ServiceForm):
    """When runs start by themselves. Fields that the chosen mode does not use keep what they hold."""

    mode = forms.ChoiceField(label=_("Runs start"), choices=DirectorySchedule.Mode, widget=forms.RadioSelect)
    every_hours = forms.IntegerField(
        label=_("Hours between runs"), required=False, min_value=1, max_value=168,
        help_text=_("For “every few hours”: 1 to 168."),
    )  # fmt: skip
    daily_at = forms.TimeField(
        label=_("Time of day"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("For “every day”: on the clock of the school, also when summer time begins or ends."),
    )  # fmt: skip
    reading = forms.ChoiceField(label=_("What is read"), choices=DirectorySchedule.Reading, widget=forms.RadioSelect)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, mode in (("every_hours", "hours"), ("daily_at", "daily")):
            if given.get(name) is None and name not in self.errors:
                if given.get("mode") == mode:
                    self.add_error(name, _("Say when: this is what the chosen schedule needs."))
                given[name] = self.get_initial_for_field(self.fields[name], name)
        return given


class RulesForm(ServiceForm):
    """The rules of the directory that a school sets for itself; left empty, the plan's default holds."""

    DECLARED = (HOLD_PERCENT, HOLD_COUNT, ALERT_HOURS)

    def __init__(self, data: Any = None, *, school: School) -> None:
        super().__init__(data)
        facts: dict[str, Any]
        for declared in self.DECLARED:
            facts = {"label": declared.label, "help_text": declared.help_text, "required": False}
            default = declared.default_of(school.plan)
            self.fields[declared.name] = forms.IntegerField(
                min_value=declared.minimum, max_value=declared.maximum,
                initial=features.own_value(declared, school.settings),
                widget=forms.NumberInput(attrs={"placeholder": default}), **facts,
            )  # fmt: skip
        facts = {"label": NOTIFICATIONS.label, "help_text": NOTIFICATIONS.help_text, "required": False}
        self.fields[NOTIFICATIONS.name] = forms.BooleanField(initial=features.value(NOTIFICATIONS.key, school), **facts)

    def values(self) -> dict[str, Any]:
        """The settings by their key."""
        return {declared.key: self.cleaned_data[declared.name] for declared in (*self.DECLARED, NOTIFICATIONS)}


class ConflictForm(ServiceForm):
    """What to do about a conflict; the address is for "another address"."""

    choice = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("Other address of the person here"), required=False, max_length=254,
        help_text=_("Only for “Two people”: the address that the person here has from now on."),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = list(choices)
        labels = dict(ConflictDecision.Choice.choices)
        self.fields["choice"].choices = [(one, labels[one]) for one in wanted]  # type: ignore[attr-defined]
        if ConflictDecision.Choice.ADDRESS not in wanted:
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        found.setdefault("email", "")
        if found.get("choice") == ConflictDecision.Choice.ADDRESS and not found["email"]:
            self.add_error("email", _("Enter the address that the person here is to have."))
        return found
