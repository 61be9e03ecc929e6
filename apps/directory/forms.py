from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.campuses.forms import ServiceForm
from apps.campuses.models import Campus, CampusRole

from .models import DirectoryChange


class MappingForm(ServiceForm):
    """Campus, role and nesting of a mapping; the group is chosen beside it, from Microsoft's own list."""

    campus = forms.ModelChoiceField(label=_("Campus"), queryset=Campus.objects.none())
    role = forms.ChoiceField(label=_("Role"), choices=CampusRole)
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
    q = forms.CharField(label=_("Search people"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Change"), required=False, choices=[("", _("All")), *DirectoryChange.Kind.choices])

    @property
    def usable(self) -> dict[str, str]:
        self.is_valid()
        found = self.cleaned_data
        return {"search": found.get("q", ""), "kind": found.get("kind", "")}
