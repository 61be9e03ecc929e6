"""Who may do what with documents of associations.

The board uploads with its right to the inner pages, which it keeps while it is frozen: a frozen association must be
able to hand in what it is asked for.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.associations.permissions import MANAGERS, association_of
from apps.core.actor import Role, Scope
from apps.core.permissions import declare

from .models import Dossier, Version


def place_of(target: object) -> Iterable[Scope]:
    if isinstance(target, Version):
        target = target.dossier
    return association_of(target.association if isinstance(target, Dossier) else target)


DOCUMENTS_REVIEW = declare(
    "documents.review", _("Review documents of associations and ask for them"), roles=MANAGERS, scope=place_of
)
DOCUMENTS_POLICY = declare(
    "documents.policy", _("Choose the documents associations hand in, and who sees how much of their money"),
    roles={Role.ADMIN},
)  # fmt: skip
