"""Once a year every association says that it goes on (ASC-2). What a missed deadline means follows from the date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.accounts.rules import school_day
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.tenants.context import current_schema

from .. import acts, selectors
from ..models import (
    Association,
    Mandate,
    Office,
    Renewal,
    RenewalCampaign,
    RenewalConfirmation,
    Status,
)
from ..permissions import ASSOCIATIONS_DECIDE, RENEWALS_MANAGE, WORKSPACE
from . import telling
from .common import WrongState, locked, note

SALT: Final = "associations.renewal"
DELISTED_AFTER: Final = timedelta(days=30)
How = Renewal.How


class LinkDead(DomainError):
    code = "renewal-link-dead"
    status = 410

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "This link no longer confirms anything: the renewal is made, or you left the office. Sign in to see."
            )
        )


class NotAnOfficer(DomainError):
    code = "not-an-officer"
    status = 403

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Only officers whose office confirms the renewal can do this."))


@dataclass(frozen=True, slots=True)
class Missing:
    """What a renewal still waits for: an officer, an office that nobody holds, or the school."""

    kind: str  # officer, vacant, school
    office: Office | None = None
    user: User | None = None


# --- a campaign ------------------------------------------------------------------------------------------


@transaction.atomic
def start_campaign(
    *, actor: Actor, name: str, deadline: date, now: datetime, delisted_on: date | None = None
) -> RenewalCampaign:
    """Ask every association, and write to the officers who confirm. The same name again changes nothing."""
    RENEWALS_MANAGE.require(actor)
    words = name.strip()
    known = RenewalCampaign.objects.filter(name__iexact=words).first()
    if known is not None:
        return known
    _check(words, deadline, delisted_on, school_day(now))
    campaign = RenewalCampaign.objects.create(
        name=words, deadline=deadline, delisted_on=delisted_on or deadline + DELISTED_AFTER, started_at=now,
        started_by=actor.label[:200],
    )  # fmt: skip
    living = Association.objects.filter(status=Status.APPROVED, opens_on__lte=school_day(now))
    renewals = Renewal.objects.bulk_create(Renewal(campaign=campaign, association=one) for one in living)
    note(actor, acts.CAMPAIGN_STARTED, campaign, now, data={"associations": len(renewals)})
    for renewal in renewals:
        _write(renewal, missing(renewal, now), now)
    return campaign


def missing(renewal: Renewal, now: datetime) -> list[Missing]:
    """Who or what it waits for, in order of offices; once all confirmed, the school if the legal details changed."""
    if renewal.settled_at is not None:
        return []
    association = renewal.association
    board = selectors.board_on(association, selectors.today_at(association, now))
    said = {(one.office_id, one.user_id) for one in renewal.confirmations.all()}
    found = []
    for office in association.offices.filter(confirms=True, archived_at=None):
        holders = [mandate for mandate in board if mandate.office_id == office.pk]
        if not holders:
            found.append(Missing("vacant", office))
        found += [Missing("officer", office, m.user) for m in holders if (office.pk, m.user_id) not in said]
    if not found and association.legal_details != association.approved_details:
        found.append(Missing("school"))
    return found


# --- confirming ------------------------------------------------------------------------------------------


def token_for(renewal: Renewal, user_id: UUID) -> str:
    """What the link in a mail carries: this person, this renewal, nothing else, in this school only."""
    return _signer().sign_object([str(renewal.pk), str(user_id)])


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom a link stands for, and what it would confirm."""

    renewal: Renewal
    user: User
    offices: tuple[Office, ...]


def read_link(token: str, now: datetime) -> Invitation:
    """What a link means now. Raises LinkDead: forged, of another school, settled, or the mandate is over."""
    try:
        renewal_id, user_id = _signer().unsign_object(token)
        key, person = UUID(renewal_id), UUID(user_id)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkDead from None
    renewal = _renewals().filter(pk=key).first()
    user = User.objects.filter(pk=person, status=User.Status.ACTIVE).first()
    if renewal is None or user is None or renewal.settled_at is not None:
        raise LinkDead
    offices = _offices_of(renewal, person, now)
    if not offices:
        raise LinkDead
    return Invitation(renewal, user, offices)


@transaction.atomic
def confirm_by_link(*, token: str, now: datetime, address: str | None = None) -> Renewal:
    """The link is the proof: whoever has the mail confirms, without a sign-in. Twice changes nothing."""
    invitation = read_link(token, now)
    actor = Actor(label=invitation.user.name, user_id=invitation.user.pk, email=invitation.user.email, address=address)
    return _confirm(actor, invitation.renewal.pk, now)


@transaction.atomic
def confirm(*, actor: Actor, renewal_id: UUID, now: datetime) -> Renewal:
    """An officer says that the association goes on. Safe to repeat. Raises NotVisible, NotAnOfficer."""
    _visible(actor, renewal_id, now)
    return _confirm(actor, renewal_id, now)


def _confirm(actor: Actor, renewal_id: UUID, now: datetime) -> Renewal:
    renewal = _locked(renewal_id)
    if renewal.settled_at is not None:
        return renewal
    if actor.user_id is None or actor.acting_for or not (offices := _offices_of(renewal, actor.user_id, now)):
        raise NotAnOfficer
    for office in offices:
        _row, new = RenewalConfirmation.objects.get_or_create(
            renewal=renewal, office=office, user_id=actor.user_id, defaults={"at": now}
        )
        if new:
            note(actor, acts.CONFIRMED, renewal.association, now, changes={"office": [None, office.title]})
    if not missing(renewal, now):
        _settle(renewal, How.UNCHANGED, actor, now)
    return renewal


# --- the school ------------------------------------------------------------------------------------------


@transaction.atomic
def approve_changes(*, actor: Actor, renewal_id: UUID, now: datetime) -> Renewal:
    """The school read what changed in the legal details since last year. Safe to repeat."""
    renewal = _of_school(actor, renewal_id, now)
    if renewal.settled_at is not None:
        return renewal
    waits = missing(renewal, now)
    if any(one.kind != "school" for one in waits):
        raise WrongState(_("Officers have still to confirm. Remind them, or override with a reason."))
    return _settle(renewal, How.REVIEWED, actor, now)


@transaction.atomic
def override(*, actor: Actor, renewal_id: UUID, reason: str, now: datetime) -> Renewal:
    """Renew without the confirmations that are missing, and say why. Safe to repeat."""
    renewal = _of_school(actor, renewal_id, now)
    if renewal.settled_at is not None:
        return renewal
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Say why it is renewed without them.")]})
    return _settle(renewal, How.OVERRIDE, actor, now, reason.strip()[:500])


@transaction.atomic
def remind(*, actor: Actor, renewal_id: UUID, now: datetime) -> tuple[int, int]:
    """Write to the officers who are missing and to nobody else: (written to now, written to today already).

    By the school, or by anybody of the board. Once a day and person at most.
    """
    renewal = _visible(actor, renewal_id, now)
    if not RENEWALS_MANAGE.allows(actor):
        WORKSPACE.require(actor, renewal.association)
    waits = [one for one in missing(renewal, now) if one.kind == "officer"]
    sent = _write(renewal, waits, now)
    if sent:
        note(actor, acts.REMINDED, renewal.association, now, data={"people": sent})
    return sent, len({one.user.pk for one in waits if one.user}) - sent


def _write(renewal: Renewal, waits: Iterable[Missing], now: datetime) -> int:
    """The mail with the link, once a day for each person; how many were written to now."""
    association, day = renewal.association, selectors.today_at(renewal.association, now)
    people = {one.user.pk: one.user for one in waits if one.user}
    sent = 0
    for user in people.values():
        link = reverse("associations:confirm", args=[token_for(renewal, user.pk)])
        log = telling.renewal(
            user, association, f"renewal:{renewal.pk}:{user.pk}:{day}", link,
            deadline=renewal.campaign.deadline, campaign=renewal.campaign.name,
        )  # fmt: skip
        sent += log.created_at >= now
    return sent


def _settle(renewal: Renewal, how: str, actor: Actor, now: datetime, reason: str = "") -> Renewal:
    """Renewed. What older campaigns still asked for is settled with it."""
    association = renewal.association
    renewal.settled_at, renewal.how, renewal.reason, renewal.settled_by = now, how, reason, actor.label[:200]
    renewal.save(update_fields=["settled_at", "how", "reason", "settled_by"])
    older = Renewal.objects.filter(association=association, settled_at=None)
    older.filter(campaign__started_at__lt=renewal.campaign.started_at).update(settled_at=now, how=How.LATER)
    if association.approved_details != association.legal_details:
        association.approved_details = association.legal_details
        association.save(update_fields=["approved_details"])
    note(actor, acts.RENEWED, association, now, reason=reason, data={"how": how, "campaign": renewal.campaign.name})
    return renewal


def _check(name: str, deadline: date, delisted_on: date | None, today: date) -> None:
    faults = {}
    if not name or len(name) > 60:
        faults["name"] = [_("Enter a name of at most 60 characters, such as 2026-2027.")]
    if deadline < today:
        faults["deadline"] = [_("The last day must not lie in the past.")]
    if delisted_on is not None and delisted_on <= deadline:
        faults["delisted_on"] = [_("This must lie after the last day.")]
    if faults:
        raise Invalid(fields=faults)  # type: ignore[arg-type]


def _offices_of(renewal: Renewal, user_id: UUID, now: datetime) -> tuple[Office, ...]:
    day = selectors.today_at(renewal.association, now)
    rows = Mandate.objects.filter(
        office__association=renewal.association, office__confirms=True, office__archived_at=None, user_id=user_id,
        starts_on__lte=day, ends_on__gt=day,
    )  # fmt: skip
    return tuple(row.office for row in rows.select_related("office"))


def _renewals() -> QuerySet[Renewal]:
    return Renewal.objects.select_related("association__seat", "campaign")


def _locked(renewal_id: UUID) -> Renewal:
    return _renewals().select_for_update(of=("self",)).get(pk=renewal_id)


def _visible(actor: Actor, renewal_id: UUID, now: datetime) -> Renewal:
    """Raises NotVisible."""
    renewal = _renewals().filter(pk=renewal_id).first()
    if renewal is None:
        raise NotVisible
    locked(actor, renewal.association_id, now)
    return renewal


def _of_school(actor: Actor, renewal_id: UUID, now: datetime) -> Renewal:
    renewal = _visible(actor, renewal_id, now)
    ASSOCIATIONS_DECIDE.require(actor, renewal.association)
    return _locked(renewal_id)


def _signer() -> signing.Signer:
    return signing.Signer(salt=f"{SALT}:{current_schema()}")
