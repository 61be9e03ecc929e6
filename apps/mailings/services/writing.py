"""Drafts and saved texts: written, changed, tried out on oneself."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.associations.models import Association, Office
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible
from apps.core.ratelimit import BUCKETS, TooManyRequests
from apps.tenants.context import current_schema

from .. import acts
from ..models import (
    LANGUAGES,
    LONGEST_BODY,
    LONGEST_TITLE,
    TEXT_FIELDS,
    Announcement,
    Audience,
    Channels,
    SavedText,
    State,
)
from ..permissions import MAILINGS_SEND
from . import telling
from .common import WrongState, locked_association, note, of_board, require_open, require_state

MOST_SAVED = 50
TESTS_PER_HOUR = 20


@transaction.atomic
def write(*, actor: Actor, association_id: UUID, now: datetime, **fields: Any) -> Announcement:
    """A new draft. Raises Forbidden, NotOpen, Invalid."""
    association = _association(actor, association_id, now)
    require_open(association, now)
    announcement = Announcement(
        association=association, created_at=now, changed_at=now, author_id=actor.user_id, author=actor.label[:200]
    )
    _fill(announcement, fields)
    announcement.save(force_insert=True)
    note(actor, acts.WRITTEN, announcement, now)
    return announcement


@transaction.atomic
def change(*, actor: Actor, announcement_id: UUID, now: datetime, **fields: Any) -> Announcement:
    """Of a draft; what is on its way is taken back first. The same again changes nothing."""
    announcement = of_board(actor, announcement_id, now)
    require_state(announcement, State.DRAFT)
    before = _facts(announcement)
    _fill(announcement, fields)
    after = _facts(announcement)
    changed = [name for name in before if before[name] != after[name]]
    if changed:
        announcement.changed_at = now
        announcement.save()
        note(actor, acts.CHANGED, announcement, now, data={"fields": changed})
    return announcement


@transaction.atomic
def discard(*, actor: Actor, announcement_id: UUID, now: datetime) -> None:
    """Of a draft that nobody needs."""
    announcement = of_board(actor, announcement_id, now)
    require_state(announcement, State.DRAFT)
    note(actor, acts.DELETED, announcement, now)
    announcement.delete()


@transaction.atomic
def try_out(*, actor: Actor, announcement_id: UUID, now: datetime) -> str:
    """Send it to oneself, as it is now; the address it went to. Counts against no limit but its own."""
    announcement = of_board(actor, announcement_id, now)
    active = User.objects.filter(status=User.Status.ACTIVE)
    user = active.filter(pk=actor.user_id).first() if actor.user_id else None
    if user is None:
        raise WrongState(_("A test goes to the person who asks for it, and you have no address here."))
    caller = f"{current_schema()}:announcement-test:{user.pk}"
    if wait := BUCKETS.take(caller, rate=TESTS_PER_HOUR / 3600, burst=TESTS_PER_HOUR):
        raise TooManyRequests(int(wait) + 1)
    telling.try_out(announcement, user, now)
    note(actor, acts.TESTED, announcement, now)
    return user.email


# --- saved texts -----------------------------------------------------------------------------------------


@transaction.atomic
def save_text(*, actor: Actor, association_id: UUID, name: str, now: datetime, **texts: str) -> SavedText:
    """Keep a text under a name; the same name again replaces it."""
    association = _association(actor, association_id, now)
    words = " ".join(name.split())
    if not words or len(words) > 80:
        raise Invalid(fields={"name": [_("Enter a name of at most 80 characters.")]})
    found = SavedText.objects.filter(association=association, name=words).first()
    if found is None and SavedText.objects.filter(association=association).count() >= MOST_SAVED:
        raise WrongState(_("An association keeps %(n)d texts at most. Delete one first.") % {"n": MOST_SAVED})
    saved = found or SavedText(association=association, name=words)
    _fill_texts(saved, texts)
    saved.saved_at, saved.saved_by_id, saved.saved_by = now, actor.user_id, actor.label[:200]
    saved.save()
    note(actor, acts.TEXT_SAVED, saved, now)
    return saved


@transaction.atomic
def delete_text(*, actor: Actor, text_id: UUID, now: datetime) -> SavedText:
    """Raises NotVisible."""
    saved = SavedText.objects.filter(pk=text_id).first()
    if saved is None:
        raise NotVisible
    saved.association = _association(actor, saved.association_id, now)
    note(actor, acts.TEXT_DELETED, saved, now)
    SavedText.objects.filter(pk=saved.pk).delete()
    return saved


# --- what was typed --------------------------------------------------------------------------------------


def _association(actor: Actor, association_id: UUID, now: datetime) -> Association:
    association = locked_association(actor, association_id, now)
    MAILINGS_SEND.require(actor, association)
    return association


def _facts(announcement: Announcement) -> dict[str, Any]:
    names = (*TEXT_FIELDS, "audience", "office_id", "channels")
    return {name: getattr(announcement, name) for name in names}


def _fill(announcement: Announcement, fields: Mapping[str, Any]) -> None:
    """Raises Invalid, naming every field."""
    faults = _fill_texts(announcement, {key: fields[key] for key in TEXT_FIELDS if key in fields}, raising=False)
    announcement.audience = fields.get("audience", announcement.audience)
    announcement.channels = fields.get("channels", announcement.channels)
    if announcement.audience not in Audience.values:
        faults["audience"] = [_("Choose one of the list.")]
    if announcement.channels not in Channels.values:
        faults["channels"] = [_("Choose one of the list.")]
    office_id = fields.get("office_id", announcement.office_id)
    announcement.office = None
    if announcement.audience == Audience.OFFICE:
        offices = Office.objects.filter(association=announcement.association_id, archived_at=None)
        announcement.office = offices.filter(pk=office_id).first()
        if announcement.office is None:
            faults["office_id"] = [_("Choose an office of this association.")]
    if faults:
        raise Invalid(fields=faults)


def _fill_texts(
    target: Announcement | SavedText, texts: Mapping[str, str], *, raising: bool = True
) -> dict[str, list[object]]:
    """Titles are one line without invisible characters. Each language is whole, and there is at least one."""
    faults: dict[str, list[object]] = {}
    for name, given in texts.items():
        setattr(target, name, one_line(given) if name.startswith("title") else _lines(given))
    for language in LANGUAGES:
        title, body = getattr(target, f"title_{language}"), getattr(target, f"body_{language}")
        if len(title) > LONGEST_TITLE:
            faults[f"title_{language}"] = [_("At most %(n)d characters.") % {"n": LONGEST_TITLE}]
        if len(body) > LONGEST_BODY:
            faults[f"body_{language}"] = [_("At most %(n)d characters.") % {"n": LONGEST_BODY}]
        if title and not body:
            faults[f"body_{language}"] = [_("Write the text, or leave the title of this language empty as well.")]
        if body and not title:
            faults[f"title_{language}"] = [_("Write a title, or leave the text of this language empty as well.")]
    if not faults and not target.languages:
        faults["title_fr"] = [_("Write title and text in one language at least.")]
    if faults and raising:
        raise Invalid(fields=faults)
    return faults


def one_line(text: str) -> str:
    """A title as one line of what can be seen: it becomes the subject of a mail."""
    seen = (" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text)
    return " ".join("".join(one for one in seen if unicodedata.category(one) != "Cf").split())


def _lines(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in text if one in "\n\t" or unicodedata.category(one) != "Cc").strip()
