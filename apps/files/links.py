"""Links to files: signed for one school, one file and one time. They open nothing by themselves: see views."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils import timezone

from apps.tenants.context import current_schema

STEP = 3600  # seconds: a link stays the same within this time, so that browsers keep the picture
SHORT = timedelta(minutes=10)


def picture_url(file_id: UUID, variant: str, *, now: datetime | None = None) -> str:
    """The address of a picture for the next one to two hours; the same for everybody within an hour."""
    moment = int((now or timezone.now()).timestamp())
    return _url(file_id, variant, (moment // STEP + 2) * STEP)


def download_url(file_id: UUID, *, now: datetime | None = None, lasting: timedelta = SHORT) -> str:
    """The address of a plain file, for `lasting`."""
    return _url(file_id, "", int(((now or timezone.now()) + lasting).timestamp()))


def _url(file_id: UUID, variant: str, until: int) -> str:
    path = reverse("files:file", args=[file_id, variant or "original"], urlconf="config.urls.school")
    return f"{path}?until={until}&signature={_signer().signature(_claim(file_id, variant, until))}"


def is_valid(file_id: UUID, variant: str, until: str, signature: str, *, now: datetime) -> bool:
    """Whether this is a link that we made for the active school and that has not expired."""
    if not (until.isascii() and until.isdigit() and len(until) <= 12) or len(signature) > 200:
        return False
    try:
        _signer().unsign(f"{_claim(file_id, variant, int(until))}:{signature}")
    except (BadSignature, ValueError):
        return False
    return now < datetime.fromtimestamp(int(until), UTC)


def _signer() -> Signer:
    return Signer(salt=f"campanile.files.{current_schema()}")


def _claim(file_id: UUID, variant: str, until: int) -> str:
    return f"{file_id}/{variant}/{until}"
