"""`{% load associations %}`: the mark of an association, wherever it is named."""

from typing import Any
from uuid import UUID

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.components.basics import monogram
from apps.files.links import picture_url

from ..hooks import association_logos

register = template.Library()
KEY = "association logos"
PIXELS = {"": "96", "lg": "96", "sm": "96", "xl": "320"}


@register.simple_tag(takes_context=True)
def association_mark(context: Context, association: Any, size: str = "") -> SafeString:
    """Its logo, or its monogram. The logos of a school are asked for once a page."""
    root = context.render_context
    if KEY not in root:
        root[KEY] = {key: file for found in association_logos.send() for key, file in found.items()}
    found: dict[UUID, UUID] = root[KEY]
    if file_id := found.get(association.pk):
        css = f"monogram {size}".strip()
        return format_html('<img class="{}" src="{}" alt="">', css, picture_url(file_id, PIXELS.get(size, "96")))
    return SafeString(monogram(association.name, size=size))
