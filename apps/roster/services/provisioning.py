"""What an identity provider asks for (SCIM): people made, changed, suspended, removed; groups and who is in them.

The rules, in one place:

* The provider speaks for the whole school: it sees everybody who has not departed, and finds people by their user name.
* An account it makes is pending: it proves nothing about who can sign in.
* Who was erased is not made anew, until an administrator lifts the tombstone.
* Who holds a role in the school, or runs a campus, is neither suspended nor removed by it, and keeps the address they
  sign in with; so does who signs in with Microsoft.
* It takes back only what it did itself: who was suspended, closed or ended by an administrator stays so.
* A group that is mapped gives its people a place at a campus; of several the highest role counts. Exceptions win.
* When more people than the school's threshold would be withdrawn within an hour, the rest is held for an administrator.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts import tombstones
from apps.accounts.models import User
from apps.accounts.services import lifecycle
from apps.audit.services import record
from apps.campuses.models import Campus, CampusMembership, CampusRole, MembershipEvent, MembershipSource, Promotion
from apps.campuses.selectors import is_approved_address
from apps.campuses.services.memberships import require_appointing
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.core.plan import State
from apps.core.plan.desk import PlanRefused
from apps.core.plan.row_work import Draft, Wanted
from apps.directory.rules import hold_threshold
from apps.directory.selectors import linked_organisation

from ..models import ProvisionedGroup, ProvisionedMember, ProvisionedPerson, RosterChange, RosterPlan
from ..permissions import ROSTER_PROVISION
from . import acts
from .placing import place_drafts
from .plans import request_plan
from .subjects import Places, address_stays, managers_of, role_holders

Pending = ProvisionedPerson.Pending
WITHIN: Final = timedelta(hours=1)  # withdrawals of this time count together
MOST_MEMBERS: Final = 20_000


class Taken(DomainError):
    """Another person or group has this name, address or number."""

    code = "taken"
    status = 409


class Untouchable(DomainError):
    """A rule of the school keeps this from the provider."""

    code = "untouchable"
    status = 403


@dataclass(frozen=True, slots=True)
class Said:
    """What the provider says about a person, all of it: what it does not say is empty."""

    user_name: str
    external_id: str = ""
    display_name: str = ""
    name: dict[str, str] = field(default_factory=dict)  # its parts as they were said
    given_name: str = ""
    family_name: str = ""
    job_title: str = ""
    department: str = ""
    number: str = ""
    emails: tuple[dict[str, Any], ...] | None = None
    active: bool = True

    @property
    def address(self) -> str:
        """The address that counts: the primary one, else one for work, else the first, else the user name. Or ""."""
        given = self.emails or ()
        found = (
            [one["value"] for one in given if one.get("primary")]
            + [one["value"] for one in given if str(one.get("type", "")).lower() == "work"]
            + [one["value"] for one in given]
            + [self.user_name]
        )
        return next((text.strip().lower() for text in found if _is_address(text)), "")


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Stands for a plan where the protocol demands that something happens at once."""

    requested_by: str
    request_id: str
    pk: None = None
    kind: str = RosterPlan.Kind.SCIM.value
    is_undo: bool = False


def _machine(actor: Actor) -> Actor:
    """For the lower services, once the credential's own permission was asked: they trust a machine."""
    return replace(Actor.system(f"scim · {actor.label}"[:200], surface="api"), request_id=actor.request_id)


# --- people ----------------------------------------------------------------------------------------------


@transaction.atomic
def create_person(*, actor: Actor, said: Said, now: datetime) -> User:
    """Make an account, or bring back one that the provider removed. Raises Forbidden, Invalid, Taken."""
    ROSTER_PROVISION.require(actor)
    _check(said)
    email = said.address
    if not email:
        raise Invalid(_("Give an e-mail address that is one, as the user name or among the e-mails."))
    _check_domain(email)
    _check_free(said, user_id=None)
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user is not None:
        return _bring_back(actor, user, said, now)
    _check_not_erased(said)
    _check_number(said.number, user_id=None)
    user = User(email=email, external_id=said.number or None, status=User.Status.PENDING, **_details(said))
    user.set_unusable_password()
    user.save(force_insert=True)
    known = ProvisionedPerson(user=user, created_at=now, changed_at=now, **_kept(said))
    known.save(force_insert=True)
    user.provisioned = known
    record(actor=actor, act=acts.PERSON_PROVISIONED, target=user, data={"user_name": said.user_name}, at=now)
    if not said.active:
        _close(actor, user, known, now)
    return user


def _bring_back(actor: Actor, user: User, said: Said, now: datetime) -> User:
    known = ProvisionedPerson.objects.filter(user=user).first()
    if user.status != User.Status.DEPARTED:
        raise Taken(_("This person is here already. Look them up by their user name, and change them."))
    if known is None or not known.removed:
        raise Taken(_("An administrator of the school has closed this account."))
    lifecycle.reinstate_users(_machine(actor), [user.pk], _("Listed again by the identity provider"), now=now)
    user.refresh_from_db()
    known.removed, known.suspended, known.created_at = False, False, now
    _write_person(actor, user, known, said, now)
    if not said.active:
        _close(actor, user, known, now)
    return user


@transaction.atomic
def change_person(*, actor: Actor, user_id: UUID, edit: Callable[[User], Said], now: datetime) -> User:
    """Change a person as `edit` says, given how they are now, locked. What does not change writes nothing.

    Raises Forbidden, NotVisible, Invalid, Taken, Untouchable, and whatever `edit` raises.
    """
    ROSTER_PROVISION.require(actor)
    user = _locked_person(user_id)
    said = edit(user)
    _check(said)
    _check_free(said, user_id=user.pk)
    known = ProvisionedPerson.objects.filter(user=user).first()
    if known is None:
        known = ProvisionedPerson(user=user, created_at=now, changed_at=now, user_name=said.user_name)
    was_active = is_active(user)
    _write_person(actor, user, known, said, now)
    if was_active and not said.active:
        if known.pending != Pending.SUSPEND:  # else it was asked for already, and waits for an administrator
            _suspend(actor, user, known, now)
    elif said.active and known.pending == Pending.SUSPEND:
        _take_out(user.pk)
        known.pending = Pending.NOTHING
        known.save(update_fields=["pending"])
    elif said.active and not was_active:
        _reopen(actor, user, known, now)
    return user


@transaction.atomic
def remove_person(*, actor: Actor, user_id: UUID, now: datetime) -> bool:
    """The person departs. False: too many at once, it waits. Raises Forbidden, NotVisible, Untouchable."""
    ROSTER_PROVISION.require(actor)
    user = _locked_person(user_id)
    known, _new = ProvisionedPerson.objects.get_or_create(
        user=user, defaults={"user_name": user.email, "created_at": now, "changed_at": now}
    )
    _check_withdrawable(user, now)
    drafts = [
        Draft("deactivated", "place", key=f"{row.user_id}:{row.campus_id}",
              before={"state": row.state, "cause": row.cause},
              after={"state": "ended", "cause": "withdrawn"}, reason="withdrawn", name=user.name, email=user.email)
        for row in CampusMembership.objects.filter(user=user, source=MembershipSource.SCIM).exclude(state="ended")
    ]  # fmt: skip
    drafts.append(
        Draft("deactivated", "account", key=str(user.pk), before={"status": user.status}, after={"status": "departed"},
              reason="withdrawn", name=user.name, email=user.email, affects=True)
    )  # fmt: skip
    if _too_many({user.pk}, now):
        _hold(actor, drafts, now)
        known.pending = Pending.REMOVE
        known.save(update_fields=["pending"])
        return False
    _apply_places(actor, [draft for draft in drafts if draft.subject == "place"], now)
    lifecycle.depart_users(_machine(actor), [user.pk], _("Removed by the identity provider"), now=now)
    ProvisionedMember.objects.filter(user=user).delete()
    known.removed, known.suspended, known.pending = True, False, Pending.NOTHING
    known.withdrawn_at = known.changed_at = now
    known.save()
    record(actor=actor, act=acts.PERSON_REMOVED, target=user, at=now)
    return True


def is_active(user: User) -> bool:
    return user.status in (User.Status.ACTIVE, User.Status.PENDING)


def _locked_person(user_id: UUID) -> User:
    user = User.objects.select_for_update().filter(pk=user_id).exclude(status=User.Status.DEPARTED).first()
    if user is None:
        raise NotVisible()
    return user


def _write_person(actor: Actor, user: User, known: ProvisionedPerson, said: Said, now: datetime) -> None:
    wanted = _details(said) | {"external_id": said.number or None, "email": _new_address(user, said, now)}
    changes = {name: [getattr(user, name), value] for name, value in wanted.items() if getattr(user, name) != value}
    if "external_id" in changes:
        _check_number(said.number, user_id=user.pk)
    kept = {name: value for name, value in _kept(said).items() if getattr(known, name) != value}
    if changes:
        for name, (_before, after) in changes.items():
            setattr(user, name, after)
        try:
            with transaction.atomic():
                user.save(update_fields=list(changes))
        except IntegrityError:
            raise Taken(_("Another person of the school has this address or number.")) from None
    if changes or kept or known._state.adding:
        for name, value in kept.items():
            setattr(known, name, value)
        known.changed_at = now
        known.save()
        record(actor=actor, act=acts.PERSON_CHANGED, target=user, changes=changes, data={"said": sorted(kept)}, at=now)
    user.provisioned = known


def _new_address(user: User, said: Said, now: datetime) -> str:
    email = said.address or user.email
    if email == user.email.lower():
        return user.email
    if address_stays([user.pk], now.date()):
        raise Untouchable(
            _("This person holds a role or signs in with Microsoft: their e-mail is changed in the school only.")
        )
    _check_domain(email)
    if User.objects.filter(email__iexact=email).exclude(pk=user.pk).exists():
        raise Taken(_("Another person of the school has this address or number."))
    return email


def _suspend(actor: Actor, user: User, known: ProvisionedPerson, now: datetime) -> None:
    _check_withdrawable(user, now)
    if _too_many({user.pk}, now):
        draft = Draft(
            "deactivated", "account", key=str(user.pk), before={"status": user.status}, after={"status": "suspended"},
            reason="withdrawn", name=user.name, email=user.email, affects=True,
        )  # fmt: skip
        _hold(actor, [draft], now)
        known.pending = Pending.SUSPEND
        known.save(update_fields=["pending"])
        return
    known.withdrawn_at = now
    _close(actor, user, known, now)


def _close(actor: Actor, user: User, known: ProvisionedPerson, now: datetime) -> None:
    lifecycle.suspend_users(_machine(actor), [user.pk], _("Deactivated by the identity provider"), now=now)
    known.suspended, known.changed_at = True, now
    known.save()
    user.refresh_from_db(fields=["status"])


def _reopen(actor: Actor, user: User, known: ProvisionedPerson, now: datetime) -> None:
    if not known.suspended:
        raise Untouchable(_("An administrator of the school has suspended this account."))
    lifecycle.reinstate_users(_machine(actor), [user.pk], _("Activated by the identity provider"), now=now)
    known.suspended, known.changed_at = False, now
    known.save()
    user.refresh_from_db(fields=["status"])


def _check_withdrawable(user: User, now: datetime) -> None:
    if role_holders([user.pk], now.date()) or managers_of([user.pk]).exists():
        raise Untouchable(_("This person holds a role in the school. Take the role away there first."))


# --- groups ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupSaid:
    """What the provider says about a group. `people` None: it says nothing about who is in it."""

    name: str
    external_id: str = ""
    people: frozenset[UUID] | None = None


@transaction.atomic
def create_group(*, actor: Actor, said: GroupSaid, now: datetime) -> ProvisionedGroup:
    """Raises Forbidden, Invalid, Taken."""
    ROSTER_PROVISION.require(actor)
    group = ProvisionedGroup(name=_group_name(said), external_id=said.external_id, created_at=now, changed_at=now)
    try:
        with transaction.atomic():
            group.save(force_insert=True)
    except IntegrityError:
        raise Taken(_("Another group has this name.")) from None
    record(actor=actor, act=acts.GROUP_CREATED, target=group, at=now)
    _set_people(actor, group, said.people or frozenset(), now)
    return group


@transaction.atomic
def change_group(
    *, actor: Actor, group_id: UUID, edit: Callable[[ProvisionedGroup], GroupSaid], now: datetime
) -> ProvisionedGroup:
    """Change a group as `edit` says, given how it is now, locked. Raises Forbidden, NotVisible, Invalid, Taken."""
    ROSTER_PROVISION.require(actor)
    group = _locked_group(group_id)
    said = edit(group)
    wanted = {"name": _group_name(said), "external_id": said.external_id}
    changes = {name: [getattr(group, name), value] for name, value in wanted.items() if getattr(group, name) != value}
    for name, (_before, after) in changes.items():
        setattr(group, name, after)
    moved = said.people is not None and _set_people(actor, group, said.people, now)
    if changes or moved:
        group.changed_at = now
        try:
            with transaction.atomic():
                group.save()
        except IntegrityError:
            raise Taken(_("Another group has this name.")) from None
        record(actor=actor, act=acts.GROUP_CHANGED, target=group, changes=changes, data={"people": moved}, at=now)
    return group


@transaction.atomic
def remove_group(*, actor: Actor, group_id: UUID, now: datetime) -> None:
    """Remove a group: its people lose the places that only it gave. Raises Forbidden, NotVisible."""
    ROSTER_PROVISION.require(actor)
    group = _locked_group(group_id)
    people = list(group.members.values_list("user_id", flat=True))
    record(actor=actor, act=acts.GROUP_REMOVED, target=group, data={"people": len(people)}, at=now)
    mapped = group.campus_id is not None
    group.delete()
    if mapped:
        _settle(actor, people, now)


def map_group(
    *, actor: Actor, group_id: UUID, campus_id: UUID | None, role: str, promotion_id: UUID | None, now: datetime
) -> RosterPlan | None:
    """Say which campus a group leads to; who joins or leaves is a plan that waits for a look. None: nobody does.

    Raises Forbidden, NotVisible, Invalid, PlanRefused (another such plan is under way).
    """
    ROSTER_PROVISION.require(actor)
    if campus_id and not Campus.objects.filter(pk=campus_id, archived_at=None).exists():
        raise Invalid(fields={"campus": [_("Choose from the list.")]})
    if role not in CampusRole.values:
        raise Invalid(fields={"role": [_("Choose a role from the list.")]})
    if campus_id and role == CampusRole.MANAGER:
        require_appointing(actor, campus_id)
    if promotion_id and not Promotion.objects.filter(pk=promotion_id).exists():
        raise Invalid(fields={"promotion": [_("Choose from the list.")]})
    try:
        with transaction.atomic():
            group = _locked_group(group_id)
            before = {
                "campus": str(group.campus_id or ""),
                "role": group.role,
                "promotion": str(group.promotion_id or ""),
            }
            after = {"campus": str(campus_id or ""), "role": role, "promotion": str(promotion_id or "")}
            if before == after:
                return None
            group.campus_id, group.role, group.promotion_id = campus_id, role, promotion_id
            group.save(update_fields=["campus", "role", "promotion"])
            changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
            record(actor=actor, act=acts.GROUP_MAPPED, target=group, changes=changes, at=now)
            if not group.members.exists():
                return None
            options = {"group": str(group.pk), "before": before}
            return request_plan(actor=actor, kind=RosterPlan.Kind.SCIM, label=group.name, now=now, options=options)
    except IntegrityError:
        raise PlanRefused(_("Another change of the provider's groups is under way. Wait for it.")) from None


def _mapping(campus_id: UUID | None, role: str, promotion_id: UUID | None) -> dict[str, str]:
    return {"campus": str(campus_id or ""), "role": role, "promotion": str(promotion_id or "")}


def _locked_group(group_id: UUID) -> ProvisionedGroup:
    group = ProvisionedGroup.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise NotVisible()
    return group


def _group_name(said: GroupSaid) -> str:
    if not said.name.strip() or len(said.name) > 254 or len(said.external_id) > 254:
        raise Invalid(_("A group needs a name of up to 254 characters."))
    return said.name


def _set_people(actor: Actor, group: ProvisionedGroup, wanted: frozenset[UUID], now: datetime) -> bool:
    """Make exactly these people the group's; whether anything changed."""
    if len(wanted) > MOST_MEMBERS:
        raise Invalid(_("A group may have up to %(count)d people.") % {"count": MOST_MEMBERS})
    there = set(group.members.values_list("user_id", flat=True))
    coming, going = wanted - there, there - wanted
    known = set(User.objects.filter(pk__in=coming).exclude(status=User.Status.DEPARTED).values_list("pk", flat=True))
    if unknown := coming - known:
        raise Invalid(_("There is no person with the id %(id)s.") % {"id": sorted(map(str, unknown))[0]})
    ProvisionedMember.objects.filter(group=group, user__in=going).delete()
    ProvisionedMember.objects.bulk_create(ProvisionedMember(group=group, user_id=pk) for pk in sorted(coming))
    if group.campus_id and (coming or going):
        _settle(actor, [*coming, *going], now)
    return bool(coming or going)


def _settle(actor: Actor, user_ids: Sequence[UUID], now: datetime) -> None:
    """Give these people the places that their groups say, at once; too many losses are held."""
    drafts = [draft for draft in place_drafts(user_ids) if draft.subject]
    losing = {UUID(draft.key.partition(":")[0]) for draft in drafts if draft.affects}
    if losing and _too_many(losing, now):
        _hold(actor, [draft for draft in drafts if draft.affects], now)
        drafts = [draft for draft in drafts if not draft.affects]
    _apply_places(actor, drafts, now)


def _apply_places(actor: Actor, drafts: Iterable[Draft], now: datetime) -> None:
    wanted = [Wanted(draft.key, draft.before, draft.after, draft.reason) for draft in drafts]
    if wanted:
        Places().make(wanted, AtOnce(actor.label[:150], actor.request_id[:64]), now)  # type: ignore[arg-type]


# --- too many at once ------------------------------------------------------------------------------------


def _too_many(people: set[UUID], now: datetime) -> bool:
    """Whether withdrawing these people, with those of the last hour, needs an administrator. Asked one by one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('roster.withdrawals'), hashtext(current_schema()))")
    since = now - WITHIN
    gone = set(ProvisionedPerson.objects.filter(withdrawn_at__gt=since).values_list("user_id", flat=True))
    events = MembershipEvent.objects.filter(
        source=MembershipSource.SCIM, cause="withdrawn", to_state="ended", at__gt=since
    )
    gone |= set(events.values_list("membership__user_id", flat=True))
    here = ProvisionedPerson.objects.filter(Q(removed=False, suspended=False) | Q(withdrawn_at__gt=since))
    return hold_threshold().holds(here.count(), len(gone | people))


def _hold(actor: Actor, drafts: Iterable[Draft], now: datetime) -> RosterPlan:
    """Add to the plan that waits for an administrator, or make one. What is in it already is not added again."""
    plan = _waiting().select_for_update().first()
    if plan is None:
        plan = RosterPlan.objects.create(
            kind=RosterPlan.Kind.SCIM, lane="scim-held", state=State.HELD.value, hold_reason="threshold",
            label=_("Withdrawn by the identity provider"), requested_by=actor.label[:200],
            request_id=actor.request_id[:64], created_at=now, options={"held": True},
        )  # fmt: skip
        record(actor=actor, act=acts.PLAN_REQUESTED, target=plan, data={"kind": plan.kind, "held": True}, at=now)
    known = set(RosterChange.objects.filter(run=plan).values_list("subject", "key"))
    for draft in drafts:
        if (draft.subject, draft.key) in known:
            continue
        user_id, _colon, campus_id = draft.key.partition(":")
        RosterChange.objects.create(
            run=plan, kind=draft.kind, subject=draft.subject, key=draft.key, reason=draft.reason, name=draft.name[:201],
            email=draft.email[:254], before=draft.before, after=draft.after, affects=draft.affects, user_id=user_id,
            campus_id=campus_id or None,
        )  # fmt: skip
    _recount(plan)
    return plan


def _waiting() -> Any:
    return RosterPlan.objects.filter(kind=RosterPlan.Kind.SCIM, state=State.HELD.value, options__held=True)


def _take_out(user_id: UUID) -> None:
    """The provider changed its mind about somebody who waits for a decision."""
    plan = _waiting().select_for_update().first()
    if plan is not None:
        RosterChange.objects.filter(run=plan, user_id=user_id).delete()
        _recount(plan)


def _recount(plan: RosterPlan) -> None:
    changes = RosterChange.objects.filter(run=plan)
    plan.to_apply = changes.exclude(subject="").count()
    plan.affected = changes.filter(affects=True).values("user_id").distinct().count()
    plan.population = ProvisionedPerson.objects.filter(removed=False).count()
    plan.counts = {"deactivated": plan.to_apply}
    plan.save(update_fields=["to_apply", "affected", "population", "counts"])


# --- checks ----------------------------------------------------------------------------------------------


def _check(said: Said) -> None:
    texts = {
        "userName": (said.user_name, 254), "externalId": (said.external_id, 254),
        "displayName": (said.display_name, 254), "name.formatted": (said.name.get("formatted", ""), 254),
        "name.givenName": (said.given_name, 100), "name.familyName": (said.family_name, 100),
        "title": (said.job_title, 120), "department": (said.department, 120), "employeeNumber": (said.number, 120),
    }  # fmt: skip
    for name, (text, most) in texts.items():
        if len(text) > most:
            raise Invalid(_("%(name)s is longer than %(count)d characters.") % {"name": name, "count": most})
    if not said.user_name.strip():
        raise Invalid(_("%(name)s is missing.") % {"name": "userName"})
    if said.emails and (len(said.emails) > 20 or any(len(str(one.get("value"))) > 254 for one in said.emails)):
        raise Invalid(_("There are too many e-mail addresses, or one is too long."))


def _check_domain(email: str) -> None:
    if not is_approved_address(email):
        raise Invalid(_("The school has not approved the domain of %(email)s.") % {"email": email})


def _check_free(said: Said, user_id: UUID | None) -> None:
    """Raise Taken when another person has this user name."""
    own = [user_id] if user_id else []
    others = ProvisionedPerson.objects.filter(user_name__iexact=said.user_name).exclude(user_id__in=own)
    if others.filter(removed=False).exclude(user__status=User.Status.DEPARTED).exists():
        raise Taken(_("Another person has this user name."))
    if User.objects.filter(email__iexact=said.user_name, provisioned=None).exclude(pk__in=own).exists() and not (
        user_id is None and said.address == said.user_name.lower()
    ):
        raise Taken(_("Another person has this user name."))
    # a name that a removed person had is free again
    for old in others:
        old.user_name = f"{old.user_name[:200]}#{old.user_id}"
        if old.user.email.lower() != said.address:
            old.save(update_fields=["user_name"])


def _check_not_erased(said: Said) -> None:
    """An account that does not exist here is not made for somebody who was erased. Raises Untouchable."""
    emails = {said.user_name, said.address, *(str(one.get("value", "")) for one in said.emails or ())}
    found = tombstones.erased("email", emails) or tombstones.erased("external", [said.number])
    if found or (said.external_id and tombstones.is_erased_identity(linked_organisation(), said.external_id)):
        raise Untouchable(
            _("This person was erased here. An administrator can allow them again, under Data protection.")
        )


def _check_number(number: str, user_id: UUID | None) -> None:
    if number and User.objects.filter(external_id=number).exclude(pk__in=[user_id] if user_id else []).exists():
        raise Taken(_("Another person of the school has this address or number."))


def _details(said: Said) -> dict[str, Any]:
    """A provider that takes a name back leaves nobody without one here."""
    found = {"job_title": said.job_title, "department": said.department}
    if said.given_name or said.family_name:
        found |= {"given_name": said.given_name, "family_name": said.family_name}
    return found


def _kept(said: Said) -> dict[str, Any]:
    return {
        "user_name": said.user_name, "external_id": said.external_id, "display_name": said.display_name,
        "said_name": said.name,
        "emails": list(said.emails) if said.emails is not None else None,
    }  # fmt: skip


def _is_address(text: Any) -> bool:
    try:
        validate_email(str(text).strip())
    except ValidationError:
        return False
    return len(str(text)) <= 254
