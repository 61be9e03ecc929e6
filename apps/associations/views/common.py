"""What the pages share."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.navigation import layout_of
from apps.core.ui import Tab

from ..eligibility import Check
from ..hooks import association_tabs
from ..models import Association
from ..permissions import APPOINT, ASSOCIATIONS_DECIDE, ASSOCIATIONS_OVERSEE, EDIT, MEMBERS_MANAGE, WORKSPACE
from ..selectors import get_association, open_renewal, today_at
from ..services import looks
from ..terms import shown_status

Crumbs = list[tuple[Any, str]]


def url(name: str, *args: Any) -> str:
    return reverse(f"associations:{name}", args=args)


def found(request: HttpRequest, association_id: UUID) -> Association:
    """The association of the address. Raises NotVisible."""
    return get_association(actor=request.actor, association_id=association_id, now=timezone.now())


def entered(request: HttpRequest, association_id: UUID, what: str) -> Association:
    """The same for an inner page: the school's look is written down first."""
    association = found(request, association_id)
    looks.enter(actor=request.actor, association=association, what=what, now=timezone.now())
    return association


def crumbs(request: HttpRequest, association: Association | None, *rest: tuple[Any, str]) -> Crumbs:
    """From the table for those who oversee, from the directory for everybody else."""
    oversees = ASSOCIATIONS_OVERSEE.allows(request.actor)
    found: Crumbs = [(_("Associations"), url("oversight" if oversees else "list"))]
    if association is not None:
        name = "request" if association.is_request else "detail"
        found.append((association.name, url(name, association.pk) if rest else ""))
    return [*found, *rest]


def frame(request: HttpRequest, association: Association, current: str = "") -> dict[str, Any]:
    """Heading, breadcrumbs, tabs and what the actor may do: for every page of one association."""
    actor, now = request.actor, timezone.now()
    tabs = [Tab("detail", _("Page"), url=url("detail", association.pk))]
    inside = not association.is_request and WORKSPACE.allows(actor, association)
    if inside:
        tabs += [
            Tab("workspace", _("Workspace"), url=url("workspace", association.pk)),
            Tab("members", _("Members"), association.member_count, url=url("members", association.pk)),  # type: ignore[attr-defined]
            Tab("board", _("Board"), url=url("board", association.pk)),
        ]
    tabs += [tab for found in association_tabs.send(actor=actor, association=association) for tab in found]
    if inside and ASSOCIATIONS_DECIDE.allows(actor, association):
        tabs.append(Tab("school", _("School"), url=url("school", association.pk)))
    return {
        "layout": layout_of(request),
        "association": association,
        "status": status_of(association, now),
        "tabs": tabs if len(tabs) > 1 else [],
        "crumbs": crumbs(request, association),
        "can_edit": EDIT.allows(actor, association),
        "can_manage_members": MEMBERS_MANAGE.allows(actor, association),
        "can_appoint": APPOINT.allows(actor, association),
        "can_decide": ASSOCIATIONS_DECIDE.allows(actor, association),
        "inside": inside,
    }


def status_of(association: Association, now: datetime) -> str:
    if association.is_frozen:
        return "frozen"
    return shown_status(association.status, association.opens_on, today_at(association, now))


def is_late(association: Association, now: datetime) -> bool:
    renewal = open_renewal(association)
    return renewal is not None and renewal.campaign.deadline < today_at(association, now)


def faults(checks: Iterable[Check]) -> list[Check]:
    return [check for check in checks if not check.ok]
