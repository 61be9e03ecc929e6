"""Announcements of associations."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.associations.api.inside import entered
from apps.associations.api.shapes import Why
from apps.associations.permissions import ASSOCIATIONS_VIEW, WORKSPACE
from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row
from apps.core.errors import NotVisible

from .. import selectors
from ..models import Announcement, SavedText, State
from ..permissions import MAILINGS_CONTROL, MAILINGS_OVERSEE, MAILINGS_SEND
from ..services import control, going, limits, unsubscribing, writing
from .shapes import (
    AllowanceOut,
    AnnouncementInput,
    AnnouncementOut,
    AnnouncementQuery,
    AnnouncementSubscriptionOut,
    AnnouncementTested,
    LeavingInput,
    RecipientOut,
    RecipientQuery,
    SavedTextInput,
    SavedTextOut,
    SendingBlock,
    StopInput,
    SubscriptionInput,
)

TAG = "Announcements of associations"
EXAMPLE = {"title_fr": "Projection", "body_fr": "Jeudi à **19 h**.", "audience": "members", "channels": "both"}


def shown(call: Call, announcement_id: UUID) -> Announcement:
    """For the board, or for the school, whose look is written down; drafts for who may send."""
    found = selectors.get_announcement(actor=call.actor, announcement_id=announcement_id, now=call.now)
    association = entered(call, found.association_id, "announcements")
    if found.state == State.DRAFT and not MAILINGS_SEND.allows(call.actor, association):
        raise NotVisible
    return found


def facts(call: Call, announcement_id: UUID) -> dict[str, Any]:
    return {"actor": call.actor, "announcement_id": announcement_id, "now": call.now}


def figured(announcement: Announcement) -> Announcement:
    return selectors.with_figures(Announcement.objects.all()).get(pk=announcement.pk)


class AllView(ApiView):
    tag = TAG

    @operation(
        "list_all_announcements", "Announcements of all associations", query=AnnouncementQuery,
        answer=page_type(AnnouncementOut),
    )  # fmt: skip
    def get(self, call: Call) -> Any:
        """For who oversees; the latest first. Drafts are the boards' own."""
        rows = selectors.all_announcements(actor=call.actor, now=call.now)
        return page_of(selectors.in_state(rows, call.query["state"]), call.query, ("-created_at", "-id"))


class ListView(ApiView):
    tag = TAG

    @operation(
        "list_announcements", "Announcements of an association", query=AnnouncementQuery,
        answer=page_type(AnnouncementOut),
    )  # fmt: skip
    def get(self, call: Call, association_id: UUID) -> Any:
        """The latest first."""
        association = entered(call, association_id, "announcements")
        rows = selectors.announcements_of(association)
        if not MAILINGS_SEND.allows(call.actor, association):
            rows = rows.exclude(state=State.DRAFT)
        return page_of(selectors.in_state(rows, call.query["state"]), call.query, ("-created_at", "-id"))

    @operation(
        "write_announcement", "Write an announcement", body=AnnouncementInput, answer=AnnouncementOut, status=201,
        example=EXAMPLE,
    )  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """A draft: nothing is sent."""
        made = writing.write(actor=call.actor, association_id=association_id, now=call.now, **call.body)
        call.created(reverse("mailings_api:announcement", args=[made.pk]))
        return figured(made)


class OneView(ApiView):
    tag = TAG

    @operation("get_announcement", "One announcement", answer=AnnouncementOut, versioned=True)
    def get(self, call: Call, announcement_id: UUID) -> Any:
        """With how far it has come."""
        return shown(call, announcement_id)

    @operation(
        "update_announcement", "Change a draft", body=AnnouncementInput, answer=AnnouncementOut, versioned=True,
        refusals=(409,), example={"title_fr": "Projection de jeudi"},
    )  # fmt: skip
    def patch(self, call: Call, announcement_id: UUID) -> Any:
        """What is on its way is taken back first."""
        seen = partial(shown, call, announcement_id)
        seen()
        with call.unchanged(seen, row(Announcement, announcement_id)):
            writing.change(**facts(call, announcement_id), **call.body)
        return seen()

    @operation(
        "delete_announcement", "Delete a draft", status=204, thing=AnnouncementOut, versioned=True, refusals=(409,)
    )
    def delete(self, call: Call, announcement_id: UUID) -> None:
        """What was sent stays."""
        seen = partial(shown, call, announcement_id)
        seen()
        with call.unchanged(seen, row(Announcement, announcement_id)):
            writing.discard(**facts(call, announcement_id))


class TestView(ApiView):
    tag = TAG

    @operation("test_announcement", "Send it to yourself", answer=AnnouncementTested)
    def post(self, call: Call, announcement_id: UUID) -> Any:
        """As it will look. It reaches nobody else."""
        shown(call, announcement_id)
        return {"to": writing.try_out(**facts(call, announcement_id))}


class SubmissionView(ApiView):
    tag = TAG

    @operation("send_announcement", "Let it leave", body=LeavingInput, answer=AnnouncementOut)
    def post(self, call: Call, announcement_id: UUID) -> Any:
        """Now or at a moment; where the school wants to see it first, it waits. Twice changes nothing."""
        shown(call, announcement_id)
        return figured(going.submit(**facts(call, announcement_id), **call.body))


class WithdrawalView(ApiView):
    tag = TAG

    @operation("take_back_announcement", "Take it back", answer=AnnouncementOut)
    def post(self, call: Call, announcement_id: UUID) -> Any:
        """What has not begun to leave is a draft again. Twice changes nothing."""
        shown(call, announcement_id)
        return figured(going.take_back(**facts(call, announcement_id)))


class StopView(ApiView):
    tag = TAG

    @operation("stop_announcement", "Stop it", body=StopInput, answer=AnnouncementOut)
    def post(self, call: Call, announcement_id: UUID) -> Any:
        """By its board, or by the school with a reason. Nobody else gets it. Twice changes nothing."""
        shown(call, announcement_id)
        return figured(going.stop(**facts(call, announcement_id), **call.body))


class ApprovalView(ApiView):
    tag = TAG

    @operation("approve_announcement", "Approve it", answer=AnnouncementOut)
    def post(self, call: Call, announcement_id: UUID) -> Any:
        """It leaves at its moment. Twice changes nothing."""
        shown(call, announcement_id)
        return figured(going.approve(**facts(call, announcement_id)))


class ReturnView(ApiView):
    tag = TAG

    @operation("return_announcement", "Return it to the board", body=Why, answer=AnnouncementOut)
    def post(self, call: Call, announcement_id: UUID) -> Any:
        """With a reason; it is a draft again."""
        shown(call, announcement_id)
        return figured(going.give_back(**facts(call, announcement_id), **call.body))


class RecipientsView(ApiView):
    tag = TAG

    @operation("list_recipients", "Recipients", query=RecipientQuery, answer=page_type(RecipientOut))
    def get(self, call: Call, announcement_id: UUID) -> Any:
        """Each with how far their message has come."""
        rows = selectors.recipients_of(shown(call, announcement_id), outcome=call.query["outcome"])
        return page_of(rows, call.query, ("id",))


class TextsView(ApiView):
    tag = TAG

    @operation("list_saved_texts", "Saved texts", query=Paging, answer=page_type(SavedTextOut))
    def get(self, call: Call, association_id: UUID) -> Any:
        """To begin an announcement with."""
        association = entered(call, association_id, "announcements")
        MAILINGS_SEND.require(call.actor, association)
        return page_of(selectors.saved_texts(association), call.query, ("name", "id"))

    @operation(
        "save_text", "Save a text", body=SavedTextInput, answer=SavedTextOut, status=201,
        example={"name": "Réunion", "title_fr": "Réunion", "body_fr": "Ce soir."},
    )  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """The same name again replaces it."""
        made = writing.save_text(actor=call.actor, association_id=association_id, now=call.now, **call.body)
        call.created(reverse("mailings_api:text", args=[made.pk]))
        return made


class TextView(ApiView):
    tag = TAG

    @operation("get_saved_text", "One saved text", answer=SavedTextOut, versioned=True)
    def get(self, call: Call, text_id: UUID) -> Any:
        """For those who write the announcements of its association."""
        return selectors.saved_text(actor=call.actor, text_id=text_id, now=call.now)

    @operation("delete_saved_text", "Delete a saved text", status=204, thing=SavedTextOut, versioned=True)
    def delete(self, call: Call, text_id: UUID) -> None:
        """Announcements that began with it stay."""
        seen = partial(selectors.saved_text, actor=call.actor, text_id=text_id, now=call.now)
        seen()
        with call.unchanged(seen, row(SavedText, text_id)):
            writing.delete_text(actor=call.actor, text_id=text_id, now=call.now)


class AllowanceView(ApiView):
    tag = TAG

    @operation("get_announcement_allowance", "What may still be sent", answer=AllowanceOut)
    def get(self, call: Call, association_id: UUID) -> Any:
        """Today and this week, and whether the school keeps the association from sending."""
        return _allowance(call, association_id)


def _allowance(call: Call, association_id: UUID) -> dict[str, Any]:
    association = entered(call, association_id, "announcements")
    found, block = limits.allowance(association, call.now), selectors.current_block(association, call.now)
    names = ("left", "per_day", "this_day", "per_week", "this_week")
    return {
        **{name: getattr(found, name) for name in names},
        "blocked_until": block.until if block else None,
        "blocked_because": block.reason if block else "",
    }


class BlockView(ApiView):
    tag = TAG

    @operation(
        "block_announcements", "Keep an association from sending", body=SendingBlock, answer=AllowanceOut,
        refusals=(404,), example={"until": "2026-12-31T08:00:00Z", "reason": "Complaints."},
    )  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """Until a moment; what is leaving stops. The board is told."""
        control.block(actor=call.actor, association_id=association_id, now=call.now, **call.body)
        return _allowance(call, association_id)


class UnblockView(ApiView):
    tag = TAG

    @operation("unblock_announcements", "Let an association send again", answer=AllowanceOut)
    def post(self, call: Call, association_id: UUID) -> Any:
        """Twice changes nothing."""
        control.unblock(actor=call.actor, association_id=association_id, now=call.now)
        return _allowance(call, association_id)


class SubscriptionView(ApiView):
    tag = TAG

    @operation(
        "choose_announcements", "End mail of an association, or have it again", body=SubscriptionInput,
        answer=AnnouncementSubscriptionOut, example={"wanted": False},
    )  # fmt: skip
    def post(self, call: Call, association_id: UUID) -> Any:
        """For oneself. Twice changes nothing."""
        unsubscribing.choose(actor=call.actor, association_id=association_id, now=call.now, **call.body)
        return {"association_id": association_id, **call.body}


everything = api_requires(MAILINGS_OVERSEE)(AllView)
announcements = api_requires(WORKSPACE, post=MAILINGS_SEND)(ListView)
announcement = api_requires(WORKSPACE, patch=MAILINGS_SEND, delete=MAILINGS_SEND)(OneView)
test = api_requires(MAILINGS_SEND)(TestView)
submission = api_requires(MAILINGS_SEND)(SubmissionView)
withdrawal = api_requires(MAILINGS_SEND)(WithdrawalView)
stop = api_requires(WORKSPACE)(StopView)
approval = api_requires(MAILINGS_CONTROL)(ApprovalView)
returning = api_requires(MAILINGS_CONTROL)(ReturnView)
recipients = api_requires(WORKSPACE)(RecipientsView)
texts = api_requires(MAILINGS_SEND)(TextsView)
text = api_requires(MAILINGS_SEND)(TextView)
allowance = api_requires(WORKSPACE)(AllowanceView)
block = api_requires(MAILINGS_CONTROL)(BlockView)
unblocking = api_requires(MAILINGS_CONTROL)(UnblockView)
subscription = api_requires(ASSOCIATIONS_VIEW)(SubscriptionView)
