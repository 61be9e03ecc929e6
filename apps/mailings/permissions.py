"""Who may announce, and who of the school looks and stops."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.associations.permissions import AT, MANAGERS, OVERSEERS, add_to_usual, association_of
from apps.core.actor import Scope
from apps.core.permissions import declare

from .models import Announcement, Block, SavedText


def mailing_of(target: object) -> Iterable[Scope]:
    """Where what belongs to an association lies."""
    return association_of(target.association if isinstance(target, Announcement | SavedText | Block) else target)


MAILINGS_SEND = declare(
    "mailings.send", _("Send announcements of an association"), roles=(), scope=mailing_of, kinds=AT
)
MAILINGS_OVERSEE = declare(
    "mailings.oversee", _("See the announcements of all associations"), roles=OVERSEERS, scope=mailing_of
)
MAILINGS_CONTROL = declare(
    "mailings.control", _("Approve and stop announcements; keep an association from sending"), roles=MANAGERS,
    scope=mailing_of,
)  # fmt: skip

add_to_usual(MAILINGS_SEND, offices=("president", "secretary"))
