"""Invitations: single-use links, good for 48 hours, that make a pending account usable (IDN-8)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import SCHOOL, Actor, Role, Scope
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.microsoft.identity import IdClaims
from apps.notifications.services import send
from apps.tenants.context import current
from apps.tenants.hosts import school_url
from apps.tenants.services.lifecycle import activate

from .. import acts, hooks, selectors
from ..credentials import digest, new_secret
from ..models import Invitation, User
from ..permissions import PEOPLE_INVITE
from . import passwords, roles
from .linking import link_identity

GOOD_FOR = timedelta(hours=48)


class LinkUnknown(DomainError):
    """No invitation has this link in this school."""

    code = "invitation-unknown"
    status = 404

    def __init__(self) -> None:
        super().__init__(
            _("This invitation link is not complete or not from this school. Open it again from your e-mail.")
        )


class LinkUsed(DomainError):
    code = "invitation-used"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("This invitation has been used already. Sign in with the account you made with it."))


class LinkRevoked(DomainError):
    code = "invitation-revoked"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("This invitation is no longer valid. Ask an administrator of your school for a new one."))


class InviterLeft(DomainError):
    """Whoever sent it has left, or could not give its role any more."""

    code = "inviter-left"
    status = 410

    def __init__(self) -> None:
        super().__init__(
            _(
                "Whoever sent this invitation may no longer give what it gives. "
                "Ask an administrator of your school to send it again."
            )
        )


class LinkExpired(DomainError):
    code = "invitation-expired"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("This invitation was valid for 48 hours and has expired. Ask for a new one below."))


class AlreadyHere(DomainError):
    code = "already-here"

    def __init__(self, user: User) -> None:
        super().__init__(
            _("This person already has an account. Give them a role instead of inviting them.")
            if user.status == User.Status.ACTIVE
            else _("This person's account is closed. Reinstate it on their page instead of inviting them."),
            user_id=user.pk,
        )


@transaction.atomic
def invite(
    *,
    actor: Actor,
    email: str,
    role: Role,
    scope: Scope = SCHOOL,
    now: datetime,
    custom_role_id: UUID | None = None,
    given_name: str = "",
    family_name: str = "",
    language: str = "",
) -> Invitation:
    """Make a pending account and send its link. Inviting a pending person again replaces the earlier link.

    A built-in role, or `Role.CUSTOM` with the id of one of the school's own.

    Raises Forbidden, NotYours (also for an earlier one that the actor could not have given), Invalid, AlreadyHere.
    """
    PEOPLE_INVITE.require(actor, scope)
    custom = roles.locked_custom_role(custom_role_id)
    roles.check_place(role, scope, custom)
    if not roles.may_give(actor, role, scope, custom.gives if custom else ()):
        raise roles.NotYours
    email = checked_email(email)
    user = _found_or_made(email, given_name=given_name[:100], family_name=family_name[:100], locale=language)
    if user.status != User.Status.PENDING:
        raise AlreadyHere(user)
    _replace_open(actor, user, now)
    invitation = Invitation(
        user=user,
        email=user.email,
        role=role.value,
        custom_role=custom,
        scope_kind=scope.kind,
        scope_id=scope.id,
    )
    _signed(invitation, actor)
    _send_link(invitation, now)
    record(
        actor=actor,
        act=acts.INVITED,
        target=user,
        target_label=user.email,
        data={
            "role": custom.name if custom else role,
            "place": selectors.place_name(scope),
            "invitation": invitation.pk,
        },
    )
    return invitation


def _signed(invitation: Invitation, actor: Actor) -> None:
    """On whose rights it stands: a machine or the platform has no account here."""
    invitation.invited_by_id = None if Role.SYSTEM in actor.roles else actor.user_id
    invitation.invited_by = actor.label[:200]


def _found_or_made(email: str, **fields: str) -> User:
    """The locked account of an address. Of several who invite it at once one makes it, the others find it."""
    user = selectors.find_by_email(email, lock=True)
    if user is not None:
        return user
    try:
        with transaction.atomic():
            return User.objects.create_user(email, **fields)
    except IntegrityError:
        return User.objects.select_for_update().get(email__iexact=email)


def _replace_open(actor: Actor, user: User, now: datetime) -> None:
    earlier = Invitation.objects.select_for_update().filter(user=user, accepted_at=None, revoked_at=None)
    for invitation in earlier:
        _check_yours(actor, invitation)
    earlier.update(revoked_at=now)


def _check_yours(actor: Actor, invitation: Invitation) -> None:
    """Raise NotYours when the actor could not have given this invitation."""
    if not _may_send(actor, invitation):
        raise roles.NotYours


def _may_send(actor: Actor, invitation: Invitation) -> bool:
    role, scope, custom = invitation.role, invitation.scope, invitation.custom_role
    codes = custom.gives_at(scope.kind) if custom else ()
    may_give = not selectors.known(role) or roles.may_give(actor, Role(role), scope, codes)
    return may_give and PEOPLE_INVITE.allows(actor, scope)


def checked_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(fields={"email": [_("Enter a complete e-mail address, such as name@school.fr.")]}) from None
    return email


@transaction.atomic
def resend(*, actor: Actor, invitation_id: UUID, now: datetime) -> Invitation:
    """Send a fresh link, in the actor's name; the earlier one stops working.

    Raises Forbidden, NotVisible, NotYours, LinkUsed, LinkRevoked.
    """
    invitation = _own(actor, invitation_id)
    _check_open(invitation)
    _signed(invitation, actor)
    _send_link(invitation, now)
    record(actor=actor, act=acts.INVITATION_RESENT, target=invitation.user, target_label=invitation.email)
    return invitation


@transaction.atomic
def revoke(*, actor: Actor, invitation_id: UUID, now: datetime) -> Invitation:
    """Make the link worthless. Revoking twice changes nothing; an accepted invitation stays accepted.

    Raises Forbidden, NotVisible, NotYours, LinkUsed.
    """
    invitation = _own(actor, invitation_id)
    if invitation.revoked_at:
        return invitation
    _check_open(invitation)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    record(actor=actor, act=acts.INVITATION_REVOKED, target=invitation.user, target_label=invitation.email)
    return invitation


@transaction.atomic
def ask_again(*, actor: Actor, token: str, now: datetime) -> None:
    """Whoever holds an expired link has a new one sent, to the invited address only."""
    invitation = _by_token(token, lock=True)
    try:
        check_usable(invitation, now)
    except LinkExpired:
        _send_link(invitation, now)
        record(actor=actor, act=acts.INVITATION_RESENT, target=invitation.user, target_label=invitation.email)


def find_usable(token: str, now: datetime) -> Invitation:
    """The invitation of a link. Raises LinkUnknown, and what `check_usable` raises."""
    invitation = _by_token(token)
    check_usable(invitation, now)
    return invitation


def accept_with_password(
    *,
    actor: Actor,
    token: str,
    password: str,
    now: datetime,
    given_name: str | None = None,
    family_name: str | None = None,
) -> User:
    """Set the password and open the account. Of two at once exactly one succeeds. Raises Invalid and Link errors."""
    with transaction.atomic():
        passwords.require_allowed()
        invitation = _by_token(token, lock=True)
        check_usable(invitation, now)
        user = invitation.user
        user.given_name = user.given_name if given_name is None else given_name.strip()[:100]
        user.family_name = user.family_name if family_name is None else family_name.strip()[:100]
        try:
            validate_password(password, user)
        except ValidationError as weak:
            raise Invalid(fields={"password": list(weak.messages)}) from None
        user.set_password(password)
        _open(actor, invitation, now, way="password")
        return user


def accept_with_identity(*, actor: Actor, invitation_id: UUID, claims: IdClaims, now: datetime) -> User:
    """Open the account for the Microsoft account that the holder of the link has just proven to have."""
    with transaction.atomic():
        invitation = _locked(invitation_id)
        check_usable(invitation, now)
        link_identity(actor=actor, user=invitation.user, claims=claims, now=now)
        _open(actor, invitation, now, way="microsoft")
        return invitation.user


def check_usable(invitation: Invitation, now: datetime) -> None:
    """Raises LinkUsed, LinkRevoked, LinkExpired, or InviterLeft: it must be one that could still be sent."""
    _check_open(invitation)
    if not _may_send(selectors.author(invitation.invited_by_id, invitation.invited_by), invitation):
        raise InviterLeft
    if now >= invitation.expires_at:
        raise LinkExpired
    if invitation.user.status != User.Status.PENDING or invitation.email != invitation.user.email:
        raise LinkRevoked


def _check_open(invitation: Invitation) -> None:
    if invitation.accepted_at:
        raise LinkUsed
    if invitation.revoked_at:
        raise LinkRevoked


def _open(actor: Actor, invitation: Invitation, now: datetime, *, way: str) -> None:
    """From pending to active, with the role of the invitation."""
    user, role, scope = invitation.user, Role(invitation.role), invitation.scope
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    user.status = User.Status.ACTIVE
    user.save(update_fields=["status", "password", "given_name", "family_name"])
    person = Actor(
        label=user.name,
        user_id=user.pk,
        email=user.email,
        surface=actor.surface,
        request_id=actor.request_id,
        address=actor.address,
    )
    record(
        actor=person,
        act=acts.INVITATION_ACCEPTED,
        target=user,
        changes={"status": [User.Status.PENDING, User.Status.ACTIVE]},
        data={"way": way, "role": invitation.custom_role.name if invitation.custom_role else role},
    )
    placed = hooks.invitation_accepted.send(actor=person, user=user, role=role, scope=scope, now=now)
    is_gone = invitation.custom_role is not None and invitation.custom_role.archived_at is not None
    if not any(placed) and not is_gone:
        roles.write_grant(
            actor=person,
            user=user,
            role=role,
            scope=scope,
            granted_by_id=invitation.invited_by_id,
            granted_by=invitation.invited_by,
            custom_role=invitation.custom_role,
        )
    if role is Role.OWNER:  # a school that was only created opens with its first owner
        activate(actor=person, school_id=selectors.own_school_id(), now=now)


def _own(actor: Actor, invitation_id: UUID) -> Invitation:
    """The locked invitation, if the actor sees it and could have given it."""
    PEOPLE_INVITE.require(actor)
    if not selectors.visible_invitations(actor).filter(pk=invitation_id).exists():
        raise NotVisible
    invitation = _locked(invitation_id)
    _check_yours(actor, invitation)
    return invitation


def _locked(invitation_id: UUID) -> Invitation:
    found = Invitation.objects.select_for_update().select_related("user").filter(pk=invitation_id).first()
    if found is None:
        raise NotVisible
    return found


def _by_token(token: str, *, lock: bool = False) -> Invitation:
    rows = Invitation.objects.select_for_update() if lock else Invitation.objects.all()
    found = rows.select_related("user").filter(token_hash=digest(token)).first()
    if found is None:
        raise LinkUnknown
    return found


def _send_link(invitation: Invitation, now: datetime) -> None:
    """A new secret, a new 48 hours, one mail."""
    token = new_secret()
    invitation.token_hash = digest(token)
    invitation.sent_at = now
    invitation.expires_at = now + GOOD_FOR
    invitation.save()
    path = reverse("accounts:invitation", args=[token], urlconf="config.urls.school")
    user = invitation.user
    send(
        template="invitation",
        to=invitation.email,
        context={
            "name": user.given_name,
            "school_name": current().name,
            "invited_by": invitation.invited_by,
            "url": school_url(current(), path),
            "with_microsoft": not passwords.allowed(),
            "hours": int(GOOD_FOR.total_seconds() // 3600),
        },
        cause=f"invitation:{invitation.pk}:{invitation.token_hash[:16]}",
        language=user.locale,
        user_id=user.pk,
    )
