"""What announcements keep of people (apps.core.records)."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.records import BLANK, CONTRACT, TRACE, WITH_ACCOUNT, WITH_SCHOOL, Party, Period, Record, declare

ANNOUNCEMENTS = _("Announcements of associations")


def old(now: datetime, days: int) -> Q:
    return Q(at__lt=now - timedelta(days=days))


declare(
    Record(
        "mailings.Announcement",
        group=ANNOUNCEMENTS,
        purpose=_("Announcements you wrote, decided about or stopped"),
        basis=TRACE,
        parties=(
            Party("author_id", columns=("author",), erase=BLANK, words=_("written by you")),
            Party("decided_by_id", columns=("decided_by", "returned_because"), erase=BLANK, words=_("decided by you")),
            Party("stopped_by_id", columns=("stopped_by", "stopped_because"), erase=BLANK, words=_("stopped by you")),
        ),
        plain=("title_fr", "body_fr", "title_en", "body_en"),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "mailings.Recipient",
        group=ANNOUNCEMENTS,
        purpose=_("Announcements that were sent to you"),
        basis=CONTRACT,
        parties=(Party("user"),),
        labels={"at": _("time")},
        period=Period(days=365, minimum=30, maximum=1825, expired=old, words=_("After it was sent")),
    )
)
declare(
    Record(
        "mailings.SavedText",
        group=ANNOUNCEMENTS,
        purpose=_("Texts for announcements that you saved"),
        basis=TRACE,
        parties=(Party("saved_by_id", columns=("saved_by",), erase=BLANK, words=_("saved by you")),),
        plain=("name", "title_fr", "body_fr", "title_en", "body_en"),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "mailings.Unsubscription",
        group=ANNOUNCEMENTS,
        purpose=_("Associations whose mail you ended"),
        basis=CONTRACT,
        parties=(Party("user"),),
        labels={"at": _("time")},
        kept=WITH_ACCOUNT,
    )
)
declare(
    Record(
        "mailings.Block",
        group=ANNOUNCEMENTS,
        purpose=_("Times in which an association may not send, by whom"),
        basis=TRACE,
        parties=(Party("blocked_by_id", columns=("blocked_by", "reason"), erase=BLANK, words=_("blocked by you")),),
        kept=WITH_SCHOOL,
    )
)
