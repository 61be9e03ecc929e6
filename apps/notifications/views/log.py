"""The log of messages: what was said to whom, and whether it arrived."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.audit.tables import csv_of
from apps.core.navigation import layout_of
from apps.core.web import done, page, requires

from .. import selectors
from ..forms import MessageFilter
from ..permissions import MESSAGES_MANAGE, MESSAGES_VIEW, PLATFORM_MESSAGES, to_manage
from ..services import again, suppression
from ..wording import history_of, reason_of

COLUMNS = {
    "created": "created_at",
    "kind": "template",
    "way": "channel",
    "to": "to",
    "subject": "subject",
    "state": "state",
    "reason": "error",
    "sent": "sent_at",
    "delivered": "delivered_at",
    "bounced": "bounced_at",
    "failed": "failed_at",
    "suppressed": "suppressed_at",
}


@require_GET
def _message_list(request: HttpRequest) -> HttpResponseBase:
    form = MessageFilter(request.GET)
    if file := csv_of(
        request, "messages", selectors.messages(actor=request.actor, wanted=form.usable).iterator(2000), COLUMNS
    ):
        return file
    found = selectors.message_page(
        actor=request.actor,
        wanted=form.usable,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    selectors.name_people(found.rows)
    context = {
        "layout": layout_of(request),
        "messages_found": found,
        "filter_form": form,
        "suppressed": selectors.suppressed(actor=request.actor),
        "may_manage": to_manage().allows(request.actor),
    }
    return page(request, "notifications/messages.html", context, partial="list")


@require_GET
def _message_detail(request: HttpRequest, log_id: UUID) -> HttpResponse:
    log = selectors.message(actor=request.actor, log_id=log_id)
    selectors.name_people([log])
    may_manage = to_manage().allows(request.actor)
    context = {
        "layout": layout_of(request),
        "log": log,
        "reason": reason_of(log),
        "history": history_of(log),
        "suppressed": selectors.suppressed(actor=request.actor, log=log),
        "may_manage": may_manage,
        "can_send_again": may_manage and again.can_send_again(log),
        "crumbs": [(_("Messages"), reverse("notifications:messages")), (log.subject, "")],
    }
    return page(request, "notifications/message.html", context)


@require_POST
def _message_again(request: HttpRequest, log_id: UUID) -> HttpResponse:
    again.send_again(actor=request.actor, log_id=log_id, now=timezone.now())
    return done(
        request, to=reverse("notifications:message", args=[log_id]), message=_("The message is on its way again.")
    )


@require_POST
def _address_lift(request: HttpRequest, address_id: UUID) -> HttpResponse:
    suppression.lift(actor=request.actor, address_id=address_id, now=timezone.now())
    return done(request, to="notifications:messages", message=_("Mail may go to this address again."))


# The same doors on two hosts, each with the permission of its own.
message_list = requires(MESSAGES_VIEW)(_message_list)
message_detail = requires(MESSAGES_VIEW)(_message_detail)
message_again = requires(MESSAGES_MANAGE)(_message_again)
address_lift = requires(MESSAGES_MANAGE)(_address_lift)
platform_list = requires(PLATFORM_MESSAGES)(_message_list)
platform_detail = requires(PLATFORM_MESSAGES)(_message_detail)
platform_again = requires(PLATFORM_MESSAGES)(_message_again)
platform_lift = requires(PLATFORM_MESSAGES)(_address_lift)
