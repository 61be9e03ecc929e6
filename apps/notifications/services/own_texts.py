"""A school's own words around a text of ours: another subject, opening lines. The text itself stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .. import acts, kinds
from ..kinds import Kind
from ..models import OwnText
from ..permissions import MESSAGES_MANAGE

PLACEHOLDERS = {"{name}": "name", "{school}": "school_name"}


@dataclass(frozen=True, slots=True)
class Words:
    subject: str = ""
    intro: str = ""

    def filled(self, context: Mapping[str, Any]) -> "Words":
        """With the name and the school in place; nothing else of the context can be named."""
        return Words(_filled(self.subject, context), _filled(self.intro, context))


def _filled(text: str, context: Mapping[str, Any]) -> str:
    for placeholder, name in PLACEHOLDERS.items():
        text = text.replace(placeholder, str(context.get(name) or ""))
    return text


def own_words(kind: Kind, language: str) -> Words:
    """What the active school says; nothing where it has no words of its own."""
    if not kind.adaptable:
        return Words()
    found = OwnText.objects.filter(kind=kind.code, language=language).values_list("subject", "intro").first()
    return Words(*found) if found else Words()


def lock(code: str, language: str) -> None:
    """Nobody else changes these words until the transaction ends."""
    OwnText.objects.select_for_update().filter(kind=code, language=language).first()


@transaction.atomic
def change_text(*, actor: Actor, code: str, language: str, words: Words) -> None:
    """These words from now on; empty ones go back to ours. Raises Forbidden, NotVisible for a kind that has none."""
    MESSAGES_MANAGE.require(actor)
    kind = kinds.REGISTRY.get(code)
    if kind is None or not kind.adaptable or language not in dict(settings.LANGUAGES):
        raise NotVisible
    before = own_words(kind, language)
    if words == before:
        return
    own = OwnText.objects.filter(kind=code, language=language)
    if words == Words():
        own.delete()
    else:
        OwnText.objects.update_or_create(
            kind=code, language=language, defaults={"subject": words.subject, "intro": words.intro}
        )
    changes = {"subject": [before.subject, words.subject], "intro": [before.intro, words.intro]}
    record(actor=actor, act=acts.TEXT_CHANGED, target_label=f"{code} ({language})", changes=changes)
