"""What people type, cleaned. The rules themselves stand in the services."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from babel.numbers import get_currency_precision
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.associations.models import Association, Status
from apps.campuses.models import Campus, CampusRole, Promotion
from apps.core.forms import ServiceForm
from apps.money.providers import BY_HAND, name_of

from .models import Period, Tier
from .services.tiers import LINKED, PLAIN

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=DAY, **options)


class Ticks(forms.TypedMultipleChoiceField):
    """Several of a list, by their numbers."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(coerce=UUID, required=False, **options)


class TierForm(ServiceForm):
    name_fr = forms.CharField(label=_("Name in French"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    price = forms.DecimalField(
        label=_("Price"), min_value=Decimal(0), max_value=Decimal(10**6), decimal_places=2,
        help_text=_("0 is free of charge."),
    )  # fmt: skip
    period = forms.ChoiceField(label=_("Period"), choices=Period, initial=Period.SCHOOL_YEAR)
    starts_on = _day(_("First day"), help_text=_("Only with fixed dates."))
    ends_on = _day(_("Ends on"), help_text=_("Only with fixed dates. This day is no part of it."))
    sold_from = _day(_("On sale from"))
    sold_until = _day(_("On sale until"))
    places = forms.IntegerField(
        label=_("Number of places"),
        min_value=1,
        required=False,
        help_text=_("Empty: no limit. Each period has them anew."),
    )
    renewal_days = forms.IntegerField(
        label=_("Renewal from so many days before the end"), min_value=0, max_value=366, initial=60
    )
    grace_days = forms.IntegerField(label=_("Days of grace after the end"), min_value=0, max_value=366, initial=30)
    remind_days = forms.CharField(
        label=_("Reminders"), required=False, initial="-30, 0, 30", max_length=80,
        help_text=_("Days counted from the end, such as -30, 0, 30. Each is sent once."),
    )  # fmt: skip
    campuses = Ticks(label=_("Only for these campuses"))
    promotions = Ticks(label=_("Only for these promotions"))
    roles = forms.MultipleChoiceField(
        label=_("Only for these roles"), choices=CampusRole, required=False, widget=forms.CheckboxSelectMultiple
    )
    members_of = Ticks(label=_("Only for members of"))
    charters = Ticks(label=_("Charters to sign"))

    def __init__(self, *args: Any, association: Association, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency = currency
        rows = {
            "campuses": Campus.objects.filter(archived_at=None).values_list("pk", "name"),
            "promotions": Promotion.objects.values_list("pk", "name"),
            "members_of": Association.objects.filter(status=Status.APPROVED).exclude(pk=association.pk)
            .order_by("name").values_list("pk", "name"),
            "charters": association.charters.filter(archived_at=None).values_list("pk", "name"),
        }  # fmt: skip
        for name, choices in rows.items():
            self.fields[name].choices = [(str(key), label) for key, label in choices]  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]

    def clean_remind_days(self) -> list[int]:
        try:
            return [int(part) for part in self.cleaned_data["remind_days"].replace(";", ",").split(",") if part.strip()]
        except ValueError:
            raise forms.ValidationError(_("Write whole numbers with commas between them.")) from None

    @property
    def values(self) -> dict[str, Any]:
        """As the service takes them: the price in minor units."""
        amount = self.cleaned_data["price"] * 10 ** get_currency_precision(self.currency)
        return {**self.cleaned_data, "price": int(amount.to_integral_value())}

    @staticmethod
    def initial_of(tier: Tier, currency: str) -> dict[str, Any]:
        precision = get_currency_precision(currency)
        return {
            **{name: getattr(tier, name) for name in PLAIN},
            **{name: [str(one.pk) for one in getattr(tier, name).all()] for name in LINKED},
            "price": (Decimal(tier.price) / 10**precision).quantize(Decimal(10) ** -precision),
            "remind_days": ", ".join(str(step) for step in tier.remind_days),
        }


class DeskForm(ServiceForm):
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail of the member"))
    tier_id = forms.ChoiceField(label=_("Membership fee"))
    method = forms.ChoiceField(label=_("Received by"))
    signed = forms.BooleanField(label=_("The charters are signed on paper"), required=False)

    def __init__(self, *args: Any, tiers: list[tuple[Any, str]], **options: Any) -> None:
        options["initial"] = {"key": str(uuid4())[:36], **(options.get("initial") or {})}
        super().__init__(*args, **options)
        self.fields["tier_id"].choices = [(str(key), label) for key, label in tiers]  # type: ignore[attr-defined]
        self.fields["method"].choices = [(code, name_of(code)) for code in BY_HAND]  # type: ignore[attr-defined]


class CharterForm(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("The same name again makes the next version."))
    text_fr = forms.CharField(label=_("Text in French"), max_length=20000, widget=forms.Textarea(attrs={"rows": 8}))
    text_en = forms.CharField(
        label=_("Text in English"), max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )


class ImportForm(ServiceForm):
    text = forms.CharField(
        label=_("List"), max_length=400_000, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("As CSV: email, fee, and if you like from and until (days as 2026-09-01)."),
    )  # fmt: skip


class MembersFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    tier = forms.ChoiceField(label=_("Membership fee"), required=False)

    def __init__(self, *args: Any, tiers: list[tuple[Any, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tier"].choices = [("", _("All")), *((str(key), label) for key, label in tiers)]  # type: ignore[attr-defined]
