"""Organisations, people and groups as Microsoft holds them.

People and groups are dictionaries with Graph's own property names, so that a page of Graph is a projection.
Order is the order of arrival; lists of members are computed once and kept until something changes.
"""

import unicodedata
import uuid
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

NAMESPACE = uuid.UUID("c0ffee00-5a5a-4a5a-8a5a-000000000000")
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
DIRECTORY_PERMISSIONS = ["GroupMember.Read.All", "User.Read.All", "Organization.Read.All"]

PERSON_PROPERTIES = {
    "id", "displayName", "givenName", "surname", "mail", "userPrincipalName", "accountEnabled", "userType",
    "jobTitle", "department", "companyName", "officeLocation", "mobilePhone", "businessPhones", "preferredLanguage",
    "employeeId", "usageLocation", "country", "city", "createdDateTime", "deletedDateTime", "otherMails",
    "proxyAddresses", "externalUserState", "creationType", "identities", "onPremisesImmutableId", "mailNickname",
    "signInSessionsValidFromDateTime",
}  # fmt: skip
GROUP_PROPERTIES = {
    "id", "displayName", "description", "mail", "mailNickname", "mailEnabled", "securityEnabled", "groupTypes",
    "visibility", "createdDateTime", "deletedDateTime", "isAssignableToRole", "membershipRule",
}  # fmt: skip


class Refused(Exception):
    """The directory does not accept this; the message says why."""


class Missing(Refused):
    """What is asked for is not there."""


LISTS = {"businessPhones", "otherMails", "proxyAddresses", "groupTypes", "identities"}
SWITCHES = {"accountEnabled", "mailEnabled", "securityEnabled", "isAssignableToRole"}
REQUIRED = {"displayName", "userPrincipalName"}


def check_types(fields: dict[str, Any]) -> None:
    """Every property has the type that Graph gives it."""
    for name, value in fields.items():
        kind: type = list if name in LISTS else bool if name in SWITCHES else str
        if name in REQUIRED and not (isinstance(value, str) and value.strip()):
            raise Refused(f"{name} must not be empty")
        if value is not None and not isinstance(value, kind):
            raise Refused(f"{name} must be {'a list' if kind is list else 'true or false' if kind is bool else 'text'}")


def now_text() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def slug(text: str) -> str:
    """Lower-case ASCII for addresses: `Éloïse Le Goff` is `eloise-le-goff`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in plain.lower()).split())


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the journal that delta queries read."""

    kind: str  # user | group | member
    id: str
    removed: str = ""  # "" | changed (restorable) | deleted
    member: str = ""


@dataclass
class Organisation:
    tid: str
    name: str
    domain: str
    city: str = "Paris"
    page_size: int = 999
    shuffle: bool = False  # each read in another order, as Graph promises none
    consents: dict[str, list[str]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    devices: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, dict[str, None]] = field(default_factory=dict)
    roles: dict[str, list[str]] = field(default_factory=dict)
    photos: dict[str, str] = field(default_factory=dict)  # person -> bytes in hexadecimal; "": drawn
    serial: int = 0
    journal: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lists: dict[tuple[str, str], tuple[str, ...]] = {}
        self._upns = {person["userPrincipalName"].lower(): id_ for id_, person in self.people.items()}

    # -- ids ------------------------------------------------------------------------------------------

    def new_id(self, kind: str) -> str:
        self.serial += 1
        return str(uuid.uuid5(NAMESPACE, f"{self.tid}/{kind}/{self.serial}"))

    def free_upn(self, local: str, domain: str) -> str:
        upn, number = f"{local}@{domain}", 1
        while upn.lower() in self._upns:
            number += 1
            upn = f"{local}{number}@{domain}"
        return upn

    def _touch(self, *changes: Change) -> None:
        self._lists.clear()
        self.journal.extend(changes)

    # -- people ---------------------------------------------------------------------------------------

    def add_person(self, **fields: Any) -> dict[str, Any]:
        """A person; whatever is not given is invented from the name and the organisation's domain."""
        roles = fields.pop("roles", None)
        unknown = set(fields) - PERSON_PROPERTIES
        if unknown:
            raise Refused(f"unknown properties of a person: {', '.join(sorted(unknown))}")
        check_types(fields)
        id_ = fields.pop("id", None) or self.new_id("person")
        if id_ in self.people:
            raise Refused(f"a person with the id {id_} exists already")
        person = self._completed(id_, fields)
        upn = person["userPrincipalName"].lower()
        if upn in self._upns:
            raise Refused(f"the user principal name {person['userPrincipalName']} is taken")
        self.people[id_] = person
        self._upns[upn] = id_
        if roles:
            self.roles[id_] = list(roles)
        self._touch(Change("user", id_))
        return person

    def _completed(self, id_: str, fields: dict[str, Any]) -> dict[str, Any]:
        given = fields.get("givenName")
        surname = fields.get("surname")
        display = (
            fields.get("displayName") or " ".join(part for part in (given, surname) if part) or f"Person {self.serial}"
        )
        local = ".".join(slug(part) for part in (given, surname) if part) or slug(display).replace("-", ".")
        upn = fields.get("userPrincipalName") or self.free_upn(local, self.domain)
        person = {
            "id": id_,
            "displayName": display,
            "givenName": given,
            "surname": surname,
            "mail": upn,
            "accountEnabled": True,
            "userType": "Member",
            "jobTitle": None,
            "department": None,
            "officeLocation": self.city,
            "preferredLanguage": "fr-FR",
            "usageLocation": "FR",
            "businessPhones": [],
            "otherMails": [],
            "createdDateTime": "2024-09-02T08:00:00Z",
            "signInSessionsValidFromDateTime": "2024-09-02T08:00:00Z",
            "deletedDateTime": None,
        }
        return person | fields | {"id": id_, "displayName": display, "userPrincipalName": upn}

    def change_person(self, id_: str, **fields: Any) -> dict[str, Any]:
        person = self.person(id_)
        if "roles" in fields:
            self.roles[id_] = list(fields.pop("roles") or [])
        unknown = set(fields) - (PERSON_PROPERTIES - {"id"})
        if unknown:
            raise Refused(f"cannot change: {', '.join(sorted(unknown))}")
        check_types(fields)
        if "userPrincipalName" in fields:
            self._move_upn(person, fields["userPrincipalName"])
        if {"givenName", "surname"} & set(fields) and "displayName" not in fields:
            after = person | fields
            fields["displayName"] = f"{after['givenName'] or ''} {after['surname'] or ''}".strip()
        person.update(fields)
        self._touch(Change("user", id_))
        return person

    def _move_upn(self, person: dict[str, Any], upn: str) -> None:
        holder = self._upns.get(upn.lower())
        if holder not in (None, person["id"]):
            raise Refused(f"the user principal name {upn} is taken")
        self._upns.pop(person["userPrincipalName"].lower(), None)
        self._upns[upn.lower()] = person["id"]

    def delete_person(self, id_: str, *, forever: bool = False) -> None:
        """Into the bin for 30 days (memberships come back with a restore), or gone at once."""
        person = self.person(id_)
        if not forever:
            person["deletedDateTime"] = now_text()
            self._touch(Change("user", id_, "changed"), *self._left(id_))
            return
        changes = self._left(id_)
        del self.people[id_]
        self._upns.pop(person["userPrincipalName"].lower(), None)
        self.roles.pop(id_, None)
        for members in self.members.values():
            members.pop(id_, None)
        self._touch(Change("user", id_, "deleted"), *changes)

    def restore_person(self, id_: str) -> dict[str, Any]:
        person = self.person(id_)
        person["deletedDateTime"] = None
        back = [Change("member", gid, member=id_) for gid, members in self.members.items() if id_ in members]
        self._touch(Change("user", id_), *back)
        return person

    def _left(self, id_: str) -> list[Change]:
        return [Change("member", gid, "deleted", id_) for gid, members in self.members.items() if id_ in members]

    def person(self, id_: str) -> dict[str, Any]:
        try:
            return self.people[id_]
        except KeyError:
            raise Missing(f"no person {id_} in {self.name}") from None

    def find_person(self, key: str) -> dict[str, Any] | None:
        """By object id, user principal name or mail address; not among the deleted."""
        key = key.strip()
        person = self.people.get(key) or self.people.get(self._upns.get(key.lower(), ""))
        if person is None and key:
            person = next((p for p in self.people.values() if (p["mail"] or "").lower() == key.lower()), None)
        return None if person is None or person["deletedDateTime"] else person

    def living(self) -> list[dict[str, Any]]:
        return [person for person in self.people.values() if not person["deletedDateTime"]]

    def search_people(self, text: str, limit: int, *, deleted: bool = False) -> list[dict[str, Any]]:
        words = slug(text).split("-") if text else []
        found = []
        for person in self.people.values():
            if person["deletedDateTime"] and not deleted:
                continue
            haystack = slug(f"{person['displayName']} {person['mail']} {person['userPrincipalName']} {person['id']}")
            if all(word in haystack for word in words):
                found.append(person)
                if len(found) >= limit:
                    break
        return found

    def is_admin(self, id_: str) -> bool:
        return GLOBAL_ADMINISTRATOR in self.roles.get(id_, [])

    def admins(self) -> list[dict[str, Any]]:
        return [self.people[id_] for id_ in self.roles if id_ in self.people and self.is_admin(id_)]

    # -- groups ---------------------------------------------------------------------------------------

    def add_group(self, displayName: str, members: Iterable[str] = (), **fields: Any) -> dict[str, Any]:
        unknown = set(fields) - GROUP_PROPERTIES
        if unknown:
            raise Refused(f"unknown properties of a group: {', '.join(sorted(unknown))}")
        check_types(fields | {"displayName": displayName})
        id_ = fields.pop("id", None) or self.new_id("group")
        if id_ in self.groups:
            raise Refused(f"a group with the id {id_} exists already")
        group = {
            "id": id_,
            "displayName": displayName,
            "description": None,
            "mail": None,
            "mailEnabled": False,
            "mailNickname": slug(displayName),
            "securityEnabled": True,
            "groupTypes": [],
            "visibility": None,
            "createdDateTime": "2024-09-02T08:00:00Z",
            "deletedDateTime": None,
        }
        self.groups[id_] = group | fields
        self.members[id_] = {}
        self._touch(Change("group", id_))
        self.change_members(id_, add=members)
        return self.groups[id_]

    def change_group(self, id_: str, **fields: Any) -> dict[str, Any]:
        group = self.group(id_)
        unknown = set(fields) - (GROUP_PROPERTIES - {"id"})
        if unknown:
            raise Refused(f"cannot change: {', '.join(sorted(unknown))}")
        check_types(fields)
        group.update(fields)
        self._touch(Change("group", id_))
        return group

    def delete_group(self, id_: str) -> None:
        self.group(id_)
        del self.groups[id_]
        del self.members[id_]
        for members in self.members.values():
            members.pop(id_, None)
        self._touch(Change("group", id_, "deleted"))

    def group(self, id_: str) -> dict[str, Any]:
        try:
            return self.groups[id_]
        except KeyError:
            raise Missing(f"no group {id_} in {self.name}") from None

    def add_device(self, name: str) -> dict[str, Any]:
        id_ = self.new_id("device")
        self.devices[id_] = {"id": id_, "displayName": name, "accountEnabled": True, "operatingSystem": "Windows"}
        return self.devices[id_]

    def change_members(self, gid: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
        self.group(gid)
        members = self.members[gid]
        changes = []
        for id_ in add:
            if id_ == gid or (id_ not in self.people and id_ not in self.groups and id_ not in self.devices):
                raise Refused(f"{id_} cannot be a member: no such person, group or device in {self.name}")
            if id_ not in members:
                members[id_] = None
                changes.append(Change("member", gid, member=id_))
        for id_ in remove:
            if id_ in members:
                del members[id_]
                changes.append(Change("member", gid, "deleted", id_))
        self._touch(*changes)

    def kind(self, id_: str) -> str:
        return "user" if id_ in self.people else "group" if id_ in self.groups else "device"

    def _alive(self, id_: str) -> bool:
        person = self.people.get(id_)
        return person is None or not person["deletedDateTime"]

    def direct(self, gid: str) -> tuple[str, ...]:
        return self._list(gid, "direct")

    def transitive(self, gid: str) -> tuple[str, ...]:
        return self._list(gid, "transitive")

    def users_of(self, gid: str, reach: str) -> tuple[str, ...]:
        return self._list(gid, f"{reach} users")

    def _list(self, gid: str, kind: str) -> tuple[str, ...]:
        key = (gid, kind)
        if key not in self._lists:
            self._lists[key] = self._compute(gid, kind)
        return self._lists[key]

    def _compute(self, gid: str, kind: str) -> tuple[str, ...]:
        if kind.endswith(" users"):
            return tuple(id_ for id_ in self._list(gid, kind.removesuffix(" users")) if id_ in self.people)
        if kind == "direct":
            return tuple(id_ for id_ in self.members[gid] if self._alive(id_))
        seen: dict[str, None] = {}
        waiting = deque([gid])
        while waiting:
            for id_ in self.members[waiting.popleft()]:
                if id_ == gid or id_ in seen or not self._alive(id_):
                    continue
                seen[id_] = None
                if id_ in self.groups:
                    waiting.append(id_)
        return tuple(seen)

    # -- outside --------------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        return {
            "tid": self.tid, "name": self.name, "domain": self.domain, "city": self.city,
            "page_size": self.page_size, "shuffle": self.shuffle, "consents": self.consents,
            "people": list(self.people.values()), "groups": list(self.groups.values()),
            "devices": list(self.devices.values()), "roles": self.roles, "serial": self.serial,
            "photos": self.photos,
            "members": {gid: list(members) for gid, members in self.members.items()},
        }  # fmt: skip

    @classmethod
    def restored(cls, data: dict[str, Any]) -> "Organisation":
        for kind in ("people", "groups", "devices"):
            data[kind] = {item["id"]: item for item in data[kind]}
        data["members"] = {gid: dict.fromkeys(ids) for gid, ids in data["members"].items()}
        return cls(**data)
