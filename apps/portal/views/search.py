"""Global search: the command palette asks for the hits alone, without JavaScript it is a page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from apps.core.web import page, requires

from .. import search
from ..permissions import SEARCH_USE


@require_GET
@requires(SEARCH_USE)
def search_everything(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").replace("\x00", "").strip()
    context = {"text": text, "groups": search.found(request, text), "shortest": search.SHORTEST}
    return page(request, "portal/search.html", context, partial="results")
