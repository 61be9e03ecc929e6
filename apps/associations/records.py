"""What associations keep of people (apps.core.records)."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.records import BLANK, CONTRACT, TRACE, WITH_ACCOUNT, WITH_SCHOOL, Party, Period, Record, by_name, declare
from apps.core.records import declare_plain as plain

from .models import MembershipState

ASSOCIATIONS = _("Associations")


def ended(now: datetime, days: int) -> Q:
    return Q(state__in=[MembershipState.LEFT, MembershipState.REFUSED], ended_at__lt=now - timedelta(days=days))


def over(now: datetime, days: int) -> Q:
    return Q(ends_on__lt=(now - timedelta(days=days)).date())


declare(
    Record(
        "associations.Membership",
        group=ASSOCIATIONS,
        purpose=_("Associations you belong to or asked to join"),
        basis=CONTRACT,
        parties=(
            Party("user", columns=("words",)),
            Party("decided_by_id", columns=("decided_by",), erase=BLANK, words=_("as who decided")),
        ),
        period=Period(days=1095, minimum=365, maximum=3650, expired=ended, words=_("After the membership ended")),
    )
)
declare(
    Record(
        "associations.Mandate",
        group=ASSOCIATIONS,
        purpose=_("Offices you held in associations"),
        basis=CONTRACT,
        parties=(
            Party("user", columns=("ended_because",)),
            Party("named_by_id", columns=("named_by",), erase=BLANK, words=_("as who appointed")),
        ),
        period=Period(days=1825, minimum=365, maximum=3650, expired=over, words=_("After the mandate ended")),
    )
)
declare(
    Record(
        "associations.Founder",
        group=ASSOCIATIONS,
        purpose=_("Requests for associations that name you"),
        basis=CONTRACT,
        parties=(Party("user"),),
        plain=("office",),
        labels={"named_at": _("time")},
        kept=WITH_ACCOUNT,
    )
)
declare(
    Record(
        "associations.RequestEvent",
        group=ASSOCIATIONS,
        purpose=_("What was said about requests for associations"),
        basis=TRACE,
        labels={"at": _("time"), "step": _("step")},
        parties=(Party("actor_id", columns=("actor", "text"), erase=BLANK, words=_("written by you")),),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "associations.RenewalConfirmation",
        group=ASSOCIATIONS,
        purpose=_("Renewals of associations that you confirmed"),
        basis=TRACE,
        parties=(Party("user"),),
        kept=WITH_ACCOUNT,
    )
)
declare(
    Record(
        "associations.Renewal",
        group=ASSOCIATIONS,
        purpose=_("Renewals of associations that you decided about"),
        basis=TRACE,
        parties=(
            Party(by_name("settled_by"), columns=("settled_by", "reason"), erase=BLANK, words=_("decided by you")),
        ),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "associations.RenewalCampaign",
        group=ASSOCIATIONS,
        purpose=_("Renewal campaigns that you started"),
        basis=TRACE,
        parties=(Party(by_name("started_by"), columns=("started_by",), erase=BLANK, words=_("started by you")),),
        plain=("name",),
        kept=WITH_SCHOOL,
    )
)
plain(
    "associations.Association",
    group=ASSOCIATIONS,
    plain=("name", "slug", "purpose", "rna", "siret", "approved_details", "frozen_reason"),
    kept=WITH_SCHOOL,
)
plain("associations.Association_campuses", group=ASSOCIATIONS, kept=WITH_SCHOOL)
plain("associations.Office", group=ASSOCIATIONS, plain=("code", "name", "permissions"), kept=WITH_SCHOOL)
