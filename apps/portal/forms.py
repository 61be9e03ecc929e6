"""What people type on the pages of the portal."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campuses.models import Campus, MembershipSource
from apps.core.ui import Text
from apps.tenants import features, hosts
from apps.tenants.models import School

from .people import NO_CAMPUS
from .wording import ROLE_NAMES


class PeopleFilter(forms.Form):
    """The filters of the list of people; they live in the URL. The status is the tab."""

    q = forms.CharField(label=_("Search name or e-mail"), required=False, max_length=100)
    campus = forms.ChoiceField(label=_("Campus"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)

    def __init__(self, data: Any, *, campuses: list[Campus]) -> None:
        super().__init__(data)
        everything: tuple[str, Text] = ("", _("All"))
        named = [(str(campus.pk), campus.name) for campus in campuses]
        choices: dict[str, list[tuple[str, Text]]] = {
            "campus": [everything, *named, (NO_CAMPUS, _("Without a campus"))],
            "role": [everything, *((code, name) for code, name in ROLE_NAMES.items() if code != "superadmin")],
            "source": [everything, *((str(code), label) for code, label in MembershipSource.choices)],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    @property
    def usable(self) -> dict[str, Any]:
        """What is valid; a filter that makes no sense filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def usable_status(text: str) -> str:
    return text if text in User.Status.values else ""


class SchoolForm(forms.Form):
    """How the school presents itself."""

    name = forms.CharField(label=_("Name"), max_length=120)
    locale = forms.ChoiceField(
        label=_("Language"), choices=School.Locale, help_text=_("For people who have not chosen one, and for e-mails.")
    )
    time_zone = forms.CharField(label=_("Time zone"), max_length=40, help_text=_("Such as Europe/Paris."))
    hue = forms.IntegerField(
        label=_("Colour"),
        min_value=0,
        max_value=359,
        widget=forms.NumberInput(attrs={"type": "range", "min": 0, "max": 359, "step": 1, "data-hue": "true"}),
        help_text=_("One position on the colour wheel. Every colour stays readable, in light and in dark."),
    )

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError(_("Enter the school's name."))
        return name

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"]
        if name not in available_timezones():
            raise forms.ValidationError(_("There is no time zone of this name. Write it as in Europe/Paris."))
        return str(name)


class RulesForm(forms.Form):
    """One field for each declared setting the school may change; left empty, the plan's default holds."""

    def __init__(self, data: Any = None, *, school: School) -> None:
        super().__init__(data)
        for declared in features.on_page():
            self.fields[declared.key] = self._field(declared, school)

    @staticmethod
    def _field(declared: features.Setting, school: School) -> forms.Field:
        default = declared.default_of(school.plan)
        facts: dict[str, Any] = {
            "label": declared.label,
            "initial": features.own_value(declared, school.settings),
            "required": False,
        }
        if declared.type is bool:
            choices = [("", _("As in your plan")), ("true", _("Yes")), ("false", _("No"))]
            facts["initial"] = {True: "true", False: "false", None: ""}[facts["initial"]]
            facts["help_text"] = declared.help_text
            return forms.TypedChoiceField(
                choices=choices, coerce=lambda text: text == "true", empty_value=None, **facts
            )
        if declared.type is str:
            as_planned = format_lazy(_("As in your plan: {default}"), default=declared.choices[default])
            facts["help_text"] = declared.help_text
            return forms.TypedChoiceField(
                choices=[("", as_planned), *declared.choices.items()], empty_value=None, **facts
            )
        left_empty = format_lazy(_("Left empty: {default}."), default=default)
        return forms.IntegerField(
            min_value=declared.minimum,
            max_value=declared.maximum,
            widget=forms.NumberInput(attrs={"placeholder": default}),
            help_text=format_lazy("{about} {left_empty}", about=declared.help_text, left_empty=left_empty),
            **facts,
        )


class LogoForm(forms.Form):
    """Whether it is a picture is decided by what it holds, when it is read: apps.core.pictures."""

    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("A JPEG, PNG, WebP or GIF picture of at most 5 MB, best on a transparent ground."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )


class ReasonForm(forms.Form):
    """Why something is done to a person."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, help_text=_("Kept in the audit trail."))


class SchoolFindForm(forms.Form):
    """From what people remember of their school's address to its host."""

    school = forms.CharField(
        label=_("Short name or address of your school"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["school"].help_text = _("As in lumiere or lumiere.%(domain)s") % {
            "domain": settings.PLATFORM_DOMAIN
        }

    def clean_school(self) -> School:
        """The school that answers at this address. Only hosts of our own table are led to."""
        name = self.cleaned_data["school"].strip().lower()
        name = name.removeprefix("https://").removeprefix("http://").partition("/")[0]
        school = hosts.school_at(hosts.normal_host(name if "." in name else hosts.host_of(name)))
        if school is None:
            raise forms.ValidationError(
                _("No school answers at this address. Look at it again on an invitation, or ask your school.")
            )
        return school
