"""Files speak of people only through the rows that point to them (apps.core.records)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.records import Period, Record, declare

from . import services

declare(
    Record(
        "files.StoredFile",
        group=_("Files"),
        purpose=_("Photos, logo and archives"),
        plain=("purpose", "content_type", "extension", "variants", "filename"),
        period=Period(
            expired=lambda now, days: Q(expires_at__lte=now),
            words=_("With the record it belongs to, or until it expires"),
        ),
        remove=services.delete_rows,
    )
)
