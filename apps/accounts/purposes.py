"""What people are asked to agree to. Declared once by the app that needs the answer; the texts are the school's."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

REGISTRY: dict[str, "Purpose"] = {}


@dataclass(frozen=True, slots=True)
class Purpose:
    """`required`: everybody has to have seen the text, at the next sign-in; there is no "no" to it.

    `guardian`: the yes of a minor counts only when a guardian confirmed it.
    """

    code: str
    label: object
    help_text: object = ""
    required: bool = False
    guardian: bool = True


def declare(code: str, label: object, **facts: object) -> Purpose:
    """Register a purpose; twice is a programming error."""
    if code in REGISTRY:
        raise ValueError(f"the purpose {code!r} is declared twice")
    REGISTRY[code] = Purpose(code, label, **facts)  # type: ignore[arg-type]
    return REGISTRY[code]


PRIVACY = declare(
    "privacy-notice",
    _("Privacy notice"),
    help_text=_("Everybody reads it at the next sign-in after a new version."),
    required=True,
    guardian=False,
)
PHOTO = declare(
    "photo",
    _("Publication of the photo"),
    help_text=_("Whether others in the school see a person's photo."),
)
NEWSLETTER = declare("newsletter", _("Newsletters"), help_text=_("News of the school by e-mail."))
