"""Changing one's address: confirmed at the new one, told to the old one with a link that undoes it (IDN-8).

What is asked for never tells whether another account has the wanted address: a job looks, and only the mail differs.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid
from apps.core.permissions import require_fresh
from apps.notifications.services import send
from apps.tenants.context import current
from apps.tenants.hosts import school_url
from apps.tenants.jobs import enqueue

from .. import acts, selectors
from ..credentials import digest, new_secret
from ..models import EmailChange, Invitation, Session, User
from . import ending, passwords
from .invitations import checked_email
from .limits import EMAIL_CHANGE, SIGN_IN_ACCOUNT
from .links import uid_of

GOOD_FOR = timedelta(hours=24)
UNDO_FOR = timedelta(days=7)


class EmailFromDirectory(DomainError):
    code = "email-from-directory"

    def __init__(self) -> None:
        super().__init__(
            _("Your e-mail comes from your school's directory. Ask the administration of your school to change it.")
        )


class ChangeLinkInvalid(DomainError):
    """Used, too old, withdrawn, replaced, of another school, or the address has been taken meanwhile."""

    code = "email-link-invalid"
    status = 410

    def __init__(self) -> None:
        super().__init__(
            _("This link was used, is too old, or was replaced by a newer one. Ask for the change again if you wish.")
        )


@transaction.atomic
def request_change(*, actor: Actor, email: str, password: str, now: datetime) -> EmailChange:
    """Ask to use another address. The same happens whether or not somebody has it; an earlier wish is withdrawn.

    Raises EmailFromDirectory, Invalid (the address; the present password, of who has one), TooManyAttempts, and
    StepUpRequired for who has none.
    """
    user = User.objects.select_for_update().get(pk=selectors.own_id(actor))
    if user.identities.exists():
        raise EmailFromDirectory
    email = checked_email(email)
    if user.has_usable_password():
        SIGN_IN_ACCOUNT.spend(user.email)
        if not user.check_password(password):
            raise passwords.WrongPassword
        SIGN_IN_ACCOUNT.forgive(user.email)
    else:
        require_fresh(actor)
    if email == user.email:
        raise Invalid(fields={"email": [_("This is your e-mail already.")]})
    EMAIL_CHANGE.spend(str(user.pk))
    _open(user).update(cancelled_at=now)
    change = EmailChange.objects.create(user=user, old_email=user.email, new_email=email, expires_at=now + GOOD_FOR)
    record(actor=actor, act=acts.EMAIL_CHANGE_REQUESTED, target=user, data={"new_email": email})
    enqueue("accounts.send_email_change", change_id=str(change.pk))
    return change


@transaction.atomic
def send_confirmation(*, change_id: UUID) -> bool:
    """Mail the link to the new address, unless somebody has it; tell the old one. Running twice mails once."""
    change = EmailChange.objects.select_for_update(of=("self",)).select_related("user").filter(pk=change_id).first()
    if change is None or not change.is_open or change.token_hash:
        return False
    free = selectors.find_by_email(change.new_email) is None
    token = new_secret()
    change.token_hash = digest(token)
    change.save(update_fields=["token_hash"])
    _mail(change, "email_change_asked", to=change.old_email, cause="asked")
    if free:
        _mail(change, "email_change", to=change.new_email, cause="confirm", url=_url("accounts:email_confirm", token))
    return free


def find_by_token(token: str, now: datetime) -> EmailChange:
    """The change of a link of the new address. Raises ChangeLinkInvalid."""
    change = EmailChange.objects.select_related("user").filter(token_hash=digest(token)).first()
    if change is None or not change.is_open or now >= change.expires_at or not change.user.is_active:
        raise ChangeLinkInvalid
    if change.user.email != change.old_email or change.user.identities.exists():
        raise ChangeLinkInvalid
    return change


@transaction.atomic
def confirm(*, actor: Actor, token: str, now: datetime) -> User:
    """The holder of the new address agrees: it is used from now on, and the old one gets a link to undo it.

    Of two at once exactly one succeeds. Raises ChangeLinkInvalid.
    """
    change = _locked(find_by_token(token, now).pk)
    find_by_token(token, now)  # once more, now that nobody else can change it
    user = change.user
    undo = new_secret()
    try:
        with transaction.atomic():
            user.email = change.new_email
            user.save(update_fields=["email"])
    except IntegrityError:  # somebody has got this address since
        raise ChangeLinkInvalid from None
    change.confirmed_at, change.undo_hash, change.undo_expires_at = now, digest(undo), now + UNDO_FOR
    change.save(update_fields=["confirmed_at", "undo_hash", "undo_expires_at"])
    Invitation.objects.filter(user=user, accepted_at=None, revoked_at=None).update(revoked_at=now)
    _mail(change, "email_changed", to=change.old_email, cause="undo", url=_url("accounts:email_undo", undo))
    person = selectors.actor_for(user, request_id=actor.request_id, address=actor.address)
    emails = [change.old_email, change.new_email]
    record(actor=person, act=acts.EMAIL_CHANGED, target=user, changes={"email": emails})
    return user


def find_by_undo(token: str, now: datetime) -> EmailChange:
    """The change of a link of the old address. Raises ChangeLinkInvalid."""
    change = EmailChange.objects.select_related("user").filter(undo_hash=digest(token)).first() if token else None
    if change is None or change.undone_at or change.undo_expires_at is None or now >= change.undo_expires_at:
        raise ChangeLinkInvalid
    return change


@transaction.atomic
def undo(*, actor: Actor, token: str, now: datetime) -> str:
    """Back to the old address: every session ends, the password is worthless, later changes of address too.

    Returns the address of a page where the holder of the old mailbox chooses a new password, or "" where there are no
    passwords. Raises ChangeLinkInvalid.
    """
    change = _locked(find_by_undo(token, now).pk)
    find_by_undo(token, now)
    user = change.user
    replaced = user.email
    try:
        with transaction.atomic():
            user.email = change.old_email
            user.set_unusable_password()
            user.save(update_fields=["email", "password"])
    except IntegrityError:
        raise ChangeLinkInvalid from None
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    _open(user).update(cancelled_at=now)
    EmailChange.objects.filter(user=user, undone_at=None, confirmed_at__gt=change.confirmed_at).update(undone_at=now)
    ending.end_sessions_of(user, Session.Ended.SECURITY_CHANGED, now)
    record(actor=actor, act=acts.EMAIL_CHANGE_UNDONE, target=user, changes={"email": [replaced, user.email]})
    if not user.is_active or not passwords.allowed():
        return ""
    return reverse("accounts:reset", args=[uid_of(user), passwords.TOKENS.make_token(user)])


def waiting(*, actor: Actor, now: datetime) -> EmailChange | None:
    """One's own change that has not been confirmed yet."""
    return EmailChange.objects.filter(
        user_id=selectors.own_id(actor), confirmed_at=None, cancelled_at=None, expires_at__gt=now
    ).first()


@transaction.atomic
def cancel(*, actor: Actor, now: datetime) -> None:
    """Withdraw one's own wish. Doing it twice changes nothing."""
    user = User.objects.select_for_update().get(pk=selectors.own_id(actor))
    if _open(user).update(cancelled_at=now):
        record(actor=actor, act=acts.EMAIL_CHANGE_CANCELLED, target=user)


def _open(user: User):  # type: ignore[no-untyped-def]
    return EmailChange.objects.filter(user=user, confirmed_at=None, cancelled_at=None)


def _locked(change_id: UUID) -> EmailChange:
    change = EmailChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    change.user = User.objects.select_for_update().get(pk=change.user_id)
    return change


def _url(name: str, token: str) -> str:
    return school_url(current(), reverse(name, args=[token], urlconf="config.urls.school"))


def _mail(change: EmailChange, template: str, *, to: str, cause: str, url: str = "") -> None:
    user = change.user
    context = {
        "name": user.given_name,
        "school_name": current().name,
        "old_email": change.old_email,
        "new_email": change.new_email,
        "url": url or school_url(current(), "/account/"),
        "hours": int(GOOD_FOR.total_seconds() // 3600),
        "days": UNDO_FOR.days,
    }
    send(
        template=template,
        to=to,
        context=context,
        cause=f"email-change:{change.pk}:{cause}",
        language=user.locale,
        user_id=user.pk,
        link="/account/",
    )
