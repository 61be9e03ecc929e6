"""What fees keep of people (apps.core.records)."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.records import CONSENT, CONTRACT, WITH_SCHOOL, Party, Period, Record, declare, declare_plain

GROUP = _("Memberships of associations")


def over(now: datetime, days: int) -> Q:
    return Q(ends_on__lt=(now - timedelta(days=days)).date())


declare(
    Record(
        "fees.Fee",
        group=GROUP,
        purpose=_("Fees you chose or paid, and for which days"),
        basis=CONTRACT,
        parties=(Party("user"),),
        plain=("state", "source"),
        period=Period(days=1095, minimum=365, maximum=3650, expired=over, words=_("After the fee ended")),
    )
)
declare(
    Record(
        "fees.Checkout",
        group=GROUP,
        purpose=_("Fees you chose together"),
        basis=CONTRACT,
        parties=(Party("user"),),
        withheld=("key",),
        period=Period(days=1095, minimum=365, maximum=3650, since="made_at", words=_("After it was made")),
    )
)
declare(
    Record(
        "fees.Acceptance",
        group=GROUP,
        purpose=_("Charters you accepted"),
        basis=CONSENT,
        parties=(Party("user"),),
        plain=("how",),
        labels={"at": _("time")},
        period=Period(parent="fee"),
    )
)
declare(
    Record(
        "fees.Reminder",
        group=GROUP,
        purpose=_("Reminders of renewals, sent or not"),
        basis=CONTRACT,
        parties=(Party("fee__user_id"),),
        plain=("outcome",),
        labels={"at": _("time")},
        period=Period(parent="fee"),
    )
)
declare_plain(
    "fees.Tier", group=GROUP, plain=("name_fr", "name_en", "period", "roles", "remind_days"), kept=WITH_SCHOOL
)
declare_plain("fees.Charter", group=GROUP, plain=("name",), kept=WITH_SCHOOL)
declare_plain("fees.CharterVersion", group=GROUP, plain=("text_fr", "text_en"), kept=WITH_SCHOOL)
for label in ("TierCampus", "TierPromotion", "TierMemberOf", "TierCharter"):
    declare_plain(f"fees.{label}", group=GROUP, kept=WITH_SCHOOL)
