"""Showing what is known and what happened: facts, history, before and after."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..ui import Text, TimelineItem
from . import icons
from .formats import number, sentence

register = template.Library()


@register.inclusion_tag("ui/timeline.html")
def timeline(items: Iterable[TimelineItem], empty: Text = "") -> dict[str, Any]:
    return {"items": list(items), "nothing": empty}


@register.inclusion_tag("ui/facts.html")
def facts(items: Iterable[tuple[Text, object]]) -> dict[str, Any]:
    return {"items": list(items)}


@register.inclusion_tag("ui/changes.html")
def changes(mapping: Mapping[str, Any], labels: Mapping[str, Text] | None = None) -> dict[str, Any]:
    """`{"name": [before, after]}`. A value that is not a pair is shown as what it became."""
    rows = []
    for name, value in (mapping or {}).items():
        pair = value if isinstance(value, list | tuple) and len(value) == 2 else (None, value)
        rows.append(((labels or {}).get(name, sentence(name)), readable(pair[0]), readable(pair[1])))
    return {"rows": rows}


def readable(value: Any) -> str:
    """A recorded value in words: nothing for nothing, lists joined, yes and no."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return number(value)
    if isinstance(value, list | tuple | set):
        return ", ".join(readable(part) for part in value)
    return str(value)


@register.simple_tag
def copyable(text: str, label: Text = "") -> SafeString:
    """A value to take elsewhere."""
    name = label or _("Copy")
    return format_html(
        '<span class="copyable"><code>{0}</code>'
        '<button type="button" class="btn ghost icon-only sm" data-copy="{0}" title="{1}">{2}'
        '<span class="sr">{1}</span></button></span>',
        text,
        name,
        icons.icon("copy", 14),
    )
