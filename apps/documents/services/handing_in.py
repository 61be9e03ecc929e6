"""The board hands in a file: examined, kept as a new version, accepted by itself where nothing changed (ASC-2)."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from apps.associations.models import Association, Status
from apps.associations.services.renewals import settle_when_complete
from apps.core.actor import Actor
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.files import services as files

from .. import acts, contents, selectors, terms
from ..models import Decision, DocumentKind, Dossier, Version
from .common import DOCUMENT, DocumentState, locked, note

MOST_VERSIONS = 100


@transaction.atomic
def hand_in(
    *, actor: Actor, association_id: UUID, upload: File | None, now: datetime, kind_id: UUID | None = None,
    dossier_id: UUID | None = None,
) -> Version:  # fmt: skip
    """A new version of a document. The same file again is the version that is there.

    Raises NotVisible, Forbidden, DocumentState, Invalid, NotADocument, HasMacros, TooLarge, StorageFull.
    """
    association = locked(actor, association_id, now)
    if not selectors.may_see(actor, association):
        raise NotVisible
    if not selectors.may_send(actor, association):
        raise Forbidden(message=_("Only the board of the association hands in its documents."))
    if association.status in (Status.DISSOLVED, Status.REFUSED):
        raise DocumentState(_("This association takes no documents any more."))
    if upload is None:
        raise Invalid(fields={"file": [_("Choose a file.")]})
    dossier = _dossier(association, kind_id, dossier_id)
    data = files.read_upload(upload, DOCUMENT)
    before = list(dossier.versions.select_for_update().order_by("-number"))
    sent = sha256(data).hexdigest()
    if before and before[0].sent_sha256 == sent and _stands(before[0], dossier, association, now):
        return before[0]
    if len(before) >= MOST_VERSIONS:
        raise DocumentState(_("This document has too many versions. Ask the school to ask for a new one."))
    content = contents.examined(data)
    filename = contents.clean_name(upload.name or "", content.extension)
    kept = files.store_file(
        purpose=DOCUMENT, content=ContentFile(content.data), content_type=content.content_type,
        extension=content.extension, filename=filename, now=now,
    )  # fmt: skip
    same = _unchanged(dossier, before, sent)
    version = Version(
        dossier=dossier, number=before[0].number + 1 if before else 1, file=kept, filename=filename, size=kept.size,
        sha256=sha256(content.data).hexdigest(), sent_sha256=sent, uploaded_at=now, uploaded_by_id=actor.user_id,
        uploaded_by=actor.label[:200],
    )  # fmt: skip
    if same is not None:
        day = selectors.today_at(association, now)
        version.decision, version.decided_at, version.same_as = Decision.ACCEPTED, now, same
        version.valid_until = terms.valid_until(dossier.kind, day, selectors.year_begins())
    version.save(force_insert=True)
    facts = {"document": str(dossier), "version": version.number, "sha256": version.sha256}
    note(actor, acts.UPLOADED, version, now, label=f"{dossier} · {association}", data=facts)
    if same is not None:
        accepted = Actor.system("unchanged documents")
        note(accepted, acts.ACCEPTED_AGAIN, version, now, label=f"{dossier} · {association}", data=facts)
        settle_when_complete(actor=accepted, association=association, now=now)
    return version


def _stands(version: Version, dossier: Dossier, association: Association, now: datetime) -> bool:
    """Whether sending this file again would say nothing new: it waits, or it is accepted and valid."""
    day = selectors.today_at(association, now)
    asked_again = dossier.asked_at is not None and version.uploaded_at < dossier.asked_at
    waits = version.decision == Decision.WAITING and not asked_again
    return waits or terms.counts(version, dossier, day)


def _unchanged(dossier: Dossier, before: list[Version], sent: str) -> Version | None:
    """The accepted version that this is byte for byte, where the school lets that be enough."""
    accepted = next((one for one in before if one.decision == Decision.ACCEPTED), None)
    if accepted is None or accepted.sent_sha256 != sent or dossier.kind is None or not dossier.kind.same_is_enough:
        return None
    asked_again = dossier.asked_at is not None and accepted.uploaded_at < dossier.asked_at
    return None if asked_again else accepted


def _dossier(association: Association, kind_id: UUID | None, dossier_id: UUID | None) -> Dossier:
    """Raises NotVisible."""
    if dossier_id is not None:
        found = Dossier.objects.select_related("kind").filter(pk=dossier_id, association=association).first()
        if found is None:
            raise NotVisible
        return found
    kind = DocumentKind.objects.filter(pk=kind_id, archived_at=None).first() if kind_id else None
    if kind is None or not selectors.applies(kind, association):
        raise NotVisible
    row, _new = Dossier.objects.get_or_create(association=association, kind=kind)
    return row
