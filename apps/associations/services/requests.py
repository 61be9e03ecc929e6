"""From a student's idea to an approved association (ASC-1)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.rules import school_day
from apps.campuses.models import Campus, Promotion
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible

from .. import acts, eligibility, legal, selectors
from ..models import (
    WITH_FOUNDERS,
    Association,
    Founder,
    Joining,
    Kind,
    Mandate,
    Membership,
    MembershipSource,
    MembershipState,
    Office,
    RequestStep,
    Status,
    Visibility,
)
from ..permissions import ASSOCIATIONS_ASK, ASSOCIATIONS_DECIDE, CONFIRMS, USUAL
from . import telling
from .common import OnlyYourself, WrongState, locked, note, tell

FIELDS: Final = ("name", "kind", "purpose", "seat_id", "visibility", "promotion_id", "joining", "rna", "siret")
MOST_FOUNDERS: Final = 30
Founders = Sequence[tuple[str, str]]  # (e-mail, code of an office or "")


class NotEligible(WrongState):
    code = "association-not-eligible"


@transaction.atomic
def start_request(*, actor: Actor, now: datetime, founders: Founders = (), **fields: Any) -> Association:
    """A draft of a new association, with its founders. Who asks is one of them, and agrees by asking.

    Raises Forbidden, Invalid.
    """
    ASSOCIATIONS_ASK.require(actor)
    if actor.user_id is None:
        raise OnlyYourself
    association = Association(created_at=now)
    fill(association, fields)
    association.slug = _free_slug(association.name)
    association.save(force_insert=True)
    _name_founders(association, actor, founders, now)
    mine, _new = Founder.objects.get_or_create(
        association=association, user_id=actor.user_id, defaults={"named_at": now}
    )
    if mine.accepted_at is None:
        Founder.objects.filter(pk=mine.pk).update(accepted_at=now)
    tell(association, RequestStep.STARTED, actor, now)
    note(actor, acts.REQUESTED, association, now)
    return association


@transaction.atomic
def change_request(
    *, actor: Actor, association_id: UUID, now: datetime, founders: Founders | None = None, **fields: Any
) -> Association:
    """Change a draft, or what the school asked to change. Founders who are left out are no founders any more."""
    association = _of_founder(actor, association_id, now)
    before = {name: getattr(association, name) for name in FIELDS}
    fill(association, fields)
    changed = {n: [before[n], getattr(association, n)] for n in FIELDS if before[n] != getattr(association, n)}
    association.save()
    if founders is not None:
        _name_founders(association, actor, founders, now)
    if changed or founders is not None:
        note(actor, acts.REQUEST_CHANGED, association, now, changes=changed)
    return association


@transaction.atomic
def withdraw_request(*, actor: Actor, association_id: UUID, now: datetime) -> None:
    """A founder gives up: the draft and what was said about it are deleted."""
    association = _of_founder(actor, association_id, now)
    note(actor, acts.REQUEST_WITHDRAWN, association, now)
    association.delete()


@transaction.atomic
def answer_founding(*, actor: Actor, association_id: UUID, agree: bool, now: datetime) -> Founder:
    """A named founder agrees or declines, by themselves. Safe to repeat."""
    association = locked(actor, association_id, now)
    mine = Founder.objects.filter(association=association, user=actor.user_id).first()
    if mine is None or actor.acting_for:
        raise OnlyYourself
    if association.status not in (*WITH_FOUNDERS, Status.SUBMITTED):
        raise WrongState(_("This request was decided already."))
    if agree and mine.accepted_at is None:
        mine.accepted_at, mine.declined_at = now, None
        note(actor, acts.FOUNDER_ACCEPTED, association, now)
    elif not agree and mine.declined_at is None:
        mine.accepted_at, mine.declined_at = None, now
        note(actor, acts.FOUNDER_DECLINED, association, now)
    mine.save()
    return mine


@transaction.atomic
def submit_request(*, actor: Actor, association_id: UUID, now: datetime) -> Association:
    """Send it to the school. Raises NotEligible with what is missing."""
    association = locked(actor, association_id, now)
    if association.status == Status.SUBMITTED:
        return association
    association = _of_founder(actor, association_id, now)
    missing = eligibility.sentence(checks_of(association, now, all_accepted=True))
    if missing:
        raise NotEligible(missing)
    association.status, association.submitted_at = Status.SUBMITTED, now
    association.save(update_fields=["status", "submitted_at"])
    tell(association, RequestStep.SUBMITTED, actor, now)
    note(actor, acts.SUBMITTED, association, now)
    telling.request_came_in(association, actor)
    return association


def checks_of(association: Association, now: datetime, *, all_accepted: bool = False) -> list[eligibility.Check]:
    """The rules for a request as it stands."""
    rows = Founder.objects.filter(association=association, declined_at=None)
    named = [eligibility.Named(row.user_id, row.office, row.accepted_at is not None) for row in rows]
    return eligibility.of_request(named, school_day(now), all_accepted=all_accepted)


def checks_of_named(founders: Founders, *, asker: UUID | None, now: datetime) -> list[eligibility.Check]:
    """The same while the form is filled in. An unknown address is not enrolled: nobody learns who has an account."""
    known = _people(email for email, _office in founders)
    named = [
        eligibility.Named(user.pk if (user := known.get(_plain(email))) else None, code) for email, code in founders
    ]
    people = {one.user_id for one in named}
    if asker is not None and asker not in people:
        named.append(eligibility.Named(asker))
    return eligibility.of_request(named, school_day(now))


# --- the school ------------------------------------------------------------------------------------------


@transaction.atomic
def comment(*, actor: Actor, association_id: UUID, text: str, now: datetime) -> None:
    """Founders and school talk about the request on its page."""
    association = locked(actor, association_id, now)
    if not ASSOCIATIONS_DECIDE.allows(actor, association) and not _is_founder(actor, association):
        ASSOCIATIONS_DECIDE.require(actor, association)
    said = tell(association, RequestStep.COMMENT, actor, now, _words(text))
    note(actor, acts.COMMENTED, association, now)
    telling.request_moved(association, said, without=actor.user_id)


@transaction.atomic
def request_changes(*, actor: Actor, association_id: UUID, text: str, now: datetime) -> Association:
    """Give it back to the founders with what has to change. Safe to repeat."""
    return _decide(
        actor, association_id, Status.CHANGES_REQUESTED, RequestStep.CHANGES, acts.CHANGES_REQUESTED, text, now
    )


@transaction.atomic
def refuse_request(*, actor: Actor, association_id: UUID, text: str, now: datetime) -> Association:
    """Refuse it, with the reason that the founders read. Safe to repeat."""
    return _decide(actor, association_id, Status.REFUSED, RequestStep.REFUSED, acts.REFUSED, text, now)


@transaction.atomic
def approve_request(
    *, actor: Actor, association_id: UUID, starts_on: date, ends_on: date, now: datetime, text: str = ""
) -> Association:
    """Approve it: the founders become members, those named for an office hold it from one day until another.

    It is active when that first mandate begins. Raises WrongState, NotEligible, Invalid.
    """
    association = locked(actor, association_id, now)
    ASSOCIATIONS_DECIDE.require(actor, association)
    if association.status == Status.APPROVED:
        return association
    _require_submitted(association)
    if ends_on <= starts_on:
        raise Invalid(fields={"ends_on": [_("The end must lie after the beginning.")]})
    missing = eligibility.sentence(checks_of(association, now, all_accepted=True))
    if missing:
        raise NotEligible(missing)
    association.status, association.opens_on = Status.APPROVED, starts_on
    association.approved_details = association.legal_details
    association.save(update_fields=["status", "opens_on", "approved_details"])
    founders = list(Founder.objects.filter(association=association, accepted_at__isnull=False).select_related("user"))
    _found(association, founders, actor, starts_on, ends_on, now)
    said = tell(association, RequestStep.APPROVED, actor, now, text.strip())
    note(actor, acts.APPROVED, association, now, changes={"opens_on": [None, starts_on]})
    telling.request_moved(association, said, without=actor.user_id)
    return association


def _found(
    association: Association, founders: Sequence[Founder], actor: Actor, starts_on: date, ends_on: date, now: datetime
) -> None:
    """The usual offices, the first board, the first members."""
    usual_offices(association)
    offices = {office.code: office for office in association.offices.all()}
    for one in founders:
        if office := offices.get(one.office):
            mandate = Mandate.objects.create(
                office=office, user=one.user, starts_on=starts_on, ends_on=ends_on, named_at=now,
                named_by_id=actor.user_id, named_by=actor.label[:200],
            )  # fmt: skip
            label = f"{one.user.name} · {office.title} · {association.name}"
            period = {"starts_on": [None, starts_on], "ends_on": [None, ends_on]}
            note(actor, acts.APPOINTED, mandate, now, label=label, changes=period)
    Membership.objects.bulk_create(
        Membership(
            association=association, user_id=one.user_id, state=MembershipState.MEMBER, joined_at=now, asked_at=now,
            source=MembershipSource.FOUNDER, decided_by_id=actor.user_id, decided_by=actor.label[:200],
        )
        for one in founders
    )  # fmt: skip


def usual_offices(association: Association) -> None:
    """President, treasurer and secretary, each with what it usually gives."""
    Office.objects.bulk_create(
        [
            Office(
                association=association, code=code, position=place, confirms=code in CONFIRMS,
                permissions=sorted(permission.code for permission in permissions),
            )
            for place, (code, permissions) in enumerate(USUAL.items())
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _decide(
    actor: Actor, association_id: UUID, status: Status, step: RequestStep, act: str, text: str, now: datetime
) -> Association:
    association = locked(actor, association_id, now)
    ASSOCIATIONS_DECIDE.require(actor, association)
    if association.status == status:
        return association
    _require_submitted(association)
    words = _words(text)
    association.status = status
    association.save(update_fields=["status"])
    said = tell(association, step, actor, now, words)
    note(actor, act, association, now, reason=words)
    telling.request_moved(association, said, without=actor.user_id)
    return association


def _require_submitted(association: Association) -> None:
    if association.status != Status.SUBMITTED:
        raise WrongState(_("Only a request that was sent to the school can be decided about."))


# --- what is written in a request ------------------------------------------------------------------------


def fill(association: Association, fields: Mapping[str, Any]) -> None:
    """The given fields, cleaned. Raises Invalid with every fault; unknown fields are a programming error."""
    for name, given in fields.items():
        if name not in FIELDS:
            raise TypeError(f"unknown field {name!r}")
        setattr(association, name, given.strip() if isinstance(given, str) else given)
    association.rna, association.siret = legal.normal(association.rna), legal.normal(association.siret)
    if faults := {name: [text] for name, text in _faults(association).items() if text}:
        raise Invalid(fields=faults)


def _faults(association: Association) -> dict[str, Any]:
    same = Association.objects.filter(name__iexact=association.name).exclude(pk=association.pk)
    choose = _("Choose one of the values of the list.")
    seat = association.seat_id is None or Campus.objects.filter(pk=association.seat_id, archived_at=None).exists()
    wants_promotion = association.visibility == Visibility.PROMOTION
    promotion = Promotion.objects.filter(pk=association.promotion_id).exists() if association.promotion_id else None
    taken = same.exclude(status__in=[Status.REFUSED, Status.DISSOLVED]).exists()
    return {
        "name": _("Enter a name.")
        if not association.name or len(association.name) > 120
        else _("Another association of this school has this name.") if taken else "",
        "purpose": "" if association.purpose else _("Say in some sentences what it is for."),
        "kind": "" if association.kind in Kind.values else choose,
        "visibility": "" if association.visibility in Visibility.values else choose,
        "joining": "" if association.joining in Joining.values else choose,
        "seat_id": "" if seat else _("Choose a campus of the list."),
        "promotion_id": _("Choose the promotion that sees it.")
        if promotion is False or (wants_promotion and promotion is None) else "",
        "rna": legal.rna_fault(association.rna),
        "siret": legal.siret_fault(association.siret),
    }  # fmt: skip


def _free_slug(name: str) -> str:
    base = slugify(name)[:50] or "association"
    taken = set(Association.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in numbered if slug not in taken)


def _name_founders(association: Association, actor: Actor, founders: Founders, now: datetime) -> None:
    """Exactly these. Who is named anew is asked; whose office changed agrees anew. Raises Invalid."""
    wanted = _wanted(founders)
    known = {row.user_id: row for row in Founder.objects.select_for_update().filter(association=association)}
    for user, office in wanted:
        row = known.pop(user.pk, None)
        if row is not None and row.office == office and row.declined_at is None:
            continue
        if row is None:
            row = Founder(association=association, user=user, named_at=now)
        row.office, row.declined_at = office, None
        row.accepted_at = now if user.pk == actor.user_id else None
        row.save()
        if user.pk != actor.user_id:
            telling.founder_named(association, user, actor, now)
    leaving = [row.pk for user_id, row in known.items() if user_id != actor.user_id]
    Founder.objects.filter(pk__in=leaving).delete()


def _wanted(founders: Founders) -> list[tuple[User, str]]:
    if len(founders) > MOST_FOUNDERS:
        raise Invalid(
            fields={"founders": [_("Name at most %(n)d founders; others join later.") % {"n": MOST_FOUNDERS}]}
        )
    people = _people(email for email, _office in founders)
    found: dict[UUID, tuple[User, str]] = {}
    for email, office in founders:
        user = people.get(_plain(email))
        field = office or "founders"
        if user is None:
            text = _("%(email)s is no active person of this school. Check the address.") % {"email": email}
            raise Invalid(fields={field: [text]})
        if office and office not in USUAL:
            raise Invalid(fields={"founders": [_("Choose one of the values of the list.")]})
        if found.get(user.pk, (user, ""))[1] and office:
            raise Invalid(fields={field: [_("%(name)s can hold one office only.") % {"name": user.name}]})
        found[user.pk] = (user, office or found.get(user.pk, (user, ""))[1])
    return list(found.values())


def _people(emails: Iterable[str]) -> dict[str, User]:
    plain = {_plain(email) for email in emails}
    rows = User.objects.filter(status=User.Status.ACTIVE).alias(plain=Lower("email")).filter(plain__in=plain)
    return {row.email.lower(): row for row in rows} if plain else {}


def _plain(email: str) -> str:
    return email.strip().lower()


def _is_founder(actor: Actor, association: Association) -> bool:
    rows = Founder.objects.filter(association=association, user=actor.user_id, declined_at=None)
    return actor.user_id is not None and rows.exists()


def _of_founder(actor: Actor, association_id: UUID, now: datetime) -> Association:
    """A request that this founder may still change. Raises NotVisible, OnlyYourself, WrongState."""
    association = locked(actor, association_id, now)
    _require_changeable(actor, association)
    return association


def _require_changeable(actor: Actor, association: Association) -> None:
    if not _is_founder(actor, association):
        raise OnlyYourself
    if association.status not in WITH_FOUNDERS:
        raise WrongState(_("The school has this request now. Wait for its answer, or comment on it."))


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise Invalid(fields={"text": [_("Write a sentence.")]})
    return words[:4000]


def changeable(*, actor: Actor, association_id: UUID, now: datetime) -> Association:
    """A request that this founder may change now. Raises NotVisible, OnlyYourself, WrongState."""
    association = selectors.get_association(actor=actor, association_id=association_id, now=now)
    _require_changeable(actor, association)
    return association


def get_request(*, actor: Actor, association_id: UUID, now: datetime) -> Association:
    """A request that the actor may open: as a founder, or as who oversees. Raises NotVisible."""
    association = selectors.get_association(actor=actor, association_id=association_id, now=now)
    if not association.is_request and not _is_founder(actor, association):
        raise NotVisible
    return association
