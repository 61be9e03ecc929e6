"""What plans about people change, for `apps.core.plan.row_work`: accounts, whether they are open, and places.

Each looks at rows as they are and makes them as wanted, with the history and the news that the same act of a person
would have. Undo, comparison at the moment of the act and reading back follow from these two.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from apps.accounts import tombstones
from apps.accounts.models import Grant, Identity, User
from apps.accounts.services import lifecycle
from apps.campuses.models import CampusMembership, CampusRole, Cause, MembershipEvent, MembershipState, Pin
from apps.core.actor import Actor
from apps.core.plan.facts import Facts
from apps.core.plan.row_work import Wanted
from apps.core.plan.rows import PlanRun
from apps.directory.services.undoing import used

PERSON_FIELDS = ("email", "given_name", "family_name", "department", "job_title", "external_id")
PLACE_FIELDS = ("state", "role", "promotion", "source", "cause", "ends_on")
WHY = {"departed": _("Not listed any more"), "active": _("Listed again"), "pending": _("Listed again")}


IN_USE = """
SELECT a.id FROM accounts_user a
 WHERE a.id = ANY(%(keys)s)
   AND ({used} OR EXISTS (SELECT 1 FROM campuses_campusmembership r WHERE r.user_id = a.id)
               OR EXISTS (SELECT 1 FROM accounts_identity r WHERE r.user_id = a.id))
"""


def actor_of(run: PlanRun) -> Actor:
    return Actor.system(f"{run.kind} · {run.requested_by}"[:200], request_id=run.request_id)  # type: ignore[attr-defined]


def place_key(user_id: object, campus_id: object) -> str:
    return f"{user_id}:{campus_id}"


class People:
    """Accounts: made, their fields changed, removed again when an undo finds them unused. Key: the user's id."""

    irreversible = ""
    whole = False

    def look(self, keys: Sequence[str]) -> Mapping[str, Facts]:
        rows = User.objects.filter(pk__in=keys).values("pk", *PERSON_FIELDS)
        return {str(row.pop("pk")): row | {"external_id": row["external_id"] or ""} for row in rows}

    def make(self, wanted: Sequence[Wanted], run: PlanRun, now: datetime) -> Mapping[str, str]:
        stays: dict[str, str] = {}
        new = [one for one in wanted if one.before is None]
        gone = [one for one in wanted if one.after is None]
        changed = [one for one in wanted if one.before is not None and one.after is not None]
        stays |= self._create(new, now)
        stays |= self._change(changed, now)
        stays |= self._remove(gone)
        return stays

    def _create(self, wanted: list[Wanted], now: datetime) -> dict[str, str]:
        """New accounts are pending: nobody can sign in before an invitation, or Microsoft, proves who they are."""
        taken = _taken("email", [one.after["email"] for one in wanted if one.after])
        numbers = _taken("external_id", [one.after.get("external_id") for one in wanted if one.after])
        erased = tombstones.erased("email", [one.after["email"] for one in wanted if one.after])
        erased |= tombstones.erased("external", [one.after.get("external_id") or "" for one in wanted if one.after])
        stays, users = {}, []
        for one in wanted:
            facts = dict(one.after or {})
            number = facts.pop("external_id", "") or None
            if facts["email"] in erased or number in erased:  # since the preview
                stays[one.key] = "erased"
            elif facts["email"] in taken:
                stays[one.key] = "address-taken"
            elif number in numbers:
                stays[one.key] = "number-taken"
            else:
                user = User(pk=UUID(one.key), external_id=number, status=User.Status.PENDING, created_at=now, **facts)
                user.set_unusable_password()
                users.append(user)
        User.objects.bulk_create(users)
        return stays

    def _change(self, wanted: list[Wanted], now: datetime) -> dict[str, str]:
        users = {str(user.pk): user for user in User.objects.select_for_update().filter(pk__in=[w.key for w in wanted])}
        moving = {one.after["email"]: one.key for one in wanted if one.after and "email" in one.after}
        taken = _taken("email", list(moving))
        numbers = _taken("external_id", [one.after.get("external_id") for one in wanted if one.after])
        stays: dict[str, str] = {}
        kept = address_stays(list(moving.values()), now.date()) if moving else set()
        for one in wanted:
            user, facts = users[one.key], dict(one.after or {})
            if user.pk in kept and "email" in facts:  # a role since the preview
                stays[one.key] = "address-stays"
                continue
            if taken.get(facts.get("email", ""), one.key) != one.key:
                stays[one.key] = "address-taken"
                continue
            if facts.get("external_id") and numbers.get(facts["external_id"], one.key) != one.key:
                stays[one.key] = "number-taken"
                continue
            if "external_id" in facts:
                facts["external_id"] = facts["external_id"] or None
            for name, value in facts.items():
                setattr(user, name, value)
        made = [user for key, user in users.items() if key not in stays]
        User.objects.bulk_update(made, PERSON_FIELDS, batch_size=250)
        return stays

    def _remove(self, wanted: list[Wanted]) -> dict[str, str]:
        keys = [one.key for one in wanted]
        list(User.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
        used = used_accounts(keys)
        with connection.cursor() as cursor:  # the ORM would ask tables that only the platform has
            cursor.execute("DELETE FROM accounts_user WHERE id = ANY(%s)", [[key for key in keys if key not in used]])
        return dict.fromkeys(used, "used-since")


def used_accounts(keys: Sequence[str]) -> set[str]:
    """Of these accounts, those that somebody has used, or to which anything points: a campus, a role, an invitation."""
    with connection.cursor() as cursor:
        cursor.execute(IN_USE.format(used=used("a")), {"keys": list(keys)})
        return {str(row[0]) for row in cursor.fetchall()}


def _taken(name: str, values: Sequence[str | None]) -> dict[str, str]:
    """Who has these addresses or numbers now: value -> user id."""
    wanted = [value for value in values if value]
    if name == "email":
        people = User.objects.annotate(lower=models.functions.Lower("email")).filter(lower__in=wanted)
        return {str(email): str(pk) for email, pk in people.values_list("lower", "pk")}
    numbered = User.objects.filter(external_id__in=wanted).values_list("external_id", "pk")
    return {str(number): str(pk) for number, pk in numbered}


class Accounts:
    """Whether an account is open. Key: the user's id."""

    irreversible = ""
    whole = True

    def look(self, keys: Sequence[str]) -> Mapping[str, Facts]:
        rows = User.objects.filter(pk__in=keys).values_list("pk", "status")
        return {str(pk): {"status": status} for pk, status in rows}

    def make(self, wanted: Sequence[Wanted], run: PlanRun, now: datetime) -> Mapping[str, str]:
        actor = actor_of(run)
        closing = [one.key for one in wanted if one.after and one.after["status"] == User.Status.DEPARTED]
        suspending = [one.key for one in wanted if one.after and one.after["status"] == User.Status.SUSPENDED]
        opening = [one.key for one in wanted if one.after and one.after["status"] in ("active", "pending")]
        holders = {str(pk) for pk in role_holders([*closing, *suspending], now.date())}
        stays = dict.fromkeys(holders, "holds-role")
        if leaving := [UUID(key) for key in closing if key not in stays]:
            lifecycle.depart_users(actor, leaving, str(WHY["departed"]), now=now)
        if pausing := [UUID(key) for key in suspending if key not in stays]:
            lifecycle.suspend_users(actor, pausing, str(WHY["departed"]), now=now)
        if returning := [UUID(key) for key in opening]:
            lifecycle.reinstate_users(actor, returning, str(WHY["active"]), now=now)
        return stays


def role_holders(keys: Sequence[object], today: date) -> set[UUID]:
    """Of these people, those who hold a role in the school: neither a list nor a provider closes their account."""
    current = models.Q(ends_on=None) | models.Q(ends_on__gte=today)
    return set(Grant.objects.filter(current, user__in=list(keys)).values_list("user_id", flat=True))


def managers_of(user_ids: Any) -> models.QuerySet[CampusMembership]:
    """The campuses that these people run."""
    running = CampusMembership.objects.filter(role=CampusRole.MANAGER).exclude(state=MembershipState.ENDED)
    return running.filter(user__in=user_ids)


def address_stays(keys: Sequence[object], today: date) -> set[UUID]:
    """Of these people, those whose address a list or provider does not change: who holds a role, runs a campus, or
    signs in with Microsoft. Whoever reads the mail of an address can set its password.
    """
    found = role_holders(keys, today)
    for rows in (managers_of(list(keys)), Identity.objects.filter(user__in=list(keys))):
        found |= set(rows.values_list("user_id", flat=True))
    return found


class Places:
    """Campus memberships. Key: `place_key`. An undo leaves one alone when anything of it was changed since."""

    irreversible = ""
    whole = True

    def look(self, keys: Sequence[str]) -> Mapping[str, Facts]:
        return {place_key(row.user_id, row.campus_id): place_facts(row) for row in _memberships(keys)}

    def make(self, wanted: Sequence[Wanted], run: PlanRun, now: datetime) -> Mapping[str, str]:
        keys = [one.key for one in wanted]
        rows = {place_key(row.user_id, row.campus_id): row for row in _memberships(keys, lock=True)}
        there = set(
            map(str, User.objects.filter(pk__in=[k.partition(":")[0] for k in keys]).values_list("pk", flat=True))
        )
        stays: dict[str, str] = {}
        new: list[CampusMembership] = []
        changed: list[CampusMembership] = []
        gone: list[CampusMembership] = []
        events: list[MembershipEvent] = []
        label = actor_of(run).label
        for one in wanted:
            row = rows.get(one.key)
            if row is None and one.key.partition(":")[0] not in there:
                stays[one.key] = "no-account"
            elif one.after is None:
                gone += [row] if row else []
            elif row is None:
                row = _new_place(one.key, one.after, run, now)
                new.append(row)
                events.append(_event(row, "", "", label, run, now))
            elif row.pinned == Pin.NEVER and one.after.get("state") == MembershipState.ACTIVE:
                stays[one.key] = "pinned-never"
            elif row.pinned == Pin.KEEP and one.after.get("state") == MembershipState.ENDED:
                stays[one.key] = "pinned-keep"
            else:
                state, role = row.state, row.role
                _write(row, one.after, run, now)
                changed.append(row)
                events.append(_event(row, state, role, label, run, now))
        CampusMembership.objects.bulk_create(new)
        names = ["state", "role", "promotion", "source", "cause", "ends_on", "last_seen_at", "last_run_id"]
        CampusMembership.objects.bulk_update(changed, names, batch_size=250)
        MembershipEvent.objects.bulk_create(events)
        CampusMembership.objects.filter(pk__in=[row.pk for row in gone]).delete()
        return stays


def place_facts(row: CampusMembership) -> dict[str, Any]:
    return {
        "state": row.state,
        "role": row.role,
        "promotion": str(row.promotion_id) if row.promotion_id else None,
        "source": row.source,
        "cause": row.cause,
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
    }


def _memberships(keys: Sequence[str], *, lock: bool = False) -> list[CampusMembership]:
    pairs = [key.partition(":") for key in keys]
    wanted = set(keys)
    rows = CampusMembership.objects.filter(user__in={p[0] for p in pairs}, campus__in={p[2] for p in pairs})
    rows = rows.select_for_update().order_by("pk") if lock else rows
    return [row for row in rows if place_key(row.user_id, row.campus_id) in wanted]


def _new_place(key: str, facts: Facts, run: PlanRun, now: datetime) -> CampusMembership:
    user_id, _colon, campus_id = key.partition(":")
    row = CampusMembership(user_id=user_id, campus_id=campus_id, first_seen_at=now, last_seen_at=now)
    _write(row, facts, run, now)
    return row


def _write(row: CampusMembership, facts: Facts, run: PlanRun, now: datetime) -> None:
    row.state, row.role = facts.get("state", row.state), facts.get("role", row.role)
    row.source, row.cause = facts.get("source", row.source), facts.get("cause", row.cause)
    if "promotion" in facts:
        row.promotion_id = facts["promotion"]
    if "ends_on" in facts:
        row.ends_on = facts["ends_on"]
    row.last_seen_at, row.last_run_id = now, run.pk


def _event(
    row: CampusMembership, from_state: str, from_role: str, label: str, run: PlanRun, now: datetime
) -> MembershipEvent:
    cause = Cause.UNDONE if run.is_undo else Cause.ROLLOVER if run.kind == "rollover" else row.cause  # type: ignore[attr-defined]
    return MembershipEvent(
        membership=row, from_state=from_state, to_state=row.state, from_role=from_role, to_role=row.role,
        source=row.source, cause=cause, run_id=run.pk, actor=label, at=now,
    )  # fmt: skip
