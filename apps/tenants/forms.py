"""What superadmins type; the services decide about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import School


class DetailsForm(forms.Form):
    """The part of a school that the platform may change later."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"class": "vTextField"}))
    plan = forms.CharField(label=_("Plan"), max_length=30, initial="campus")
    locale = forms.ChoiceField(label=_("Language"), choices=School.Locale.choices)
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=40, initial="Europe/Paris", help_text=_("Such as Europe/Paris.")
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="EUR", help_text=_("Such as EUR."))

    def take(self, faults: dict[str, list[Any]]) -> None:
        """Show what a service found wrong at the fields it names."""
        for name, texts in faults.items():
            self.add_error(name if name in self.fields else None, [str(text) for text in texts])


class NewSchoolForm(DetailsForm):
    slug = forms.CharField(
        label=_("Short name"),
        max_length=40,
        help_text=_(
            "The school's address begins with it. Lowercase letters, digits and hyphens; it cannot be changed."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    owner_email = forms.CharField(
        label=_("First owner's e-mail"),
        max_length=254,
        help_text=_("An invitation is sent there, valid for 48 hours."),
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    field_order = ("name", "slug", "owner_email")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        strip=True,
        help_text=_("The school reads it in its audit trail."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    take = DetailsForm.take


class BreakGlassForm(ReasonForm):
    email = forms.CharField(
        label=_("Owner's e-mail"),
        max_length=254,
        help_text=_("Somebody who owns the school already."),
        widget=forms.EmailInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    field_order = ("email", "reason")

    take = DetailsForm.take


class PersonForm(BreakGlassForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].label = _("Person's e-mail")
        self.fields["email"].help_text = ""


class NothingForm(forms.Form):
    """A page that only asks for a confirmation."""

    take = DetailsForm.take
