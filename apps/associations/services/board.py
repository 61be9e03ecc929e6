"""Offices and mandates: what a board may do, and who, from which day until which (ASC-3, decision 0055)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.accounts.selectors import find_by_email
from apps.core.actor import SCHOOL, Actor, Role
from apps.core.errors import DomainError, Forbidden, Invalid, NotVisible
from apps.core.permissions import REGISTRY, usable_at

from .. import acts
from ..models import Association, Mandate, Membership, MembershipSource, MembershipState, Office, Status
from ..permissions import APPOINT, USUAL, association_of
from ..selectors import today_at
from . import telling
from .common import WrongState, locked, note

LONGEST_DAYS = 3 * 366
LIVING = (Status.APPROVED, Status.DORMANT)


class NotYours(Forbidden):
    code = "not-yours-to-give"

    def __init__(self) -> None:
        super().__init__(
            APPOINT.code,
            gettext_lazy("You can only give permissions that you have yourself at this association. Ask the school."),
        )


class NotYourself(Forbidden):
    code = "not-yourself"

    def __init__(self) -> None:
        super().__init__(
            APPOINT.code, gettext_lazy("Nobody appoints themselves. Somebody else of the board, or the school, has to.")
        )


class OfficeTaken(DomainError):
    code = "office-taken"


@transaction.atomic
def define_office(
    *,
    actor: Actor,
    association_id: UUID,
    name: str,
    permissions: Collection[str],
    now: datetime,
    confirms: bool = False,
) -> Office:
    """A new office. Its permissions are some that the actor has here. Raises Forbidden, NotYours, Invalid."""
    association = _living(actor, association_id, now)
    codes = _usable(actor, association, permissions, ())
    office = Office(association=association, permissions=codes, confirms=confirms, position=association.offices.count())
    office.name = _name(name)
    office.code = _free_code(association, office.name)
    office.save(force_insert=True)
    note(actor, acts.OFFICE_DEFINED, association, now, changes={office.title: [[], codes]})
    return office


@transaction.atomic
def change_office(
    *, actor: Actor, office_id: UUID, name: str, permissions: Collection[str], confirms: bool, now: datetime
) -> Office:
    """Name and permissions, of which new ones must be the actor's own; who holds the office has them at once."""
    office = _office(actor, office_id, now)
    association = office.association
    codes = _usable(actor, association, permissions, office.permissions)
    if any(held.user_id == actor.user_id for held in office.mandates.all()) and set(codes) - set(office.permissions):
        raise NotYourself
    before = {"name": office.title, "permissions": office.permissions, "confirms": office.confirms}
    office.name = "" if not office.name and name.strip() == office.title else _name(name)
    office.permissions, office.confirms = codes, confirms
    after = {"name": office.title, "permissions": office.permissions, "confirms": office.confirms}
    changes = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    if changes:
        office.save()
        note(actor, acts.OFFICE_CHANGED, association, now, changes=changes)
    return office


@transaction.atomic
def archive_office(*, actor: Actor, office_id: UUID, now: datetime) -> Office:
    """An office that is not needed any more and that nobody holds. Safe to repeat."""
    office = _office(actor, office_id, now, archived=True)
    if office.archived_at:
        return office
    if office.mandates.filter(ends_on__gt=today_at(office.association, now)).exists():
        raise WrongState(_("Somebody holds this office. End the mandate first."))
    office.archived_at = now
    office.save(update_fields=["archived_at"])
    note(actor, acts.OFFICE_ARCHIVED, office.association, now, changes={"office": [office.title, None]})
    return office


@transaction.atomic
def appoint(*, actor: Actor, office_id: UUID, email: str, starts_on: date, ends_on: date, now: datetime) -> Mandate:
    """A person holds an office from one day until another, which is no part of it.

    Raises Forbidden, NotYours, NotYourself, OfficeTaken, Invalid. The same again changes nothing.
    """
    office = _office(actor, office_id, now)
    association = office.association
    if set(office.permissions) - _own(actor, association):
        raise NotYours
    user = find_by_email(email)
    if user is None or user.status != User.Status.ACTIVE:
        raise Invalid(fields={"email": [_("Nobody active in this school has this address.")]})
    if user.pk == actor.user_id:
        raise NotYourself
    _check_term(starts_on, ends_on, today_at(association, now))
    others = office.mandates.select_related("user").filter(starts_on__lt=ends_on, ends_on__gt=starts_on)
    for other in others:
        if (other.user_id, other.starts_on, other.ends_on) == (user.pk, starts_on, ends_on):
            return other
        facts = {"name": other.user.name, "day": other.ends_on.isoformat()}
        raise OfficeTaken(
            _("%(name)s holds this office until %(day)s. End that mandate first, or choose other days.") % facts
        )
    mandate = Mandate(
        office=office, user=user, starts_on=starts_on, ends_on=ends_on, named_at=now, named_by_id=actor.user_id,
        named_by=actor.label[:200],
    )  # fmt: skip
    mandate.save(force_insert=True)
    _be_member(association, user, actor, now)
    note(
        actor, acts.APPOINTED, mandate, now, label=f"{user.name} · {office.title} · {association.name}",
        changes={"starts_on": [None, starts_on], "ends_on": [None, ends_on]},
    )  # fmt: skip
    telling.appointed(mandate, actor)
    return mandate


@transaction.atomic
def end_mandate(*, actor: Actor, mandate_id: UUID, reason: str, now: datetime) -> Mandate:
    """End a mandate today: its rights are gone at once. Whoever holds it may step down. Safe to repeat."""
    found = Mandate.objects.filter(pk=mandate_id).select_related("office").first()
    if found is None:
        raise NotVisible
    association = locked(actor, found.office.association_id, now)
    mandate = (
        Mandate.objects.select_for_update(of=("self",)).select_related("office__association", "user").get(pk=found.pk)
    )
    if mandate.user_id != actor.user_id or actor.acting_for:
        APPOINT.require(actor, association)
        if set(mandate.office.permissions) - _own(actor, association):
            raise NotYours
    today = today_at(association, now)
    if mandate.ends_on <= today:
        return mandate
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why, for those who ask later.")]})
    before, mandate.ends_on = mandate.ends_on, max(today, mandate.starts_on)
    mandate.ended_because = reason.strip()[:300]
    mandate.save(update_fields=["ends_on", "ended_because"])
    label = f"{mandate.user.name} · {mandate.office.title} · {association.name}"
    note(
        actor, acts.MANDATE_ENDED, mandate, now, label=label, reason=reason,
        changes={"ends_on": [before, mandate.ends_on]},
    )  # fmt: skip
    return mandate


def choices(actor: Actor, association: Association) -> list[str]:
    """The permissions that the actor may put into an office of this association."""
    return sorted(_own(actor, association))


def _own(actor: Actor, association: Association) -> set[str]:
    possible = usable_at(REGISTRY, "association")
    if Role.SYSTEM in actor.roles:
        return set(possible)
    found = {code for code in possible if REGISTRY[code].allows(actor, association)}
    here = {*association_of(association), SCHOOL}  # rights about its money ask for a treasury, not for an association
    found |= {code for code in possible for held in actor.held if held.scope in here and held.gives(REGISTRY[code])}
    if _is_of_school(actor, association):
        found |= {one.code for usual in USUAL.values() for one in usual}
    return found


def _is_of_school(actor: Actor, association: Association) -> bool:
    """Appoints here by a role of the school: then also to the usual offices whose boards alone may do some things
    (write to members, for example), because nobody else could ever make the first president of an association anew.
    """
    inside = [held for held in actor.held if held.scope.kind == "association"]
    return APPOINT.allows(replace(actor, held=tuple(h for h in actor.held if h not in inside)), association)


def _usable(actor: Actor, association: Association, wanted: Collection[str], held: Collection[str]) -> list[str]:
    """The wanted codes, sorted. What an office gives already may stay, whoever changes the rest."""
    codes = set(wanted)
    if codes - usable_at(codes, "association"):
        raise Invalid(fields={"permissions": [_("Choose permissions of the list.")]})
    if codes - set(held) - _own(actor, association):
        raise NotYours
    return sorted(codes)


def _check_term(starts_on: date, ends_on: date, today: date) -> None:
    if ends_on <= starts_on:
        raise Invalid(fields={"ends_on": [_("The end must lie after the beginning.")]})
    if ends_on <= today:
        raise Invalid(fields={"ends_on": [_("The end must not lie in the past.")]})
    if (ends_on - starts_on).days > LONGEST_DAYS:
        raise Invalid(fields={"ends_on": [_("A mandate lasts three years at most.")]})


def _be_member(association: Association, user: User, actor: Actor, now: datetime) -> None:
    """Whoever holds an office is a member."""
    row, new = Membership.objects.get_or_create(
        association=association, user=user,
        defaults={
            "state": MembershipState.MEMBER, "source": MembershipSource.ADDED, "asked_at": now, "joined_at": now,
            "decided_by_id": actor.user_id, "decided_by": actor.label[:200],
        },
    )  # fmt: skip
    if not new and row.state != MembershipState.MEMBER:
        row.state, row.joined_at, row.ended_at = MembershipState.MEMBER, now, None
        row.source, row.decided_by_id, row.decided_by = MembershipSource.ADDED, actor.user_id, actor.label[:200]
        row.save()


def _living(actor: Actor, association_id: UUID, now: datetime) -> Association:
    association = locked(actor, association_id, now)
    APPOINT.require(actor, association)
    if association.status not in LIVING:
        raise WrongState(_("Only an approved association has a board."))
    return association


def _office(actor: Actor, office_id: UUID, now: datetime, *, archived: bool = False) -> Office:
    key = Office.objects.filter(pk=office_id).values_list("association_id", flat=True).first()
    if key is None:
        raise NotVisible
    association = _living(actor, key, now)
    office = Office.objects.select_for_update().get(pk=office_id)
    if office.archived_at and not archived:
        raise WrongState(_("This office is not in use any more."))
    office.association = association
    return office


def _name(name: str) -> str:
    words = name.strip()
    if not words or len(words) > 80:
        raise Invalid(fields={"name": [_("Enter a name of at most 80 characters.")]})
    return words


def _free_code(association: Association, name: str) -> str:
    base = slugify(name)[:14] or "office"
    taken = set(association.offices.values_list("code", flat=True))
    numbered = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(code for code in numbered if code not in taken)
