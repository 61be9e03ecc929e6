"""Pages of the simulator: templates and small helpers."""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

HERE = Path(__file__).parent


def _clock(value: float) -> str:
    return datetime.fromtimestamp(value).strftime("%H:%M:%S")


def initials(name: str) -> str:
    words = [word for word in name.replace("-", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


def hue(text: str) -> int:
    """A steady colour for an id: one of eight, which the style sheet knows."""
    return sum(text.encode()) % 8


templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters |= {"clock": _clock, "initials": initials, "hue": hue, "urlencode_pairs": urlencode}


def render(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    state = request.app.state.sandbox
    page = templates.get_template(template).render(request=request, state=state, path=request.url.path, **context)
    # with "no-referrer" a browser sends `Origin: null` with every form, and SameOriginOnly refuses it
    return HTMLResponse(page, status, headers={"cache-control": "no-store", "referrer-policy": "same-origin"})
