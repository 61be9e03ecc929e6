"""The ledger: what the database refuses, what the check finds, and what stays true after every step."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from apps.core.errors import DomainError, Invalid
from apps.money import providers
from apps.money.errors import Frozen, NotReversible
from apps.money.models import Document, LedgerAccount, LedgerEntry, LedgerTransaction, MoneyAlarm, Refund
from apps.money.providers import DisputeFacts, PaymentFacts, PayoutFacts, RefundFacts
from apps.money.services import ledger, orders, refunding, treasuries, verifying
from apps.money.services.settling import apply_facts
from apps.money.services.verifying import verify, verify_all
from apps.tenants.context import activated

from .conftest import DAY, NOW, TREASURER, Card, fresh, order_of, pay


def as_owner(school, statement: str) -> None:
    """What only somebody with the keys of the database could do."""
    with activated(school), transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL campanile.audit_maintenance = 'on'")
        for one in statement.split(";"):
            cursor.execute(one)


@pytest.mark.parametrize("table", ["ledgertransaction", "ledgerentry", "document", "ledgerseal"])
@pytest.mark.parametrize(
    "what", ["DELETE FROM money_{0}", "UPDATE money_{0} SET id = id", "TRUNCATE money_{0} CASCADE"]
)
def test_nothing_that_is_booked_is_changed(treasury, table, what):
    pay(order_of(treasury))
    verify(treasury_id=treasury.pk, now=NOW)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(what.format(table))


@transaction.atomic
def book_and_commit(treasury, sides) -> None:
    ledger.book(treasury_id=treasury.pk, kind="moved", key="x", sides=sides, day=DAY, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end


@pytest.mark.parametrize("amounts", [(100, -99), (100,), ()])
def test_what_does_not_balance_is_not_committed(treasury, amounts):
    kinds = ("cash", "bank")
    sides = [ledger.Side(kind, amount) for kind, amount in zip(kinds, amounts, strict=False)]
    with pytest.raises(IntegrityError, match="does not balance"):
        book_and_commit(treasury, sides)


@pytest.mark.parametrize(("sequence", "previous"), [(3, None), (1, ""), (2, "0" * 64)])
def test_no_gap_no_double_and_no_other_predecessor(treasury, sequence, previous):
    pay(order_of(treasury))
    last = LedgerTransaction.objects.get()
    row = LedgerTransaction(
        treasury=treasury, sequence=sequence, kind="moved", key="x", day=DAY, booked_at=NOW, hash="1" * 64,
        previous_hash=last.hash if previous is None else previous,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_documents_are_numbered_without_gaps_by_year(treasury):
    for _number in range(3):
        pay(order_of(treasury))
    order = order_of(treasury)
    orders.record_payment(actor=TREASURER, order_id=order.pk, method="cash", amount=3000, now=NOW + timedelta(days=365))
    assert [one.label for one in Document.objects.order_by("year", "number")] == [
        "R-2027-00001", "R-2027-00002", "R-2027-00003", "R-2028-00001",
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(
            treasury=treasury, kind="receipt", year=2027, number=5, order=order, key="y", issued_on=DAY
        )


def test_a_new_year_begins_at_midnight_of_the_school(treasury):
    order = order_of(treasury)
    eve = NOW.replace(year=2027, month=12, day=31, hour=23, minute=30)
    orders.record_payment(actor=TREASURER, order_id=order.pk, method="cash", amount=3000, now=eve)
    assert Document.objects.get().year == 2028


def test_money_is_moved_once_and_never_more_than_there_is(treasury):
    pay(order_of(treasury))
    wish = {"actor": TREASURER, "treasury_id": treasury.pk, "from_": "cash", "to": "bank", "now": NOW}
    first, again = (treasuries.move(**wish, amount=2000, key="a") for _twice in range(2))
    assert first == again
    with pytest.raises(Invalid):
        treasuries.move(**wish, amount=1001, key="b")
    assert ledger.balances(treasury.pk)["bank", ""] == 2000


def test_a_wrong_movement_is_corrected_by_its_opposite_once(treasury):
    pay(order_of(treasury))
    moved = treasuries.move(
        actor=TREASURER, treasury_id=treasury.pk, from_="cash", to="bank", amount=2000, now=NOW, key="a"
    )
    wish = {"actor": TREASURER, "treasury_id": treasury.pk, "reason": "typed wrong", "now": NOW}
    first, again = (treasuries.reverse(**wish, sequence=moved.sequence) for _twice in range(2))
    assert first == again
    assert ledger.balances(treasury.pk)["cash", ""] == 3000
    with pytest.raises(NotReversible):
        treasuries.reverse(**wish, sequence=1)
    treasuries.freeze(actor=TREASURER, treasury_id=treasury.pk, reason="Audit", now=NOW)
    with pytest.raises(Frozen):
        treasuries.reverse(**wish, sequence=first.sequence)


CUT_OFF = """
  DELETE FROM money_ledgerentry WHERE transaction_id = (SELECT id FROM money_ledgertransaction WHERE sequence = 2);
  DELETE FROM money_ledgertransaction WHERE sequence = 2"""


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE money_ledgertransaction SET note = 'nothing' WHERE sequence = 2", "seal"),
        ("UPDATE money_ledgerentry SET amount = amount * 2", "seal"),
        (CUT_OFF, "rewritten"),
        ("UPDATE money_payment SET captured = captured + 1", "differs:income"),
        ("UPDATE money_order SET status = 'expired'", "order:"),
    ],
)  # fmt: skip
def test_what_was_tampered_with_is_found_and_somebody_is_told(new_school, statement, code):
    school = new_school()
    with activated(school):
        treasury = treasuries.school_treasury(actor=TREASURER, now=NOW)
        for _number in range(2):
            pay(order_of(treasury))
        assert verify_all(now=NOW) == {"checked": 1, "off": 0}
    as_owner(school, statement)
    with activated(school):
        assert verify_all(now=NOW + timedelta(days=1)) == {"checked": 1, "off": 1}
        faults = treasury.seals.order_by("-checked_at").first().faults
        assert any(one["code"].startswith(code) for one in faults), faults
        verify_all(now=NOW + timedelta(days=2))
        assert MoneyAlarm.objects.count() == 1


class Life(RuleBasedStateMachine):
    """Anything a treasurer and a provider can do, in any order. After every step the accounts are right."""

    treasury = None  # set by the test below

    @initialize()
    def begin(self) -> None:
        self.orders, self.steps, self.reversible = [], 0, []

    @rule(prices=st.lists(st.integers(1, 5000), min_size=1, max_size=3))
    def sell(self, prices):
        self.orders.append(order_of(self.treasury, *prices))

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), method=st.sampled_from(["cash", "transfer", "cheque"]))
    def receive(self, data, method):
        self.maybe(lambda: pay(self.one(data), data.draw(st.integers(1, 6000)), method))

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def cancel(self, data):
        self.maybe(lambda: orders.cancel_order(actor=TREASURER, order_id=self.one(data).pk, now=NOW))

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), whole=st.booleans())
    def give_back(self, data, whole):
        order = self.one(data)
        amount = None if whole else data.draw(st.integers(1, 3000))
        seen = refunding.refunded_or_asked(order)
        self.maybe(
            lambda: refunding.refund_order(actor=TREASURER, order_id=order.pk, seen=seen, amount=amount, now=NOW)
        )

    @rule()
    def carry_out(self):
        for one in Refund.objects.filter(state="asked").values_list("pk", flat=True):
            refunding.carry_out(refund_id=one, now=NOW)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), fee=st.integers(0, 90), dispute=st.sampled_from(["", "open", "lost", "won"]))
    def hear(self, data, fee, dispute):
        order = self.one(data)
        payment = order.payments.filter(provider="card").first()
        if payment is None:
            try:
                payment = orders.begin_payment(order_id=order.pk, provider="card", now=NOW)
            except DomainError:
                return
        refunds = tuple(
            RefundFacts(one.provider_id, one.amount, data.draw(st.sampled_from(["done", "failed"])))
            for one in payment.refunds.exclude(provider_id=None)
        )
        disputes = (DisputeFacts("dp", 1, dispute, fee=fee),) if dispute else ()
        payouts = (PayoutFacts("po", 1, data.draw(st.sampled_from(["paid", "failed"]))),)
        facts = PaymentFacts(
            "succeeded", captured=payment.amount, fee=fee, refunds=refunds, disputes=disputes, payouts=payouts
        )
        apply_facts(payment.pk, facts, NOW + timedelta(seconds=self.steps))

    @rule(amount=st.integers(1, 4000))
    def deposit(self, amount):
        self.steps += 1
        key = f"{id(self)}-{self.steps}"
        wish = {"from_": "cash", "to": "bank", "amount": amount, "key": key}
        self.maybe(lambda: treasuries.move(actor=TREASURER, treasury_id=self.treasury.pk, now=NOW, **wish))

    @rule(data=st.data())
    def correct(self, data):
        found = list(self.treasury.transactions.values_list("sequence", flat=True))
        if found:
            number = data.draw(st.sampled_from(found))
            wish = {"treasury_id": self.treasury.pk, "sequence": number, "reason": "wrong", "now": NOW}
            self.maybe(lambda: treasuries.reverse(actor=TREASURER, **wish))

    @invariant()
    def the_accounts_are_right(self):
        faults, number, _seal = ledger.faults_of(self.treasury.pk)
        assert not faults
        assert number == LedgerTransaction.objects.filter(treasury=self.treasury).count()
        assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == 0
        assert not verifying._differences(self.treasury)
        papers = Document.objects.filter(treasury=self.treasury)
        for kind in ("receipt", "credit_note"):
            numbers = sorted(papers.filter(kind=kind).values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))

    def one(self, data):
        return fresh(data.draw(st.sampled_from(self.orders)))

    def maybe(self, act) -> None:
        """A refusal is an answer too, and leaves everything as it was."""
        before = LedgerTransaction.objects.count()
        try:
            with transaction.atomic():
                act()
        except DomainError:
            assert LedgerTransaction.objects.count() == before


def test_whatever_happens_the_accounts_are_right(treasury):
    from hypothesis.stateful import run_state_machine_as_test

    class Within(Life):
        def __init__(self) -> None:
            super().__init__()
            self.treasury = treasury
            self.point = transaction.savepoint()
            providers.register(Card())

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.point)
            providers.REGISTRY.pop("card", None)

    run_state_machine_as_test(Within, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
    assert not LedgerAccount.objects.exists()
