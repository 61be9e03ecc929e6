"""Kinds of messages: declared once, by the app that sends them, like permissions.

    IMPORT_DONE = kind("import_done", _("A list was taken over"), OPERATIONS, in_app=True, example={"added": 12})
    send(template="import_done", ...)

The code is the name of its texts: templates/emails/<code>.subject.txt, .txt and .html. `example` is what the texts
need besides `name`, `school_name` and `url`; the page of messages shows every kind with it, in both languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Category:
    """What people choose about. `optional`: they may have it once a day or not at all."""

    code: str
    name: Text
    about: Text
    optional: bool = True


SECURITY = Category(
    "security",
    _("Security of your account"),
    _("Sign-in, password, second step, and whoever acts in your name."),
    optional=False,
)
ACCOUNT = Category(
    "account", _("Your account and your data"), _("Invitations, confirmations and your requests."), optional=False
)
OPERATIONS = Category(
    "operations", _("Running the school"), _("What those who run the school should look at, such as a failed run.")
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`secret`: its text holds a personal link, so it is forgotten at once and cannot be sent again by others."""

    code: str
    name: Text
    category: Category
    in_app: bool = False
    secret: bool = False
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def adaptable(self) -> bool:
        """A school may put it into its own words. Not what warns people: it must not be made to look like nothing."""
        return self.category is not SECURITY


REGISTRY: dict[str, Kind] = {}


class UnknownKind(LookupError):
    """Nobody declared this kind of message."""


def kind(code: str, name: Text, category: Category, **facts: Any) -> Kind:
    """Declare a kind. Twice is a programming error."""
    if code in REGISTRY:
        raise ValueError(f"the kind of message {code!r} is declared twice")
    REGISTRY[code] = Kind(code, name, category, **facts)
    return REGISTRY[code]


def known(code: str) -> Kind:
    """The declared kind. Raises UnknownKind."""
    try:
        return REGISTRY[code]
    except KeyError:
        raise UnknownKind(f"declare the kind of message {code!r}: apps.notifications.kinds") from None


def name_of(code: str) -> str:
    """In people's words; of a kind that no longer exists, its code."""
    return str(REGISTRY[code].name) if code in REGISTRY else code


def categories() -> list[Category]:
    """Those that something is sent about, in the order of declaration."""
    return list(dict.fromkeys(one.category for one in REGISTRY.values()))
