"""What may be seen of people, roles and sign-in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actor import SCHOOL, Actor, Held, Role, Scope, Surface
from apps.core.errors import NotVisible
from apps.core.permissions import Permission
from apps.tenants import features
from apps.tenants.context import NoSchool, current, platform, selected
from apps.tenants.models import ProviderBinding, School

from . import hooks
from .models import CustomRole, ErasureCase, Grant, Identity, Invitation, PlaceKind, Session, User, folded
from .permissions import PEOPLE_ERASE, PEOPLE_INVITE, PEOPLE_VIEW, ROLES_VIEW
from .rules import PASSWORDS, idle_time, school_day

# --- the actor -------------------------------------------------------------------------------------------


def actor_for(
    user: User,
    *,
    surface: Surface = "web",
    request_id: str = "",
    address: str | None = None,
    session: Session | None = None,
) -> Actor:
    """A person as an actor, with the roles held now: by grants, and by what other apps know of them."""
    return Actor(
        label=user.name,
        user_id=user.pk,
        email=user.email,
        held=tuple(roles_of(user)),
        surface=surface,
        request_id=request_id,
        address=address,
        session_id=session.pk if session else None,
        proven_at=session.proven_at if session else None,
    )


def author(user_id: UUID | None, label: str) -> Actor:
    """Who made something here, as the actor they are now: what they gave does not outlive what they may.

    A command, or the platform, has a label and no account, and may as it did. Who left, or was erased, holds nothing.
    """
    if user_id is None:
        return Actor.system(label) if label else Actor(label="")
    user = User.objects.filter(pk=user_id).first()
    return actor_for(user) if user else Actor(label=label)


def roles_of(user: User, now: datetime | None = None) -> list[Held]:
    """Every role a person holds now, each with its reason. A superadmin is one in the platform's schema only.

    The period of a grant is counted in days of the school, from its midnight to its midnight.
    """
    if not user.is_active:
        return []
    tenancy = selected()
    if tenancy is None or tenancy.is_platform:  # the platform has one role, and none of a school's tables
        return [Held(Role.SUPERADMIN, because="superadmin")] if tenancy and user.is_superuser else []
    today = school_day(now or timezone.now())
    grants = Grant.objects.filter(user=user).select_related("custom_role")
    held = [held_by(grant) for grant in grants if known(grant.role) and grant.is_current(today)]
    return held + [entry for source in hooks.grant_sources.send(user_id=user.pk) for entry in source]


def held_by(grant: Grant) -> Held:
    """What a grant gives while it holds. Raises ValueError for a role that this release does not know."""
    name = grant.custom_role.name if grant.custom_role else ""
    return Held(Role(grant.role), grant.scope, f"grant {grant.pk}", grant.permissions, name)


def known(role: str) -> bool:
    """A role that this release does not know gives nothing."""
    return role in {entry.value for entry in Role}


def people_who_may(permission: Permission) -> list[User]:
    """The active people who hold this permission for the whole school by a grant: who is written to when it counts."""
    today = school_day(timezone.now())
    grants = Grant.objects.filter(
        Q(role__in=[role.value for role in permission.roles])
        | Q(custom_role__permissions__contains=[permission.code], custom_role__archived_at=None),
        scope_kind=PlaceKind.SCHOOL,
        user__status=User.Status.ACTIVE,
    ).select_related("user")
    return list({grant.user_id: grant.user for grant in grants.order_by("user_id") if grant.is_current(today)}.values())


# --- people ----------------------------------------------------------------------------------------------


def own_id(actor: Actor) -> UUID:
    """The actor's own account. Raises NotVisible for a visitor or a machine, who have none."""
    if actor.user_id is None:
        raise NotVisible
    return actor.user_id


def find_by_email(email: str, *, lock: bool = False) -> User | None:
    """The account of an address, whatever its case. For services: it asks nobody's permission."""
    people = User.objects.select_for_update() if lock else User.objects.all()
    return people.alias(address=Lower("email")).filter(address=email.strip().lower()).first()


def visible_people(actor: Actor) -> QuerySet[User]:
    """The people this actor may see: all, those of the actor's campuses, or nobody."""
    people = User.objects.all()
    if not PEOPLE_VIEW.allows(actor):
        return people.none()
    ids = ids_within(actor, PEOPLE_VIEW)
    return people if ids is None else people.filter(ids | Q(pk=actor.user_id))


def ids_within(actor: Actor, permission: Permission, column: str = "pk") -> Q | None:
    """The people at the campuses where this permission is held, as a condition on their ids; None: the whole school."""
    campuses = None if Role.SYSTEM in actor.roles else actor.campus_ids(permission)
    if campuses is None:
        return None
    found = Q(**{f"{column}__in": []})
    for ids in hooks.people_at_campuses.send(campus_ids=campuses):
        found |= Q(**{f"{column}__in": ids})
    return found


def visible_erasures(actor: Actor) -> QuerySet[ErasureCase]:
    """The erasures this actor decides about: all, or those of people at the actor's campuses."""
    cases = ErasureCase.objects.all()
    if not PEOPLE_ERASE.allows(actor):
        return cases.none()
    ids = ids_within(actor, PEOPLE_ERASE, "user_id")
    return cases if ids is None else cases.filter(ids)


def get_person(actor: Actor, user_id: UUID) -> User:
    """One visible person; everybody sees themselves. Raises NotVisible."""
    people = User.objects.all() if user_id == actor.user_id else visible_people(actor)
    person = people.filter(pk=user_id).first()
    if person is None:
        raise NotVisible
    return person


def search_people(people: QuerySet[User], words: str) -> QuerySet[User]:
    """Those whose name or address contains every word, without regard to case and accents."""
    for word in folded(words).split()[:8]:
        people = people.filter(search__contains=word)
    return people


def count_people(actor: Actor) -> dict[str, int]:
    """How many of the visible people have each status; every status is there."""
    counted = dict(visible_people(actor).values_list("status").annotate(n=Count("pk")))
    return {status.value: counted.get(status.value, 0) for status in User.Status}


# --- roles -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holding:
    """A role somebody was given, where, and why."""

    user: User
    role: Role
    scope: Scope
    place: str
    grant: Grant

    @property
    def own_name(self) -> str:
        """What the school calls it, if it is a role of the school's own."""
        return self.grant.custom_role.name if self.grant.custom_role else ""


def places() -> dict[Scope, str]:
    """The places a role can be given at, besides the whole school, and their names."""
    return {scope: str(label) for choices in hooks.scope_choices.send() for scope, label in choices}


def place_name(scope: Scope, names: dict[Scope, str] | None = None) -> str:
    if scope == SCHOOL:
        return str(_("Whole school"))
    return (places() if names is None else names).get(scope, str(_("A place that no longer exists")))


def holdings(actor: Actor) -> list[Holding]:
    """Who was given which role, highest roles first."""
    ROLES_VIEW.require(actor)
    order = {role.value: position for position, role in enumerate(Role)}
    names = places()
    grants = Grant.objects.select_related("user", "custom_role").order_by(
        "user__family_name", "user__given_name", "granted_at"
    )
    found = [
        Holding(grant.user, Role(grant.role), grant.scope, place_name(grant.scope, names), grant)
        for grant in grants[:2000]
        if known(grant.role)
    ]
    return sorted(found, key=lambda holding: order[holding.role.value])


def visible_grants(actor: Actor) -> QuerySet[Grant]:
    """Everything that was given in the school. Raises Forbidden."""
    ROLES_VIEW.require(actor)
    return Grant.objects.select_related("custom_role").order_by("granted_at", "id")


def visible_custom_roles(actor: Actor) -> QuerySet[CustomRole]:
    """The roles of the school's own, archived ones too. Raises Forbidden."""
    ROLES_VIEW.require(actor)
    return CustomRole.objects.order_by("name", "id")


def grants_of(user_id: UUID) -> QuerySet[Grant]:
    return Grant.objects.filter(user_id=user_id).select_related("custom_role").order_by("granted_at")


# --- invitations and sessions ----------------------------------------------------------------------------


def visible_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations of the actor's places, newest first."""
    invitations = Invitation.objects.select_related("user", "custom_role").order_by("-created_at")
    if not PEOPLE_INVITE.allows(actor):
        return invitations.none()
    campuses = None if Role.SYSTEM in actor.roles else actor.campus_ids(PEOPLE_INVITE)
    return invitations if campuses is None else invitations.filter(scope_kind="campus", scope_id__in=campuses)


INVITATION_STATES = {
    "open": Q(accepted_at=None, revoked_at=None),
    "accepted": Q(accepted_at__isnull=False),
    "revoked": Q(revoked_at__isnull=False),
}


def invitations_in_state(actor: Actor, state: str) -> QuerySet[Invitation]:
    """Those of the actor's places that are open, accepted or revoked; "": all."""
    found = visible_invitations(actor)
    return found.filter(INVITATION_STATES[state]) if state else found


def get_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """One visible invitation. Raises NotVisible."""
    found = visible_invitations(actor).filter(pk=invitation_id).first()
    if found is None:
        raise NotVisible
    return found


def sessions_of(user_id: UUID, now: datetime) -> QuerySet[Session]:
    """The browsers somebody is signed in with, the latest first."""
    return Session.objects.living(now, idle_time()).filter(user_id=user_id).order_by("-last_seen_at")


def identities_of(user_id: UUID) -> QuerySet[Identity]:
    return Identity.objects.filter(user_id=user_id).order_by("linked_at")


# --- how a school signs in -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignInWays:
    """What the sign-in page offers."""

    password: bool
    organisation: ProviderBinding | None


def password_sign_in_allowed(school: School | None) -> bool:
    """False for a single-sign-on-only school. The platform's own host always has passwords."""
    if school is None:
        return True
    return bool(features.value(PASSWORDS.key, school))


def sign_in_ways(school: School) -> SignInWays:
    return SignInWays(password_sign_in_allowed(school), linked_organisation())


def own_school_id() -> UUID:
    """The id of the current school. Raises NoSchool."""
    school_id = current().id
    if school_id is None:
        raise NoSchool("the active school has no id")
    return school_id


def linked_organisation() -> ProviderBinding | None:
    """The Microsoft organisation of the current school, if one is linked."""
    school_id = own_school_id()
    with platform():
        return ProviderBinding.objects.filter(provider=ProviderBinding.Provider.MICROSOFT, school_id=school_id).first()


def email_allowed(email: str) -> bool:
    """Whether the school lets this address sign in with Microsoft (approved domains)."""
    return all(hooks.email_domain_allowed.send(email=email))
