"""The kinds of messages of this app (apps.notifications.kinds)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from apps.associations.messages import ASSOCIATIONS
from apps.notifications.kinds import kind

EXAMPLE = {"association": "Ciné-club Lumière", "document": "Attestation d’assurance"}
ASKED = kind(
    "document_asked",
    _("The school asks for documents of your association"),
    ASSOCIATIONS,
    in_app=True,
    example={
        **EXAMPLE,
        "documents": "Attestation d’assurance, procès-verbal",
        "words": _("Before the week of integration."),
        "due": date(2026, 10, 15),
    },
)
DECIDED = kind(
    "document_decided",
    _("The school read a document of your association"),
    ASSOCIATIONS,
    in_app=True,
    example={**EXAMPLE, "accepted": False, "words": _("The signature is missing.")},
)
DUE = kind(
    "document_due",
    _("A document of your association is due"),
    ASSOCIATIONS,
    in_app=True,
    example={**EXAMPLE, "due": date(2026, 10, 15), "late": False},
)
