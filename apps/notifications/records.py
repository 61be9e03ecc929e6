"""What notifications keeps of people (apps.core.records)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.records import CONTRACT, Party, Period, Record, Subject, declare


def addressed_to(subject: Subject) -> Q:
    found = Q(user_id=subject.user_id)
    return found | Q(to__iexact=subject.email) if subject.email else found


declare(
    Record(
        "notifications.CommunicationLog",
        group=_("Messages"),
        purpose=_("E-mails that were sent"),
        basis=CONTRACT,
        parties=(Party(addressed_to, columns=("user_id", "to", "subject", "cause")),),
        plain=("template", "language", "error"),
        withheld=("text", "html"),  # kept until it is sent: may hold the secret of a link
        period=Period(days=365, minimum=30, maximum=1095, since="created_at", words=_("After it was sent")),
    )
)
