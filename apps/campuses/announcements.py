"""What is told to others about campuses and who is there (apps.outgoing). Memberships: by the triggers of migration
0005, so also those that a directory run or an import changes by the thousand."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from apps.accounts.announcements import PersonNamed
from apps.audit.models import AuditEvent
from apps.outgoing.catalogue import News, event_type

from .models import Campus
from .services import campuses


class CampusNamed(News):
    id: UUID = Field(examples=["0192f0c1-9b1e-7c11-8d0a-5b1f0c2d3e4f"])
    code: str = Field(examples=["LYO"])
    name: str = Field(examples=["Lyon"])


class CampusNews(CampusNamed):
    """A campus as it was just after it."""

    time_zone: str = Field(examples=["Europe/Paris"])
    archived: bool = Field(examples=[False])


class Before(News):
    state: str = Field(examples=[""], description="active, suspended, stale or ended; empty: there was none.")
    role: str = Field(examples=[""])


class MembershipNews(News):
    """Somebody at a campus, as it was just after it."""

    id: UUID = Field(examples=["0192f0c1-a0aa-7e10-b1f2-0c2d3e4f5a6b"])
    user: PersonNamed
    campus: CampusNamed
    role: str = Field(examples=["member"], description="alumni, member, staff or manager")
    state: str = Field(examples=["active"], description="active, suspended, stale or ended")
    source: str = Field(examples=["directory"], description="directory, invitation, import, scim or manual")
    cause: str = Field(examples=["listed"], description="Why it changed.")
    previous: Before


def _campus_news(campus: Campus, event: AuditEvent) -> CampusNews:
    return CampusNews(
        id=campus.pk, code=campus.code, name=campus.name, time_zone=campus.time_zone, archived=campus.is_archived
    )


event_type("membership.started", _("Person became a member of a campus"), MembershipNews)
event_type("membership.changed", _("Role of a member of a campus changed"), MembershipNews)
event_type("membership.suspended", _("Campus membership suspended"), MembershipNews)
event_type("membership.resumed", _("Campus membership active again"), MembershipNews)
event_type("membership.lapsing", _("Campus membership ends soon: no source lists it any more"), MembershipNews)
event_type("membership.ended", _("Campus membership ended"), MembershipNews)
for code, title, act in (
    ("campus.created", _("Campus created"), campuses.CAMPUS_CREATED),
    ("campus.updated", _("Campus changed"), campuses.CAMPUS_CHANGED),
    ("campus.archived", _("Campus archived"), campuses.CAMPUS_ARCHIVED),
    ("campus.restored", _("Campus opened again"), campuses.CAMPUS_RESTORED),
):
    event_type(code, title, CampusNews, act=act, describe=_campus_news)
