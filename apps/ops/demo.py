"""The demonstration: two schools, made through the services that people use, and a month of history.

The directory runs of the past are real runs of the real simulator; only their clock is set back. The sign-ins of
the past are told to the audit trail as such (`data: {"demonstration": true}`).
"""

import logging
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as time_of_day
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.acts import SIGNED_IN
from apps.accounts.models import Authenticator, ConsentText, CustomRole, User
from apps.accounts.selectors import actor_for, find_by_email
from apps.accounts.services.consents import answer, publish_text
from apps.accounts.services.custom_roles import create_custom_role
from apps.accounts.services.invitations import accept_with_password, invite
from apps.accounts.services.linking import link_organisation
from apps.accounts.services.roles import grant_role
from apps.accounts.services.second_step import factors_of
from apps.accounts.services.superadmins import create_superadmin
from apps.audit.models import AuditEvent
from apps.audit.services import record
from apps.campuses.models import Campus, CampusRole
from apps.campuses.services.campuses import add_place, approve_domain, create_campus, remove_domain
from apps.core.actor import SCHOOL, Actor, Role, Scope
from apps.core.errors import DomainError
from apps.devices.models import Device
from apps.devices.permissions import AT_DESKS
from apps.devices.selectors import people_of
from apps.devices.services import pins
from apps.devices.services.devices import Wanted, create_device
from apps.directory.models import DirectoryRun, GroupMapping
from apps.directory.selectors import linked_organisation
from apps.directory.services.mappings import add_mapping
from apps.directory.services.requests import request_run
from apps.directory.services.runs import carry_out
from apps.directory.services.schedules import change_schedule
from apps.microsoft.identity import GLOBAL_ADMINISTRATOR, IdClaims
from apps.notifications.models import CommunicationLog
from apps.portal.services import change_school
from apps.tenants.context import activated, platform
from apps.tenants.hosts import platform_url, school_url
from apps.tenants.models import School
from apps.tenants.services.provisioning import provision_school

from . import (
    demo_associations,
    demo_events,
    demo_lists,
    demo_messages,
    demo_money,
    demo_payments,
    demo_sites,
    demo_webhooks,
)

logger = logging.getLogger("campanile.demo")

PASSWORD = "bell-tower-at-noon"  # noqa: S105 - refused outside of a machine of its own: see `require_local`
SUPERADMIN = "superadmin@campanile.localhost"
SUPERADMIN_KEY = "DEMODEMODEMODEMODEMODEMODEMODEMO"  # of the authenticator app; the simulator shows its codes
PINS = ("4071", "8305", "2694")  # of the student and two others at the first campus of each school
HISTORY = 28  # days
LINK = re.compile(r"/invitation/([A-Za-z0-9_-]+)/")
ME = Actor.system("demonstration", surface="command")
Say = Callable[[str], None]


class NotLocal(DomainError):
    code = "not-local"

    def __init__(self) -> None:
        super().__init__(
            "The demonstration has known passwords: it is only made where PLATFORM_DOMAIN is a .localhost."
        )


@dataclass(frozen=True)
class CampusSpec:
    name: str
    code: str
    address: str
    domains: tuple[str, ...]
    places: tuple[tuple[str, int], ...]
    groups: tuple[tuple[int, str, CampusRole], ...]  # number in the simulator, name, role
    days_ago: int  # when its groups were mapped and first read


@dataclass(frozen=True)
class SchoolSpec:
    slug: str
    name: str
    hue: int
    tenant_id: str
    owner: tuple[str, str, str]  # given name, family name, e-mail; the first named person of the simulator
    campuses: tuple[CampusSpec, ...]
    people: tuple[tuple[Role, str, str, str], ...]  # role, given name, family name, e-mail
    invited: str
    student: str  # signs in with Microsoft
    sign_ins: int  # on a busy day
    waits: bool = False  # its last run is held: what the alert and the decision look like


LUMIERE = SchoolSpec(
    slug="lumiere",
    name="École Lumière",
    hue=258,
    tenant_id="11111111-1111-4111-8111-111111111111",
    owner=("Hélène", "Marchand", "helene.marchand@lumiere.example"),
    campuses=(
        CampusSpec(
            "Campus Paris", "PAR", "12 rue de la Lanterne\n75011 Paris", ("etu.lumiere.example", "lumiere.example"),
            (("Amphithéâtre Méliès", 180), ("Studio 1", 24), ("Foyer", 60)),
            ((1, "Campus Paris – Étudiants", CampusRole.MEMBER), (3, "Personnel", CampusRole.STAFF)), 27,
        ),
        CampusSpec(
            "Campus Lyon", "LYO", "4 quai des Frères-Lumière\n69007 Lyon", (),
            (("Salle de mixage", 12), ("Plateau son", 30)),
            ((2, "Campus Lyon – Étudiants", CampusRole.MEMBER),), 13,
        ),
    ),
    people=(
        (Role.ADMIN, "Nadia", "Bensaïd", "administration@lumiere.example"),
        (Role.AUDITOR, "Paul", "Ravel", "audit@lumiere.example"),
        (Role.CAMPUS_MANAGER, "Anne", "Delorme", "lyon@lumiere.example"),
        (Role.MEMBER, "Sacha", "Renard", "sacha.renard@lumiere.example"),
    ),
    invited="comptabilite@lumiere.example",
    student="camille.moreau@etu.lumiere.example",
    sign_ins=34,
)  # fmt: skip
CURIE = SchoolSpec(
    slug="curie",
    name="Institut Curie-Sklodowska",
    hue=165,
    tenant_id="22222222-2222-4222-8222-222222222222",
    owner=("Katarzyna", "Nowak", "katarzyna.nowak@curie.example"),
    campuses=(
        CampusSpec(
            "Campus Strasbourg", "SXB", "1 place de la République\n67000 Strasbourg",
            ("etu.curie.example", "curie.example"), (("Laboratoire A", 20), ("Bibliothèque", 90)),
            ((1, "Campus Strasbourg – Étudiants", CampusRole.MEMBER), (3, "Personnel", CampusRole.STAFF)), 20,
        ),
    ),
    people=((Role.ADMIN, "Jonas", "Schmitt", "administration@curie.example"),),
    invited="scolarite@curie.example",
    student="elise.weber@etu.curie.example",
    sign_ins=15,
    waits=True,
)  # fmt: skip
SCHOOLS = (LUMIERE, CURIE)


def require_local() -> None:
    """Known passwords must never be written anywhere that others can reach."""
    if not settings.PLATFORM_DOMAIN.endswith(".localhost"):
        raise NotLocal


def make(say: Say, now: datetime | None = None) -> None:
    """Everything that is missing. What is there stays as it is, so that repeating it is quick and harmless."""
    require_local()
    now = now or timezone.now()
    with platform():
        superadmin, _new = create_superadmin(actor=ME, email=SUPERADMIN, password=PASSWORD)
        if not factors_of(superadmin).any:
            Authenticator.objects.create(user=superadmin, secret=SUPERADMIN_KEY, confirmed_at=now)
        for spec in SCHOOLS:
            say(spec.name)
            _school(spec, now)


def sign_ins() -> list[dict[str, str]]:
    """Who may sign in where, and with what."""
    rows = [("superadmin", platform_url("/admin/"), SUPERADMIN, PASSWORD)]
    for spec in SCHOOLS:
        where = school_url(School(slug=spec.slug))
        rows.append((f"owner of {spec.slug}", where, spec.owner[2], PASSWORD))
        rows += [(role.value.replace("-", " "), where, email, PASSWORD) for role, _g, _f, email in spec.people]
        rows.append(("student", where, spec.student, "with Microsoft (the simulator asks for no password)"))
    found = [dict(zip(("who", "where", "email", "password"), row, strict=True)) for row in rows]
    found[0]["then"] = f"then the code at {settings.SANDBOX_URL}/authenticator"
    tablet = school_url(School(slug=LUMIERE.slug), "/desk/")
    who = f"{LUMIERE.student} at a tablet"
    found.append({"who": "shared tablet", "where": tablet, "email": who, "password": f"PIN {PINS[0]}"})
    found[-1]["then"] = f"first a code: {school_url(School(slug=LUMIERE.slug), '/devices/')} as the owner"
    return found


# --- one school ------------------------------------------------------------------------------------------


def _school(spec: SchoolSpec, now: datetime) -> None:
    given, family, email = spec.owner
    school = provision_school(actor=ME, slug=spec.slug, name=spec.name, owner_email=email, now=now)
    with activated(school):
        owner = _accepted(email, given, family, now)
        boss = actor_for(owner, surface="command")
        change_school(actor=boss, school_id=school.pk, now=now, hue=spec.hue)
        campuses = [_campus(boss, one, now) for one in spec.campuses]
        _link(boss, owner, spec, now)
        for number, person in enumerate(spec.people):
            _invited(boss, *person, campuses[min(number, len(campuses) - 1)], now)
        _own_role(boss, spec, campuses[-1], now)
        _consents(boss, school, owner, now)
        _directory(boss, spec, campuses, now)
        if spec is LUMIERE:
            demo_lists.make(boss, campuses[-1], now)
            demo_events.make(boss, now)
        demo_associations.make(boss, campuses[0], find_by_email(spec.student), now)
        demo_sites.make(boss, now)
        _tablet(boss, spec, campuses[0], now)
        if find_by_email(spec.invited) is None:
            invite(actor=boss, email=spec.invited, role=Role.ADMIN, now=now)
        staff = User.objects.filter(email__in=[one[3] for one in spec.people if one[0] is Role.ADMIN])
        demo_messages.make(owner, staff, find_by_email(spec.student), now)
        demo_webhooks.make(boss, spec.slug, now)
        demo_money.make(boss, find_by_email(spec.student), now)
        if spec is LUMIERE:
            demo_payments.make(boss, owner, now)
        _history(spec, now)


def _accepted(email: str, given: str, family: str, now: datetime) -> User:
    """The account of an invitation, accepted by its link as people do. The link stands only in the mail."""
    user = find_by_email(email)
    assert user is not None, f"{email} was not invited"
    if user.status != User.Status.PENDING:
        return user
    mails = CommunicationLog.objects.filter(template="invitation", user_id=user.pk).order_by("-created_at")
    found = LINK.search(mails[0].text) if mails else None
    if found is None:
        raise DomainError(f"The invitation of {email} was sent already: accept it from the mailbox, or start anew.")
    return accept_with_password(
        actor=Actor.anonymous(), token=found[1], password=PASSWORD, now=now, given_name=given, family_name=family
    )


def _invited(boss: Actor, role: Role, given: str, family: str, email: str, campus: Campus, now: datetime) -> None:
    if find_by_email(email) is None:
        scope = SCHOOL if role in (Role.ADMIN, Role.AUDITOR) else Scope("campus", campus.pk)
        invite(actor=boss, email=email, role=role, scope=scope, now=now, given_name=given, family_name=family)
    _accepted(email, given, family, now)


def _own_role(boss: Actor, spec: SchoolSpec, campus: Campus, now: datetime) -> None:
    """A role of the school's own, and the person of `people` who holds no other."""
    helper = next((find_by_email(email) for role, _g, _f, email in spec.people if role is Role.MEMBER), None)
    if helper is None or CustomRole.objects.exists():
        return
    role = create_custom_role(
        actor=boss,
        name="Scolarité",
        description="Inscrit les étudiants et répond à leurs questions.",
        permissions=["people.view", "people.invite", "campuses.view", "memberships.manage"],
        scope_kind="campus",
        now=now,
    )
    grant_role(
        actor=boss,
        user_id=helper.pk,
        role=Role.CUSTOM,
        custom_role_id=role.pk,
        scope=Scope("campus", campus.pk),
        ends_on=(now + timedelta(days=180)).date(),
        note="Rentrée",
        now=now,
    )


PHOTO_TEXT = {
    "title_fr": "Publication de votre photo",
    "title_en": "Publication of your photo",
    "body_fr": (
        "Votre photo est montrée aux personnes de l'école qui peuvent voir votre fiche. "
        "Vous pouvez changer d'avis à tout moment."
    ),
    "body_en": (
        "Your photo is shown to people of the school who may see your page. You can change your mind at any time."
    ),
}


def _consents(boss: Actor, school: School, owner: User, now: datetime) -> None:
    """One text that people may agree to; none that everybody has to read first."""
    if ConsentText.objects.exists():
        return
    publish_text(actor=boss, school_id=school.pk, purpose="photo", words=PHOTO_TEXT, now=now)
    answer(actor=actor_for(owner, surface="command"), answers={"photo": True}, now=now)


def _campus(boss: Actor, spec: CampusSpec, now: datetime) -> Campus:
    known = Campus.objects.filter(code=spec.code).first()
    if known:
        return known
    campus = create_campus(actor=boss, now=now, name=spec.name, code=spec.code, address=spec.address)
    for domain in spec.domains:
        approve_domain(actor=boss, campus_id=campus.pk, domain=domain, now=now)
    for name, capacity in spec.places:
        add_place(actor=boss, campus_id=campus.pk, name=name, now=now, capacity=capacity)
    return campus


def _link(boss: Actor, owner: User, spec: SchoolSpec, now: datetime) -> None:
    """As if the owner had signed in to Microsoft as the administrator of the organisation."""
    if linked_organisation():
        return
    claims = IdClaims(
        issuer=f"{settings.MICROSOFT_LOGIN_URL}/{spec.tenant_id}/v2.0",
        tenant_id=spec.tenant_id,
        object_id=_simulated("eeeeeeee", spec, 1),
        subject="demonstration",
        session_id="",
        preferred_username=owner.email,
        email=owner.email,
        name=owner.name,
        is_guest=False,
        directory_roles=frozenset({GLOBAL_ADMINISTRATOR}),
    )
    link_organisation(actor=boss, user=owner, claims=claims, now=now)


def _simulated(kind: str, spec: SchoolSpec, number: int) -> str:
    """The fixed ids of the simulator's named people (eeeeeeee) and groups (99999999)."""
    return f"{kind}-{spec.tenant_id[:4]}-4000-8000-{number:012d}"


def _tablet(boss: Actor, spec: SchoolSpec, campus: Campus, now: datetime) -> None:
    """A tablet that waits for its code, and people of its campus with PINs: the student first (docs/devices.md)."""
    if Device.objects.exists():
        return
    scope = Scope("campus", campus.pk)
    wanted = Wanted("Tablette d’accueil", scope, spot="Accueil", permissions=tuple(AT_DESKS))
    device = create_device(actor=boss, wanted=wanted, now=now)
    people = people_of(device, now).annotate(is_first=Q(email=spec.student)).order_by("-is_first", "email")
    for user, pin in zip(people[: len(PINS)], PINS, strict=False):
        code = pins.make_code(actor=boss, user_id=user.pk, now=now)
        pins.set_with_code(actor=actor_for(user, surface="command"), user=user, code=code, pin=pin, now=now)


# --- a month of history ----------------------------------------------------------------------------------


def _directory(boss: Actor, spec: SchoolSpec, campuses: list[Campus], now: datetime) -> None:
    """Campus after campus was mapped and read in the past weeks, and the last run is of some hours ago."""
    if DirectoryRun.objects.exists():
        return
    steps = sorted(zip(spec.campuses, campuses, strict=True), key=lambda step: -step[0].days_ago)
    for plan, campus in steps:
        then = now - timedelta(days=plan.days_ago)
        for number, name, role in plan.groups:
            if not GroupMapping.objects.filter(campus=campus, group_name=name).exists():
                group = _simulated("99999999", spec, number)
                add_mapping(actor=boss, group_id=group, group_name=name, campus_id=campus.pk, now=then, role=role.value)
        _run(boss, then)
    _run(boss, now - timedelta(hours=5))
    if spec.waits:
        _run_without_a_domain(boss, campuses[0], now - timedelta(hours=1))
    change_schedule(actor=boss, now=now, mode="daily", every_hours=6, daily_at=time_of_day(4, 0), reading="delta")


def _run_without_a_domain(boss: Actor, campus: Campus, then: datetime) -> None:
    """Somebody removed the domain of all students by mistake and put it back: the run in between stopped and asks."""
    domain = campus.domains.get(domain__startswith="etu.")
    remove_domain(actor=boss, campus_id=campus.pk, domain_id=domain.pk, now=then)
    _run(boss, then)
    approve_domain(actor=boss, campus_id=campus.pk, domain=domain.domain, now=then + timedelta(minutes=10))


def _run(actor: Actor, then: datetime) -> None:
    """A run whose clock was set back to `then` when it began."""
    shift = timezone.now() - then
    run = request_run(actor=actor, now=then)
    carry_out(run_id=run.pk, clock=lambda: timezone.now() - shift)
    run.refresh_from_db()
    while run.is_moving:  # a worker that runs already heard the bell first
        time.sleep(0.2)
        run.refresh_from_db()
    if run.state == "held":
        logger.info("a run of the demonstration is held", extra={"run_id": str(run.pk)})


@dataclass
class _Week:
    """Fewer people at the end of the week; seeded, so that every machine tells the same story."""

    chance: random.Random
    busy: int
    shares: dict[int, float] = field(default_factory=lambda: {4: 0.8, 5: 0.25, 6: 0.2})

    def count(self, day: datetime) -> int:
        share = self.shares.get(day.weekday(), 1.0)
        return max(1, round(self.busy * share * self.chance.uniform(0.75, 1.25)))


@transaction.atomic
def _history(spec: SchoolSpec, now: datetime) -> None:
    if AuditEvent.objects.filter(act=SIGNED_IN).exists():
        return
    week = _Week(random.Random(spec.tenant_id), spec.sign_ins)  # noqa: S311 - a story, no secret
    people = list(User.objects.filter(status=User.Status.ACTIVE).order_by("email"))
    last: dict[Any, datetime] = {}
    for days in range(HISTORY, -1, -1):
        day = now - timedelta(days=days)
        grown = max(5, round(len(people) * (1 - days / (HISTORY * 1.4))))
        for person in week.chance.sample(people[:grown], k=min(len(people[:grown]), week.count(day))):
            at = min(day.replace(hour=week.chance.randint(7, 18), minute=week.chance.randint(0, 59)), now)
            actor = Actor(label=person.name, user_id=person.pk, email=person.email, address="192.0.2.10")
            record(actor=actor, act=SIGNED_IN, target=person, data={"demonstration": True}, at=at)
            last[person.pk] = at
    for person in people:
        person.last_login = last.get(person.pk)
    User.objects.bulk_update(people, ["last_login"], batch_size=500)
