"""A message becomes a row in the transaction of what caused it; a job delivers it after the commit."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import css_inline
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from apps.tenants.context import current, platform, selected
from apps.tenants.hosts import platform_url, school_url
from apps.tenants.jobs import enqueue, enqueue_platform
from apps.tenants.models import DEFAULT_HUE, School

from ..branding import accent
from ..models import CommunicationLog


@transaction.atomic
def send(
    *,
    template: str,
    to: str,
    context: Mapping[str, Any],
    cause: str,
    language: str = "",
    user_id: UUID | None = None,
) -> CommunicationLog:
    """Send `templates/emails/<template>.{subject.txt,txt,html}` once per cause; the same cause again sends nothing.

    Without a language: the school's. In a school the mail looks like the school's, else like the platform's.
    """
    known = CommunicationLog.objects.filter(cause=cause).first()
    if known is not None:
        return known
    school = _school()
    language = language if language in dict(settings.LANGUAGES) else (school.locale if school else "en")
    with translation.override(language):
        subject, text, html = _render(template, {**_letterhead(school), **context, "language": language})
    log, created = CommunicationLog.objects.get_or_create(
        cause=cause[:200],
        defaults={
            "template": template,
            "user_id": user_id,
            "to": to,
            "language": language,
            "subject": subject,
            "text": text,
            "html": html,
            "next_attempt_at": timezone.now(),
        },
    )
    if created:
        ring(log)
    return log


def ring(log: CommunicationLog) -> None:
    """Tell a worker that there is mail; the row is what counts, a sweeper rings again."""
    if _on_platform():
        enqueue_platform("notifications.deliver_platform", log_id=str(log.pk))
    else:
        enqueue("notifications.deliver", log_id=str(log.pk))


def _on_platform() -> bool:
    tenancy = selected()
    return tenancy is not None and tenancy.is_platform


def _school() -> School | None:
    if _on_platform():
        return None
    school_id = current().id
    with platform():
        return School.objects.get(pk=school_id)


def _letterhead(school: School | None) -> dict[str, Any]:
    if school is None:
        return {"sender": "Campanile", "accent": accent(DEFAULT_HUE), "home": platform_url()}
    return {"sender": school.name, "accent": accent(school.hue), "home": school_url(school)}


def _render(template: str, context: dict[str, Any]) -> tuple[str, str, str]:
    subject = " ".join(render_to_string(f"emails/{template}.subject.txt", context).split())
    text = render_to_string(f"emails/{template}.txt", context).strip() + "\n"
    html = css_inline.inline(
        render_to_string(f"emails/{template}.html", context),
        extra_css=render_to_string("emails/mail.css", context),
        load_remote_stylesheets=False,
    )
    return subject[:300], text, html
