"""What Graph says about people, groups and organisations, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from .errors import GraphConfused, GraphForbidden

PERSON_FIELDS: Final = (
    "id,userPrincipalName,mail,givenName,surname,displayName,accountEnabled,userType,department,jobTitle"
)
VALID_FROM: Final = "signInSessionsValidFromDateTime"
GROUP_FIELDS: Final = "id,displayName,description,mail,securityEnabled,groupTypes"
ORGANISATION_FIELDS: Final = "id,displayName,verifiedDomains"
USER_TYPE: Final = "#microsoft.graph.user"


@dataclass(frozen=True, slots=True)
class DirectoryPerson:
    """A member as the directory has it. `enabled` is None where the permission does not show it."""

    object_id: str
    upn: str
    mail: str
    given_name: str
    surname: str
    display_name: str
    enabled: bool | None
    user_type: str
    department: str
    job_title: str


@dataclass(frozen=True, slots=True)
class DirectoryGroup:
    object_id: str
    name: str
    description: str
    mail: str
    is_security_group: bool


@dataclass(frozen=True, slots=True)
class Organization:
    tenant_id: str
    name: str
    domains: tuple[str, ...]


def is_hidden(item: Mapping[str, Any]) -> bool:
    """Whether Graph returned an id and nulls, as it does with members that a permission does not cover."""
    if "@removed" in item:
        return False
    return all(value is None for name, value in item.items() if name != "id" and not name.startswith("@"))


def is_removed(item: Mapping[str, Any]) -> bool:
    """Whether a delta query says that this is gone (or no longer a member)."""
    return "@removed" in item


def changed_members(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a delta query says about the members of a group, in its order."""
    listed = item.get("members@delta", [])
    if not isinstance(listed, list) or not all(isinstance(member, dict) for member in listed):
        raise GraphConfused("changed members that are no list")
    return listed


def object_id(item: Mapping[str, Any]) -> str:
    """The id of any object."""
    return _object_id(item)


def is_person(item: Mapping[str, Any]) -> bool:
    return bool(item.get("@odata.type", USER_TYPE) == USER_TYPE)


def person_from(item: Mapping[str, Any]) -> DirectoryPerson:
    """A person, or an error: someone without a sign-in name is someone we may not see."""
    upn = _text(item, "userPrincipalName")
    if not upn:
        raise GraphForbidden("a member came without its sign-in name")
    enabled = item.get("accountEnabled")
    return DirectoryPerson(
        object_id=_object_id(item),
        upn=upn,
        mail=_text(item, "mail"),
        given_name=_text(item, "givenName"),
        surname=_text(item, "surname"),
        display_name=_text(item, "displayName"),
        enabled=enabled if isinstance(enabled, bool) else None,
        user_type=_text(item, "userType"),
        department=_text(item, "department"),
        job_title=_text(item, "jobTitle"),
    )


def group_from(item: Mapping[str, Any]) -> DirectoryGroup:
    if is_hidden(item):
        raise GraphForbidden("a group came without its name")
    return DirectoryGroup(
        object_id=_object_id(item),
        name=_text(item, "displayName"),
        description=_text(item, "description"),
        mail=_text(item, "mail"),
        is_security_group=item.get("securityEnabled") is True,
    )


def organization_from(item: Mapping[str, Any]) -> Organization:
    listed = item.get("verifiedDomains")
    domains = [entry.get("name") for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    return Organization(
        tenant_id=_object_id(item).lower(),
        name=_text(item, "displayName"),
        domains=tuple(domain.lower() for domain in domains if isinstance(domain, str) and domain),
    )


def moment(item: Mapping[str, Any], name: str) -> datetime | None:
    """A time with its zone; None for anything else."""
    value = item.get(name)
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _object_id(item: Mapping[str, Any]) -> str:
    value = item.get("id")
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise GraphConfused("an object came without its id")
    return value


def _text(item: Mapping[str, Any], name: str) -> str:
    """PostgreSQL text cannot hold NUL; nothing in a name needs other control characters either."""
    value = item.get(name)
    if not isinstance(value, str):
        return ""
    if not value.isprintable():  # rare: letter by letter only then, as fifty thousand people are read like this
        value = "".join(letter for letter in value if letter.isprintable())
    return value.strip()[:320]
