"""Orders, payments, refunds and the ledger. Integer minor units in the currency of the treasury, always.

The ledger and the documents are append-only: the database refuses to change them (migration 0002).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.alarms import Alarm
from apps.core.ids import new_id


class Treasury(models.Model):
    """The money of one holder. What a holder is, only its kind knows (apps.money.holders)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    holder_kind = models.CharField(max_length=30)
    holder_id = models.UUIDField(null=True, blank=True)  # the school itself has none
    name = models.CharField(_("name"), max_length=150)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    frozen_at = models.DateTimeField(_("frozen"), null=True, blank=True)
    frozen_because = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("treasury")
        verbose_name_plural = _("treasuries")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["holder_kind", "holder_id"], nulls_distinct=False, name="one_treasury_per_holder"
            ),
            models.CheckConstraint(name="treasury_currency", condition=Q(currency__regex=r"^[A-Z]{3}$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class Order(models.Model):
    """Something that costs money, for a buyer. What it is for, only the purpose knows (apps.money.purposes)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AWAITING = "awaiting_payment", _("Awaiting payment")
        PAID = "paid", _("Paid")
        PARTLY_REFUNDED = "partially_refunded", _("Refunded in part")
        REFUNDED = "refunded", _("Refunded")
        EXPIRED = "expired", pgettext_lazy("order", "Expired")
        FAILED = "failed", pgettext_lazy("order", "Failed")
        DISPUTED = "disputed", _("Disputed")

    class Closed(models.TextChoices):
        """Why an order takes no payment any more although nobody paid."""

        NONE = "", ""
        EXPIRED = "expired", _("Time ran out")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("The payment failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    treasury = models.ForeignKey(Treasury, models.PROTECT, related_name="orders", verbose_name=_("treasury"))
    reference = models.CharField(_("reference"), max_length=12, unique=True)
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="orders", verbose_name=_("buyer")
    )
    buyer_name = models.CharField(_("name"), max_length=200, blank=True)
    buyer_email = models.EmailField(_("e-mail"), blank=True)
    purpose = models.CharField(_("purpose"), max_length=40)
    purpose_id = models.UUIDField(null=True, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    closed = models.CharField(max_length=10, choices=Closed, default=Closed.NONE, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    total = models.PositiveBigIntegerField(_("total"))
    expires_at = models.DateTimeField(_("to be paid until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    placed_at = models.DateTimeField(null=True, blank=True)  # from here on it can be paid
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    given_back = models.PositiveBigIntegerField(_("given back"), default=0)  # of which its purpose was told
    key = models.CharField(max_length=80, null=True, blank=True, unique=True)  # of whoever made it: twice is once

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-created_at", "-id"]
        constraints = [models.CheckConstraint(name="order_currency", condition=Q(currency__regex=r"^[A-Z]{3}$"))]
        indexes = [
            models.Index(fields=["treasury", "-created_at", "-id"], name="orders_of_treasury"),
            models.Index(fields=["purpose", "purpose_id"], name="orders_by_purpose"),
            models.Index(fields=["expires_at"], condition=Q(status="awaiting_payment"), name="orders_that_expire"),
        ]

    def __str__(self) -> str:
        return self.reference


class OrderLine(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("what"), max_length=200)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    unit_amount = models.PositiveBigIntegerField(_("price"))
    tax_text = models.CharField(_("tax"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="one_line_per_position"),
            models.CheckConstraint(name="line_has_a_quantity", condition=Q(quantity__gte=1)),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def amount(self) -> int:
        return self.quantity * self.unit_amount


class Payment(models.Model):
    """An attempt to pay an order, or money received by hand. What it is worth is what the provider said of it."""

    class State(models.TextChoices):
        STARTED = "started", _("Started")
        SUCCEEDED = "succeeded", _("Received")
        FAILED = "failed", pgettext_lazy("payment", "Failed")
        EXPIRED = "expired", pgettext_lazy("payment", "Expired")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    provider = models.CharField(_("by"), max_length=20)
    account_ref = models.CharField(_("account"), max_length=120, blank=True)  # the provider's own name of the account
    is_live = models.BooleanField(_("live"), default=True)
    provider_id = models.CharField(_("number"), max_length=200, null=True, blank=True)
    url = models.CharField(max_length=2000, blank=True)  # where the buyer pays
    url_expires_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.STARTED)
    amount = models.PositiveBigIntegerField(_("amount"))
    captured = models.PositiveBigIntegerField(_("received"), default=0)
    fee = models.PositiveBigIntegerField(_("fee"), null=True, blank=True)  # unknown until the provider says it
    application_fee = models.PositiveBigIntegerField(_("fee of the school"), null=True, blank=True)
    facts_at = models.DateTimeField(null=True, blank=True)  # when what is known was read at the provider
    received_on = models.DateField(_("received on"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    started_at = models.DateTimeField(_("started"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="one_payment_per_provider_id"),
            models.CheckConstraint(name="payment_is_of_something", condition=Q(amount__gt=0)),
        ]
        indexes = [models.Index(fields=["started_at"], condition=Q(state="started"), name="payments_under_way")]

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_id or self.pk}"


class Refund(models.Model):
    """Money of one payment that goes back. Asked first; done when the provider (or the treasurer) says so."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        DONE = "done", _("Done")
        FAILED = "failed", pgettext_lazy("refund", "Failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField(_("amount"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    method = models.CharField(_("by"), max_length=20, blank=True)  # by hand: the account the money is taken from
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    provider_id = models.CharField(_("number"), max_length=200, null=True, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_of_provider_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "provider_id"], name="one_refund_per_provider_id"),
            models.CheckConstraint(name="refund_is_of_something", condition=Q(amount__gt=0)),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="asked"), name="refunds_under_way")]

    def __str__(self) -> str:
        return f"{self.order} -{self.amount}"


class RefundLine(models.Model):
    """What of an order a refund takes back, when it was refunded by line."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    refund = models.ForeignKey(Refund, models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="refunds")
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("line of a refund")
        verbose_name_plural = _("lines of refunds")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line}"


class Dispute(models.Model):
    """A payment that the buyer's bank takes back or may take back."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        LOST = "lost", _("Lost")
        WON = "won", _("Won")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    provider_id = models.CharField(_("number"), max_length=200)
    amount = models.PositiveBigIntegerField(_("amount"))
    fee = models.PositiveBigIntegerField(_("fee"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    answer_by = models.DateTimeField(_("answer until"), null=True, blank=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["opened_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "provider_id"], name="one_dispute_per_provider_id"),
        ]

    def __str__(self) -> str:
        return self.provider_id


class LedgerAccount(models.Model):
    """Where money of a treasury is, or where it came from and went to."""

    class Kind(models.TextChoices):
        PROVIDER = "provider", _("At the provider")
        BANK = "bank", _("Bank")
        CASH = "cash", _("Cash box")
        CHEQUES = "cheques", _("Cheques to deposit")
        INCOME = "income", _("Income")
        FEES = "fees", _("Fees of providers")
        APPLICATION_FEES = "application_fees", _("Fees of the school")
        REFUNDS = "refunds", _("Refunds")
        DISPUTES = "disputes", _("Disputed")
        LOSSES = "losses", _("Lost disputes")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    treasury = models.ForeignKey(Treasury, models.PROTECT, related_name="accounts")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    qualifier = models.CharField(max_length=40, blank=True)  # which provider, which purpose

    class Meta:
        verbose_name = _("account of the ledger")
        verbose_name_plural = _("accounts of the ledger")
        ordering = ["kind", "qualifier"]
        constraints = [
            models.UniqueConstraint(fields=["treasury", "kind", "qualifier"], name="one_account_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.qualifier}" if self.qualifier else self.kind


class LedgerTransaction(models.Model):
    """Entries that sum to nothing, numbered without gaps, each sealed with the one before. Never changed.

    `key` says what it books: the same is booked once. It names nobody: who did it stands in the audit trail.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    treasury = models.ForeignKey(Treasury, models.PROTECT, related_name="transactions")
    sequence = models.PositiveBigIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=30)
    key = models.CharField(max_length=300)
    day = models.DateField(_("day"))  # by the clock of the school
    booked_at = models.DateTimeField(_("booked"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="transactions")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="transactions")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("transaction of the ledger")
        verbose_name_plural = _("transactions of the ledger")
        ordering = ["treasury", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["treasury", "sequence"], name="ledger_without_doubles"),
            models.UniqueConstraint(fields=["treasury", "key"], name="booked_once"),
        ]
        indexes = [models.Index(fields=["treasury", "day", "sequence"], name="ledger_by_day")]

    def __str__(self) -> str:
        return f"{self.sequence}"


class LedgerEntry(models.Model):
    """One side of a transaction: positive goes to the account (debit), negative leaves it (credit)."""

    id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, related_name="entries")
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="entries")
    amount = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("entries of the ledger")
        ordering = ["transaction", "id"]
        constraints = [models.CheckConstraint(name="entry_is_of_something", condition=~Q(amount=0))]

    def __str__(self) -> str:
        return f"{self.amount}"


class LedgerSeal(models.Model):
    """What a check of a ledger found, and the head it stood at: a ledger rewritten later no longer passes here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    treasury = models.ForeignKey(Treasury, models.PROTECT, related_name="seals")
    checked_at = models.DateTimeField(_("checked"))
    sequence = models.PositiveBigIntegerField(_("number"))
    hash = models.CharField(max_length=64, blank=True)
    faults = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("check of the ledger")
        verbose_name_plural = _("checks of the ledger")
        ordering = ["-checked_at", "-id"]
        indexes = [models.Index(fields=["treasury", "-checked_at"], name="seals_newest")]

    def __str__(self) -> str:
        return f"{self.sequence}"


class Document(models.Model):
    """A receipt or credit note with its legal number: per treasury, kind and year without gaps. Never changed.

    `content` is what was issued, with the name of the buyer as it was then: the law wants it kept.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt")
        CREDIT_NOTE = "credit_note", _("Credit note")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    treasury = models.ForeignKey(Treasury, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="documents")
    key = models.CharField(max_length=80)  # what it certifies: the order, or the refund
    issued_on = models.DateField(_("issued"))
    content = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["treasury", "kind", "year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["treasury", "kind", "year", "number"], name="documents_numbered_once"),
            models.UniqueConstraint(fields=["treasury", "kind", "key"], name="one_document_per_fact"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        letter = "R" if self.kind == self.Kind.RECEIPT else "A"
        return f"{letter}-{self.year}-{self.number:05d}"


class MoneyAlarm(Alarm):
    """Something about money that somebody must look at: open until it is over."""

    class Kind(models.TextChoices):
        LEDGER = "ledger", _("The ledger is not what it was")
        REFUND = "refund", _("A refund does not get through")

    kind = models.CharField(max_length=10, choices=Kind)
    treasury = models.ForeignKey(Treasury, models.CASCADE, related_name="alarms")
    about = models.CharField(max_length=80, blank=True)

    class Meta(Alarm.Meta):
        verbose_name = _("alarm about money")
        verbose_name_plural = _("alarms about money")
        constraints = [
            models.UniqueConstraint(
                fields=["treasury", "kind", "about"], condition=Q(cleared_at=None), name="one_open_money_alarm"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.treasury_id} {self.kind}"
