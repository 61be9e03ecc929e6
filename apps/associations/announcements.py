"""What is told to others about associations (apps.outgoing). One act at a time, with its line of the audit trail."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from apps.accounts.announcements import PersonNamed
from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.outgoing.catalogue import News, event_type

from . import acts
from .models import Association, Mandate, Membership


class AssociationNamed(News):
    id: UUID = Field(examples=["0192f0c1-9b1e-7c11-8d0a-5b1f0c2d3e4f"])
    slug: str = Field(examples=["cine-club"])
    name: str = Field(examples=["Ciné-club"])


class AssociationNews(AssociationNamed):
    """An association as it was just after it."""

    kind: str = Field(examples=["culture"])
    status: str = Field(examples=["approved"], description="submitted, refused, approved, dormant or dissolved")
    opens_on: date | None = Field(examples=["2026-09-01"], description="The first day of its first board.")
    frozen: bool = Field(examples=[False])


class MemberNews(News):
    """Somebody in an association, as it was just after it."""

    id: UUID = Field(examples=["0192f0c1-a0aa-7e10-b1f2-0c2d3e4f5a6b"])
    user: PersonNamed
    association: AssociationNamed
    state: str = Field(examples=["member"], description="pending, member, left or refused")
    source: str = Field(examples=["joined"], description="joined, asked, added or founder")

    @property
    def person_id(self) -> UUID:
        return self.user.id


class MandateNews(News):
    """Somebody in an office, from one day until another, which is no part of it."""

    id: UUID = Field(examples=["0192f0c1-b0bb-7e10-b1f2-0c2d3e4f5a6b"])
    user: PersonNamed
    association: AssociationNamed
    office: str = Field(examples=["treasurer"])
    starts_on: date = Field(examples=["2026-09-01"])
    ends_on: date = Field(examples=["2027-09-01"])

    @property
    def person_id(self) -> UUID:
        return self.user.id


def _person(user: User) -> PersonNamed:
    return PersonNamed(id=user.pk, email=user.email, given_name=user.given_name, family_name=user.family_name)


def _named(association: Association) -> AssociationNamed:
    return AssociationNamed(id=association.pk, slug=association.slug, name=association.name)


def _association(target: Association, event: AuditEvent) -> AssociationNews:
    return AssociationNews(
        id=target.pk, slug=target.slug, name=target.name, kind=target.kind, status=target.status,
        opens_on=target.opens_on, frozen=target.is_frozen,
    )  # fmt: skip


def _member(target: Membership, event: AuditEvent) -> MemberNews:
    return MemberNews(
        id=target.pk, user=_person(target.user), association=_named(target.association), state=target.state,
        source=target.source,
    )  # fmt: skip


def _mandate(target: Mandate, event: AuditEvent) -> MandateNews:
    return MandateNews(
        id=target.pk, user=_person(target.user), association=_named(target.office.association),
        office=target.office.code, starts_on=target.starts_on, ends_on=target.ends_on,
    )  # fmt: skip


DECLARED: tuple[tuple[str, Any, type[News], str, Any], ...] = (
    ("association.submitted", _("Association asked for"), AssociationNews, acts.SUBMITTED, _association),
    ("association.approved", _("Association approved"), AssociationNews, acts.APPROVED, _association),
    ("association.refused", _("Association refused"), AssociationNews, acts.REFUSED, _association),
    ("association.updated", _("Association changed"), AssociationNews, acts.CHANGED, _association),
    ("association.frozen", _("Association frozen"), AssociationNews, acts.FROZEN, _association),
    ("association.unfrozen", _("Association no longer frozen"), AssociationNews, acts.UNFROZEN, _association),
    ("association.dormant", _("Association made dormant"), AssociationNews, acts.DORMANT, _association),
    ("association.woken", _("Association active again"), AssociationNews, acts.WOKEN, _association),
    ("association.renewed", _("Association renewed"), AssociationNews, acts.RENEWED, _association),
    ("association.dissolved", _("Association dissolved"), AssociationNews, acts.DISSOLVED, _association),
    ("mandate.named", _("Appointed to an office of an association"), MandateNews, acts.APPOINTED, _mandate),
    ("mandate.ended", _("Mandate in an association ended early"), MandateNews, acts.MANDATE_ENDED, _mandate),
    ("member.requested", _("Asked to join an association"), MemberNews, acts.ASKED_TO_JOIN, _member),
    ("member.joined", _("Joined an association"), MemberNews, acts.JOINED, _member),
    ("member.admitted", _("Admitted to an association"), MemberNews, acts.ADMITTED, _member),
    ("member.refused", _("Not admitted to an association"), MemberNews, acts.NOT_ADMITTED, _member),
    ("member.added", _("Added to an association"), MemberNews, acts.MEMBER_ADDED, _member),
    ("member.left", _("Left an association"), MemberNews, acts.LEFT, _member),
    ("member.removed", _("Removed from an association"), MemberNews, acts.MEMBER_REMOVED, _member),
)
for code, title, content, act, describe in DECLARED:
    event_type(code, title, content, act=act, describe=describe)
