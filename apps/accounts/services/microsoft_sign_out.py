"""Signing out at Microsoft: theirs ends ours (front channel), and ours offers to end theirs (OpenID Connect)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.audit.services import record
from apps.core.actor import Actor
from apps.microsoft import identity
from apps.microsoft.registration import REAL_LOGIN_URL, is_configured, sign_in_app
from apps.tenants.context import activated, current, platform
from apps.tenants.hosts import platform_url
from apps.tenants.models import ProviderBinding, School

from .. import acts, selectors
from ..models import Identity, Session, User
from ..rules import idle_time

SIGNED_OUT = "/sso/signed-out"
LIKE_A_SESSION = re.compile(r"[\w.-]{8,120}", re.ASCII)
TENANT = re.compile(r"/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/v2\.0/?")


def end_by_provider(*, issuer: str, session_id: str, actor: Actor, now: datetime) -> int:
    """End every session that came from this session at Microsoft, in the school of that organisation; how many.

    Nothing proves who asks, and nothing has to: whoever knows the random id of a session may end it, as its cookie's
    holder may. Unknown ids and organisations end nothing. Doing it twice changes nothing.
    """
    school = _school_of(issuer)
    if school is None or not LIKE_A_SESSION.fullmatch(session_id):
        return 0
    with activated(school), transaction.atomic():
        found = Session.objects.filter(
            provider_session=session_id, signed_in_by=Session.Way.MICROSOFT, ended_at__isnull=True
        )
        people = set(found.exclude(user=None).values_list("user_id", flat=True))
        ended = found.end(Session.Ended.AT_PROVIDER, now)
        for user in User.objects.filter(pk__in=people) if ended else ():
            record(actor=actor, act=acts.SIGNED_OUT_AT_MICROSOFT, target=user, data={"signed_out": ended})
    return ended


@dataclass(frozen=True, slots=True)
class Living:
    """A session that began at Microsoft, and whose it is, here and there."""

    session_id: UUID
    user_id: UUID
    began_at: datetime
    object_id: str


def living_sessions(tenant_id: str, now: datetime) -> list[Living]:
    """Those of people whom this organisation knows, the latest used first."""
    living = Session.objects.living(now, idle_time()).filter(
        signed_in_by=Session.Way.MICROSOFT, user__identities__tenant_id=tenant_id
    )
    columns = ("pk", "user_id", "created_at", "user__identities__object_id")
    return [Living(*row) for row in living.order_by("-last_seen_at").values_list(*columns)]


@transaction.atomic
def end_revoked(*, actor: Actor, tenant_id: str, valid_from: Mapping[str, datetime], now: datetime) -> int:
    """End the sessions that began before the moment from which Microsoft lets a person's sessions count; how many."""
    living = [one for one in living_sessions(tenant_id, now) if one.object_id in valid_from]
    revoked = [one for one in living if one.began_at < valid_from[one.object_id]]
    ended = Session.objects.filter(pk__in=[one.session_id for one in revoked]).end(Session.Ended.REVOKED, now)
    for user in User.objects.filter(pk__in={one.user_id for one in revoked}):
        record(actor=actor, act=acts.REVOKED_AT_MICROSOFT, target=user, at=now)
    return ended


def _school_of(issuer: str) -> School | None:
    """The open school that is bound to the organisation an issuer names."""
    login_url = sign_in_app().login_url if is_configured() else REAL_LOGIN_URL
    named = TENANT.fullmatch(issuer.removeprefix(login_url)) if issuer.startswith(login_url) else None
    if named is None:
        return None
    with platform():
        bound = ProviderBinding.objects.select_related("school").filter(
            provider=ProviderBinding.Provider.MICROSOFT, external_id=named[1]
        )
        binding = bound.first()
    return binding.school if binding and binding.school.is_open else None


def account_of(user_id: UUID | None) -> str:
    """What names the Microsoft account that a person signed in with last, to `leave_url`; "" for none."""
    used = selectors.identities_of(user_id).order_by(F("last_used_at").desc(nulls_last=True)) if user_id else []
    return next((str(row.pk) for row in used), "")


def leave_url(account: str = "") -> str:
    """Where a person of the active school ends the session at Microsoft too, and comes back; "" without one.

    `account` says whose (`account_of`), so that Microsoft need not ask.
    """
    binding = selectors.linked_organisation()
    if binding is None or not is_configured():
        return ""
    known = Identity.objects.filter(pk=account, tenant_id=binding.external_id).first() if account else None
    return identity.logout_url(
        sign_in_app(),
        post_logout_redirect_uri=platform_url(SIGNED_OUT),
        tenant_id=binding.external_id,
        state=current().slug,
        login_hint=known.login_hint if known else "",
    )
