"""A school's colour: one number, served as a tiny style sheet of its own, because the CSP allows no inline styles."""

from django.http import HttpRequest, HttpResponse

from .web import public

DEFAULT_HUE = 262
A_DAY = 86_400


@public("a colour, shown on the sign-in page too")
def theme_css(request: HttpRequest) -> HttpResponse:
    """`/theme.css?v=<hue>`: the version in the address makes a new colour visible at once."""
    response = HttpResponse(f":root {{ --hue: {hue_of(request)} }}\n", content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response


def hue_of(request: HttpRequest) -> int:
    """The hue of the school of this host, or the product's own."""
    hue = getattr(getattr(request, "school", None), "hue", None)
    return DEFAULT_HUE if hue is None else int(hue) % 360
