"""Who did something, as people read it: names stay, the names of jobs are translated."""

from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

#: What `Actor.system(...)` is called in rows, in people's words. What follows " · " is who stood behind it.
SYSTEM_NAMES: Final[dict[str, str | Promise]] = {
    "money check": _("the check of the ledgers"),
    "money clock": _("the clock of money"),
    "payment accounts": _("the connection of payment accounts"),
    "payment provider": _("the payment provider"),
    "payment reconciliation": _("the comparison with payment providers"),
    "Microsoft": "Microsoft",
    "anonymous": _("somebody who is not signed in"),
    "archive of personal data": _("archive of personal data"),
    "audit retention": _("retention of the audit trail"),
    "demonstration": _("demonstration"),
    "directory": _("directory"),
    "directory run": _("directory run"),
    "directory watch": _("watch over the directory"),
    "domain check": _("check of domains"),
    "end of memberships": _("end of memberships"),
    "erasure": _("erasure"),
    "file": _("import"),
    "events": _("decision about many events"),
    "integrations watch": _("watch over connected services"),
    "webhooks": _("sending of webhooks"),
    "webhooks watch": _("watch over webhook endpoints"),
    "user-service": _("user service"),
    "restore": _("restore of a backup"),
    "retention": _("retention"),
    "rollover": _("turn of the school year"),
    "schedule": _("schedule"),
    "scim": _("identity provider"),
}


@register.filter
def actor_name(label: str) -> str:
    """`directory run · Hélène Marchand` in the reader's language; the name of a person as it is."""
    return " · ".join(str(SYSTEM_NAMES.get(part, part)) for part in str(label or "").split(" · "))
