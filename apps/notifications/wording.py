"""The codes of the log in people's words."""

from django.utils.translation import gettext as _

from apps.core.ui import TimelineItem

from .models import CommunicationLog
from .services.sending import BY_PREFERENCE
from .services.suppression import BY_ADDRESS

State = CommunicationLog.State


def reason_of(log: CommunicationLog) -> str:
    """Why a message is where it is; "" when there is nothing to explain."""
    if log.state == State.SUPPRESSED:
        known = {
            BY_PREFERENCE: _("The person does not want messages of this kind by e-mail."),
            BY_ADDRESS: _("Mail to this address came back before, so nothing is sent there."),
        }
        return known.get(log.error, log.error)
    if log.state == State.QUEUED and log.daily:
        return _("Waits for the person's daily summary.")
    return log.error


def history_of(log: CommunicationLog) -> list[TimelineItem]:
    """When it reached which state, the latest first. Moments stay, whatever came after them."""
    steps = [
        (log.created_at, _("Queued"), "clock", "neutral"),
        (log.suppressed_at, _("Not sent on purpose"), "ban", "warn"),
        (log.failed_at, _("Failed"), "circle-alert", "bad"),
        (log.again_at, _("Sent again by hand"), "rotate-cw", "info"),
        (log.sent_at, _("Sent"), "send", "info"),
        (log.delivered_at, _("Delivered"), "check", "good"),
        (log.bounced_at, _("Bounced"), "undo-2", "bad"),
        (log.read_at, _("Read"), "eye", "good"),
    ]
    reached = [(at, title, icon, tone) for at, title, icon, tone in steps if at is not None]
    return [TimelineItem(at, title, icon=icon, tone=tone) for at, title, icon, tone in sorted(reached, reverse=True)]
