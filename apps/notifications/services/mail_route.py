"""How the mail of a school leaves, and a message that tries it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid
from apps.tenants.context import current

from .. import acts
from ..channels.choosing import route
from ..messages import MAIL_TEST
from ..models import CommunicationLog, MailRoute
from ..permissions import MESSAGES_MANAGE
from .sending import send

Way = MailRoute.Way


class NoAddress(DomainError):
    code = "no-address"

    def __init__(self) -> None:
        super().__init__(_("A program has no address of its own. Sign in as a person to get the test message."))


@transaction.atomic
def change_route(*, actor: Actor, way: str, mailbox: str) -> MailRoute:
    """By the platform's mail server, or from a mailbox of the school. Raises Forbidden, Invalid."""
    MESSAGES_MANAGE.require(actor)
    if way not in Way.values:
        raise Invalid(fields={"way": [_("Choose one of the values of the list.")]})
    if way == Way.MICROSOFT and not mailbox:
        raise Invalid(fields={"mailbox": [_("Enter the address of the mailbox that messages leave from.")]})
    MailRoute.objects.get_or_create()
    found = MailRoute.objects.select_for_update().get()
    changes = {
        name: [getattr(found, name), new]
        for name, new in {"way": way, "mailbox": mailbox}.items()
        if getattr(found, name) != new
    }
    if changes:
        found.way, found.mailbox, found.fault, found.fault_at = way, mailbox, "", None
        found.save()
        record(actor=actor, act=acts.MAIL_ROUTE_CHANGED, changes=changes)
    return found


@transaction.atomic
def send_test(*, actor: Actor, now: datetime) -> CommunicationLog:
    """A message to the actor's own address, by the way that is chosen now. Raises Forbidden, NoAddress."""
    MESSAGES_MANAGE.require(actor)
    if not actor.email:
        raise NoAddress
    log = send(
        template=MAIL_TEST.code,
        to=actor.email,
        context={"school_name": current().name, "way": route().get_way_display()},
        cause=f"mail-test:{actor.user_id}:{now.isoformat()}",
    )
    record(actor=actor, act=acts.MAIL_TESTED, target=log, target_label=MAIL_TEST.code, at=now)
    return log
