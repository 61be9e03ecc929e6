"""What may be seen of shared devices, and what a device may show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts import hooks
from apps.accounts.models import Grant, Session, User
from apps.accounts.rules import school_day
from apps.accounts.selectors import held_by, known, roles_of, search_people, visible_people
from apps.accounts.services.families import lives
from apps.accounts.services.publication import is_published
from apps.core.actor import Actor, Held, Role
from apps.core.errors import NotVisible
from apps.core.permissions import REGISTRY
from apps.files.models import StoredFile

from .machine import SIGNED_IN, Event, State, next_state
from .models import DeskPin, Device, GuessCount
from .permissions import AT_DESKS, DESK_USE, DEVICES_VIEW, PINS_VIEW
from .places import ids_of_people

# --- who may have a PIN ------------------------------------------------------------------------------------


def is_sensitive(code: str) -> bool:
    """A right that is not everybody's and not made for desks."""
    return code in REGISTRY and code not in AT_DESKS and Role.MEMBER not in REGISTRY[code].roles


def is_too_high(held: Held) -> bool:
    """Four digits must not open this: any role but a member's, and own roles with a sensitive permission.

    Who holds an office of an association is a student like others, and what the office allows is no right of a desk.
    """
    if held.role is Role.CUSTOM:
        return any(is_sensitive(code) for code in held.permissions)
    return held.role not in (Role.MEMBER, Role.OFFICE)


def may_use_desks(user: User, now: datetime) -> bool:
    """Active, and without rights too high for a PIN."""
    return user.is_active and not any(is_too_high(held) for held in roles_of(user, now))


def ids_too_high(now: datetime) -> set[UUID]:
    """Who has rights too high for a PIN, all at once: for lists. `may_use_desks` decides about one person."""
    day = school_day(now)
    grants = Grant.objects.select_related("custom_role").exclude(role=Role.MEMBER)
    found = {
        grant.user_id for grant in grants if known(grant.role) and grant.is_current(day) and is_too_high(held_by(grant))
    }
    roles = frozenset(Role) - {Role.MEMBER}
    for sources in hooks.role_sources.send(user_ids=None, roles=roles):
        found |= {source.user_id for source in sources if is_too_high(source.held)}
    return found


def may_be_at(device: Device, user: User, now: datetime) -> bool:
    """Whether this person belongs to the device's place today and may use desks."""
    ids = ids_of_people(device.scope, school_day(now))
    return ids is not None and ids.filter(user_id=user.pk).exists() and may_use_desks(user, now)


def people_of(device: Device, now: datetime, words: str = "") -> QuerySet[User]:
    """The profiles the device shows, by name, with `has_pin`."""
    ids = ids_of_people(device.scope, school_day(now))
    if ids is None:
        return User.objects.none()
    people = User.objects.filter(pk__in=ids, status=User.Status.ACTIVE).exclude(pk__in=ids_too_high(now))
    return with_pin(search_people(people, words)).order_by("family_name", "given_name", "pk")


def photo_at(device: Device, user_id: UUID, now: datetime) -> StoredFile:
    """The photo of a profile that this device shows, if it is for others. Raises NotVisible."""
    person = people_of(device, now).select_related("photo").filter(pk=user_id).exclude(photo=None).first()
    if person is None or person.photo is None or not is_published(person, now=now):
        raise NotVisible
    return person.photo


def with_pin(people: QuerySet[User]) -> QuerySet[User]:
    return people.annotate(has_pin=Exists(DeskPin.objects.filter(user=OuterRef("pk")).exclude(hash="")))


# --- where a device is -------------------------------------------------------------------------------------


def due(device: Device, now: datetime) -> Event | None:
    """What has happened to the device without anybody pressing anything, if something has."""
    if device.state not in SIGNED_IN:
        return None
    if not lives(device.session, now):
        return Event.LOST
    if device.state == State.PIN:
        if device.picked is None or not may_be_at(device, device.picked, now):
            return Event.GONE
        if device.acted_at is None or now >= device.acted_at + device.idle:
            return Event.IDLE
    if device.state == State.DESK:
        visit = device.visit
        if visit is None or (visit.ended_at is None and now >= visit.expires_at):
            return Event.IDLE
        if visit.ended_at is not None or device.picked is None or not may_be_at(device, device.picked, now):
            return Event.GONE
    return None


def state_now(device: Device, now: datetime) -> State:
    """The state the device is in at this moment, whether or not it is written yet."""
    event = due(device, now)
    return State(device.state) if event is None else next_state(device.state, event)


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of a device: where it is, and who is at it."""

    device: Device
    state: State
    person: User | None = None  # at the PIN pad: who is asked; at the desk: who is there

    @property
    def visit(self) -> Session | None:
        return self.device.visit if self.state == State.DESK else None


def desk_of(session: Session | None, now: datetime) -> Desk | None:
    """The device that holds this session. A token from before the PIN does not reach the person at the desk."""
    if session is None:
        return None
    device = Device.objects.select_related("session", "visit", "picked").filter(session_id=session.pk).first()
    if device is None:
        return None
    state = state_now(device, now)
    if state not in SIGNED_IN:
        return None
    if state == State.DESK and session.proven_at is None:
        state = State.PICKER
    return Desk(device, state, device.picked if state in (State.PIN, State.DESK) else None)


def actor_at(desk: Desk, *, request_id: str, address: str | None) -> Actor:
    """The person at the desk with the rights of the desk and no other; without one, nobody by the device's name."""
    if desk.state != State.DESK or desk.person is None or desk.visit is None:
        return Actor(label=desk.device.name, request_id=request_id, address=address)
    given = frozenset(desk.device.permissions) & frozenset(AT_DESKS)
    return Actor(
        label=desk.person.name,
        user_id=desk.person.pk,
        email=desk.person.email,
        held=(Held(Role.DESK, desk.device.scope, f"at {desk.device.name}", given | {DESK_USE.code}),),
        request_id=request_id,
        address=address,
        session_id=desk.visit.pk,
    )


# --- for administrators ------------------------------------------------------------------------------------


def visible_devices(*, actor: Actor) -> QuerySet[Device]:
    """The devices of the places this actor oversees."""
    devices = Device.objects.select_related("session", "visit", "picked").order_by("name", "pk")
    if not DEVICES_VIEW.allows(actor):
        return devices.none()
    own = actor.campus_ids(DEVICES_VIEW)
    if own is None or Role.SYSTEM in actor.roles:
        return devices
    return devices.filter(scope_kind="campus", scope_id__in=own)


def get_device(*, actor: Actor, device_id: UUID) -> Device:
    """One visible device. Raises NotVisible."""
    found = visible_devices(actor=actor).filter(pk=device_id).first()
    if found is None:
        raise NotVisible
    return found


def people_for_pins(*, actor: Actor, now: datetime, words: str = "", only: str = "") -> QuerySet[User]:
    """The people this actor sees who may have a PIN, by name, with `has_pin` and `is_locked`."""
    if not PINS_VIEW.allows(actor):
        return User.objects.none()
    people = visible_people(actor).filter(status=User.Status.ACTIVE).exclude(pk__in=ids_too_high(now))
    locks = GuessCount.objects.filter(locked(now), kind=GuessCount.Kind.PERSON, subject_id=OuterRef("pk"))
    people = with_pin(search_people(people, words)).annotate(is_locked=Exists(locks))
    if only == "locked":
        people = people.filter(is_locked=True)
    elif only in ("set", "none"):
        people = people.filter(Q(has_pin=only == "set"))
    return people.order_by("family_name", "given_name", "pk")


PER_PERSON, PER_DEVICE = 5, 30  # attempts within a day


def locked(now: datetime) -> Q:
    used_up = Q(kind=GuessCount.Kind.PERSON, tries__gte=PER_PERSON) | Q(
        kind=GuessCount.Kind.DEVICE, tries__gte=PER_DEVICE
    )
    return used_up & Q(ends_at__gt=now)


def locked_until(kind: str, subject_id: UUID, now: datetime) -> datetime | None:
    found = GuessCount.objects.filter(locked(now), kind=kind, subject_id=subject_id).first()
    return found.ends_at if found else None


def pin_of(user_id: UUID) -> DeskPin | None:
    return DeskPin.objects.filter(user_id=user_id).first()


def device_of_marker(marker: str) -> tuple[UUID, str] | None:
    """What a browser's marker says: which device it is, and the secret that proves it."""
    head, _dot, secret = marker.partition(".")
    try:
        return UUID(hex=head), secret
    except ValueError:
        return None
