"""The filters of the audit page; they live in the URL."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.ui import Text

from .acts import all_acts

SURFACES = [
    ("web", _("Website")),
    ("api", _("API")),
    ("admin", _("Platform administration")),
    ("job", _("Background job")),
    ("command", _("Command line")),
    ("webhook", _("Provider")),
]


def _acts() -> list[tuple[str, Text]]:
    titles = sorted((str(title), code) for code, title in all_acts().items())
    return [("", _("Everything")), *((code, title) for title, code in titles)]


def of_this_age(day: date) -> None:
    if not 1970 <= day.year <= 2200:
        raise ValidationError(_("Choose a day between 1970 and 2200."))


class EventFilter(forms.Form):
    q = forms.CharField(label=_("Search names, e-mails, reasons"), required=False, max_length=100)
    act = forms.ChoiceField(label=_("What"), required=False, choices=_acts)
    surface = forms.ChoiceField(label=_("Channel"), required=False, choices=[("", _("Everything")), *SURFACES])
    since = forms.DateField(label=_("From"), required=False, validators=[of_this_age])
    until = forms.DateField(label=_("Until"), required=False, validators=[of_this_age])
    actor = forms.UUIDField(required=False, widget=forms.HiddenInput)
    target = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    request_id = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    @property
    def usable(self) -> dict:
        """What is valid; a filter that makes no sense filters nothing and shows its error."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
