from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import ServiceForm
from apps.money.models import Treasury

from .models import PaymentPolicy, Subscription
from .services.policy import PROVIDERS


class SubscriptionFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=80, widget=forms.SearchInput())
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All")), *Subscription.Status.choices]
    )

    @property
    def usable(self) -> dict[str, str]:
        """The filters that make sense; a wrong one filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class ConnectForm(ServiceForm):
    """Which treasury gets an account, and where."""

    treasury = forms.ChoiceField(label=_("For"))
    provider = forms.ChoiceField(label=_("Provider"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, treasuries: list[Treasury], providers: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["treasury"].choices = [(str(one.pk), one.name) for one in treasuries]  # type: ignore[attr-defined]
        self.fields["provider"].choices = providers  # type: ignore[attr-defined]


class PolicyForm(ServiceForm):
    """The service has the last word on each."""

    providers = forms.MultipleChoiceField(
        label=_("Allowed providers"), required=False, choices=list(PROVIDERS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    fee_percent = forms.DecimalField(
        label=_("Share of the school, in percent"), min_value=0, max_value=30, max_digits=4, decimal_places=2,
        help_text=_("Of every payment by card. It is taken at the provider, and named in the ledger."),
    )  # fmt: skip
    fee_fixed = forms.DecimalField(
        label=_("And a fixed amount"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    approval_above = forms.DecimalField(
        label=_("Approval needed above"), required=False, min_value=0, max_digits=10, decimal_places=2,
        help_text=_("What an account may take in all before the school has approved it. Empty: no approval is needed."),
    )  # fmt: skip

    @property
    def facts(self) -> dict[str, Any]:
        """In basis points and minor units."""
        values = self.cleaned_data
        limit = values["approval_above"]
        return {
            "providers": values["providers"],
            "fee_basis_points": round(values["fee_percent"] * 100),
            "fee_fixed": round(values["fee_fixed"] * 100),
            "approval_above": None if limit is None else round(limit * 100),
        }

    @classmethod
    def of(cls, row: PaymentPolicy) -> dict[str, Any]:
        limit = row.approval_above
        return {
            "providers": row.providers,
            "fee_percent": Decimal(row.fee_basis_points) / 100,
            "fee_fixed": Decimal(row.fee_fixed) / 100,
            "approval_above": None if limit is None else Decimal(limit) / 100,
        }
