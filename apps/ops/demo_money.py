"""Money for the demonstration: what a school sells over a counter in two months, deposited, partly given back."""

from datetime import datetime, timedelta
from functools import partial

from apps.accounts.models import User
from apps.core.actor import Actor
from apps.money.models import Order, Treasury
from apps.money.services import orders, refunding, treasuries, verifying
from apps.money.services.orders import Line

WITHOUT_TAX = "TVA non applicable, art. 293 B du CGI"
#: days ago, buyer, what, price, how many, how it was paid
SALES = (
    (58, "Inès Faure", "Annuaire de la promotion", 2500, 1, "cash"),
    (55, "Yanis Haddad", "Caution de matériel (caméra)", 15000, 1, "cheque"),
    (51, "Léa Fontaine", "Sweat-shirt de l’école", 3800, 2, "transfer"),
    (47, "Association Plan Large", "Location du Studio 1", 12000, 1, "transfer"),
    (40, "Noé Garnier", "Annuaire de la promotion", 2500, 1, "cash"),
    (36, "Maya Rousseau", "Duplicata de carte d’étudiant", 1000, 1, "cash"),
    (29, "Amicale des anciens", "Don pour la bibliothèque", 50000, 1, "transfer"),
    (24, "Tom Lemaire", "Sweat-shirt de l’école", 3800, 1, "cheque"),
    (20, "Jade Perrin", "Sortie au festival de Clermont-Ferrand", 8500, 1, "cheque"),
    (13, "Louise Chevalier", "Sortie au festival de Clermont-Ferrand", 8500, 1, "cash"),
    (9, "Adam Nguyen", "Sortie au festival de Clermont-Ferrand", 8500, 2, "transfer"),
    (4, "Rose Dumont", "Annuaire de la promotion", 2500, 1, "cash"),
)
UNPAID = (
    (6, "Hugo Blanc", "Sweat-shirt de l’école", 3800, 3, ""),
    (1, "Sarah Colin", "Don pour la bibliothèque", 10000, 1, ""),
)
#: days ago, whose order, how much (None: all of it), why
REFUNDS = (
    (44, "Léa Fontaine", 3800, "Taille indisponible"),
    (30, "Yanis Haddad", None, "Matériel rendu en bon état"),
)
#: days ago, from which account to the bank, how much, note
DEPOSITS = ((15, "cash", 5000, "Remise d’espèces"), (12, "cheques", 12300, "Remise de chèques"))


def make(boss: Actor, student: User | None, now: datetime) -> None:
    """What is missing of it, in the order in which it would have happened. Repeating it is harmless."""
    treasury = treasuries.school_treasury(actor=boss, now=now - timedelta(days=60))
    if Order.objects.exists():
        return
    sales = [(*sale, "") for sale in (*SALES, *UNPAID)]
    if student is not None:
        of_student = (student.name, "Carte d’impression", 2000, 1)
        sales += [(33, *of_student, "cash", student.email), (3, *of_student, "", student.email)]
    steps = [(sale[0], partial(_sale, boss, treasury, *sale[1:])) for sale in sales]
    steps += [(one[0], partial(_refund, boss, *one[1:])) for one in REFUNDS]
    steps += [(one[0], partial(_deposit, boss, treasury, *one[1:])) for one in DEPOSITS]
    for days, step in sorted(steps, key=lambda step: -step[0]):
        step(now=now - timedelta(days=days))
    verifying.verify(treasury_id=treasury.pk, now=now)


def _sale(
    boss: Actor, treasury: Treasury, buyer: str, what: str, price: int, count: int, method: str, email: str, *,
    now: datetime,
) -> None:  # fmt: skip
    order = orders.create_order(
        actor=boss, treasury_id=treasury.pk, lines=[Line(what, price, count, WITHOUT_TAX)], buyer_name=buyer,
        buyer_email=email, now=now,
    )  # fmt: skip
    if method:
        orders.record_payment(actor=boss, order_id=order.pk, method=method, amount=order.total, now=now)


def _refund(boss: Actor, buyer: str, amount: int | None, reason: str, *, now: datetime) -> None:
    order = Order.objects.get(buyer_name=buyer)
    refunding.refund_order(actor=boss, order_id=order.pk, seen=0, amount=amount, reason=reason, now=now)


def _deposit(boss: Actor, treasury: Treasury, from_: str, amount: int, note: str, *, now: datetime) -> None:
    treasuries.move(
        actor=boss, treasury_id=treasury.pk, from_=from_, to="bank", amount=amount, key=f"demonstration-{from_}",
        note=note, now=now,
    )  # fmt: skip
