"""The kinds of messages of this app (apps.notifications.kinds)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import Category, kind

ASSOCIATIONS = Category(
    "associations", _("Associations"), _("Requests, offices and memberships of associations that you take part in.")
)
RENEWALS = Category(
    "renewals", _("Renewal of your association"), _("The yearly confirmation that officers give."), optional=False
)

EXAMPLE = {"association": "Ciné-club Lumière", "by": "Camille Moreau"}
REQUEST_IN = kind("association_request", _("An association was asked for"), ASSOCIATIONS, in_app=True, example=EXAMPLE)
REQUEST_MOVED = kind(
    "association_request_moved",
    _("Your request for an association moved"),
    ASSOCIATIONS,
    in_app=True,
    example={**EXAMPLE, "step": _("Changes requested"), "words": _("Please add your statutes.")},
)
FOUNDER_NAMED = kind("association_founder", _("You are named as a founder"), ASSOCIATIONS, in_app=True, example=EXAMPLE)
APPOINTED = kind(
    "association_appointed",
    _("You were appointed to an office"),
    ASSOCIATIONS,
    in_app=True,
    example={**EXAMPLE, "office": _("Treasurer"), "starts": date(2026, 9, 1), "ends": date(2027, 9, 1)},
)
JOIN_ASKED = kind(
    "association_join_asked", _("Somebody asks to join your association"), ASSOCIATIONS, in_app=True, example=EXAMPLE
)
JOIN_DECIDED = kind(
    "association_join_decided",
    _("Your request to join an association was decided"),
    ASSOCIATIONS,
    in_app=True,
    example={**EXAMPLE, "admitted": True},
)
FROZEN = kind(
    "association_frozen",
    _("Your association was frozen by the school"),
    ASSOCIATIONS,
    in_app=True,
    example={**EXAMPLE, "words": "Bilan financier manquant."},
)
FAREWELL = kind("association_farewell", _("An association of yours ends"), ASSOCIATIONS, in_app=True, example=EXAMPLE)
RENEWAL = kind(
    "association_renewal",
    _("Confirm that your association goes on"),
    RENEWALS,
    in_app=True,
    secret=True,
    example={**EXAMPLE, "deadline": date(2026, 11, 30), "campaign": "2026-2027"},
)
