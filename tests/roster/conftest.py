"""A school with two campuses and three promotions, and the whole way of a list in one call."""

import io
from dataclasses import dataclass

import openpyxl
import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.campuses.models import Campus, CampusMembership, Promotion
from apps.roster.models import RosterPlan
from apps.roster.services import columns, plans, uploads
from tests.people import acting, admin

HEADER = "E-mail;Prénom;Nom;N° étudiant;Campus;Rôle;Promotion"


@dataclass
class School:
    """What a test says about a school and its lists."""

    lyon: Campus
    paris: Campus
    boss: object

    def promotion(self, name):
        return Promotion.objects.get(name=name)

    def upload(self, text, name="liste.csv"):
        content = text if isinstance(text, bytes) else text.encode()
        return uploads.upload_list(actor=self.boss, name=name, content=content, now=timezone.now())

    def preview(self, text, *, chosen=None, **options) -> RosterPlan:
        file = self.upload(text)
        plan = uploads.start_import(
            actor=self.boss,
            file_id=file.pk,
            columns=chosen or columns.guess(file.header),
            now=timezone.now(),
            **options,
        )
        return self.work(plan)

    def work(self, plan, **options) -> RosterPlan:
        plans.work_on(run_id=plan.pk, **options)
        plan.refresh_from_db()
        return plan

    def confirm(self, plan, **options) -> RosterPlan:
        plans.desk_of(plan).approve(actor=self.boss, run_id=plan.pk, now=timezone.now())
        return self.work(plan, **options)

    def bring_in(self, text, **options) -> RosterPlan:
        plan = self.preview(text, **options)
        return self.confirm(plan) if plan.state == "held" else plan

    def undo(self, plan, **options) -> RosterPlan:
        undo = plans.desk_of(plan).request_undo(actor=self.boss, run_id=plan.pk, now=timezone.now())
        undo = self.work(undo)
        return self.confirm(undo, **options) if undo.state == "held" else undo


@pytest.fixture
def school(lumiere) -> School:
    return make_school()


def make_school() -> School:
    for place, name in enumerate(("B1", "B2", "B3")):
        Promotion.objects.create(name=name, position=place)
    return School(
        Campus.objects.create(name="Campus Lyon", code="LYO"),
        Campus.objects.create(name="Campus Paris", code="PAR"),
        acting(admin()),
    )


def listed(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def workbook(*rows, header=HEADER) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(header.split(";"))
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def people_now() -> dict:
    """Everything a plan about people can change, by address: for "exactly as before"."""
    places: dict = {}
    for one in CampusMembership.objects.select_related("campus", "promotion"):
        places.setdefault(one.user_id, []).append(
            (
                one.campus.code, one.state, one.role, one.promotion and one.promotion.name, one.source, one.cause,
                one.ends_on, one.pinned,
            )
        )  # fmt: skip
    fields = ("email", "given_name", "family_name", "department", "job_title", "external_id", "status")
    return {row[0]: (row[1:-1], sorted(places.get(row[-1], []))) for row in User.objects.values_list(*fields, "pk")}
