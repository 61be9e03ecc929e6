"""Forms of money. People type amounts in the currency; services take minor units."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import ServiceForm

from . import purposes
from .models import Order, OrderLine
from .providers import BY_HAND
from .services.orders import Line
from .services.treasuries import MOVABLE

ROWS = 4  # of a new order
MOST = Decimal(10**8)


def minor_units(amount: Decimal, currency: str) -> int:
    return int((amount * 10 ** get_currency_precision(currency)).to_integral_value())


def _amount(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=Decimal(0), max_value=MOST, decimal_places=2, **options)


class Once(ServiceForm):
    """A form with a number of its own: sent twice, it does its act once."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=80, required=False)

    def __init__(self, *args: Any, currency: str = "EUR", **options: Any) -> None:
        self.currency = currency
        options["initial"] = {"key": str(uuid4()), **(options.get("initial") or {})}
        super().__init__(*args, **options)

    def minor(self, name: str) -> int:
        return minor_units(self.cleaned_data[name], self.currency)


class OrderForm(Once):
    buyer_name = forms.CharField(label=_("Buyer"), max_length=200)
    buyer_email = forms.EmailField(
        label=_("E-mail"), required=False,
        help_text=_("Somebody of the school finds the order and its receipt among their payments."),
    )  # fmt: skip
    tax_text = forms.CharField(
        label=_("Tax"), required=False, max_length=120, help_text=_("As it stands on the receipt, if at all.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number in range(1, ROWS + 1):
            first = number == 1
            self.fields[f"text_{number}"] = forms.CharField(label=_("What"), max_length=200, required=first)
            self.fields[f"quantity_{number}"] = forms.IntegerField(
                label=_("Quantity"), min_value=1, max_value=10_000, required=False, initial=1 if first else None
            )
            self.fields[f"price_{number}"] = _amount(_("Price each"), required=first)

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        return [
            (self[f"text_{number}"], self[f"quantity_{number}"], self[f"price_{number}"])
            for number in range(1, ROWS + 1)
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for number in range(2, ROWS + 1):
            if values.get(f"text_{number}") and values.get(f"price_{number}") is None:
                self.add_error(f"price_{number}", _("Enter a price."))
            if values.get(f"price_{number}") is not None and not values.get(f"text_{number}"):
                self.add_error(f"text_{number}", _("Say what it is."))
        return values

    @property
    def lines(self) -> list[Line]:
        values = self.cleaned_data
        return [
            Line(
                values[f"text_{number}"], self.minor(f"price_{number}"), values[f"quantity_{number}"] or 1,
                values["tax_text"],
            )
            for number in range(1, ROWS + 1)
            if values[f"text_{number}"]
        ]  # fmt: skip


class PaymentForm(Once):
    method = forms.ChoiceField(label=_("By"), choices=lambda: list(BY_HAND.items()))
    amount = _amount(_("Amount"))
    received_on = forms.DateField(label=_("Received on"), widget=forms.DateInput(attrs={"type": "date"}))
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=120, help_text=_("Number of the cheque, or of the transfer.")
    )


class RefundForm(ServiceForm):
    """What goes back: of each line so many, or an amount, or, both left empty, all that is left."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    amount = _amount(_("Amount"), required=False, help_text=_("Leave it empty to give back all that is left."))
    method = forms.ChoiceField(
        label=_("Given back by"), required=False,
        choices=lambda: [("", _("The way it was paid")), *BY_HAND.items()],
        help_text=_("Counts for what was received by hand; a provider gives back itself."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, *args: Any, lines: Sequence[tuple[OrderLine, int]], currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency = currency
        self.line_ids = {f"line_{line.pk.hex}": line.pk for line, left in lines if left}
        for line, left in lines:
            if left:
                self.fields[f"line_{line.pk.hex}"] = forms.IntegerField(
                    label=line.text, min_value=0, max_value=left, required=False,
                    help_text=_("At most %(left)s") % {"left": left},
                )  # fmt: skip

    @property
    def line_fields(self) -> list[Any]:
        return [self[name] for name in self.line_ids]

    @property
    def other_fields(self) -> list[Any]:
        return [self[name] for name in ("amount", "method", "reason")]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("amount") and any(values.get(name) for name in self.line_ids):
            self.add_error("amount", _("Choose lines or an amount, not both."))
        return values

    @property
    def wish(self) -> dict[str, Any]:
        values = self.cleaned_data
        quantities: dict[UUID, int] = {
            line_id: values[name] for name, line_id in self.line_ids.items() if values.get(name)
        }
        amount = minor_units(values["amount"], self.currency) if values.get("amount") is not None else None
        return {"amount": amount, "quantities": quantities}


class MoveForm(Once):
    from_ = forms.ChoiceField(label=_("From"), choices=[(kind.value, kind.label) for kind in MOVABLE])
    to = forms.ChoiceField(label=_("To"), choices=[(kind.value, kind.label) for kind in reversed(MOVABLE)])
    amount = _amount(_("Amount"))
    day = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, help_text=_("It stays in the ledger for good: name nobody.")
    )


class ReasonForm(ServiceForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class OrderFilter(forms.Form):
    q = forms.CharField(label=_("Reference or buyer"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All statuses")), *Order.Status.choices]
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"), required=False,
        choices=lambda: [("", _("All purposes")), *((one.code, one.label) for one in purposes.REGISTRY.values())],
    )  # fmt: skip

    @property
    def usable(self) -> dict[str, Any]:
        """What is valid; a filter that makes no sense filters nothing and shows its error."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class PeriodForm(forms.Form):
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    @property
    def usable(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
