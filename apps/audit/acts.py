"""What can be done, by name: each act has a code and a title that people read on the audit page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_titles: dict[str, str | Promise] = {}


def act(code: str, title: str | Promise) -> str:
    """Register an act and return its code: `CAMPUS_CREATED = act("campus.created", _("Campus created"))`.

    A code has one meaning: registering it again under another title is a programming error.
    """
    known = _titles.setdefault(code, title)
    if known is not title and str(known) != str(title):
        raise ValueError(f"the act {code!r} is already called {known!s}")
    return code


def title_of(code: str) -> str | Promise:
    """The title of an act; of one that no longer exists, its code."""
    return _titles.get(code, code)


def all_acts() -> dict[str, str | Promise]:
    return dict(_titles)


TABLE_EXPORTED = act("table.exported", _("Table exported"))
AUDIT_EXPORTED = act("audit.exported", _("Audit trail exported"))
