"""Fees as programs see and send them. Amounts are whole numbers in minor units."""

from typing import Any

from rest_framework import serializers

from apps.associations.api.shapes import Day
from apps.campuses.models import CampusRole
from apps.core.api.fields import Choice, Flag, Id, Input, Moment, Output, Paging, Text, Whole
from apps.money.providers import BY_HAND

from .. import cards
from ..models import Fee, Period, Source, State, Tier

END = "This day is no part of it."
KEY = "A name of this wish, of your choice: sent again, it does nothing twice and gives the same answer."


def _ids() -> serializers.ListField:
    return serializers.ListField(child=Id(), max_length=100, required=False)


class TierOut(Output):
    """A fee that an association sells."""

    id = serializers.UUIDField()
    association_id = serializers.UUIDField()
    name_fr = serializers.CharField()
    name_en = serializers.CharField()
    price = serializers.IntegerField()
    period = serializers.ChoiceField(Period.values)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True, help_text=END)
    sold_from = serializers.DateField(allow_null=True)
    sold_until = serializers.DateField(allow_null=True)
    places = serializers.IntegerField(allow_null=True, help_text="Of each period; null: no limit.")
    roles = serializers.ListField(child=serializers.CharField())
    campus_ids = serializers.SerializerMethodField()
    promotion_ids = serializers.SerializerMethodField()
    member_of_ids = serializers.SerializerMethodField()
    charter_ids = serializers.SerializerMethodField()
    renewal_days = serializers.IntegerField()
    grace_days = serializers.IntegerField()
    remind_days = serializers.ListField(child=serializers.IntegerField())
    archived_at = Moment(allow_null=True)

    def get_campus_ids(self, row: Tier) -> list[str]:
        return [str(one.pk) for one in row.campuses.all()]

    def get_promotion_ids(self, row: Tier) -> list[str]:
        return [str(one.pk) for one in row.promotions.all()]

    def get_member_of_ids(self, row: Tier) -> list[str]:
        return [str(one.pk) for one in row.members_of.all()]

    def get_charter_ids(self, row: Tier) -> list[str]:
        return [str(one.pk) for one in row.charters.all()]


class TierChange(Input):
    name_fr: Any = Text(max_length=80, required=False)
    name_en = Text(max_length=80, required=False, allow_blank=True)
    price: Any = Whole(min_value=0, max_value=10**8, required=False, help_text="In minor units; 0 is free of charge.")
    period = Choice(Period.values, required=False)
    starts_on = Day(required=False, allow_null=True)
    ends_on = Day(required=False, allow_null=True, help_text=END)
    sold_from = Day(required=False, allow_null=True)
    sold_until = Day(required=False, allow_null=True)
    places = Whole(min_value=1, max_value=10**6, required=False, allow_null=True)
    roles = serializers.ListField(child=Choice(CampusRole.values), max_length=4, required=False)
    campuses = _ids()
    promotions = _ids()
    members_of = _ids()
    charters = _ids()
    renewal_days = Whole(min_value=0, max_value=366, required=False)
    grace_days = Whole(min_value=0, max_value=366, required=False)
    remind_days = serializers.ListField(
        child=serializers.IntegerField(min_value=-366, max_value=366), max_length=8, required=False,
        help_text="Days counted from the end; each reminder is sent once.",
    )  # fmt: skip


class TierInput(TierChange):
    name_fr = Text(max_length=80)
    price = Whole(min_value=0, max_value=10**8, help_text="In minor units; 0 is free of charge.")


class OfferOut(Output):
    """A fee for the person who asks."""

    tier_id = serializers.UUIDField(source="tier.pk")
    association_id = serializers.UUIDField(source="tier.association_id")
    name = serializers.CharField()
    price = serializers.IntegerField(source="tier.price")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text=END)
    places_left = serializers.IntegerField(source="left", allow_null=True)
    why_not = serializers.CharField(help_text="Why it cannot be chosen; empty when it can.")
    renews = serializers.BooleanField()


class FeeOut(Output):
    """The fee of one person."""

    id = serializers.UUIDField()
    association_id = serializers.UUIDField()
    tier_id = serializers.UUIDField()
    user_id = serializers.UUIDField()
    order_id = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(State.values)
    source: Any = serializers.ChoiceField(Source.values)
    price = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text=END)
    grace_days = serializers.IntegerField()
    made_at = Moment()
    paid_at = Moment(allow_null=True)


class OwnFeeOut(FeeOut):
    """One's own fee, with the link of its card."""

    card = serializers.SerializerMethodField(allow_null=True, help_text="The link that says whether it is valid today.")

    def get_card(self, row: Fee) -> str | None:
        return None if row.state == State.HELD else cards.link_of(row)


class FeeQuery(Paging):
    when = Choice(["current", "held", "over", "all"], required=False, default="current")
    q = Text(max_length=100, required=False, default="", allow_blank=True)


class ChoiceInput(Input):
    tier_ids = serializers.ListField(child=Id(), min_length=1, max_length=20)
    accepted = serializers.ListField(
        child=Id(), max_length=100, required=False, default=list, help_text="Versions of charters that were read."
    )
    key = Text(max_length=40, help_text=KEY)


class FeeCheckoutOut(Output):
    """What was chosen together: one order for each association, each paid by itself."""

    id = serializers.UUIDField()
    made_at = Moment()
    fees = serializers.SerializerMethodField()

    def get_fees(self, row: Any) -> list[dict[str, Any]]:
        return FeeOut(row.fees.order_by("pk"), many=True).data  # type: ignore[return-value]


class DeskInput(Input):
    tier_id = Id()
    email = Text(max_length=254)
    method = Choice(list(BY_HAND))
    signed = Flag(required=False, default=False, help_text="The charters are signed on paper.")
    received_on = Day(required=False, allow_null=True, default=None)
    key = Text(max_length=40, help_text=KEY)


class CharterInput(Input):
    name = Text(max_length=120, help_text="The same name again makes the next version.")
    text_fr = Text(max_length=20000)
    text_en = Text(max_length=20000, required=False, default="", allow_blank=True)


class VersionOut(Output):
    """The words of a charter. They never change."""

    id = serializers.UUIDField()
    charter_id = serializers.UUIDField()
    name = serializers.CharField(source="charter.name")
    number = serializers.IntegerField()
    text_fr = serializers.CharField()
    text_en = serializers.CharField()
    published_at = Moment()


class FeeListInput(Input):
    text = Text(max_length=400_000, help_text="CSV with the columns email, fee, and if you like from and until.")


class ImportLineOut(Output):
    number = serializers.IntegerField()
    email = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True, help_text=END)
    fault = serializers.CharField(help_text="Why nothing is done with this line; empty when it is taken over.")


class PreviewOut(Output):
    rows = ImportLineOut(many=True)


class TakenOut(Output):
    people = serializers.IntegerField()


class ReminderOut(Output):
    """One step of the reminders of one fee: sent, or why not."""

    fee_id = serializers.UUIDField()
    step = serializers.IntegerField(help_text="Days counted from the end.")
    outcome = serializers.CharField()
    at = Moment()


class StatisticsOut(Output):
    current = serializers.IntegerField()
    ended = serializers.IntegerField(help_text="Fees that ended within a year.")
    renewed = serializers.IntegerField(help_text="How many of these were renewed.")
