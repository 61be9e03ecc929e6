"""What the services share: purposes of files, refusals, the audit line."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from apps.associations.services.common import locked, note
from apps.core.errors import DomainError
from apps.core.pictures import Size
from apps.files.purposes import declare

from .. import selectors

LOGO_SMALL: Final = "96"
DOCUMENT = declare(
    "association-documents", _("Documents of associations"), most_bytes=15_000_000, may_read=selectors.file_is_readable
)
LOGO = declare(
    "association-logos", _("Logos of associations"), most_bytes=5_000_000, may_read=selectors.logo_is_readable,
    sizes={LOGO_SMALL: Size(96), "320": Size(320)},
)  # fmt: skip


class DocumentState(DomainError):
    code = "document-wrong-state"


__all__ = ["DOCUMENT", "LOGO", "LOGO_SMALL", "DocumentState", "locked", "note"]
