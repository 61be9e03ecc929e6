"""The smallest parts: icons, buttons, badges, pictures of people and things."""

from collections.abc import Iterable
from typing import Any
from zlib import crc32

from django import template
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..ui import NEUTRAL, STATUSES, Text
from . import icons
from .formats import initials, sentence

register = template.Library()
HUES = 12  # classes h0 to h11 of the style sheet


@register.simple_tag
def icon(name: str, size: int = 16, label: Text = "", css: str = "") -> SafeString:
    return icons.icon(str(name), int(size), str(label), css)


@register.simple_tag
def button(
    label: Text,
    variant: str = "",
    icon: str = "",
    href: str = "",
    size: str = "",
    type: str = "button",
    icon_only: bool = False,
    **attributes: Any,
) -> SafeString:
    """A button, or a link that looks like one. `icon_only` keeps the label for screen readers."""
    css = " ".join(filter(None, ["btn", variant, size, "icon-only" if icon_only else "", attributes.pop("css", "")]))
    text = format_html('<span class="sr">{}</span>', label) if icon_only else label
    picture = icons.icon(icon, 14 if size == "sm" else 16) if icon else ""
    if icon_only:
        attributes.setdefault("title", label)
    own = {"href": href} if href else {"type": type}
    extra = flatatt(own | {"class": css} | html_attributes(attributes))
    return format_html("<{0}{1}>{2}{3}</{0}>", "a" if href else "button", extra, picture, text)


def html_attributes(keywords: dict[str, Any]) -> dict[str, Any]:
    """`hx_post=url` becomes `hx-post`; False and None leave the attribute out, True writes it bare."""
    return {
        name.replace("_", "-"): value if value is True else str(value)
        for name, value in keywords.items()
        if value is not None and value is not False and value != ""
    }


LONG_BADGE = 32  # letters


@register.simple_tag
def badge(label: Text, tone: str = NEUTRAL, icon: str = "") -> SafeString:
    mark = icons.icon(icon, 12) if icon else SafeString('<i class="dot" aria-hidden="true"></i>')
    css = f"{tone} long" if len(str(label)) > LONG_BADGE else tone  # a name that somebody chose may need two lines
    return format_html('<span class="badge {}">{}{}</span>', css, mark, label)


@register.simple_tag
def status(code: str, label: Text = "") -> SafeString:
    """One look for one state; a code nobody registered is shown in grey, never hidden."""
    tone, usual = STATUSES.get(str(code), (NEUTRAL, sentence(code)))
    return badge(label or usual, tone)


@register.simple_tag
def avatar(name: Text, size: str = "", label: bool = False, photo: str = "") -> SafeString:
    """The photo, or the initials where there is none to show."""
    if not photo:
        return _picture("avatar", name, size, label)
    css = f"avatar {size}".strip()
    text = name if label else ""
    return format_html(
        '<img class="{}" src="{}" alt="{}" width="64" height="64" loading="lazy" decoding="async">', css, photo, text
    )


@register.simple_tag
def monogram(name: Text, size: str = "") -> SafeString:
    return _picture("monogram", name, size, False)


def _picture(kind: str, name: Text, size: str, label: bool) -> SafeString:
    meaning = format_html('role="img" aria-label="{}"', name) if label else SafeString('aria-hidden="true"')
    css = f"{kind} {size}".strip()
    return format_html('<span class="{} {}" {}>{}</span>', css, hue_class(name), meaning, initials(str(name)) or "?")


def hue_class(name: Text) -> str:
    """The same name has the same colour on every page and machine."""
    return f"h{crc32(str(name).casefold().encode()) % HUES}"


@register.simple_tag
def avatars(names: Iterable[str], limit: int = 4, total: int | None = None) -> SafeString:
    """The first few people of many."""
    everyone = list(names)
    pictures = format_html_join("", "{}", ((avatar(name),) for name in everyone[:limit]))
    rest = (total if total is not None else len(everyone)) - len(everyone[:limit])
    more = format_html('<span class="avatar rest" aria-hidden="true">+{}</span>', rest) if rest > 0 else ""
    spoken = ", ".join(everyone[:limit])
    if rest > 0:
        spoken = _("%(names)s and %(count)s others") % {"names": spoken, "count": rest}
    return format_html('<span class="avatars" role="img" aria-label="{}">{}{}</span>', spoken, pictures, more)


@register.simple_tag
def who(name: Text, note: Text = "", href: str = "", square: bool = False, photo: str = "") -> SafeString:
    """Picture, name and a second line."""
    picture = monogram(name) if square else avatar(name, photo=photo)
    title = format_html('<a href="{}">{}</a>', href, name) if href else name
    second = format_html("<small>{}</small>", note) if note else ""
    return format_html('<span class="who">{}<span>{}{}</span></span>', picture, title, second)


@register.simple_tag
def school_mark(school: Any, size: str = "") -> SafeString:
    """The logo, or the initials on the school's colour."""
    name = getattr(school, "name", "") or "Campanile"
    logo = getattr(school, "logo", None)
    if logo:
        return format_html('<img class="school-mark {}" src="{}" alt="" width="32" height="32">', size, logo.url)
    if school is None:
        return format_html('<span class="school-mark {}">{}</span>', size, icons.icon("bell", 18))
    return format_html('<span class="school-mark {}" aria-hidden="true">{}</span>', size, initials(name))


@register.inclusion_tag("ui/kpi.html")
def kpi(
    label: Text,
    value: object,
    icon: str = "",
    note: Text = "",
    delta: Text = "",
    trend: str = "",
    spark: Iterable[float] | None = None,
    href: str = "",
) -> dict[str, Any]:
    from ..charts import sparkline

    line = sparkline(list(spark), label=str(label)) if spark else ""
    return {
        "label": label,
        "value": value,
        "icon": icon,
        "note": note,
        "delta": delta,
        "trend": trend,
        "spark": line,
        "href": href,
    }


@register.simple_block_tag
def card(
    content: str,
    title: Text = "",
    subtitle: Text = "",
    icon: str = "",
    href: str = "",
    link: Text = "",
    css: str = "",
) -> SafeString:
    """A titled box. Anything richer is written with its classes (docs/ui.md)."""
    head: SafeString | str = ""
    if title:
        picture = icons.icon(icon, 16) if icon else ""
        under = format_html("<p>{}</p>", subtitle) if subtitle else ""
        more = button(link or _("View all"), href=href, variant="ghost", size="sm") if href else ""
        head = format_html(
            '<header class="card-head">{}<div><h2>{}</h2>{}</div>{}</header>', picture, title, under, more
        )
    return format_html('<section class="card {}">{}<div class="card-body">{}</div></section>', css, head, content)


@register.simple_block_tag
def menu(content: str, id: str, label: Text, icon: str = "ellipsis") -> SafeString:
    """A button that opens a short list of links and buttons. Native popover: Escape closes it."""
    return format_html(
        '<button type="button" class="btn ghost icon-only sm" popovertarget="{0}" title="{1}">{2}'
        '<span class="sr">{1}</span></button><div class="menu" id="{0}" popover>{3}</div>',
        id,
        label,
        icons.icon(icon, 16),
        content,
    )
