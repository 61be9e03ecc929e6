"""What integrations keeps of people (apps.core.records)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.plan.rows import finished
from apps.core.records import (
    BLANK,
    CONTRACT,
    TRACE,
    WITH_SCHOOL,
    Party,
    Period,
    Record,
    Subject,
    by_name,
    declare,
    declare_plain,
)

SERVICES = _("Connected services")


def about(subject: Subject) -> Q:
    return Q(about__iexact=subject.email) if subject.email else Q(pk__in=[])


def told_of(subject: Subject) -> Q:
    return Q(email__iexact=subject.email) if subject.email else Q(pk__in=[])


declare(
    Record(
        "integrations.InboundEvent",
        group=SERVICES,
        purpose=_("What another service of the school told us about you"),
        basis=CONTRACT,
        parties=(Party(about, columns=("about", "body", "conflict_body", "lane"), erase=BLANK),),
        plain=("service", "event_id", "kind", "request_id", "state", "outcome", "detail", "secret_id", "account"),
        withheld=("body_hash",),
        period=Period(days=365, minimum=30, maximum=1095, since="received_at", words=_("After it arrived")),
    )
)
declare(
    Record(
        "integrations.WebhookSecret",
        group=SERVICES,
        purpose=_("Secrets of connected services that you made"),
        basis=TRACE,
        parties=(Party(by_name("created_by"), columns=("created_by",), erase=BLANK),),
        plain=("service", "hint"),
        withheld=("secret",),
        kept=WITH_SCHOOL,
    )
)
declare_plain("integrations.DrainSlot", group=SERVICES, kept=WITH_SCHOOL)
declare_plain("integrations.InboundAlarm", group=SERVICES, plain=("kind", "service", "figures"), kept=WITH_SCHOOL)
declare_plain("integrations.SchoolState", group=SERVICES, plain=("state", "services"), kept=WITH_SCHOOL)
declare(
    Record(
        "integrations.EventPlan",
        group=SERVICES,
        purpose=_("Decisions about many events of connected services"),
        basis=TRACE,
        parties=(
            Party(by_name("requested_by"), columns=("requested_by",), erase=BLANK, words=_("as who started it")),
            Party(by_name("decided_by"), columns=("decided_by",), erase=BLANK, words=_("as who decided")),
        ),
        plain=(
            "kind", "wanted", "outcomes", "request_id", "worker", "counts", "hold_reason", "error_code", "error_detail",
            "lane", "state",
        ),
        period=Period(days=365, minimum=30, maximum=1095, expired=finished, words=_("After it ended")),
    )
)  # fmt: skip
declare(
    Record(
        "integrations.EventChange",
        group=SERVICES,
        purpose=_("Events of connected services that were decided about together"),
        basis=TRACE,
        parties=(Party(told_of, columns=("name", "email", "would_detail"), erase=BLANK),),
        plain=("kind", "subject", "key", "reason", "before", "after", "would_state", "would_code"),
        period=Period(days=365, parent="run", words=_("With the decision")),
    )
)
