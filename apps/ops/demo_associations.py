"""Associations of the demonstration: a dozen per school in different states, boards, members, a campaign under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.accounts.models import User
from apps.accounts.rules import school_day
from apps.accounts.selectors import actor_for
from apps.associations.models import Association, Joining, Kind, Mandate, Renewal
from apps.associations.services import board, life, members, renewals, requests
from apps.campuses.models import Campus, CampusMembership, MembershipState
from apps.core.actor import Actor


@dataclass(frozen=True)
class Spec:
    name: str
    kind: str
    purpose: str
    state: str = "active"  # how far it has come
    joining: str = Joining.APPROVAL
    members: int = 6
    visibility: str = "school"


SPECS = (
    Spec("BDE", Kind.STUDENT_UNION, "Le bureau des étudiants : accueil, soirées et vie de campus.",
         joining=Joining.FREE, members=16),
    Spec("BDS", Kind.SPORT, "Le bureau des sports : entraînements, tournois inter-écoles et créneaux de gymnase.",
         joining=Joining.FREE, members=12),
    Spec("BDA", Kind.ARTS, "Le bureau des arts : théâtre, photographie, expositions, sorties.", members=8),
    Spec("Ciné-club", Kind.CULTURE, "Une projection et un débat chaque jeudi soir, du muet au documentaire.",
         joining=Joining.FREE, members=9),
    Spec("Junior-Entreprise", Kind.JUNIOR_ENTERPRISE,
         "Des études réalisées par des étudiants pour des entreprises, sous la marque de la confédération.",
         joining=Joining.CLOSED),
    Spec("Solidarité & maraudes", Kind.SOLIDARITY, "Maraudes, collectes et soutien scolaire dans le quartier.",
         members=7),
    Spec("Campus vert", Kind.ENVIRONMENT, "Compost, vélos partagés et bilan carbone des événements.", "vacant"),
    Spec("Robotique", Kind.TECHNOLOGY, "Construire un robot par an et le mener à la Coupe de France.", "changed"),
    Spec("Parrainage international", Kind.INTERNATIONAL,
         "Accueillir les étudiants en échange : démarches, langue, sorties.", "overridden", visibility="campus"),
    Spec("Web radio", Kind.CULTURE, "Émissions, podcasts et studio ouvert le mercredi.", "frozen", members=4),
    Spec("Club œnologie", Kind.OTHER, "Découvrir les vignobles, avec modération.", "dormant", members=3),
    Spec("Club d’échecs", Kind.OTHER, "Blitz du midi et tournoi de fin d’année.", "submitted"),
    Spec("Atelier couture", Kind.ARTS, "Réparer, transformer, apprendre à coudre.", "changes"),
    Spec("Fanfare", Kind.CULTURE, "Jouer fort et ensemble, sur le campus et dans la rue.", "draft"),
)  # fmt: skip
CLOSE = 4  # how many of the founders and members two associations share


def make(boss: Actor, campus: Campus, student: User | None, now: datetime) -> None:
    """What is missing of it. Repeating it is harmless."""
    if Association.objects.exists():
        return
    placed = CampusMembership.objects.filter(campus=campus, state=MembershipState.ACTIVE, role="member")
    people = list(User.objects.filter(pk__in=placed.values("user"), status=User.Status.ACTIVE).order_by("email")[:160])
    if student is not None:
        people = [student, *(one for one in people if one != student)]
    step = max(3, len(people) // len(SPECS))
    for number, spec in enumerate(SPECS):
        mine = [people[(number * step + offset) % len(people)] for offset in range(min(step + CLOSE, len(people)))]
        _association(boss, campus, spec, mine, now)
    _campaign(boss, now)


def _association(boss: Actor, campus: Campus, spec: Spec, people: Sequence[User], now: datetime) -> None:
    then, chief = now - timedelta(days=80), actor_for(people[0], surface="command")
    named = [(people[0].email, "president"), (people[1].email, "treasurer"), (people[2].email, "secretary")]
    made = requests.start_request(
        actor=chief, now=then, founders=named, name=spec.name, kind=spec.kind, purpose=spec.purpose, seat_id=campus.pk,
        visibility=spec.visibility, joining=spec.joining,
    )  # fmt: skip
    if spec.state == "draft":
        return
    for one in people[1:3]:
        agreeing = actor_for(one, surface="command")
        requests.answer_founding(actor=agreeing, association_id=made.pk, agree=True, now=then)
    sent = now - timedelta(days=2) if spec.state in ("submitted", "changes") else then + timedelta(days=3)
    requests.submit_request(actor=chief, association_id=made.pk, now=sent)
    if spec.state == "changes":
        words = "Merci d’ajouter vos statuts et de préciser où seront rangées les machines."
        requests.request_changes(actor=boss, association_id=made.pk, text=words, now=now - timedelta(days=1))
    if spec.state not in ("submitted", "changes"):
        _living(boss, made, spec, people, now)


def _living(boss: Actor, made: Association, spec: Spec, people: Sequence[User], now: datetime) -> None:
    begins = school_day(now) - timedelta(days=70)
    requests.approve_request(
        actor=boss,
        association_id=made.pk,
        starts_on=begins,
        ends_on=_next_september(begins),
        now=now - timedelta(days=72),
    )
    for number, one in enumerate(people[3 : 3 + spec.members]):
        at = now - timedelta(days=60 - 3 * number)
        if spec.joining == Joining.CLOSED:
            members.add_member(
                actor=actor_for(people[0], surface="command"), association_id=made.pk, email=one.email, now=at
            )
            continue
        asked = members.join(
            actor=actor_for(one, surface="command"), association_id=made.pk, now=at, words="Bonjour, je peux aider !"
        )
        if number % 4 != 3:  # every fourth request still waits
            members.admit(actor=boss, membership_id=asked.pk, now=at + timedelta(hours=5))
    if spec.state == "frozen":
        why = "Le bilan de l’année passée n’a pas été remis."
        life.freeze(actor=boss, association_id=made.pk, reason=why, now=now - timedelta(days=4))
    if spec.state == "dormant":
        why = "Plus d’activité depuis la rentrée."
        life.make_dormant(actor=boss, association_id=made.pk, reason=why, now=now - timedelta(days=20))


def _next_september(day: date) -> date:
    coming = date(day.year, 9, 1)
    return coming if coming > day + timedelta(days=90) else date(day.year + 1, 9, 1)


def _campaign(boss: Actor, now: datetime) -> None:
    """Ten days old, twenty to go: some are renewed, one waits for the school, one has no treasurer any more."""
    then = now - timedelta(days=10)
    today = school_day(now)
    renewals.start_campaign(
        actor=boss, name=f"{today.year}-{today.year + 1}", deadline=today + timedelta(days=20), now=then
    )
    states = {spec.name: spec.state for spec in SPECS}
    for number, renewal in enumerate(Renewal.objects.select_related("association").order_by("association__name")):
        association, state = renewal.association, states[renewal.association.name]
        board_of_it = Mandate.objects.filter(office__association=association).order_by("office__position")
        if state == "vacant":
            board.end_mandate(actor=boss, mandate_id=board_of_it[1].pk, reason="Départ en échange", now=then)
        officers = list(board_of_it)
        if state == "changed":
            life.edit_association(
                actor=boss, association_id=association.pk, now=then, purpose=f"{association.purpose} Et un fab lab."
            )
        if state == "overridden":
            reason = "La trésorière est en stage à l’étranger, confirmé par téléphone."
            renewals.override(actor=boss, renewal_id=renewal.pk, reason=reason, now=now - timedelta(days=1))
        elif state == "changed" or number % 3 == 0:
            _confirmed(renewal, officers[:2], then)
        elif number % 3 == 1:
            _confirmed(renewal, officers[:1], then)


def _confirmed(renewal: Renewal, officers: Sequence[Mandate], then: datetime) -> None:
    for number, mandate in enumerate(officers):
        at = then + timedelta(days=1 + 2 * number)
        if mandate.ends_on > school_day(at):
            renewals.confirm(actor=actor_for(mandate.user, surface="command"), renewal_id=renewal.pk, now=at)
