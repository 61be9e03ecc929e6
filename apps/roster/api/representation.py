"""People and groups as SCIM resources, and back."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from scim2_models import Context, Meta, Reference, Resource

from apps.accounts.models import User as Person

from ..models import ProvisionedGroup, ProvisionedMember
from ..services.provisioning import GroupSaid, Said, is_active
from .schema import Email, EnterpriseUser, Group, GroupMember, GroupMembership, Name, PersonResource, User

NAME_PARTS = ("formatted", "given_name", "family_name")


def person_resource(person: Person, base: str, groups: Iterable[tuple[UUID, str]] = ()) -> Any:
    """`base` is the address of the endpoint, without a slash at its end."""
    known = getattr(person, "provisioned", None)
    location = f"{base}/Users/{person.pk}"
    extension = EnterpriseUser(employee_number=person.external_id or None, department=person.department or None)
    resource = PersonResource(
        schemas=[str(User.__schema__), str(EnterpriseUser.__schema__)],
        id=str(person.pk),
        external_id=(known.external_id if known else "") or None,
        user_name=known.user_name if known else person.email,
        name=_name(person, known),
        display_name=(known.display_name or None) if known else person.name,
        title=person.job_title or None,
        active=is_active(person),
        emails=_emails(person, known.emails if known else None),
        groups=[
            GroupMembership(value=str(pk), ref=Reference(f"{base}/Groups/{pk}"), display=name, type="direct")
            for pk, name in groups
        ]
        or None,
        meta=Meta(
            resource_type="User",
            created=known.created_at if known else person.created_at,
            last_modified=known.changed_at if known else person.created_at,
            location=location,
        ),
    )
    resource[EnterpriseUser] = extension
    return _versioned(resource)


def _name(person: Person, known: Any) -> Name | None:
    """The parts are the account's; the whole is the provider's word while the parts are. Unassigned stays so."""
    said: dict[str, str] | None = known.said_name if known else None
    if said == {}:
        return None
    parts = {"given_name": person.given_name, "family_name": person.family_name}
    whole = ""
    if said and all(said.get(name, "") == value for name, value in parts.items()):
        whole = said.get("formatted", "")
    return Name(
        formatted=whole or person.name,
        **{name: value or None for name, value in parts.items()},
    )


def forget_stale_whole(name: Name | None, before: Name | None) -> None:
    """Whoever changes a part of a name and says nothing of the whole does not want the whole to contradict it."""
    if name is None or before is None or name.formatted != before.formatted:
        return
    if (name.given_name, name.family_name) != (before.given_name, before.family_name):
        name.formatted = None


def asked_active(person: Person) -> bool:
    """Whether the provider wants the account open, as far as it has said: a suspension that waits was asked for."""
    known = getattr(person, "provisioned", None)
    return is_active(person) and not (known and known.pending == known.Pending.SUSPEND)


def _emails(person: Person, said: Any) -> list[Email]:
    """As the provider said them, but the address that counts is the account's."""
    if not said:
        return [Email(value=person.email, type="work", primary=True)] if said is None else []
    values = [str(one.get("value", "")).lower() for one in said]
    emails = [Email(value=one.get("value"), type=one.get("type"), primary=one.get("primary")) for one in said]
    if person.email.lower() not in values:
        place = next((n for n, one in enumerate(said) if one.get("primary")), 0)
        emails[place].value = person.email
    return emails


def group_resource(group: ProvisionedGroup, base: str, *, with_people: bool = True) -> Any:
    members = None
    if with_people:
        people = ProvisionedMember.objects.filter(group=group).order_by("user_id").values_list("user_id", flat=True)
        members = [
            GroupMember(value=str(user_id), ref=Reference(f"{base}/Users/{user_id}"), type="User") for user_id in people
        ]
    return _versioned(
        Group(
            id=str(group.pk),
            external_id=group.external_id or None,
            display_name=group.name,
            members=members or None,
            meta=Meta(
                resource_type="Group",
                created=group.created_at,
                last_modified=group.changed_at,
                location=f"{base}/Groups/{group.pk}",
            ),
        )
    )


def _versioned(resource: Resource[Any]) -> Resource[Any]:
    """A version is what stands in the resource: it changes with every change, whoever makes it."""
    content = json.dumps(resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), sort_keys=True, default=str)
    assert resource.meta is not None
    resource.meta.version = f'W/"{hashlib.sha256(content.encode()).hexdigest()[:20]}"'
    return resource


def said_of(resource: Any) -> Said:
    """What a resource says about a person."""
    extension = resource[EnterpriseUser]
    name = {part: value for part in NAME_PARTS if (value := getattr(resource.name, part, None))}
    given, family = name.get("given_name", ""), name.get("family_name", "")
    if not given and not family:  # the whole name, or the name to show, is better than none
        given, _space, family = (name.get("formatted") or resource.display_name or "").strip().partition(" ")
        given, family = (given, family.strip()) if family else ("", given)
    return Said(
        user_name=(resource.user_name or "").strip(),
        external_id=resource.external_id or "",
        display_name=resource.display_name or "",
        name=name,
        given_name=given,
        family_name=family,
        job_title=resource.title or "",
        department=(extension.department if extension else "") or "",
        number=(extension.employee_number if extension else "") or "",
        emails=None if resource.emails is None else tuple(_email(one) for one in resource.emails),
        active=resource.active is not False,
    )


def _email(one: Email) -> dict[str, Any]:
    facts: Mapping[str, Any] = {"value": one.value, "type": one.type, "primary": one.primary}
    return {name: value for name, value in facts.items() if value is not None}


def group_said_of(resource: Any, *, with_people: bool = True) -> GroupSaid:
    people = frozenset(UUID(one.value) for one in resource.members or [] if one.value) if with_people else None
    return GroupSaid(name=resource.display_name or "", external_id=resource.external_id or "", people=people)
