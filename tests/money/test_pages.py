"""Pages of money: who gets in, what forms answer, files."""

import pytest
from django.urls import reverse

from apps.core.actor import Role
from apps.money import holders
from apps.money.models import Order, Payment, Refund
from apps.money.services import treasuries
from tests.conftest import client_for
from tests.people import admin, auditor, person, with_role

from .conftest import NOW, TREASURER, fresh, order_of, pay


@pytest.fixture
def boss(lumiere):
    browser = client_for(lumiere)
    browser.force_login(admin(locale="en"))
    return browser


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_first_visit_opens_the_schools_account(boss):
    assert "No account yet" in text_of(boss.get("/money/"))
    answer = boss.post("/money/opening/", follow=True)
    assert "Where the money is" in text_of(answer)


def test_an_order_is_made_paid_and_refunded_on_pages(boss, treasury):
    made = {"buyer_name": "Inès", "text_1": "Yearbook", "quantity_1": "2", "price_1": "25.50", "key": "one"}
    for _twice in range(2):
        boss.post(reverse("money:order_new", args=[treasury.pk]), made)
    order = Order.objects.get()
    assert (order.total, order.lines.get().quantity) == (5100, 2)
    page = reverse("money:record_payment", args=[order.pk])
    assert 'value="51.00"' in text_of(boss.get(page))
    # a day that is past in every zone and never too old
    boss.post(page, {"method": "cash", "amount": "51.00", "received_on": "2026-11-01", "key": "two"})
    assert fresh(order).status == "paid"
    refund = reverse("money:refund", args=[order.pk])
    line = f"line_{order.lines.get().pk.hex}"
    preview = text_of(boss.post(refund, {"seen": "0", line: "1"}))
    assert "What will be booked" in preview and "-€25.50" in preview.replace("−", "-")
    assert not Refund.objects.exists()
    boss.post(refund, {"seen": "0", line: "1", "confirmed": "1"})
    assert fresh(order).status == "partially_refunded"
    late = boss.post(refund, {"seen": "0", line: "1", "confirmed": "1"})
    assert late.status_code == 422 and "Somebody refunded this order meanwhile" in text_of(late)


@pytest.mark.parametrize(
    "change", [{"price_1": ""}, {"buyer_name": ""}, {"text_2": "Pen"}, {"price_1": "-1"}, {"price_1": "1.005"}]
)
def test_a_bad_order_is_a_422_and_loses_nothing(boss, treasury, change):
    sent = {"buyer_name": "Inès", "text_1": "Yearbook", "price_1": "25", **change}
    answer = boss.post(reverse("money:order_new", args=[treasury.pk]), sent)
    assert answer.status_code == 422
    assert 'value="Yearbook"' in text_of(answer)
    assert not Order.objects.exists()


def test_members_see_their_own_receipts_and_nothing_else(lumiere, treasury):
    me, other = person(locale="en"), person()
    mine, theirs = (order_of(treasury, buyer_id=one.pk, buyer_name="") for one in (me, other))
    pay(mine), pay(theirs)
    browser = client_for(lumiere)
    browser.force_login(me)
    shown = text_of(browser.get("/money/mine/"))
    assert mine.reference in shown and theirs.reference not in shown
    receipt = browser.get(reverse("money:document", args=[mine.documents.get().pk]))
    assert receipt.content.startswith(b"%PDF") and receipt["Content-Type"] == "application/pdf"
    assert browser.get(reverse("money:document", args=[theirs.documents.get().pk])).status_code == 404
    for path in ("/money/", f"/money/{treasury.pk}/", reverse("money:order", args=[mine.pk])):
        assert browser.get(path).status_code == 403


def test_an_auditor_looks_and_does_nothing(lumiere, treasury):
    order = order_of(treasury)
    browser = client_for(lumiere)
    browser.force_login(auditor(locale="en"))
    shown = text_of(browser.get(reverse("money:order", args=[order.pk])))
    assert "Record a payment" not in shown
    form = {"method": "cash", "amount": "30", "received_on": "2026-11-01"}
    assert browser.post(reverse("money:record_payment", args=[order.pk]), form).status_code == 403
    assert not Payment.objects.exists()


def test_a_campus_manager_does_not_see_the_schools_money(lumiere, treasury):
    browser = client_for(lumiere)
    browser.force_login(with_role(Role.CAMPUS_MANAGER))
    assert browser.get("/money/").status_code == 403


def test_the_ledger_shows_its_running_balance_and_is_checked_on_demand(boss, treasury):
    for price in (1000, 2000):
        pay(order_of(treasury, price))
    address = reverse("money:ledger", args=[treasury.pk])
    assert "€30.00" in text_of(boss.get(address))
    answer = boss.post(reverse("money:check", args=[treasury.pk]), follow=True)
    assert "Complete and unchanged" in text_of(answer)


def test_a_statement_adds_up_on_the_page_and_as_pdf(boss, treasury):
    pay(order_of(treasury))
    address = reverse("money:statement", args=[treasury.pk])
    query = {"since": "2027-03-01", "until": "2027-03-31"}
    shown = text_of(boss.get(address, query))
    assert shown.count("€30.00") == 2, "income and closing balance"
    assert boss.get(reverse("money:statement_pdf", args=[treasury.pk]), query).content.startswith(b"%PDF")
    before = text_of(boss.get(address, {"since": "2027-01-01", "until": "2027-02-28"}))
    assert "€30.00" not in before


def test_freezing_takes_a_reason_and_shows_it(boss, treasury):
    address = reverse("money:freeze", args=[treasury.pk])
    assert boss.post(address, {"reason": ""}).status_code == 422
    assert "Audit of spring" in text_of(boss.post(address, {"reason": "Audit of spring"}, follow=True))
    boss.post(reverse("money:unfreeze", args=[treasury.pk]))
    assert not fresh(treasury).is_frozen


def test_pages_stand_in_the_layout_of_their_holder(boss, treasury, monkeypatch):
    kind = holders.HolderKind(
        "club", "Club", name_of=lambda id_: "Club of films", scopes_of=lambda id_: (),
        layout_of=lambda request, row: holders.Layout("layouts/member.html", {}, (("My club", "/home/"),)),
    )  # fmt: skip
    monkeypatch.setitem(holders.REGISTRY, "club", kind)
    row = treasuries.treasury_of(actor=TREASURER, holder_kind="club", holder_id=None, now=NOW)
    shown = text_of(boss.get(reverse("money:orders", args=[row.pk])))
    assert "My club" in shown and 'body class="member"' in shown.replace("  ", " ")
