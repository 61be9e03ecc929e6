"""What the product says back: alerts, progress of long work, empty places, dialogs."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..ui import INFO, STATUSES, WARN, JobView, Step, Text
from . import icons
from .formats import number

register = template.Library()
TONE_ICONS = {
    "info": "info",
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-alert",
    "neutral": "info",
}
JOB_BARS = {"done": "good", "partial": "warn", "held": "warn", "failed": "bad", "cancelled": "neutral"}


@register.simple_block_tag
def alert(content: str, tone: str = INFO, title: Text = "", icon: str = "") -> SafeString:
    head = format_html("<strong>{}</strong>", title) if title else ""
    role = "alert" if tone == "bad" else "note"
    picture = icons.icon(icon or TONE_ICONS[tone], 18)
    return format_html('<div class="alert {}" role="{}">{}<div>{}{}</div></div>', tone, role, picture, head, content)


@register.simple_block_tag
def banner(content: str, tone: str = WARN, icon: str = "") -> SafeString:
    """Something true of the whole place: degraded protection, a school past due."""
    picture = icons.icon(icon or TONE_ICONS[tone], 16)
    return format_html('<div class="banner {}" role="status">{}<p>{}</p></div>', tone, picture, content)


@register.simple_block_tag(takes_context=True)
def empty_state(
    context: Any, content: str, title: Text, text: Text = "", icon: str = "", kind: str = "first"
) -> SafeString:
    """Why it is empty and what to do next. `no-match` offers to clear the filters by itself."""
    usual = {"first": "inbox", "no-match": "search-x", "done": "circle-check-big"}[kind]
    request = context.get("request")
    if kind == "no-match" and not text:
        text = _("Try other words, or clear the filters.")
    return render_to_string(
        "ui/empty_state.html",
        {
            "title": title,
            "text": text,
            "icon": icon or usual,
            "kind": kind,
            "actions": content if content.strip() else "",
            "clear_url": request.path if request and kind == "no-match" and request.GET else "",
        },
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: Text, size: str = "") -> SafeString:
    return render_to_string("ui/dialog.html", {"id": id, "title": title, "size": size, "content": content})


@register.simple_tag
def progress(value: float, max: float, label: Text, tone: str = "") -> SafeString:
    return format_html(
        '<progress class="{}" value="{}" max="{}" aria-label="{}">{}/{}</progress>', tone, value, max, label, value, max
    )


@register.inclusion_tag("ui/job.html")
def job(job: JobView) -> dict[str, Any]:
    """Progress of long work. Polls while it moves; a partial end is never shown as complete."""
    return {"job": job, "bar": JOB_BARS.get(job.state, ""), "tone": STATUSES.get(job.state, ("neutral", ""))[0]}


@register.inclusion_tag("ui/checklist.html")
def checklist(steps: Iterable[Step], title: Text = "") -> dict[str, Any]:
    all_steps = list(steps)
    return {"steps": all_steps, "title": title, "done": sum(step.done for step in all_steps), "total": len(all_steps)}


@register.inclusion_tag("ui/stepper.html")
def stepper(labels: Iterable[Text], current: int) -> dict[str, Any]:
    return {"steps": [(at, label, at < current, at == current) for at, label in enumerate(labels, 1)]}


@register.simple_tag
def skeleton(rows: int = 3, shape: str = "lines") -> SafeString:
    """Grey shapes where content is on its way; screen readers hear that it loads."""
    bones = SafeString("<i></i>" * int(rows))
    return format_html(
        '<div class="skeleton {}" role="status" aria-busy="true"><span class="sr">{}</span>{}</div>',
        shape,
        _("Loading…"),
        bones,
    )


@register.simple_tag
def spinner(label: Text = "") -> SafeString:
    """Visible while the HTMX request it belongs to is on its way."""
    return format_html(
        '<span class="spinner htmx-indicator" role="status">{}<span class="sr">{}</span></span>',
        icons.icon("loader-circle", 16),
        label or _("Loading…"),
    )


@register.inclusion_tag("ui/stat_bar.html")
def stat_bar(segments: Iterable[tuple], label: Text = "") -> dict[str, Any]:
    """A whole cut into parts: a thin bar with its legend."""
    parts = [(str(name), value, *(tone or ("",))) for name, value, *tone in segments]
    total = sum(value for _name, value, _tone in parts)
    at, shown = 0.0, []
    for index, (name, value, tone) in enumerate(parts):
        width = 100 * value / total if total else 0
        shown.append(
            {
                "label": name,
                "value": number(value),
                "x": f"{at:.2f}",
                "width": f"{width:.2f}",
                "css": tone or f"series-{index % 6}",
            }
        )
        at += width
    return {"segments": shown, "label": label}
