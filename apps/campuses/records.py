"""What campuses keeps of people (apps.core.records)."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.records import BLANK, CONTRACT, TRACE, WITH_SCHOOL, Party, Period, Record, by_name, declare
from apps.core.records import declare_plain as plain

from .models import MembershipState

CAMPUSES = _("Campuses")


def ended(now: datetime, days: int) -> Q:
    return Q(state=MembershipState.ENDED, pinned="", last_seen_at__lt=now - timedelta(days=days))


declare(
    Record(
        "campuses.CampusMembership",
        group=CAMPUSES,
        purpose=_("Campus memberships, and why"),
        basis=CONTRACT,
        parties=(Party("user"),),
        plain=("last_run_id",),
        period=Period(days=1825, minimum=365, maximum=3650, expired=ended, words=_("After the membership ended")),
    )
)
declare(
    Record(
        "campuses.MembershipEvent",
        group=CAMPUSES,
        purpose=_("How memberships changed"),
        basis=TRACE,
        labels={
            "at": _("time"),
            "to_state": _("state"),
            "to_role": _("role"),
            "source": _("source"),
            "cause": _("cause"),
        },
        parties=(
            Party("membership__user_id"),
            Party(by_name("actor"), columns=("actor",), erase=BLANK, words=_("as who decided")),
        ),
        plain=("run_id",),
        period=Period(days=1825, parent="membership", words=_("With the membership")),
    )
)
plain("campuses.Campus", group=CAMPUSES, plain=("name", "code", "address", "time_zone"), kept=WITH_SCHOOL)
plain("campuses.Place", group=CAMPUSES, plain=("name",), kept=WITH_SCHOOL)
plain("campuses.ApprovedDomain", group=CAMPUSES, plain=("domain",), kept=WITH_SCHOOL)
plain("campuses.Promotion", group=CAMPUSES, plain=("name",), kept=WITH_SCHOOL)
