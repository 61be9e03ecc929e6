"""From a list in a file to a plan: who is new, who changes, who is left as they are and why.

The rules, in one place:

* A person is found by the student or staff number, else by the e-mail address. When the two name different people, or
  the number is another one than the account has, the row is refused: an address may have been given to somebody else.
* An empty cell says nothing; nothing is ever emptied by a list.
* Whom Microsoft answers for keeps Microsoft's name and address; a list only fills what is empty, and the promotion.
* An address never changes for people who hold a role or sign in with Microsoft.
* Roles that a directory, an invitation or an administrator gave stay; promotions are the school's and follow the list.
* Who was erased (a tombstone has the address or the number) does not come back by a list until that is lifted.
* Who left by choice, was ended or closed by an administrator, is suspended or never to be active, stays so.
* Only a list that says it is complete ends places: places that lists gave, at campuses it names, and only when every
  row could be read.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from apps.accounts import tombstones
from apps.accounts.models import Identity, User
from apps.accounts.rules import school_day
from apps.campuses.models import (
    ENDED_BY_LISTS,
    CampusMembership,
    CampusRole,
    Cause,
    MembershipSource,
    MembershipState,
    Pin,
)
from apps.campuses.selectors import approved_domains
from apps.core.ids import new_id
from apps.core.plan.row_work import Draft

from ..models import FailedRow, ImportFile, RosterPlan
from . import tables
from .rows import Fault, Person, Reader
from .subjects import PERSON_FIELDS, address_stays, place_facts, place_key, role_holders

S = MembershipState
BATCH: Final = 5_000
REVERSIBLE: Final = (*ENDED_BY_LISTS, Cause.ROLLOVER)


@dataclass(frozen=True, slots=True)
class Line(Draft):
    """A draft that knows the row of the file it comes from."""

    row: int | None = None


@dataclass(slots=True)
class Reading:
    """What was read from a file: usable rows, and rows that are wrong."""

    people: list[Person] = field(default_factory=list)
    failed: list[Person] = field(default_factory=list)


def read(file: ImportFile, options: Mapping[str, Any], progress: Any = None) -> Reading:
    """Read every row. `progress(n)` is called now and then. Raises BadFile."""
    table = tables.open_table(bytes(file.content))
    reader = Reader(
        columns=options["columns"],
        domains=approved_domains(),
        campus_id=_uuid(options.get("campus")),
        role=str(options.get("role") or ""),
        promotion_id=_uuid(options.get("promotion")),
    )
    found = Reading()
    places: dict[tuple[str, Any], int] = {}
    numbers: dict[str, str] = {}
    for count, (row, cells) in enumerate(table.rows, start=1):
        person = reader.read(row, cells)
        if not person.faults:
            _find_twins(person, places, numbers)
        (found.failed if person.faults else found.people).append(person)
        if progress and count % 1_000 == 0:
            progress(count)
    if progress:
        progress(len(found.people) + len(found.failed))
    return found


def _find_twins(person: Person, places: dict[tuple[str, Any], int], numbers: dict[str, str]) -> None:
    """One person may stand at several campuses, once each, with one number."""
    earlier = places.setdefault((person.email, person.campus_id), person.row)
    if earlier != person.row:
        person.faults.append(Fault("email", "twice", str(earlier)))
    elif person.external_id and numbers.setdefault(person.external_id, person.email) != person.email:
        person.faults.append(Fault("external_id", "number-twice", person.external_id))


def _uuid(text: Any) -> UUID | None:
    return UUID(str(text)) if text else None


class Known:
    """The accounts and places that the rows of a file may be about, read in a few queries."""

    def __init__(self, people: Iterable[Person], today: date) -> None:
        people = list(people)
        self.by_email: dict[str, dict[str, Any]] = {}
        self.by_number: dict[str, dict[str, Any]] = {}
        for name, values in (
            ("lower", {p.email for p in people}),
            ("external_id", {p.external_id for p in people if p.external_id}),
        ):
            for batch in _batches(sorted(values)):
                self._read_users(name, batch)
        ids = [user["pk"] for user in {**_by_id(self.by_email), **_by_id(self.by_number)}.values()]
        self.linked: set[UUID] = set()
        self.protected: set[UUID] = set()
        self.places: dict[str, CampusMembership] = {}
        self.returning: set[UUID] = set()
        for batch in _batches(ids):
            self.linked |= set(Identity.objects.filter(user__in=batch).values_list("user_id", flat=True))
            self.protected |= address_stays(batch, today)
            for row in CampusMembership.objects.filter(user__in=batch):
                self.places[place_key(row.user_id, row.campus_id)] = row
                if row.state == S.ENDED and row.cause in REVERSIBLE:
                    self.returning.add(row.user_id)
        self.erased_emails: set[str] = set()
        self.erased_numbers: set[str] = set()
        for batch in _batches(sorted({p.email for p in people} - set(self.by_email))):
            self.erased_emails |= tombstones.erased("email", batch)
        for batch in _batches(sorted({p.external_id for p in people if p.external_id} - set(self.by_number))):
            self.erased_numbers |= tombstones.erased("external", batch)

    def _read_users(self, name: str, values: list[Any]) -> None:
        rows = User.objects.annotate(lower=Lower("email")).filter(**{f"{name}__in": values})
        for user in rows.values("pk", "status", "password", *PERSON_FIELDS):
            user["usable"] = not user.pop("password").startswith("!")
            user["external_id"] = user["external_id"] or ""
            self.by_email[user["email"].lower()] = user
            if user["external_id"]:
                self.by_number[user["external_id"]] = user

    def was_erased(self, person: Person, user: Mapping[str, Any] | None) -> bool:
        """Whether the row is about somebody who was erased. An address may belong to somebody else by now."""
        by_number = (person.external_id or "") in self.erased_numbers
        return by_number or (user is None and person.email in self.erased_emails)

    def status_when_back(self, user: Mapping[str, Any]) -> str:
        return User.Status.ACTIVE if user["usable"] or user["pk"] in self.linked else User.Status.PENDING


def _by_id(users: Mapping[str, dict[str, Any]]) -> dict[UUID, dict[str, Any]]:
    return {user["pk"]: user for user in users.values()}


class Planner:
    """Turns rows into drafts: accounts first, then places, then whether accounts are open."""

    def __init__(self, reading: Reading, options: Mapping[str, Any], run: RosterPlan) -> None:
        self.reading = reading
        self.run = run
        self.complete = bool(options.get("complete"))
        self.today = school_day(timezone.now())
        self.known = Known(reading.people, self.today)
        self.accounts: list[Line] = []
        self.places: list[Line] = []
        self.openings: list[Line] = []
        self.told: list[Line] = []
        self.new: dict[str, UUID] = {}  # address -> id of an account that this plan makes
        self.done: set[UUID] = set()  # people whose account was looked at already
        self.rows: Counter[str] = Counter()
        self.held_here: set[UUID] = set()

    def drafts(self) -> Iterator[Line]:
        for person in self.reading.people:
            before = len(self.accounts), len(self.places), len(self.openings), len(self.told)
            kind = self._person(person)
            after = len(self.accounts), len(self.places), len(self.openings), len(self.told)
            if kind == "changed" and before == after:
                kind = "unchanged"
            elif kind == "changed" and before[:3] == after[:3]:
                kind = "skipped"
            self.rows[kind] += 1
        if self.complete:
            self._end_the_others()
        self.rows["failed"] = len(self.reading.failed)
        yield from self.accounts
        yield from self.places
        yield from self.openings
        yield from self.told

    # accounts

    def _person(self, person: Person) -> str:
        user = self.known.by_email.get(person.email)
        numbered = self.known.by_number.get(person.external_id or "")
        if numbered is not None and user is not None and numbered["pk"] != user["pk"]:
            return self._refuse(person, Fault("external_id", "number-taken", person.external_id or ""))
        if user is not None and person.external_id and user["external_id"] not in ("", person.external_id):
            return self._refuse(person, Fault("external_id", "number-differs", user["external_id"]))
        user = user or numbered
        if self.known.was_erased(person, user):
            # told by its row alone: a name here would keep what was erased
            self.told.append(Line("skipped", reason="erased", row=person.row))
            return "skipped"
        if user is None:
            return self._new(person)
        if user["status"] == User.Status.DEPARTED and user["pk"] not in self.known.returning:
            self._tell(person, user, "departed-by-admin")
            return "skipped"
        self._update(person, user)
        blocked = self._place(person, user["pk"], user["email"])
        if user["status"] == User.Status.DEPARTED and not blocked and user["pk"] not in self.held_here:
            self.held_here.add(user["pk"])
            after = {"status": str(self.known.status_when_back(user))}
            self.openings.append(
                self._line(
                    "restored", "account", str(user["pk"]), person, {"status": user["status"]}, after, "returned"
                )
            )
        return "changed"

    def _refuse(self, person: Person, fault: Fault) -> str:
        person.faults.append(fault)
        self.reading.failed.append(person)
        return "refused"

    def _new(self, person: Person) -> str:
        if person.email in self.new:
            self._place(person, self.new[person.email], person.email)
            return "new"
        user_id = self.new[person.email] = new_id()
        facts = dict.fromkeys(PERSON_FIELDS, "") | person.said() | {"email": person.email}
        self.accounts.append(self._line("added", "person", str(user_id), person, None, facts, "in-the-list"))
        self._place(person, user_id, person.email)
        return "new"

    def _update(self, person: Person, user: Mapping[str, Any]) -> None:
        if user["pk"] in self.done:
            return
        self.done.add(user["pk"])
        wanted = person.said() | {"email": person.email}
        linked = user["pk"] in self.known.linked
        if wanted["email"] != user["email"].lower() and user["pk"] in self.known.protected:
            self._tell(person, user, "address-stays")
            del wanted["email"]
        if linked:
            wanted = {name: value for name, value in wanted.items() if not user[name] and name != "email"}
        changed = {name: value for name, value in wanted.items() if value != _now(user, name)}
        if changed:
            before = {name: user[name] for name in changed}
            self.accounts.append(
                self._line("updated", "person", str(user["pk"]), person, before, changed, "in-the-list")
            )

    # places

    def _place(self, person: Person, user_id: UUID, email: str) -> bool:
        """The place the row gives. True: something stands in the way."""
        if person.campus_id is None:
            return False
        key = place_key(user_id, person.campus_id)
        row = self.known.places.get(key)
        promotion = str(person.promotion_id) if person.promotion_id else None
        if row is None:
            after = _given(person.role, promotion)
            self.places.append(self._line("placed", "place", key, person, None, after, "in-the-list"))
            return False
        if row.state == S.SUSPENDED:
            return self._stays(person, row, "suspended")
        if row.state == S.ENDED:
            return self._restore(person, row, key, promotion)
        self._move(person, row, key, promotion)
        return False

    def _restore(self, person: Person, row: CampusMembership, key: str, promotion: str | None) -> bool:
        if row.pinned == Pin.NEVER:
            return self._stays(person, row, "pinned-never")
        if row.cause not in REVERSIBLE:
            return self._stays(person, row, "left-by-choice" if row.cause == Cause.LEFT else "ended-by-admin")
        after = _given(person.role, promotion)
        self.places.append(self._line("restored", "place", key, person, place_facts(row), after, "returned"))
        return False

    def _move(self, person: Person, row: CampusMembership, key: str, promotion: str | None) -> None:
        now = place_facts(row)
        after: dict[str, Any] = {}
        if promotion and promotion != now["promotion"]:
            after["promotion"] = promotion
        if person.role and person.role != row.role:
            if row.source == MembershipSource.IMPORT and row.pinned != Pin.KEEP:
                after |= {"role": person.role, "ends_on": None}
            else:
                self._stays(person, row, "role-stays")
        if after:
            before = {name: now[name] for name in after}
            self.places.append(self._line("moved", "place", key, person, before, after, "in-the-list"))

    def _stays(self, person: Person, row: CampusMembership, reason: str) -> bool:
        self.told.append(self._line("skipped", "", place_key(row.user_id, row.campus_id), person, None, None, reason))
        return True

    # who is not in the list any more

    def _end_the_others(self) -> None:
        if self.reading.failed:
            self.told.append(Line("skipped", reason="rows-failed", name=""))
            return
        campuses = {person.campus_id for person in self.reading.people if person.campus_id}
        listed = {place_key(self._id_of(person), person.campus_id) for person in self.reading.people}
        rows = CampusMembership.objects.filter(
            source=MembershipSource.IMPORT, campus__in=campuses, state__in=[S.ACTIVE, S.STALE, S.DETECTED]
        ).select_related("user")
        ending: list[CampusMembership] = []
        for row in rows.order_by("pk"):
            key = place_key(row.user_id, row.campus_id)
            if key in listed:
                continue
            about: dict[str, Any] = {"key": key, "name": row.user.name, "email": row.user.email}
            if row.pinned == Pin.KEEP:
                self.told.append(Line("skipped", reason="pinned-keep", **about))
                continue
            after = {"state": S.ENDED.value, "cause": Cause.UNLISTED.value}
            now = place_facts(row)
            before = {name: now[name] for name in after}
            ending.append(row)
            self.places.append(
                Line("deactivated", "place", before=before, after=after, reason="unlisted", affects=True, **about)
            )
        self._close_accounts(ending)

    def _id_of(self, person: Person) -> UUID | None:
        user = self.known.by_email.get(person.email) or self.known.by_number.get(person.external_id or "")
        return user["pk"] if user else self.new.get(person.email)

    def _close_accounts(self, ending: list[CampusMembership]) -> None:
        """Accounts whose last place ends, unless they hold a role."""
        gone = {row.pk for row in ending}
        people = {row.user_id: row.user for row in ending}
        others: set[UUID] = set()
        holders: set[UUID] = set()
        for batch in _batches(list(people)):
            rest = CampusMembership.objects.filter(user__in=batch).exclude(state=S.ENDED)
            others |= {user_id for pk, user_id in rest.values_list("pk", "user_id") if pk not in gone}
            holders |= role_holders(batch, self.today)
        for user_id, user in people.items():
            if user_id in others or user.status not in (User.Status.ACTIVE, User.Status.PENDING):
                continue
            about: dict[str, Any] = {"key": str(user_id), "name": user.name, "email": user.email}
            if user_id in holders:
                self.told.append(Line("skipped", reason="holds-role", **about))
                continue
            self.openings.append(
                Line(
                    "deactivated", "account", before={"status": user.status}, after={"status": "departed"},
                    reason="unlisted", **about,
                )
            )  # fmt: skip

    # how

    def _tell(self, person: Person, user: Mapping[str, Any], reason: str) -> None:
        self.told.append(self._line("skipped", "", str(user["pk"]), person, None, None, reason))

    def _line(
        self, kind: str, subject: str, key: str, person: Person, before: Any, after: Any, reason: str
    ) -> Line:  # fmt: skip
        name = f"{person.given_name or ''} {person.family_name or ''}".strip()
        return Line(
            kind, subject, key, before, after, reason, name=name or person.email, email=person.email, row=person.row
        )


def _given(role: str, promotion: str | None) -> dict[str, Any]:
    return {
        "state": S.ACTIVE.value,
        "role": role or CampusRole.MEMBER.value,
        "promotion": promotion,
        "source": MembershipSource.IMPORT.value,
        "cause": Cause.IMPORTED.value,
        "ends_on": None,
    }


def _now(user: Mapping[str, Any], name: str) -> str:
    return user["email"].lower() if name == "email" else user[name]


def population() -> int:
    """How many people lists answer for now."""
    rows = CampusMembership.objects.filter(Q(state=S.ACTIVE), source=MembershipSource.IMPORT)
    return rows.values("user_id").distinct().count()


def store_failed(run: RosterPlan, failed: Iterable[Person]) -> None:
    FailedRow.objects.filter(plan=run).delete()
    FailedRow.objects.bulk_create(
        (
            FailedRow(plan=run, row=p.row, cells=p.cells, errors=[fault.as_json() for fault in p.faults])
            for p in sorted(failed, key=lambda one: one.row)
        ),
        batch_size=1_000,
    )


def _batches(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
