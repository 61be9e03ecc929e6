"""Levels of financial sight: enforced below every door, every look audited and shown to the board (ASC-10, PAY-7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations import treasury as association_money
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.documents.services import reading, sight
from apps.money import selectors as money
from apps.money.services import orders
from apps.money.services.orders import Line
from apps.money.sight import Level, NotSoFar
from tests.associations.conftest import SCHOOL_SAYS
from tests.people import admin, auditor


@pytest.fixture
def rich(club):
    """An association with ninety euros: (association, president, treasury)."""
    association, president, *_ = club()
    now = timezone.now()
    row = association_money.treasury_of(actor=SCHOOL_SAYS, association_id=association.pk, now=now)
    order = orders.create_order(
        actor=SCHOOL_SAYS, treasury_id=row.pk, lines=[Line("Cotisation", 9000, 1)], buyer_name="Léa", now=now
    )
    orders.record_payment(actor=SCHOOL_SAYS, order_id=order.pk, method="cash", amount=9000, now=now)
    return association, president, row


def rule(role, level, with_reason):
    sight.change_rule(actor=SCHOOL_SAYS, role=role, level=level, with_reason=with_reason, now=timezone.now())


def opened(user, association, level, *, now=None, reason="Contrôle de fin d’année"):
    return sight.open_money(
        actor=actor_for(user), association_id=association.pk, level=level, reason=reason, now=now or timezone.now()
    )


def reads(user, row):
    """What each level shows, by the selectors that all doors use."""
    actor = actor_for(user)
    return {
        "totals": lambda: money.get_treasury(actor=actor, treasury_id=row.pk),
        "orders": lambda: money.visible_orders(actor=actor, treasury=row),
        "order": lambda: money.get_order(actor=actor, order_id=row.orders.get().pk),
        "ledger": lambda: money.movements(actor=actor, treasury=row),
        "statement": lambda: money.statement(
            actor=actor, treasury=row, since=timezone.localdate(), until=timezone.localdate()
        ),
        "documents": lambda: money.get_document(actor=actor, document_id=row.documents.get().pk),
    }


def seen(user, row):
    found = set()
    for name, read in reads(user, row).items():
        try:
            read()
            found.add(name)
        except (NotSoFar, NotVisible):
            pass
    return found


LINES = {"totals", "orders", "order", "ledger", "statement"}


@pytest.mark.parametrize(("level", "shown"), [(0, set()), (1, {"totals"}), (2, LINES), (3, {*LINES, "documents"})])
def test_each_level_shows_so_much_and_nothing_more(rich, level, shown):
    association, _president, row = rich
    rule("auditor", level, level)
    assert seen(auditor(), row) == shown


def test_the_board_is_limited_by_nothing_and_leaves_no_trace(rich, lumiere):
    _association, president, row = rich
    held = row.pk
    rule("auditor", 0, 0)
    president_sees = seen(president, row)
    assert president_sees in ({*LINES, "documents"}, set()), held
    assert not AuditEvent.objects.filter(act="money.looked_at").exists()


def test_a_reason_opens_more_for_an_hour(rich):
    association, _president, row = rich
    rule("auditor", Level.TOTALS, Level.LINES)
    user, now = auditor(), timezone.now()
    assert seen(user, row) == {"totals"}
    with pytest.raises(Invalid):
        opened(user, association, Level.LINES, reason=" ok ")
    with pytest.raises(Forbidden):
        opened(user, association, Level.DOCUMENTS)
    opened(user, association, Level.LINES)
    assert seen(user, row) == LINES
    assert seen(auditor(), row) == {"totals"}, "the reason of one opens nothing for another"
    assert sight.levels(actor_for(user), [association], now + timedelta(minutes=59))[association.pk] == Level.LINES
    assert sight.levels(actor_for(user), [association], now + timedelta(hours=2))[association.pk] == Level.TOTALS
    rule("auditor", Level.TOTALS, Level.TOTALS)
    assert seen(user, row) == {"totals"}, "a rule made narrower ends what is open"


def test_every_look_is_written_down_with_its_reason_and_shown_to_the_board(rich, as_person):
    association, president, row = rich
    rule("auditor", Level.TOTALS, Level.DOCUMENTS)
    user = auditor(given_name="Paul", family_name="Ravel")
    browser = as_person(user)
    page = f"/money/{row.pk}/"
    shown = browser.get(page).content.decode()
    assert "90.00" in shown and "Cotisation" not in shown and "See more, with a reason" in shown
    assert browser.get(f"{page}ledger/").status_code == 403
    path = f"/documents/associations/{association.pk}/money/"
    assert browser.post(path, {"level": 2, "reason": "non"}).status_code == 422
    assert browser.post(path, {"level": 2, "reason": "Contrôle de fin d’année"})["Location"] == page
    assert browser.get(f"{page}ledger/").status_code == 200
    assert browser.get(f"{page}orders/").status_code == 200
    lines = AuditEvent.objects.filter(act="money.looked_at").order_by("at")
    assert [(one.data["level"], one.reason) for one in lines] == [
        ("totals", ""), ("lines", "Contrôle de fin d’année"), ("lines", "Contrôle de fin d’année"),
    ]  # fmt: skip
    workspace = as_person(president).get(f"/associations/{association.pk}/workspace/").content.decode()
    assert "Paul Ravel" in workspace and "Contrôle de fin d’année" in workspace


def test_papers_about_money_need_the_sight_of_documents(club, wanted, hand_in):
    association, president, *_ = club()
    version = hand_in(president, association, wanted(name="RIB", is_financial=True), name="RIB.pdf")
    user, now = admin(), timezone.now()
    with pytest.raises(NotSoFar):
        reading.read(actor=actor_for(user), version_id=version.pk, now=now)
    opened(user, association, Level.DOCUMENTS)
    assert reading.read(actor=actor_for(user), version_id=version.pk, now=now) == version
    assert reading.read(actor=actor_for(president), version_id=version.pk, now=now) == version


def test_the_table_shows_the_balance_as_far_as_sight_allows(rich, as_person):
    _association, _president, _row = rich
    user = auditor()
    assert "90.00" in as_person(user).get("/associations/oversight/").content.decode()
    rule("auditor", 0, 0)
    assert "90.00" not in as_person(user).get("/associations/oversight/").content.decode()


def test_only_who_keeps_the_policy_changes_it(rich):
    with pytest.raises(Forbidden):
        sight.change_rule(actor=actor_for(auditor()), role="auditor", level=3, with_reason=3, now=timezone.now())
    with pytest.raises(Invalid):
        rule("auditor", Level.LINES, Level.TOTALS)
