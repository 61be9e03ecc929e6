"""What people type, cleaned. The rules themselves stand in the services."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.campuses.models import Campus, Promotion
from apps.core.forms import ServiceForm
from apps.core.permissions import REGISTRY

from .models import Association, Joining, Kind, Status, Visibility
from .terms import ACTIVE

ALL = ("", _("All"))
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
BOARD = ("president", "treasurer", "secretary")


class DetailsForm(ServiceForm):
    """What an association says about itself."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What it is for, in some sentences. Everybody who sees the association reads this."),
    )  # fmt: skip
    seat_id = forms.ChoiceField(
        label=_("Seat"), required=False, help_text=_("Its days begin and end by the clock of this campus.")
    )
    visibility = forms.ChoiceField(label=_("Seen by"), choices=Visibility, initial=Visibility.SCHOOL)
    promotion_id = forms.ChoiceField(
        label=_("Promotion"), required=False, help_text=_("Only where it is seen by one promotion.")
    )
    joining = forms.ChoiceField(label=_("Joining"), choices=Joining, initial=Joining.APPROVAL)
    rna = forms.CharField(
        label=_("RNA number"), max_length=20, required=False, help_text=_("From the prefecture: W and nine characters.")
    )
    siret = forms.CharField(label=_("SIRET number"), max_length=25, required=False, help_text=_("14 digits."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campuses = Campus.objects.filter(archived_at=None).values_list("pk", "name")
        self._choices("seat_id", _("The whole school"), campuses)
        self._choices("promotion_id", _("None"), Promotion.objects.values_list("pk", "name"))

    def _choices(self, name: str, empty: object, rows: Iterable[tuple[Any, str]]) -> None:
        self.fields[name].choices = [("", empty), *((str(key), label) for key, label in rows)]  # type: ignore[attr-defined]

    def clean_seat_id(self) -> str | None:
        return self.cleaned_data["seat_id"] or None

    def clean_promotion_id(self) -> str | None:
        return self.cleaned_data["promotion_id"] or None


class RequestForm(DetailsForm):
    """The same with the people who found it."""

    president = forms.EmailField(label=_("President"), required=False, help_text=_("E-mail at the school."))
    treasurer = forms.EmailField(label=_("Treasurer"), required=False, help_text=_("E-mail at the school."))
    secretary = forms.EmailField(label=_("Secretary"), required=False, help_text=_("E-mail at the school."))
    founders = forms.CharField(
        label=_("Other founders"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        help_text=_("One e-mail per line. Each is asked to agree by themselves."),
    )  # fmt: skip

    @property
    def named(self) -> list[tuple[str, str]]:
        """The founders as the services take them; of a form that is still being filled in, what is there."""
        self.is_valid()
        found = [(self.cleaned_data.get(code, ""), code) for code in BOARD]
        others = re.split(r"[\s,;]+", self.cleaned_data.get("founders", ""))
        return [(email, code) for email, code in [*found, *((email, "") for email in others)] if email]

    @property
    def details(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in (*BOARD, "founders")}


def details_of(association: Association) -> dict[str, Any]:
    names = ("name", "kind", "purpose", "seat_id", "visibility", "promotion_id", "joining", "rna", "siret")
    return {name: getattr(association, name) for name in names}


def request_of(association: Association) -> dict[str, Any]:
    """A request as its form shows it."""
    rows = list(association.founders.select_related("user"))
    board = {row.office: row.user.email for row in rows if row.office}
    others = "\n".join(row.user.email for row in rows if not row.office)
    return {**details_of(association), **board, "founders": others}


class WordsForm(ServiceForm):
    text = forms.CharField(label=_("Message"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class TermForm(ServiceForm):
    """The first mandate, when a request is approved."""

    starts_on = forms.DateField(label=_("First day of the board"), widget=DAY)
    ends_on = forms.DateField(
        label=_("Until"), widget=DAY, help_text=_("The first day on which the board holds its offices no more.")
    )
    text = forms.CharField(
        label=_("Message to the founders"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AppointForm(ServiceForm):
    office_id = forms.ChoiceField(label=_("Office"))
    email = forms.EmailField(label=_("E-mail"), help_text=_("Of an active person of the school."))
    starts_on = forms.DateField(label=_("From"), widget=DAY)
    ends_on = forms.DateField(label=_("Until"), widget=DAY, help_text=_("This day is no part of it."))

    def __init__(self, *args: Any, association: Association, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = association.offices.filter(archived_at=None)
        self.fields["office_id"].choices = [(str(one.pk), one.title) for one in offices]  # type: ignore[attr-defined]


class OfficeForm(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    permissions = forms.MultipleChoiceField(
        label=_("What it allows"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("You can add what you may do yourself at this association."),
    )  # fmt: skip
    confirms = forms.BooleanField(label=_("Its holder confirms the yearly renewal"), required=False)

    def __init__(self, *args: Any, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, REGISTRY[code].label) for code in codes if code in REGISTRY]
        self.fields["permissions"].choices = choices  # type: ignore[attr-defined]


class AddForm(ServiceForm):
    email = forms.EmailField(label=_("E-mail"), help_text=_("Of an active person of the school."))


class ReasonForm(ServiceForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class CampaignForm(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Such as 2026-2027."))
    deadline = forms.DateField(
        label=_("Last day"), widget=DAY, help_text=_("After it, boards that did not renew may only look.")
    )
    delisted_on = forms.DateField(
        label=_("Not listed from"), widget=DAY, required=False, help_text=_("Empty: thirty days after the last day.")
    )


class DirectoryFilter(forms.Form):
    q = forms.CharField(label=_("Search associations"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *Kind.choices])
    campus = forms.ChoiceField(label=_("Campus"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campuses = Campus.objects.filter(archived_at=None).values_list("code", "name")
        self.fields["campus"].choices = [ALL, *campuses]  # type: ignore[attr-defined]

    @property
    def usable(self) -> dict[str, str]:
        self.is_valid()
        found = self.cleaned_data
        return {"words": found.get("q", ""), "kind": found.get("kind", ""), "campus": found.get("campus", "")}


SHOWN = [(ACTIVE, _("Active")), *((s.value, s.label) for s in Status if s != Status.DRAFT), ("frozen", _("Frozen"))]


class OversightFilter(DirectoryFilter):
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ALL, *SHOWN])
    flags = forms.ChoiceField(label=_("Flags"), required=False, choices=[ALL, ("red", _("With a red flag"))])


class MemberFilter(forms.Form):
    q = forms.CharField(label=_("Search people"), required=False, max_length=100)
