"""The log of messages, addresses that mail came back from, texts, and the way of the mail."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import envelope, page_of, page_type
from apps.core.api.versions import row
from apps.core.errors import NotVisible

from .. import kinds, selectors
from ..channels.choosing import route
from ..models import MailRoute
from ..permissions import MESSAGES_MANAGE, MESSAGES_VIEW, PLATFORM_MESSAGES
from ..services import again as repeating
from ..services import mail_route, own_texts, previewing, suppression
from ..services.own_texts import Words
from .shapes import (
    KindOut,
    MailRouteChange,
    MailRouteOut,
    MessageOut,
    MessageQuery,
    MessageTextOut,
    SuppressedOut,
    WordsInput,
)

TAG = "Messages"


class MessagesView(ApiView):
    tag = TAG

    @operation("list_messages", "Messages", query=MessageQuery, answer=page_type(MessageOut))
    def get(self, call: Call) -> Any:
        """What was said to whom, the newest first. The texts are not told."""
        return page_of(selectors.messages(actor=call.actor, wanted=call.query), call.query, selectors.NEWEST)


class MessageView(ApiView):
    tag = TAG

    @operation("get_message", "One message", answer=MessageOut, versioned=True)
    def get(self, call: Call, message_id: UUID) -> Any:
        """Each state remembers when it was reached."""
        return selectors.message(actor=call.actor, log_id=message_id)


class AgainView(ApiView):
    tag = TAG

    @operation("send_message_again", "Send a message again", answer=MessageOut, status=202)
    def post(self, call: Call, message_id: UUID) -> Any:
        """One that was given up or held back starts anew. One that left, or held a personal link, cannot."""
        selectors.message(actor=call.actor, log_id=message_id)
        return repeating.send_again(actor=call.actor, log_id=message_id, now=call.now)


class SuppressedView(ApiView):
    tag = TAG

    @operation(
        "list_suppressed_addresses", "Addresses that nothing goes to", query=Paging, answer=page_type(SuppressedOut)
    )
    def get(self, call: Call) -> Any:
        """Mail came back from them; the latest first."""
        return page_of(selectors.suppressed_addresses(actor=call.actor), call.query, ("-at", "-id"))


class LiftView(ApiView):
    tag = TAG

    @operation("lift_suppressed_address", "Write to an address again", status=204)
    def delete(self, call: Call, address_id: UUID) -> None:
        """Until mail comes back from it again. Twice changes nothing."""
        suppression.lift(actor=call.actor, address_id=address_id, now=call.now)


class KindsView(ApiView):
    tag = TAG

    @operation("list_message_kinds", "Kinds of messages", answer=page_type(KindOut))
    def get(self, call: Call) -> Any:
        """All of them on one page."""
        return envelope(list(kinds.REGISTRY.values()))


class TextView(ApiView):
    tag = TAG

    @operation("get_message_text", "One text", answer=MessageTextOut, versioned=True)
    def get(self, call: Call, kind: str, language: str) -> Any:
        """In one language, as it would arrive."""
        return _text(kind, language)


class SchoolTextView(TextView):
    @operation(
        "update_message_text", "Change the school's own words", body=WordsInput, answer=MessageTextOut, versioned=True,
        example={"subject": "Welcome to {school}", "intro": "Good that you are here, {name}."},
    )  # fmt: skip
    def patch(self, call: Call, kind: str, language: str) -> Any:
        """Only the fields that are sent change; empty ones go back to ours. What warns people has none (404)."""
        shown = partial(_text, kind, language)
        known = shown()
        with call.unchanged(shown, partial(own_texts.lock, kind, language)):
            values = {name: known[name] for name in ("subject", "intro")} | call.body
            own_texts.change_text(actor=call.actor, code=kind, language=language, words=Words(**values))
        return shown()


class DraftView(ApiView):
    tag = TAG

    @operation("preview_message_text", "Try words", body=WordsInput, answer=MessageTextOut)
    def post(self, call: Call, kind: str, language: str) -> Any:
        """How the text would arrive with these words; nothing is saved."""
        words = Words(call.body.get("subject", ""), call.body.get("intro", ""))
        if not _kind(kind, language).adaptable:
            raise NotVisible
        return _text(kind, language, words)


class MailRouteView(ApiView):
    tag = TAG

    @operation("get_mail_route", "How mail leaves", answer=MailRouteOut, versioned=True)
    def get(self, call: Call) -> Any:
        """By the platform's mail server, or from a mailbox of the school at Microsoft."""
        return route()

    @operation(
        "update_mail_route", "Change how mail leaves", body=MailRouteChange, answer=MailRouteOut, versioned=True,
        example={"way": "microsoft", "mailbox": "no-reply@school.example"},
    )  # fmt: skip
    def patch(self, call: Call) -> Any:
        """Only the fields that are sent change."""
        with call.unchanged(route, row(MailRoute, "mail")):
            chosen = route()
            values = {"way": chosen.way, "mailbox": chosen.mailbox} | call.body
            mail_route.change_route(actor=call.actor, **values)
        return route()


class MailTestView(ApiView):
    tag = TAG

    @operation("test_mail_route", "Send yourself a test message", answer=MessageOut, status=202)
    def post(self, call: Call) -> Any:
        """By the way that is chosen now, to your own address. Follow it at its address. A machine has none (409)."""
        log = mail_route.send_test(actor=call.actor, now=call.now)
        call.created(reverse("notifications_api:message", args=[log.pk]))
        return log


def _kind(code: str, language: str) -> kinds.Kind:
    if code not in kinds.REGISTRY or language not in dict(settings.LANGUAGES):
        raise NotVisible
    return kinds.REGISTRY[code]


def _text(code: str, language: str, words: Words | None = None) -> dict[str, Any]:
    kind = _kind(code, language)
    own, letter = words or own_texts.own_words(kind, language), previewing.example_of(kind, language, words)
    return {
        "kind": code, "language": language, "adaptable": kind.adaptable, "subject": own.subject, "intro": own.intro,
        "example_subject": letter.subject, "example_text": letter.text,
    }  # fmt: skip


message_list = api_requires(MESSAGES_VIEW)(MessagesView)
message = api_requires(MESSAGES_VIEW)(MessageView)
again = api_requires(MESSAGES_MANAGE)(AgainView)
suppressed = api_requires(MESSAGES_VIEW)(SuppressedView)
lift = api_requires(MESSAGES_MANAGE)(LiftView)
kind_list = api_requires(MESSAGES_VIEW)(KindsView)
text = api_requires(MESSAGES_VIEW, patch=MESSAGES_MANAGE)(SchoolTextView)
draft = api_requires(MESSAGES_MANAGE)(DraftView)
way = api_requires(MESSAGES_MANAGE)(MailRouteView)
way_test = api_requires(MESSAGES_MANAGE)(MailTestView)
platform_list = api_requires(PLATFORM_MESSAGES)(MessagesView)
platform_message = api_requires(PLATFORM_MESSAGES)(MessageView)
platform_again = api_requires(PLATFORM_MESSAGES)(AgainView)
platform_suppressed = api_requires(PLATFORM_MESSAGES)(SuppressedView)
platform_lift = api_requires(PLATFORM_MESSAGES)(LiftView)
platform_kinds = api_requires(PLATFORM_MESSAGES)(KindsView)
platform_text = api_requires(PLATFORM_MESSAGES)(TextView)
