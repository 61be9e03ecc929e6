"""Which Microsoft organisation is the school's, and which Microsoft account is whose (IDN-3)."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.db.models import CharField, Func, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, NotVisible
from apps.microsoft.graph import Graph
from apps.microsoft.identity import IdClaims
from apps.tenants.context import platform
from apps.tenants.features import value
from apps.tenants.models import ProviderBinding, School
from apps.tenants.services import features

from .. import acts, hooks, selectors
from ..models import Identity, Session, User
from ..permissions import SCHOOL_LINK_MICROSOFT
from ..rules import PASSWORDS, SECOND_FACTOR
from . import break_glass, passwords

MICROSOFT = ProviderBinding.Provider.MICROSOFT


class OrganisationTaken(DomainError):
    code = "organisation-taken"

    def __init__(self) -> None:
        super().__init__(
            _(
                "This Microsoft organisation already belongs to another school on Campanile. "
                "Sign in with an account of your own school's organisation, or write to the platform."
            )
        )


class NotAdministrator(DomainError):
    """Belonging to an organisation is not speaking for it."""

    code = "not-administrator"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            _(
                "Sign in as an administrator of the Microsoft organisation: only they may link it to a school. "
                "This account has no administrator's role there."
            )
        )


class OtherOrganisation(DomainError):
    code = "other-organisation"

    def __init__(self) -> None:
        super().__init__(_("Your school is linked to another Microsoft organisation. Unlink that one first."))


class IdentityTaken(DomainError):
    code = "identity-taken"

    def __init__(self) -> None:
        super().__init__(_("This Microsoft account already belongs to another person of your school."))


class StillNeeded(DomainError):
    code = "still-needed"

    def __init__(self) -> None:
        super().__init__(_("Everyone signs in with Microsoft only. Allow passwords first, then unlink."))


class WouldLockOut(DomainError):
    code = "would-lock-out"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Link the school's Microsoft organisation and your own Microsoft account first: "
                "you would lock yourself out."
            )
        )


class NoOwnerCouldSignIn(DomainError):
    code = "no-owner-could-sign-in"

    def __init__(self) -> None:
        super().__init__(
            _(
                "No owner of the school has linked a Microsoft account that may sign in. "
                "Ask an owner to link theirs first: otherwise nobody could change this back."
            )
        )


class OwnPasswordNeeded(DomainError):
    code = "own-password-needed"

    def __init__(self) -> None:
        super().__init__(_("Set a password first: this is the only way you can sign in."))


# --- people ----------------------------------------------------------------------------------------------


@transaction.atomic
def link_identity(*, actor: Actor, user: User, claims: IdClaims, now: datetime) -> Identity:
    """Bind a proven Microsoft account to a person. The caller has made sure that both are the same human.

    Raises OtherOrganisation (not the school's) or IdentityTaken.
    """
    binding = selectors.linked_organisation()
    if binding is None or binding.external_id != claims.tenant_id:
        raise OtherOrganisation
    held = Identity.objects.filter(tenant_id=claims.tenant_id, object_id=claims.object_id).first()
    if held is not None and held.user_id != user.pk:
        raise IdentityTaken
    if held is not None:
        return held
    try:
        with transaction.atomic():
            identity = Identity.objects.create(
                user=user,
                issuer=claims.issuer,
                tenant_id=claims.tenant_id,
                object_id=claims.object_id,
                upn=claims.preferred_username,
                login_hint=claims.login_hint,
                last_used_at=now,
            )
    except IntegrityError:
        raise IdentityTaken from None
    record(actor=actor, act=acts.IDENTITY_LINKED, target=user, data={"account": claims.preferred_username})
    return identity


@transaction.atomic
def unlink_identity(*, actor: Actor, identity_id: UUID) -> None:
    """Remove one's own Microsoft account. Removing it twice changes nothing. Raises OwnPasswordNeeded."""
    user = User.objects.select_for_update().filter(pk=selectors.own_id(actor)).first()
    if user is None:
        raise NotVisible
    identity = Identity.objects.filter(pk=identity_id, user=user).first()
    if identity is None:
        return
    if not user.has_usable_password():
        raise OwnPasswordNeeded
    identity.delete()
    record(actor=actor, act=acts.IDENTITY_UNLINKED, target=user, data={"account": identity.upn})


# --- the school ------------------------------------------------------------------------------------------


def link_organisation(*, actor: Actor, user: User, claims: IdClaims, now: datetime) -> ProviderBinding:
    """Bind the organisation that the administrator has just signed in to.

    Microsoft is asked, in our own name, for this organisation: an answer proves that it has consented.
    Raises Forbidden, NotAdministrator, OrganisationTaken, OtherOrganisation, GraphError.
    """
    SCHOOL_LINK_MICROSOFT.require_held(actor)
    require_administrator(actor=actor, claims=claims)
    _refuse_taken(actor, claims)
    with Graph(claims.tenant_id) as graph:
        organisation = graph.organization()
    try:
        with transaction.atomic():
            binding, created = _bind(claims.tenant_id, organisation.name)
            if created:
                record(
                    actor=actor,
                    act=acts.ORGANISATION_LINKED,
                    target_label=organisation.name,
                    changes={"organisation": [None, claims.tenant_id]},
                    data={"name": organisation.name},
                )
                hooks.organisation_linked.send(actor=actor, binding=binding, now=now)
            link_identity(actor=actor, user=user, claims=claims, now=now)
    except IntegrityError:
        raise OrganisationTaken from None
    return binding


def require_administrator(*, actor: Actor, claims: IdClaims) -> None:
    """Who speaks for the organisation goes on; others are written down. Raises NotAdministrator."""
    if not claims.is_administrator:
        record(
            actor=actor,
            act=acts.ORGANISATION_LINK_REFUSED,
            reason="not an administrator of the organisation",
            data={"organisation": claims.tenant_id, "account": claims.preferred_username},
        )
        raise NotAdministrator


def _refuse_taken(actor: Actor, claims: IdClaims) -> None:
    school_id = selectors.own_school_id()
    with platform():
        holder = ProviderBinding.objects.filter(provider=MICROSOFT, external_id=claims.tenant_id).first()
    if holder is not None and holder.school_id != school_id:
        record(
            actor=actor,
            act=acts.ORGANISATION_LINK_REFUSED,
            reason="belongs to another school",
            data={"organisation": claims.tenant_id},
        )
        raise OrganisationTaken


def _bind(tenant_id: str, name: str) -> tuple[ProviderBinding, bool]:
    """The binding, and whether it is new. The school's row is locked: it never gets two."""
    school_id = selectors.own_school_id()
    with platform():
        School.objects.select_for_update().get(pk=school_id)
        held = ProviderBinding.objects.filter(provider=MICROSOFT, school_id=school_id).first()
        if held is not None and held.external_id != tenant_id:
            raise OtherOrganisation
        if held is not None:
            return held, False
        return (
            ProviderBinding.objects.create(
                provider=MICROSOFT, external_id=tenant_id, school_id=school_id, name=name[:200]
            ),
            True,
        )


@transaction.atomic
def unlink_organisation(*, actor: Actor, reason: str = "", now: datetime) -> None:
    """Nobody signs in with Microsoft any more. People and what is known of them stay. Twice changes nothing.

    Raises Forbidden, StillNeeded.
    """
    SCHOOL_LINK_MICROSOFT.require(actor)
    school_id = selectors.own_school_id()
    with platform():
        school = School.objects.select_for_update().get(pk=school_id)
        binding = ProviderBinding.objects.filter(provider=MICROSOFT, school_id=school_id).first()
    if binding is None:
        return
    if not selectors.password_sign_in_allowed(school):
        raise StillNeeded
    hooks.organisation_unlinked.send(actor=actor, binding=binding, now=now)
    with platform():
        ProviderBinding.objects.filter(pk=binding.pk).delete()
    record(
        actor=actor,
        act=acts.ORGANISATION_UNLINKED,
        target_label=binding.name,
        changes={"organisation": [binding.external_id, None]},
        reason=reason,
    )


@transaction.atomic
def allow_passwords(*, actor: Actor, allowed: bool, now: datetime) -> None:
    """Switch between "Microsoft or password" and Microsoft only; then no password exists in the school any more,
    links to set one are worthless, and sessions that began with one end.

    Raises Forbidden, WouldLockOut, NoOwnerCouldSignIn.
    """
    SCHOOL_LINK_MICROSOFT.require(actor)
    school_id = selectors.own_school_id()
    with platform():
        school = School.objects.select_for_update().get(pk=school_id)
    before = selectors.password_sign_in_allowed(school)
    if before == allowed:
        return
    if not allowed:
        _check_no_lock_out(actor)
        passwords.hold_rule(exclusive=True)
        erased = _forget_all_passwords()
        by_password = Session.objects.filter(signed_in_by=Session.Way.PASSWORD)
        ended = by_password.end(Session.Ended.SECURITY_CHANGED, now)
        record(actor=actor, act=acts.PASSWORDS_ERASED, data={"erased": erased, "signed_out": ended})
    features.store(school_id=school_id, values={PASSWORDS.key: allowed})
    record(actor=actor, act=acts.SIGN_IN_RULES_CHANGED, changes={"passwords": [before, allowed]})


@transaction.atomic
def require_second_factor(*, actor: Actor, required: bool, now: datetime) -> None:
    """Whether roles that can do harm need a second factor. Sessions begun without one go to the second step at once.

    Raises Forbidden. Doing it twice changes nothing.
    """
    SCHOOL_LINK_MICROSOFT.require(actor)
    school_id = selectors.own_school_id()
    with platform():
        school = School.objects.select_for_update().get(pk=school_id)
    before = bool(value(SECOND_FACTOR.key, school))
    if before == required:
        return
    features.store(school_id=school_id, values={SECOND_FACTOR.key: required})
    record(actor=actor, act=acts.SIGN_IN_RULES_CHANGED, changes={"second_factor": [before, required]}, at=now)


def _check_no_lock_out(actor: Actor) -> None:
    """Neither the one who switches nor the school may be left without a way in."""
    binding = selectors.linked_organisation()
    if binding is None:
        raise WouldLockOut
    linked = Identity.objects.filter(tenant_id=binding.external_id)
    if actor.user_id and not linked.filter(user_id=actor.user_id).exists():
        raise WouldLockOut
    with_account = break_glass.owners().filter(identities__in=linked)
    if not any(selectors.email_allowed(owner.email) for owner in with_account):
        raise NoOwnerCouldSignIn


def _forget_all_passwords() -> int:
    """Each account gets its own unusable value: equal ones would make session hashes equal. How many had one."""
    random = Func(function="gen_random_uuid", output_field=CharField())
    usable = User.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return usable.update(
        password=Concat(Value(UNUSABLE_PASSWORD_PREFIX), Cast(random, CharField()), output_field=CharField())
    )
