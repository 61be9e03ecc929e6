from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.forms import ServiceForm

from .catalogue import TEST, TYPES
from .models import Delivery
from .services.endpoints import LONGEST_NAME


def _kinds() -> list[tuple[str, Any]]:
    return [(code, TYPES[code].title) for code in sorted(TYPES)]


class EndpointForm(ServiceForm):
    """Name, address and choice of events; the service has the last word on each."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, help_text=_("For people: the program behind it."))
    url = forms.CharField(
        label=_("Address"),
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("Where we send to, by POST. It must be reachable from the internet with https."),
    )
    everything = forms.BooleanField(
        label=_("All events"), required=False, help_text=_("Also those that come with later releases.")
    )
    kinds = forms.MultipleChoiceField(
        label=_("Events"), required=False, choices=_kinds, widget=forms.CheckboxSelectMultiple,
        help_text=_("What this program needs to know, and nothing more: events carry names and e-mail addresses."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("everything") and not values.get("kinds") and "kinds" not in self.errors:
            self.add_error("kinds", _("Choose at least one event, or all events."))
        return values

    @property
    def facts(self) -> dict[str, Any]:
        values = self.cleaned_data
        kinds = [] if values["everything"] else values["kinds"]
        return {"name": values["name"], "url": values["url"], "kinds": kinds}


class DeliveryFilter(forms.Form):
    q = forms.CharField(label=_("Event id"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *Delivery.State.choices]
    )
    kind = forms.ChoiceField(
        label=_("Event"),
        required=False,
        choices=lambda: [("", _("All events")), *((one, one) for one in (*sorted(TYPES), TEST))],
    )

    @property
    def usable(self) -> dict[str, Any]:
        """What is valid; a filter that makes no sense filters nothing and shows its error."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ReplayForm(forms.Form):
    since = forms.DateField(label=_("What happened since"), initial=lambda: timezone.localdate() - timedelta(days=7))
