"""Fees of associations and what is done to them."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.associations.api.inside import entered
from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_of_list, page_type
from apps.core.api.versions import row

from .. import selectors
from ..models import CharterVersion, Tier
from ..permissions import ASSOCIATIONS_VIEW, MEMBERS_MANAGE, MONEY_MANAGE, WORKSPACE
from ..services import importing, joining, tiers
from .shapes import (
    CharterInput,
    ChoiceInput,
    DeskInput,
    FeeCheckoutOut,
    FeeListInput,
    FeeOut,
    FeeQuery,
    OfferOut,
    OwnFeeOut,
    PreviewOut,
    ReminderOut,
    StatisticsOut,
    TakenOut,
    TierChange,
    TierInput,
    TierOut,
    VersionOut,
)

TAG = "Membership fees"


class TiersView(ApiView):
    tag = TAG

    @operation("list_fee_tiers", "Fees of an association", query=Paging, answer=page_type(TierOut))
    def get(self, call: Call, association_id: UUID) -> Any:
        """Also those that are not sold any more."""
        association = entered(call, association_id, "members")
        return page_of(association.tiers.prefetch_related(*selectors.EVERYTHING), call.query, ("price", "id"))

    @operation(
        "create_fee_tier", "Add a fee", body=TierInput, answer=TierOut, status=201, refusals=(404,),
        example={"name_fr": "Adhésion annuelle", "price": 2500, "period": "school_year"},
    )  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """The account of the association is opened with its first fee."""
        made = tiers.create_tier(actor=call.actor, association_id=association_id, now=call.now, **call.body)
        call.created(reverse("fees_api:tier", args=[made.pk]))
        return made


class TierView(ApiView):
    tag = TAG

    @operation("get_fee_tier", "One fee", answer=TierOut, versioned=True)
    def get(self, call: Call, tier_id: UUID) -> Any:
        """For whom, when, how many, and for which days."""
        return selectors.get_tier(actor=call.actor, tier_id=tier_id, now=call.now)

    @operation(
        "update_fee_tier", "Change a fee", body=TierChange, answer=TierOut, versioned=True, refusals=(409,),
        example={"price": 3000},
    )  # fmt: skip
    def patch(self, call: Call, tier_id: UUID) -> Any:
        """Its period stays once somebody paid it."""
        shown = partial(selectors.get_tier, actor=call.actor, tier_id=tier_id, now=call.now)
        shown()
        with call.unchanged(shown, row(Tier, tier_id)):
            tiers.change_tier(actor=call.actor, tier_id=tier_id, now=call.now, **call.body)
        return shown()


class TierArchiveView(ApiView):
    tag = TAG

    @operation("archive_fee_tier", "Sell a fee no more", answer=TierOut)
    def post(self, call: Call, tier_id: UUID) -> Any:
        """Who paid it stays a member until its end. Twice changes nothing."""
        return tiers.archive_tier(actor=call.actor, tier_id=tier_id, now=call.now)


class OffersView(ApiView):
    tag = TAG

    @operation("list_fee_offers", "What you can join by fee", query=Paging, answer=page_type(OfferOut))
    def get(self, call: Call) -> Any:
        """Fees of every association that you see, with the reason where you cannot choose one."""
        found = selectors.all_offers(actor=call.actor, now=call.now)
        offers = [offer for _association, some in found for offer in some]
        return page_of_list(
            offers, call.query, lambda one: (one.tier.association.name, f"{one.tier.price:020}", str(one.tier.pk))
        )


class ChoicesView(ApiView):
    tag = TAG

    @operation(
        "choose_fees", "Hold places and order", body=ChoiceInput, answer=FeeCheckoutOut, status=201, refusals=(404,),
        example={"tier_ids": ["0192f0c3-1b1e-7c11-8d0a-5b1f0c2d3e4f"], "key": "september"},
    )  # fmt: skip
    def post(self, call: Call) -> Any:
        """All or nothing. There is one order for each association, to be paid one after the other."""
        made = joining.choose(actor=call.actor, now=call.now, **call.body)
        call.created(reverse("fees_api:own"))
        return made


class OwnView(ApiView):
    tag = TAG

    @operation("list_my_fees", "Your own fees", query=Paging, answer=page_type(OwnFeeOut))
    def get(self, call: Call) -> Any:
        """With the link of each card."""
        return page_of(selectors.own_fees(actor=call.actor), call.query, ("-ends_on", "-id"))


class FeesView(ApiView):
    tag = TAG

    @operation("list_fees", "Who paid a fee", query=FeeQuery, answer=page_type(FeeOut))
    def get(self, call: Call, association_id: UUID) -> Any:
        """`when`: today, to be paid, over, or all."""
        association = entered(call, association_id, "members")
        rows = selectors.fees_of(
            association, actor=call.actor, now=call.now, search=call.query["q"], when=call.query["when"]
        )
        return page_of(rows, call.query, ("-starts_on", "id"))


class DeskView(ApiView):
    tag = TAG

    @operation(
        "record_fee", "Record a fee received at the desk", body=DeskInput, answer=FeeOut, status=201,
        example={"tier_id": "0192f0c3-1b1e-7c11-8d0a-5b1f0c2d3e4f", "email": "camille@school.example",
                 "method": "cash", "key": "1"},
    )  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """The person is a member at once. `tier_id` is a fee of this association."""
        tier = selectors.get_tier(actor=call.actor, tier_id=call.body["tier_id"], now=call.now)
        entered(call, association_id, "members")
        made = joining.sell_at_desk(actor=call.actor, now=call.now, **call.body)
        call.created(reverse("fees_api:fees", args=[tier.association_id]))
        return made


class ChartersView(ApiView):
    tag = TAG

    @operation("list_charters", "Charters and their versions", query=Paging, answer=page_type(VersionOut))
    def get(self, call: Call, association_id: UUID) -> Any:
        """The newest version of each counts."""
        association = entered(call, association_id, "members")
        rows = CharterVersion.objects.filter(charter__association=association).select_related("charter")
        return page_of(rows, call.query, ("-published_at", "id"))

    @operation(
        "publish_charter", "Publish a text to sign", body=CharterInput, answer=VersionOut, status=201, refusals=(404,),
        example={"name": "Charte du membre", "text_fr": "Je respecte le matériel."},
    )  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """The same text again changes nothing; another is the next version."""
        made = tiers.publish_charter(actor=call.actor, association_id=association_id, now=call.now, **call.body)
        call.created(reverse("fees_api:charters", args=[association_id]))
        return made


class PreviewView(ApiView):
    tag = TAG

    @operation("preview_fee_import", "What a list would do", body=FeeListInput, answer=PreviewOut,
               example={"text": "email,fee\ncamille@school.example,Adhésion"})  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """Nothing is done yet."""
        rows = importing.preview(actor=call.actor, association_id=association_id, now=call.now, **call.body)
        return {"rows": rows}


class ImportView(ApiView):
    tag = TAG

    @operation("import_fees", "Take a list over", body=FeeListInput, answer=TakenOut,
               example={"text": "email,fee\ncamille@school.example,Adhésion"})  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """Members who paid elsewhere: no order and no receipt is made. Twice changes nothing."""
        return {
            "people": importing.take_over(actor=call.actor, association_id=association_id, now=call.now, **call.body)
        }


class RemindersView(ApiView):
    tag = TAG

    @operation("list_fee_reminders", "Reminders of renewals", query=Paging, answer=page_type(ReminderOut))
    def get(self, call: Call, association_id: UUID) -> Any:
        """Each step of each fee once, with why it was not sent."""
        association = entered(call, association_id, "members")
        return page_of(selectors.reminders_of(association, actor=call.actor), call.query, ("-at", "id"))


class StatisticsView(ApiView):
    tag = TAG

    @operation("get_fee_statistics", "Paid members in figures", answer=StatisticsOut)
    def get(self, call: Call, association_id: UUID) -> Any:
        """Today, and of those that ended within a year."""
        association = entered(call, association_id, "members")
        return selectors.statistics(association, actor=call.actor, now=call.now)


tier_list = api_requires(WORKSPACE, post=MONEY_MANAGE)(TiersView)
tier = api_requires(WORKSPACE, patch=MONEY_MANAGE)(TierView)
tier_archive = api_requires(MONEY_MANAGE)(TierArchiveView)
offers = api_requires(ASSOCIATIONS_VIEW)(OffersView)
choices = api_requires(ASSOCIATIONS_VIEW)(ChoicesView)
own = api_requires(ASSOCIATIONS_VIEW)(OwnView)
fee_list = api_requires(WORKSPACE)(FeesView)
desk = api_requires(MONEY_MANAGE)(DeskView)
charters = api_requires(WORKSPACE, post=MONEY_MANAGE)(ChartersView)
preview = api_requires(MEMBERS_MANAGE)(PreviewView)
take_over = api_requires(MEMBERS_MANAGE)(ImportView)
reminders = api_requires(WORKSPACE)(RemindersView)
statistics = api_requires(WORKSPACE)(StatisticsView)
