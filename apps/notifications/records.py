"""What notifications keeps of people (apps.core.records)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.records import (
    CONTRACT,
    WITH_ACCOUNT,
    WITH_SCHOOL,
    Party,
    Period,
    Record,
    Subject,
    declare,
    declare_plain,
    language_name,
    nobody,
)

from .kinds import name_of

MESSAGES = _("Messages")


def addressed_to(subject: Subject) -> Q:
    found = Q(user_id=subject.user_id)
    return found | Q(to__iexact=subject.email) if subject.email else found


def of_address(subject: Subject) -> Q:
    return Q(address=subject.email.lower()) if subject.email else nobody()


declare(
    Record(
        "notifications.CommunicationLog",
        group=MESSAGES,
        purpose=_("Messages that were sent"),
        basis=CONTRACT,
        parties=(Party(addressed_to, columns=("user_id", "to", "subject", "cause", "link")),),
        plain=("template", "language", "error", "channel", "state", "summary_id"),
        words={"language": language_name, "template": name_of},
        withheld=("text", "html"),  # kept until it is sent: may hold the secret of a link
        period=Period(days=365, minimum=30, maximum=1095, since="created_at", words=_("After it was sent")),
    )
)
declare(
    Record(
        "notifications.SuppressedAddress",
        group=MESSAGES,
        purpose=_("Addresses that mail came back from"),
        basis=CONTRACT,
        parties=(Party(of_address, columns=("address",)),),
        plain=("reason", "log_id"),
        period=Period(days=730, minimum=90, maximum=1095, since="at", words=_("After mail came back")),
    )
)
declare(
    Record(
        "notifications.Preference",
        group=MESSAGES,
        purpose=_("What you want to hear of"),
        basis=CONTRACT,
        parties=(Party("user_id"),),
        plain=("category", "medium", "timing"),
        kept=WITH_ACCOUNT,
    )
)
declare_plain("notifications.OwnText", kept=WITH_SCHOOL, group=MESSAGES, plain=("kind", "language", "subject", "intro"))
declare_plain("notifications.MailRoute", kept=WITH_SCHOOL, group=MESSAGES, plain=("id", "way", "mailbox", "fault"))
