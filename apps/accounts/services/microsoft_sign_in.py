"""The journey to Microsoft and back (IDN-3).

It begins on the school's host, in one browser; it comes back to the platform's one callback host, which finds out
who came back; it ends on the school's host, where a one-time ticket and the browser that began must match.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.core.ratelimit import network
from apps.microsoft import identity
from apps.microsoft.identity import IdClaims
from apps.microsoft.login import ORGANISATIONS
from apps.microsoft.refusals import Reason, SignInRefused, refusal
from apps.microsoft.registration import directory_app, sign_in_app
from apps.tenants.context import activated, current, platform
from apps.tenants.hosts import platform_url, school_url
from apps.tenants.models import School

from .. import known_browsers, selectors
from ..credentials import digest, new_secret
from ..models import Identity, Invitation, Session, SignInFlow, User
from . import invitations, linking, signing_in, step_up
from .limits import MICROSOFT_ADDRESS, MICROSOFT_BROWSER, TooManyAttempts

Purpose = SignInFlow.Purpose
LIKE_A_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
LIKE_A_SLUG = re.compile(r"[a-z0-9-]{1,40}")
FLOW_LIVES = timedelta(minutes=15)
TICKET_LIVES = timedelta(seconds=60)
AUTH_TIME = '{"id_token":{"auth_time":{"essential":true}}}'
CALLBACK, CONSENT_CALLBACK = "/sso/callback", "/sso/consent"


class NotLinked(DomainError):
    """The school has no Microsoft organisation."""

    code = "microsoft-not-linked"

    def __init__(self) -> None:
        super().__init__(_("This school has not linked its Microsoft organisation yet. Sign in with your password."))


class FlowLost(DomainError):
    """The way back does not belong to this browser, was used, is too old, or was never begun."""

    code = "sign-in-lost"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("This sign-in is no longer valid, or was begun in another browser. Start again from the sign-in page.")
        )


class NotAdded(DomainError):
    """Microsoft knows this person, the school does not (yet). No account is made."""

    code = "not-added"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your Microsoft account is right, but your school has not added you yet. "
                "Ask the administration of your school, or try again tomorrow if you are new."
            )
        )


class AccountClosed(DomainError):
    code = "account-closed"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Your account at this school is not active. Ask the administration of your school why."))


class AddressNotAllowed(DomainError):
    code = "address-not-allowed"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _("Addresses of this kind may not sign in at this school. Sign in again and choose your school account.")
        )


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send the browser, and the secret that binds the way back to it."""

    url: str
    browser: str


# --- leaving, on the school's host -----------------------------------------------------------------------


def count_departure(*, actor: Actor, address: str, browser: str = "") -> None:
    """Each departure costs a row and a question to Microsoft, and needs no account. Raises TooManyAttempts.

    A `browser` in which somebody signed in before is counted by itself, so that nobody else of its address stops it.
    """
    try:
        if browser:
            MICROSOFT_BROWSER.spend(browser)
        else:
            MICROSOFT_ADDRESS.spend(network(address))
    except TooManyAttempts as stopped:
        signing_in.refused_for_now(actor, stopped)
        raise


def forgive_departure(*, address: str, browser: str = "") -> None:
    """Whoever comes back proven does not count: a whole school may share one address."""
    if browser:
        MICROSOFT_BROWSER.forgive(browser)
    else:
        MICROSOFT_ADDRESS.give_back(network(address))


def begin(
    *,
    purpose: str,
    now: datetime,
    browser: str = "",
    next_path: str = "",
    user_id: UUID | None = None,
    invitation: Invitation | None = None,
    choose_account: bool = False,
    fresh: bool = False,
    login_hint: str = "",
    host: str = "",
) -> Departure:
    """Begin a journey. With `fresh` Microsoft asks for the credentials, even of somebody it still knows.

    `browser` is the secret of an earlier journey of the same browser, if it still has it;
    `host` the name it begins on, where it ends too as long as that name is the school's.

    Raises NotLinked, NotConfigured, SignInRefused (Microsoft does not answer).
    """
    browser = browser if LIKE_A_SECRET.fullmatch(browser) else new_secret()
    facts = {"next_path": next_path, "user_id": user_id, "invitation": invitation, "host": host}
    if purpose == Purpose.CONSENT:
        url = _begin_consent(digest(browser), now, facts)
    else:
        binding = selectors.linked_organisation()
        if binding is None:
            raise NotLinked
        hint: dict[str, Any] = {"login_hint": login_hint or None}
        if fresh or purpose in (Purpose.PROVE, Purpose.DESK):
            hint = {"login_hint": login_hint or None, "prompt": "login", "claims": AUTH_TIME}
        elif choose_account:
            hint = {"prompt": "select_account"}
        url = _begin_sign_in(purpose, binding.external_id, digest(browser), now, facts, **hint)
    return Departure(url, browser)


def _begin_sign_in(
    purpose: str, tenant_id: str, browser_hash: str, now: datetime, facts: Mapping[str, Any], **hint: Any
) -> str:
    state = _new_state()
    flow = identity.begin_sign_in(sign_in_app(), tenant_id, platform_url(CALLBACK), state=state, **hint)
    _store(purpose, state, browser_hash, now, {**facts, "data": flow.data})
    return flow.url


def _begin_consent(browser_hash: str, now: datetime, facts: Mapping[str, Any]) -> str:
    state = _new_state()
    _store(Purpose.CONSENT, state, browser_hash, now, facts)
    return identity.admin_consent_url(directory_app(), state=state, redirect_uri=platform_url(CONSENT_CALLBACK))


def _new_state() -> str:
    """The school's short name lets the one callback host find the flow; the rest cannot be guessed."""
    return f"{current().slug}.{new_secret()}"


def _store(purpose: str, state: str, browser_hash: str, now: datetime, facts: Mapping[str, Any]) -> None:
    SignInFlow.objects.create(
        purpose=purpose, state_hash=digest(state), browser_hash=browser_hash, expires_at=now + FLOW_LIVES, **facts
    )


# --- coming back, on the platform's host -----------------------------------------------------------------


def school_of_state(state: str) -> School | None:
    """The open school that a state names. It proves nothing yet: the flow must exist there."""
    slug = state.partition(".")[0]
    with platform():
        school = School.objects.filter(slug=slug).first() if LIKE_A_SLUG.fullmatch(slug) else None
    return school if school and school.is_open else None


def complete(params: Mapping[str, str], now: datetime) -> str:
    """Microsoft's answer becomes a ticket, also when it is a refusal: the address where the school redeems it.

    Raises FlowLost when the state is of no flow, or of one that was used or is too old.
    """
    school, state = _named_school(params)
    with activated(school):
        flow = _use(state, now, consent=False)
        try:
            expected = None if flow.purpose == Purpose.LINK_SCHOOL else str(flow.data.get("tenant_id") or "")
            claims = identity.complete_sign_in(sign_in_app(), flow.data, params, expected_tenant_id=expected, now=now)
        except SignInRefused as refused:
            return _arrival(school, flow, _issue_ticket(flow, now, refused=refused))
        return _arrival(school, flow, _issue_ticket(flow, now, claims=claims))


def complete_consent(params: Mapping[str, str], now: datetime) -> str:
    """After the consent page, where to go: to sign in at Microsoft (the consent itself proves nothing), or to the
    school with the ticket of a refusal.
    """
    school, state = _named_school(params)
    with activated(school):
        flow = _use(state, now, consent=True)
        try:
            identity.read_consent(params, state=state)
            facts = {"next_path": flow.next_path, "user_id": flow.user_id, "host": flow.host}
            url = _begin_sign_in(Purpose.LINK_SCHOOL, ORGANISATIONS, flow.browser_hash, now, facts)
        except SignInRefused as refused:
            return _arrival(school, flow, _issue_ticket(flow, now, refused=refused))
        return url


def _arrival(school: School, flow: SignInFlow, ticket: str) -> str:
    """On the host where it began: the browser's cookie is there and nowhere else."""
    path = f"{settings.DESK_PATH}reopen/arrive/" if flow.purpose == Purpose.DESK else "/sso/arrive"
    return school_url(school, f"{path}?ticket={ticket}", host=flow.host)


def _named_school(params: Mapping[str, str]) -> tuple[School, str]:
    state = str(params.get("state") or "")[:200]
    school = school_of_state(state)
    if school is None:
        raise FlowLost
    return school, state


def _use(state: str, now: datetime, *, consent: bool) -> SignInFlow:
    """Take the flow of this state, once: of two answers with one state the second finds nothing."""
    with transaction.atomic():
        flow = SignInFlow.objects.select_for_update().filter(state_hash=digest(state), used_at=None).first()
        if flow is None or now >= flow.expires_at or (flow.purpose == Purpose.CONSENT) is not consent:
            raise FlowLost
        flow.used_at = now
        flow.save(update_fields=["used_at"])
    return flow


def _issue_ticket(
    flow: SignInFlow, now: datetime, *, claims: IdClaims | None = None, refused: SignInRefused | None = None
) -> str:
    ticket = new_secret()
    flow.data = {}
    flow.claims = claims.to_json() if claims else None
    flow.refusal = {"code": refused.code, "claims": refused.claims} if refused else None
    flow.ticket_hash = digest(ticket)
    flow.ticket_expires_at = now + TICKET_LIVES
    flow.save(update_fields=["data", "claims", "refusal", "ticket_hash", "ticket_expires_at"])
    return ticket


# --- arriving, on the school's host ----------------------------------------------------------------------


def arrive(*, ticket: str, browser: str, now: datetime) -> SignInFlow:
    """Redeem a ticket, once, in the browser that began, on the host of the school that began. Raises FlowLost."""
    if not ticket or not browser:
        raise FlowLost
    with transaction.atomic():
        found = SignInFlow.objects.select_for_update(of=("self",)).filter(ticket_hash=digest(ticket), arrived_at=None)
        flow = found.first()
        if flow is None or flow.ticket_expires_at is None or now >= flow.ticket_expires_at:
            raise FlowLost
        if not hmac.compare_digest(flow.browser_hash, digest(browser)):
            raise FlowLost
        flow.arrived_at = now
        flow.save(update_fields=["arrived_at"])
    return flow


def finish(request: HttpRequest, flow: SignInFlow, now: datetime) -> None:
    """Do what the flow was begun for. Raises the refusal of Microsoft, or why the school does not let this in."""
    actor = request.actor
    try:
        claims = _claims(flow)
        if flow.purpose == Purpose.SIGN_IN:
            _sign_in(request, claims, now)
        elif flow.purpose == Purpose.ACCEPT:
            _accept(request, flow, claims, now)
        elif flow.purpose == Purpose.PROVE:
            _same_person(actor, flow)
            step_up.prove_with_microsoft(actor=actor, session=request.session.row, claims=claims, now=now)
        else:
            user = _same_person(actor, flow)
            link = linking.link_identity if flow.purpose == Purpose.LINK_PERSON else linking.link_organisation
            link(actor=actor, user=user, claims=claims, now=now)
    except DomainError as refused:
        signing_in.refused(actor, reason=f"microsoft: {refused.code}", email=(flow.claims or {}).get("email", ""))
        raise


def _claims(flow: SignInFlow) -> IdClaims:
    if flow.claims is not None:
        return IdClaims.from_json(flow.claims)
    code = str((flow.refusal or {}).get("code"))
    known = {reason.value: reason for reason in Reason}
    raise refusal(known.get(code, Reason.NOT_TRUSTED))


def _sign_in(request: HttpRequest, claims: IdClaims, now: datetime) -> None:
    if settings.SHARED_DEVICE_COOKIE_NAME in request.COOKIES:
        step_up.require_recent(claims, now)
    user = _account_of(claims)
    with transaction.atomic():
        note_use(claims, now)
        _start_session(request, user, claims, now)
    forgive_departure(address=request.META["REMOTE_ADDR"], browser=known_browsers.any_name_of(request))


def person_behind(flow: SignInFlow, now: datetime) -> User:
    """Who has just proved to Microsoft who they are, for what asks for nothing else. Signs nobody in.

    Raises the refusal of Microsoft, NotAProof when nothing was typed there just now, or why the school lets nobody in.
    """
    claims = _claims(flow)
    step_up.require_recent(claims, now)
    user = _account_of(claims)
    note_use(claims, now)
    return user


def note_use(claims: IdClaims, now: datetime) -> None:
    for identity_row in Identity.objects.filter(tenant_id=claims.tenant_id, object_id=claims.object_id):
        identity_row.last_used_at, identity_row.upn = now, claims.preferred_username
        identity_row.login_hint = claims.login_hint
        identity_row.save(update_fields=["last_used_at", "upn", "login_hint"])


def _account_of(claims: IdClaims) -> User:
    """The account is found by Microsoft's unchanging ids only; an equal e-mail address means nothing."""
    binding = selectors.linked_organisation()
    if binding is None or binding.external_id != claims.tenant_id:
        raise refusal(Reason.WRONG_ORGANISATION)
    found = Identity.objects.select_related("user").filter(tenant_id=claims.tenant_id, object_id=claims.object_id)
    identity_row = found.first()
    if identity_row is None or identity_row.user.status == User.Status.PENDING:
        raise NotAdded
    user = identity_row.user
    if not user.is_active:
        raise AccountClosed
    if not selectors.email_allowed(user.email):
        raise AddressNotAllowed
    return user


def _accept(request: HttpRequest, flow: SignInFlow, claims: IdClaims, now: datetime) -> None:
    if flow.invitation_id is None:
        raise FlowLost
    user = invitations.accept_with_identity(
        actor=request.actor, invitation_id=flow.invitation_id, claims=claims, now=now
    )
    _start_session(request, user, claims, now)


def _start_session(request: HttpRequest, user: User, claims: IdClaims, now: datetime) -> None:
    """Microsoft's own second factor counts when the token says so; otherwise ours is asked for where there is one."""
    signing_in.start_session(
        request,
        user,
        way=Session.Way.MICROSOFT,
        now=now,
        provider_session=claims.session_id,
        second="microsoft" if claims.multi_factor else "",
    )


def _same_person(actor: Actor, flow: SignInFlow) -> User:
    """Linking ends with the person it began with, still signed in."""
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    if user is None or flow.user_id != user.pk:
        raise FlowLost
    return user


def forget_old_flows(now: datetime) -> int:
    return SignInFlow.objects.filter(expires_at__lt=now - timedelta(hours=1)).delete()[0]
