"""What people type, cleaned. The rules themselves stand in the services."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import ServiceForm

from .models import Campus, CampusRole, MembershipSource, MembershipState, Pin

TIME_ZONES = [
    "Europe/Paris", "Europe/Brussels", "Europe/Zurich", "Europe/Luxembourg", "Europe/London", "Europe/Madrid",
    "Europe/Berlin", "Europe/Rome", "Europe/Lisbon", "Africa/Casablanca", "Africa/Tunis", "Africa/Dakar",
    "Africa/Abidjan", "America/Martinique", "America/Guadeloupe", "America/Cayenne", "America/Montreal",
    "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "Asia/Shanghai", "UTC",
]  # fmt: skip


class CampusForm(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("A short name for lists and files, such as PAR.")
    )
    address = forms.CharField(
        label=_("Address"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    default_role = forms.ChoiceField(
        label=_("Default role"), choices=CampusRole, help_text=_("What new people are here unless a mapping says more.")
    )
    hue = forms.IntegerField(
        label=_("Colour"), required=False, min_value=0, max_value=359,
        help_text=_("A position on the colour wheel, 0 to 359. Empty: the school's colour."),
    )  # fmt: skip

    def __init__(self, *args: Any, time_zone: str = "Europe/Paris", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [time_zone] if time_zone not in TIME_ZONES else []
        self.fields["time_zone"].choices = [(name, name) for name in names + TIME_ZONES]  # type: ignore[attr-defined]
        self.fields["time_zone"].initial = time_zone

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"]
        if name not in available_timezones():
            raise forms.ValidationError(_("Choose a time zone from the list."))
        return str(name)


def campus_initial(campus: Campus) -> dict[str, Any]:
    names = ("name", "code", "address", "time_zone", "default_role", "hue")
    return {name: getattr(campus, name) for name in names}


class DomainForm(ServiceForm):
    domain = forms.CharField(
        label=_("Domain"), max_length=260, help_text=_("The part after the @, such as students.school.fr.")
    )


class PlaceForm(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    capacity = forms.IntegerField(label=_("Capacity"), required=False, min_value=1, max_value=100_000)


class MemberForm(ServiceForm):
    email = forms.EmailField(label=_("E-mail"), help_text=_("The address of somebody who already has an account here."))
    role = forms.ChoiceField(label=_("Role"), choices=CampusRole)


class PinForm(ServiceForm):
    pin = forms.ChoiceField(label=_("Exception"), choices=Pin, required=False)


class RoleForm(ServiceForm):
    role = forms.ChoiceField(label=_("Role"), choices=CampusRole)


class MemberFilter(forms.Form):
    q = forms.CharField(label=_("Search people"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All")), *CampusRole.choices])
    source = forms.ChoiceField(label=_("Source"), required=False, choices=[("", _("All")), *MembershipSource.choices])
    pinned = forms.ChoiceField(
        label=_("Exception"), required=False, choices=[("", _("All")), *((p.value, p.label) for p in Pin if p.value)]
    )

    @property
    def usable(self) -> dict[str, str]:
        """What can be used of the address; anything else is ignored."""
        self.is_valid()
        found = self.cleaned_data
        state = self.data.get("state", "")  # the tab, which the filters keep
        wanted = {name: found.get(name, "") for name in ("role", "source", "pinned")}
        return {"search": found.get("q", ""), "state": state if state in MembershipState.values else "", **wanted}
