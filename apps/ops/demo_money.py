"""Money for the demonstration: what a school sells over a counter in two months, received, deposited, partly given back."""

from datetime import datetime, timedelta

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
    (6, "Hugo Blanc", "Sweat-shirt de l’école", 3800, 3),
    (1, "Sarah Colin", "Don pour la bibliothèque", 10000, 1),
)


def make(boss: Actor, student: User | None, now: datetime) -> None:
    """What is missing of it. Repeating it is harmless."""
    treasury = treasuries.school_treasury(actor=boss, now=now - timedelta(days=60))
    if Order.objects.exists():
        return
    sold = [_sale(boss, treasury, *sale, now=now) for sale in SALES]
    if student is not None:
        for days, method in ((33, "cash"), (3, "")):
            _sale(
                boss, treasury, days, student.name, "Carte d’impression", 2000, 1, method, now=now, email=student.email
            )
    for unpaid in UNPAID:
        _sale(boss, treasury, *unpaid, "", now=now)
    _refund(boss, sold[1], amount=None, reason="Matériel rendu en bon état", now=now - timedelta(days=30))
    _refund(boss, sold[2], amount=3800, reason="Taille indisponible", now=now - timedelta(days=44))
    for days, from_, amount, note in (
        (15, "cash", 5000, "Remise d’espèces"),
        (12, "cheques", 12300, "Remise de chèques"),
    ):
        treasuries.move(
            actor=boss, treasury_id=treasury.pk, from_=from_, to="bank", amount=amount, key=f"demonstration-{days}",
            note=note, now=now - timedelta(days=days),
        )  # fmt: skip
    verifying.verify(treasury_id=treasury.pk, now=now)


def _sale(
    boss: Actor, treasury: Treasury, days: int, buyer: str, what: str, price: int, count: int, method: str, *,
    now: datetime, email: str = "",
) -> Order:  # fmt: skip
    when = now - timedelta(days=days)
    order = orders.create_order(
        actor=boss, treasury_id=treasury.pk, lines=[Line(what, price, count, WITHOUT_TAX)], buyer_name=buyer,
        buyer_email=email, now=when,
    )  # fmt: skip
    if method:
        orders.record_payment(actor=boss, order_id=order.pk, method=method, amount=order.total, now=when)
    return order


def _refund(boss: Actor, order: Order, *, amount: int | None, reason: str, now: datetime) -> None:
    refunding.refund_order(actor=boss, order_id=order.pk, seen=0, amount=amount, reason=reason, now=now)
