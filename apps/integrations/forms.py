"""The filters of the page of events; they live in the URL."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.ui import Text
from apps.tenants.models import ProviderBinding
from apps.tenants.services.bindings import SHAPES

from .contract import SERVICES
from .models import InboundEvent
from .permissions import on_platform
from .services.routing import REASONS
from .wording import DID

PAYMENT_PROVIDERS = ProviderBinding.Provider


def _services() -> list[tuple[str, Text]]:
    return [("", _("All services")), *((name, service.label) for name, service in SERVICES.items())]  # type: ignore[list-item]


def _kinds() -> list[tuple[str, Text]]:
    kinds = sorted({kind for service in SERVICES.values() for kind in service.kinds})
    return [("", _("All kinds")), *((kind, kind) for kind in kinds)]


def _reasons() -> list[tuple[str, Text]]:
    return [("", _("All reasons")), *((reason, DID[reason]) for reason in REASONS)]


def _of_this_age(day: date) -> None:
    if not 1970 <= day.year <= 2200:
        raise ValidationError(_("Choose a day between 1970 and 2200."))


class EventFilter(forms.Form):
    """`state` also knows "conflict": sent again with other content, and nobody has looked at it."""

    q = forms.CharField(label=_("Event id, account or e-mail address"), required=False, max_length=254)
    service = forms.ChoiceField(label=_("Service"), required=False, choices=_services)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *InboundEvent.State.choices, ("conflict", _("Contradictions"))],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=_kinds)
    reason = forms.ChoiceField(label=_("Why in quarantine"), required=False, choices=_reasons)
    since = forms.DateField(label=_("From"), required=False, validators=[_of_this_age])
    until = forms.DateField(label=_("Until"), required=False, validators=[_of_this_age])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not on_platform():  # only the platform keeps what fits no school
            del self.fields["reason"]
            state = self.fields["state"]
            state.choices = [one for one in state.choices if one[0] != InboundEvent.State.HELD]  # type: ignore[attr-defined]

    @property
    def usable(self) -> dict[str, Any]:
        """What is valid; a filter that makes no sense filters nothing and shows its error."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AccountForm(forms.Form):
    """Which account belongs to which school."""

    provider = forms.ChoiceField(
        label=_("Payment provider"), choices=[(name, PAYMENT_PROVIDERS(name).label) for name in SHAPES]
    )
    account = forms.CharField(
        label=_("Account"),
        max_length=120,
        help_text=_("acct_… at Stripe, the short name at HelloAsso, the UUID of the user at Bridge."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    mode = forms.ChoiceField(label=_("Mode"), choices=[("live", _("Live")), ("test", _("Test mode"))])
    school = forms.CharField(
        label=_("School"),
        max_length=40,
        help_text=_("Its short name, with which its address begins."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name"), max_length=200, required=False, help_text=_("For people, such as BDE."))

    def take(self, faults: dict[str, list[Any]]) -> None:
        for name, texts in faults.items():
            self.add_error(name if name in self.fields else None, [str(text) for text in texts])


class AccountFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=120, widget=forms.SearchInput())

    @property
    def usable(self) -> dict[str, str]:
        self.is_valid()
        return {"words": self.cleaned_data.get("q", "")} if self.cleaned_data.get("q") else {}
