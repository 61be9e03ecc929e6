"""Of the demonstration: promotions, a list that was imported and one that waits, a program, a wish to be erased."""

import time
from datetime import datetime, timedelta

from django.db.models import QuerySet

from apps.accounts.models import ErasureCase, ServiceCredential, User
from apps.accounts.selectors import actor_for
from apps.accounts.services.erasure import request_erasure
from apps.accounts.services.service_credentials import create_credential
from apps.campuses.models import Campus, CampusMembership, MembershipState, Promotion
from apps.campuses.services.promotions import change_promotion, create_promotion
from apps.core.actor import Actor
from apps.roster.models import RosterPlan
from apps.roster.services.columns import guess
from apps.roster.services.plans import desk_of, work_on
from apps.roster.services.uploads import start_import, upload_list

YEARS = ("B1", "B2", "B3", "M1", "M2")
HEADINGS = "Adresse e-mail;Prénom;Nom;Campus;Promo\n"


def make(boss: Actor, campus: Campus, now: datetime) -> None:
    """What is missing of it. Repeating it is harmless."""
    if not Promotion.objects.exists():
        _years(boss, now)
    if not RosterPlan.objects.exists():
        _placed(boss, campus, now - timedelta(days=9))
        _waiting(boss, campus, now)
    if not ServiceCredential.objects.exists():
        create_credential(
            actor=boss,
            name="Emploi du temps",
            permissions=["people.view", "campuses.view"],
            expires_at=now + timedelta(days=180),
            now=now,
        )
    if not ErasureCase.objects.exists():
        leaver = _students(campus).last()
        if leaver is not None:
            request_erasure(
                actor=actor_for(leaver, surface="command"),
                reason="J'ai quitté l'école en juin et ne souhaite plus y avoir de compte.",
                now=now - timedelta(days=2),
            )


def _years(boss: Actor, now: datetime) -> None:
    """Each leads to the next, the last one out of the school."""
    made = [create_promotion(actor=boss, name=name, now=now) for name in YEARS]
    for year, then in zip(made, [*made[1:], None], strict=True):
        turn = Promotion.Turn.MOVE if then else Promotion.Turn.LEAVE
        change_promotion(
            actor=boss, promotion_id=year.pk, name=year.name, turn=turn, then_id=then.pk if then else None, now=now
        )


def _students(campus: Campus) -> QuerySet[User]:
    placed = CampusMembership.objects.filter(campus=campus, state=MembershipState.ACTIVE, role="member")
    return User.objects.filter(pk__in=placed.values("user")).order_by("email")


def _placed(boss: Actor, campus: Campus, then: datetime) -> None:
    """The school's list of a campus: who studies in which year. Two rows of it are wrong, as in every real list."""
    people = list(_students(campus))
    rows = [
        f"{one.email};{one.given_name};{one.family_name};{campus.code};{YEARS[number * len(YEARS) // len(people)]}"
        for number, one in enumerate(people)
    ]
    rows[7:7] = [f"prenom.nom(at)exemple;Prénom;Nom;{campus.code};B1"]
    rows += [f"{rows[-1].split(';')[0]};Encore;Une fois;{campus.code};M2"]
    run = _previewed(boss, "inscriptions-2026.csv", rows, campus, then)
    desk_of(run).approve(actor=boss, run_id=run.pk, now=then + timedelta(minutes=4))
    _worked_on(run)


def _waiting(boss: Actor, campus: Campus, now: datetime) -> None:
    new = [("Inès", "Castel"), ("Théo", "Vasseur"), ("Maëlys", "Bonnaud"), ("Oskar", "Lindqvist"), ("Aïcha", "Benali")]
    rows = [f"{_address(given, family)};{given};{family};{campus.code};B2" for given, family in new]
    _previewed(boss, "admissions-janvier.csv", rows, campus, now - timedelta(minutes=40))


def _address(given: str, family: str) -> str:
    plain = str.maketrans("èéëïÏÈ", "eeeiIE")
    return f"{given}.{family}@etu.lumiere.example".translate(plain).lower()


def _previewed(boss: Actor, name: str, rows: list[str], campus: Campus, then: datetime) -> RosterPlan:
    text = HEADINGS + "\n".join(rows) + "\n"
    file = upload_list(actor=boss, name=name, content=text.encode("utf-8"), now=then)
    run = start_import(actor=boss, file_id=file.pk, columns=guess(file.header), now=then, campus_id=campus.pk)
    _worked_on(run)
    return run


def _worked_on(run: RosterPlan) -> None:
    work_on(run_id=run.pk)
    run.refresh_from_db()
    while run.is_moving:  # a worker that runs already heard the bell first
        time.sleep(0.2)
        run.refresh_from_db()
