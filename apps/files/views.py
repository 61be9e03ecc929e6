"""The one door through which files leave the school's storage."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.core.web import public

from . import links, selectors
from .models import StoredFile
from .purposes import REGISTRY

A_LITTLE = 3600  # seconds a browser, and nobody on the way, may keep a picture


@require_GET
@public("the link is signed and expires, and the file's purpose decides who may read it")
def file(request: HttpRequest, file_id: UUID, variant: str) -> HttpResponseBase:
    name = "" if variant == "original" else variant
    until, signature = request.GET.get("until", ""), request.GET.get("signature", "")
    if not links.is_valid(file_id, name, until, signature, now=timezone.now()):
        raise Http404
    return sent(selectors.readable_file(actor=request.actor, file_id=file_id, variant=name), name)


def sent(found: StoredFile, name: str) -> HttpResponseBase:
    """The bytes of a file, for whom the caller has let through."""
    try:
        response = FileResponse(
            default_storage.open(found.path(name), "rb"),
            as_attachment=not REGISTRY[found.purpose].sizes,  # a picture is ours, byte by byte; all else is only saved
            filename=found.filename or f"{found.purpose}.{found.extension}",
            content_type=found.content_type,
        )
    except FileNotFoundError as error:
        raise Http404 from error
    cacheable = bool(REGISTRY[found.purpose].sizes)
    response["Cache-Control"] = f"private, max-age={A_LITTLE}" if cacheable else "no-store, private"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
