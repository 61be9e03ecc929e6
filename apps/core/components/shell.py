"""What layouts need around a page: assets, navigation, theme, request id."""

from typing import Any
from urllib.parse import parse_qsl

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .. import navigation as registry
from ..bundle import SCRIPTS, STYLES, script_files, style_files
from ..requestinfo import current_request_id
from ..theme import hue_of

register = template.Library()
THEMES = ("light", "dark")


@register.simple_tag
def ui_styles() -> SafeString:
    """Our style sheets: one by one in development, joined otherwise."""
    names = style_files() if settings.DEBUG else [STYLES]
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', ((asset(name),) for name in names))


@register.simple_tag
def ui_scripts() -> SafeString:
    names = script_files() if settings.DEBUG else [SCRIPTS]
    return format_html_join("\n", '<script type="module" src="{}"></script>', ((asset(name),) for name in names))


@register.simple_tag(name="ui_asset")
def asset(name: str) -> str:
    """The address of a static file. An error page must not fail because files were not collected."""
    try:
        return static(name)
    except ValueError:
        return f"{settings.STATIC_URL}{name}"


@register.simple_tag(takes_context=True)
def theme_styles(context: Any) -> SafeString:
    """The link to the school's colour."""
    request = context.get("request")
    return format_html('<link rel="stylesheet" href="/theme.css?v={}">', hue_of(request)) if request else SafeString()


@register.simple_tag(takes_context=True)
def theme_attribute(context: Any) -> SafeString:
    """`data-theme` when the person chose one; the page is painted right the first time."""
    chosen = theme_of(context.get("request"))
    return format_html(' data-theme="{}"', chosen) if chosen else SafeString()


def theme_of(request: HttpRequest | None) -> str:
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@register.simple_tag(takes_context=True)
def navigation(context: Any, layout: str = "school") -> list[registry.Section]:
    request = context.get("request")
    return registry.visible(request, layout) if request else []


@register.simple_tag
def request_id() -> str:
    return current_request_id()


@register.filter
def undo_url(message: Any) -> str:
    """Where the way back is sent that a view put into a message: `extra_tags="undo:<url>"` (apps.core.web.undo_by)."""
    return _undo(message).partition("?")[0]


@register.filter
def undo_fields(message: Any) -> list[tuple[str, str]]:
    """What its form says."""
    return parse_qsl(_undo(message).partition("?")[2])


def _undo(message: Any) -> str:
    tags = (getattr(message, "extra_tags", "") or "").split()
    return next((tag.removeprefix("undo:") for tag in tags if tag.startswith("undo:")), "")
