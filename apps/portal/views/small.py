"""Small files that browsers and robots ask for."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_GET

from apps.core.web import public

A_DAY = 86_400


@require_GET
@public("tells search engines to stay out of schools")
def robots(request: HttpRequest) -> HttpResponse:
    """The landing page may be found; nothing of a school may."""
    allowed = "Disallow: /\n" if request.school else "Allow: /$\nDisallow: /\n"
    response = HttpResponse(f"User-agent: *\n{allowed}", content_type="text/plain")
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response


@require_GET
@public("the small picture of a browser tab")
def favicon(request: HttpRequest) -> HttpResponseBase:
    return redirect(static("ui/favicon.svg"))


@require_GET
@public("the name and colours of the installed page, as on the sign-in page")
def manifest(request: HttpRequest) -> HttpResponse:
    name = request.school.name if request.school else "Campanile"
    body = {
        "name": name,
        "short_name": name[:24],
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "icons": [{"src": static("ui/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    response = JsonResponse(body, content_type="application/manifest+json")
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response
