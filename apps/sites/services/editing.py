"""A board writes its site, shows it and takes it back (ASC-9)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from apps.associations.models import Association, Status
from apps.associations.permissions import EDIT
from apps.associations.services.common import IsFrozen, WrongState, locked
from apps.audit.services import record
from apps.core import richtext
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid

from .. import acts
from ..models import Site
from ..texts import LANGUAGES

LONGEST: Final = {
    "tagline": 160,
    "about": richtext.MOST_CHARACTERS,
    "practical": 4_000,
    "for_members": richtext.MOST_CHARACTERS,
}
LINKS: Final = ("website", "network")


class ChangedMeanwhile(DomainError):
    """Somebody else saved this site since it was opened."""

    code = "site-changed-meanwhile"
    status = 409

    def __init__(self, who: str) -> None:
        super().__init__(
            _("%(who)s changed this site while you were writing. Your text is still here: compare, then save again.")
            % {"who": who or _("Somebody")}
        )


class NothingToShow(DomainError):
    code = "site-empty"

    def __init__(self) -> None:
        super().__init__(_("Write who you are first: an empty site cannot be published."))


@transaction.atomic
def save_site(*, actor: Actor, association_id: UUID, version: int, fields: Mapping[str, Any], now: datetime) -> Site:
    """Keep what a board wrote; published sites show it at once. `fields`: those of Site, texts by language.

    `version`: the one that was read (0: there was none). Saving the same again changes nothing.
    Raises NotVisible, Forbidden, IsFrozen, WrongState, Invalid, ChangedMeanwhile.
    """
    association = _living(actor, association_id, now)
    site = _locked(association) or Site(association=association, version=0)
    wanted = {name: getattr(site, name) for name in (*LONGEST, *LINKS, "contact_email", "shows_board")}
    before = dict(wanted)
    wanted.update(_checked(fields))
    changed = {name: [before[name], wanted[name]] for name in wanted if before[name] != wanted[name]}
    if site.version and not changed:
        return site
    if site.version != version:
        raise ChangedMeanwhile(site.changed_by)
    for name, value in wanted.items():
        setattr(site, name, value)
    site.version, site.changed_at, site.changed_by = site.version + 1, now, actor.label[:200]
    site.save()
    # the texts themselves stand in the row; the trail says which of them changed
    record(actor=actor, act=acts.SITE_CHANGED, target=site, data={"fields": sorted(changed)}, at=now)
    return site


@transaction.atomic
def publish_site(*, actor: Actor, association_id: UUID, now: datetime) -> Site:
    """Show the site to those whom the association's visibility names. Safe to repeat. Raises NothingToShow."""
    association = _living(actor, association_id, now)
    if association.status != Status.APPROVED:
        raise WrongState(_("A dormant association shows no site. Ask the school to wake it."))
    site = _locked(association)
    if site is None or not any(site.said("about").values()):
        raise NothingToShow
    if not site.is_published:
        site.published_at = now
        site.save(update_fields=["published_at"])
        record(actor=actor, act=acts.SITE_PUBLISHED, target=site, at=now)
    return site


@transaction.atomic
def withdraw_site(*, actor: Actor, association_id: UUID, now: datetime, reason: str = "") -> Site | None:
    """Show the site to its board only; what was written stays. Also for a frozen association. Safe to repeat."""
    association = locked(actor, association_id, now)
    EDIT.require(actor, association)
    site = _locked(association)
    if site is not None and site.is_published:
        site.published_at = None
        site.save(update_fields=["published_at"])
        record(actor=actor, act=acts.SITE_WITHDRAWN, target=site, reason=reason, at=now)
    return site


def _living(actor: Actor, association_id: UUID, now: datetime) -> Association:
    association = locked(actor, association_id, now)
    EDIT.require(actor, association)
    if association.is_frozen:
        raise IsFrozen
    if association.status not in (Status.APPROVED, Status.DORMANT):
        raise WrongState(_("This is only possible with an approved association."))
    return association


def _locked(association: Association) -> Site | None:
    site = Site.objects.select_for_update(of=("self",)).filter(association=association).first()
    if site is not None:
        site.association = association
    return site


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The given fields, tidied. Raises Invalid with all that is wrong."""
    found: dict[str, Any] = {}
    faults: dict[str, list[Any]] = {}
    for name in LONGEST.keys() & fields.keys():
        found[name] = _texts(name, fields[name], faults)
    for name in LINKS:
        if name in fields:
            found[name] = _link(name, str(fields[name] or "").strip(), faults)
    if "contact_email" in fields:
        found["contact_email"] = address = str(fields["contact_email"] or "").strip()
        if address:
            _ask(EmailValidator(_("Enter an address such as club@example.org.")), address, "contact_email", faults)
    if "shows_board" in fields:
        found["shows_board"] = bool(fields["shows_board"])
    if faults:
        raise Invalid(fields=faults)
    return found


def _texts(name: str, given: Mapping[str, Any], faults: dict[str, list[Any]]) -> dict[str, str]:
    texts = {}
    for language in LANGUAGES:
        text = str(given.get(language) or "").replace("\r\n", "\n").replace("\x00", "").strip()
        if name == "tagline":
            text = " ".join(text.split())
        if len(text) > LONGEST[name]:
            message = _("Shorten this text to %(most)s characters; it has %(has)s.")
            faults.setdefault(f"{name}_{language}", []).append(message % {"most": LONGEST[name], "has": len(text)})
        if text:
            texts[language] = text
    return texts


def _link(name: str, address: str, faults: dict[str, list[Any]]) -> str:
    if address and "://" not in address:
        address = f"https://{address}"
    if address:
        _ask(
            URLValidator(["https", "http"], message=_("Enter an address such as https://club.example.org.")),
            address,
            name,
            faults,
        )
        if not faults.get(name) and urlsplit(address).username:
            faults.setdefault(name, []).append(_("Leave out the name and the password."))
    return address[:300]


def _ask(validator: Any, value: str, name: str, faults: dict[str, list[Any]]) -> None:
    try:
        validator(value)
    except ValidationError as wrong:
        faults.setdefault(name, []).append(wrong.messages[0])
