"""The filters of the page of events; they live in the URL."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.ui import Text

from .contract import SERVICES
from .models import InboundEvent


def _services() -> list[tuple[str, Text]]:
    return [("", _("All services")), *((name, service.label) for name, service in SERVICES.items())]  # type: ignore[list-item]


def _kinds() -> list[tuple[str, Text]]:
    kinds = sorted({kind for service in SERVICES.values() for kind in service.kinds})
    return [("", _("All kinds")), *((kind, kind) for kind in kinds)]


def _of_this_age(day: date) -> None:
    if not 1970 <= day.year <= 2200:
        raise ValidationError(_("Choose a day between 1970 and 2200."))


class EventFilter(forms.Form):
    """`state` also knows "conflict": sent again with other content, and nobody has looked at it."""

    q = forms.CharField(label=_("Event id or e-mail address"), required=False, max_length=254)
    service = forms.ChoiceField(label=_("Service"), required=False, choices=_services)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *InboundEvent.State.choices, ("conflict", _("Contradictions"))],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=_kinds)
    since = forms.DateField(label=_("From"), required=False, validators=[_of_this_age])
    until = forms.DateField(label=_("Until"), required=False, validators=[_of_this_age])

    @property
    def usable(self) -> dict[str, Any]:
        """What is valid; a filter that makes no sense filters nothing and shows its error."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
