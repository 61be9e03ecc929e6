"""What is told to others about people and their roles (apps.outgoing). People: by the triggers of migration 0015."""

from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from apps.audit.models import AuditEvent
from apps.outgoing.catalogue import News, event_type

from . import acts
from .models import User

PersonId = Annotated[UUID, Field(examples=["0192f0c1-7c3e-7d2a-9a52-3f6f2b1c9e10"])]


class PersonNamed(News):
    """Who it is about, as they are called then."""

    id: PersonId
    email: str = Field(examples=["camille.martin@example.org"])
    given_name: str = Field(examples=["Camille"])
    family_name: str = Field(examples=["Martin"])


class PersonNews(PersonNamed):
    """A person as they were just after it."""

    status: str = Field(examples=["active"], description="pending, active, suspended or departed")
    department: str = Field(examples=["Computer science"])
    job_title: str = Field(examples=["Student"])
    external_id: str | None = Field(
        examples=["P-1001"], description="Their id at the user service, if they came from it."
    )


class PersonChanged(PersonNews):
    changed: list[str] = Field(examples=[["family_name"]], description="The fields that are different now.")


class PersonErased(News):
    """Nothing but the id is left: delete what you keep of this person."""

    id: PersonId


class RoleNews(News):
    """Somebody got a role, got it for another period, or lost it."""

    user: PersonNamed
    role: str = Field(
        examples=["admin"], description="The code of a built-in role, or the name of one of the school's own."
    )
    scope_kind: str = Field(examples=["school"], description="school, campus or association")
    scope_id: str | None = Field(examples=[None])
    ends_on: str | None = Field(examples=["2027-07-31"], description="Its last day, where it has one.")

    @property
    def person_id(self) -> UUID:
        return self.user.id


def _role_news(user: User, event: AuditEvent) -> RoleNews:
    named = PersonNamed(id=user.pk, email=user.email, given_name=user.given_name, family_name=user.family_name)
    facts = {name: event.data.get(name) for name in ("role", "scope_kind", "scope_id", "ends_on")}
    return RoleNews(user=named, **facts)


event_type("user.created", _("Person added"), PersonNews)
event_type("user.updated", _("Name, e-mail or function of a person changed"), PersonChanged)
event_type("user.activated", _("Account of a person activated"), PersonNews)
event_type("user.suspended", _("Person suspended"), PersonNews)
event_type("user.reinstated", _("Suspended or departed person let in again"), PersonNews)
event_type("user.departed", _("Person left the school"), PersonNews)
event_type("user.erased", _("Data of a person erased"), PersonErased)
event_type("role.granted", _("Role given, or its period changed"), RoleNews, act=acts.ROLE_GRANTED, describe=_role_news)
event_type("role.revoked", _("Role taken back"), RoleNews, act=acts.ROLE_REVOKED, describe=_role_news)
