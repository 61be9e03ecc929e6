"""What a superadmin types to ask for access."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.tenants.models import School

from .models import SupportGrant

DURATIONS = [
    (30, _("30 minutes")),
    (60, _("1 hour")),
    (120, _("2 hours")),
    (240, _("4 hours")),
    (480, _("8 hours")),
    (1440, _("24 hours")),
]


class AskForm(forms.Form):
    school = forms.ChoiceField(label=_("School"))
    level = forms.ChoiceField(
        label=_("Level"),
        choices=SupportGrant.Level,
        help_text=_("Reading sees what an auditor sees. Acting changes data, but never roles, domains or sign-in."),
    )
    minutes = forms.TypedChoiceField(label=_("For"), choices=DURATIONS, coerce=int)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        min_length=10,
        help_text=_("The school reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, schools: list[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [(str(s.pk), s.name) for s in schools if s.is_open]  # type: ignore[attr-defined]
