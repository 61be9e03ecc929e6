"""What people are told about associations. Each message once per cause."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.selectors import people_who_may
from apps.core.actor import Actor
from apps.notifications.models import CommunicationLog
from apps.notifications.services import send
from apps.tenants.context import current
from apps.tenants.hosts import school_url

from .. import messages, selectors
from ..models import Association, Founder, Mandate, Membership, MembershipState, RequestEvent, RequestStep
from ..permissions import ASSOCIATIONS_DECIDE, MEMBERS_MANAGE


def _send(
    template: str, user: User, cause: str, link: str, *, secret_link: str = "", **context: Any
) -> CommunicationLog:
    facts = {
        "name": user.get_short_name(),
        "school_name": current().name,
        "url": school_url(current(), secret_link or link),
    }
    return send(
        template=template, to=user.email, user_id=user.pk, language=user.locale, cause=cause, link=link,
        context={**facts, **context},
    )  # fmt: skip


def request_came_in(association: Association, by: Actor) -> None:
    """Those who decide about requests: once each time it is sent."""
    assert association.submitted_at is not None
    cause = f"association-request:{association.pk}:{association.submitted_at.isoformat()}"
    for user in people_who_may(ASSOCIATIONS_DECIDE):
        _send(
            messages.REQUEST_IN.code, user, f"{cause}:{user.pk}", _page("request", association),
            association=association.name, by=by.label,
        )  # fmt: skip


def request_moved(association: Association, said: RequestEvent, *, without: UUID | None) -> None:
    founders = Founder.objects.filter(association=association, declined_at=None).exclude(user=without)
    for founder in founders.select_related("user"):
        _send(
            messages.REQUEST_MOVED.code, founder.user, f"association-moved:{said.pk}:{founder.user_id}",
            _page("request", association), association=association.name, by=said.actor,
            step=RequestStep(said.step).label, words=said.text,
        )  # fmt: skip


def founder_named(association: Association, user: User, actor: Actor, now: datetime) -> None:
    _send(
        messages.FOUNDER_NAMED.code, user, f"association-founder:{association.pk}:{user.pk}:{now.date()}",
        _page("request", association), association=association.name, by=actor.label,
    )  # fmt: skip


def appointed(mandate: Mandate, actor: Actor) -> None:
    _send(
        messages.APPOINTED.code, mandate.user, f"association-appointed:{mandate.pk}",
        _page("detail", mandate.office.association), association=mandate.office.association.name, by=actor.label,
        office=lambda: mandate.office.title, starts=mandate.starts_on, ends=mandate.ends_on,
    )  # fmt: skip


def join_asked(membership: Membership, now: datetime) -> None:
    """Those of the board who may admit."""
    association = membership.association
    for mandate in officers(association, now, giving=MEMBERS_MANAGE.code):
        _send(
            messages.JOIN_ASKED.code, mandate.user,
            f"association-join:{membership.pk}:{membership.asked_at.isoformat()}:{mandate.user_id}",
            f"{_page('members', association)}?state=pending", association=association.name, by=membership.user.name,
        )  # fmt: skip


def join_decided(membership: Membership, now: datetime) -> None:
    _send(
        messages.JOIN_DECIDED.code, membership.user, f"association-joined:{membership.pk}:{now.isoformat()}",
        _page("detail", membership.association), association=membership.association.name, by=membership.decided_by,
        admitted=membership.state == MembershipState.MEMBER,
    )  # fmt: skip


def frozen(association: Association, now: datetime) -> None:
    cause = f"association-frozen:{association.pk}:{now.isoformat()}"
    for mandate in officers(association, now):
        _send(
            messages.FROZEN.code, mandate.user, f"{cause}:{mandate.user_id}",
            _page("detail", association), association=association.name, by="", words=association.frozen_reason,
        )  # fmt: skip


def farewell(association: Association) -> int:
    """Every member, once; how many there are."""
    rows = Membership.objects.filter(association=association, state=MembershipState.MEMBER).select_related("user")
    for membership in rows:
        _send(
            messages.FAREWELL.code, membership.user, f"association-farewell:{membership.pk}",
            _page("detail", association), association=association.name, by="",
        )  # fmt: skip
    return len(rows)


def officers(association: Association, now: datetime, *, giving: str = "") -> Iterable[Mandate]:
    """The board of today, each person once; `giving`: only offices that give this permission."""
    found: dict[UUID, Mandate] = {}
    for mandate in selectors.board_on(association, selectors.today_at(association, now)):
        if not giving or giving in mandate.office.permissions:
            found.setdefault(mandate.user_id, mandate)
    return found.values()


def renewal(user: User, association: Association, cause: str, secret_link: str, **context: Any) -> CommunicationLog:
    """The link in the mail confirms without a sign-in, so the bell leads to the page that asks for one."""
    return _send(
        messages.RENEWAL.code, user, cause, _page("workspace", association), secret_link=secret_link,
        association=association.name, by="", **context,
    )  # fmt: skip


def _page(name: str, association: Association) -> str:
    return reverse(f"associations:{name}", args=[association.pk])
