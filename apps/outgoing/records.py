"""What is kept of people in webhooks that are sent (apps.core.records)."""

from django.utils.translation import gettext_lazy as _

from apps.core.records import (
    BLANK,
    CONTRACT,
    TRACE,
    WITH_SCHOOL,
    Party,
    Period,
    Record,
    by_name,
    declare,
    declare_plain,
)

WEBHOOKS = _("Webhooks sent")
DAYS = 30

declare(
    Record(
        "outgoing.WebhookEndpoint",
        group=WEBHOOKS,
        purpose=_("Webhook endpoints that you made"),
        basis=TRACE,
        parties=(Party(by_name("created_by"), columns=("created_by",), erase=BLANK),),
        plain=("name", "kinds", "state", "because"),
        withheld=("url",),
        kept=WITH_SCHOOL,
    )
)
declare(
    Record(
        "outgoing.EndpointSecret",
        group=WEBHOOKS,
        purpose=_("Secrets of webhook endpoints that you made"),
        basis=TRACE,
        parties=(Party(by_name("created_by"), columns=("created_by",), erase=BLANK),),
        plain=("hint",),
        withheld=("secret",),
        kept=WITH_SCHOOL,
    )
)
for _label, _plain, _parent, _purpose in (
    ("outgoing.Attempt", ("fault", "answer"), "delivery", _("Attempts to tell programs of the school about you")),
    ("outgoing.Delivery", ("state", "fault"), "event", _("Whether programs of the school were told about you")),
):
    declare(
        Record(
            _label,
            group=WEBHOOKS,
            purpose=_purpose,
            basis=CONTRACT,
            parties=(Party(f"{'delivery__' if _parent == 'delivery' else ''}event__person_id"),),
            plain=_plain,
            period=Period(days=DAYS, parent=_parent, words=_("With the event")),
            late=True,
        )
    )
declare(
    Record(
        "outgoing.OutgoingEvent",
        group=WEBHOOKS,
        purpose=_("What programs of the school were told about you"),
        basis=CONTRACT,
        parties=(Party("person_id", columns=("data",)),),
        plain=("event_id", "kind"),
        period=Period(days=DAYS, minimum=7, maximum=365, since="happened_at", words=_("After it happened")),
        late=True,
    )
)
declare_plain("outgoing.EndpointAlarm", group=WEBHOOKS, plain=("kind",), kept=WITH_SCHOOL)
