"""What was said to whom, by which way, and whether it arrived (MSG-1)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.ids import new_id
from apps.tenants.encrypted import EncryptedTextField

from .kinds import name_of


class Channel(models.TextChoices):
    """By which way a message goes."""

    SMTP = "email-smtp", _("E-mail")
    GRAPH = "email-graph", _("E-mail by Microsoft 365")
    IN_APP = "in-app", _("In Campanile")


class MessageQuerySet(models.QuerySet["CommunicationLog"]):
    def mail(self) -> "MessageQuerySet":
        return self.exclude(channel=Channel.IN_APP)

    def notices(self, user_id: object) -> "MessageQuerySet":
        """What stands under one person's bell."""
        return self.filter(channel=Channel.IN_APP, user_id=user_id)


class CommunicationLog(models.Model):
    """One message. Its text may hold the secret of a link: encrypted while it waits, gone when it is sent.

    States change only by apps.notifications.states. Each remembers when it was reached, whatever came after it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        BOUNCED = "bounced", _("Bounced")
        FAILED = "failed", _("Failed")
        SUPPRESSED = "suppressed", _("Not sent on purpose")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    template = models.CharField(_("message"), max_length=60)  # its kind, and the name of its texts
    channel = models.CharField(_("way"), max_length=12, choices=Channel, default=Channel.SMTP)
    cause = models.CharField(max_length=200)  # the same cause never sends twice
    person_name = ""  # no column: selectors.name_people
    user_id = models.UUIDField(null=True, blank=True)
    to = models.EmailField(_("to"), max_length=254, blank=True)  # empty for what only stands under the bell
    language = models.CharField(_("language"), max_length=5)
    subject = models.CharField(_("subject"), max_length=300)
    link = models.CharField(max_length=500, blank=True)  # a path of this host, never with a secret
    text = EncryptedTextField(blank=True)
    html = EncryptedTextField(blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("last error"), max_length=300, blank=True)  # or why it was suppressed
    kept_until = models.DateTimeField(null=True, blank=True)  # of what never left: then its text is forgotten
    daily = models.BooleanField(default=False)  # waits for the daily summary instead of leaving by itself
    summary_id = models.UUIDField(null=True, blank=True)  # the summary that it went with
    unread = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    again_at = models.DateTimeField(_("sent again"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("bounced"), null=True, blank=True)
    failed_at = models.DateTimeField(_("failed"), null=True, blank=True)
    suppressed_at = models.DateTimeField(_("not sent on purpose"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="queued"), name="mail_to_send"),
            models.Index(fields=["user_id", "-created_at"], name="mail_by_person"),
            models.Index(fields=["-created_at", "-id"], name="messages_by_time"),
            models.Index(fields=["state", "-created_at", "-id"], name="messages_by_state"),
            models.Index(Upper("to"), name="mail_by_address"),
            models.Index(fields=["user_id"], condition=Q(unread=True), name="unread_notices"),
            models.Index(
                fields=["user_id", "-unread", "-created_at", "-id"],
                condition=Q(channel="in-app"),
                name="notices_of_person",
            ),
            models.Index(fields=["kept_until"], condition=Q(kept_until__isnull=False), name="texts_to_forget"),
            models.Index(fields=["user_id"], condition=Q(daily=True, state="queued"), name="mail_for_summary"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cause"], condition=~Q(channel="in-app"), name="one_mail_per_cause"),
            models.UniqueConstraint(fields=["cause"], condition=Q(channel="in-app"), name="one_notice_per_cause"),
            models.CheckConstraint(
                name="message_has_a_known_state",
                condition=Q(state__in=["queued", "sent", "delivered", "bounced", "failed", "suppressed"]),
            ),
            models.CheckConstraint(
                name="message_goes_a_known_way", condition=Q(channel__in=["email-smtp", "email-graph", "in-app"])
            ),
            models.CheckConstraint(
                name="suppressed_message_says_why", condition=~Q(state="suppressed") | Q(error__gt="")
            ),
            models.CheckConstraint(
                name="notice_is_somebodys",
                condition=Q(channel="in-app", user_id__isnull=False) | (~Q(channel="in-app") & Q(unread=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.to}"

    @property
    def kind_name(self) -> str:
        return name_of(self.template)


class SuppressedAddress(models.Model):
    """An address that mail came back from for good: nothing is sent there until somebody lifts it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address = models.EmailField(_("address"), max_length=254)  # lower case
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    log_id = models.UUIDField(null=True, blank=True)  # the message that came back
    at = models.DateTimeField(_("since"), default=timezone.now)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(lifted_at=None), name="one_suppression_per_address"
            ),
        ]

    def __str__(self) -> str:
        return self.address


class Preference(models.Model):
    """What a person wants otherwise than usual. Without a row the usual holds (apps.notifications.kinds)."""

    class Medium(models.TextChoices):
        EMAIL = "email", _("E-mail")
        IN_APP = "in-app", _("In Campanile")

    class Timing(models.TextChoices):
        NOW = "now", _("At once")
        DAILY = "daily", _("Once a day, together")
        OFF = "off", _("Never")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField()
    category = models.CharField(_("about"), max_length=40)
    medium = models.CharField(_("way"), max_length=6, choices=Medium)
    timing = models.CharField(_("when"), max_length=5, choices=Timing)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = [
            models.UniqueConstraint(fields=["user_id", "category", "medium"], name="one_preference_per_person"),
            models.CheckConstraint(name="only_mail_is_daily", condition=Q(medium="email") | ~Q(timing="daily")),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.medium}: {self.timing}"


class MailRoute(models.Model):
    """How the mail of this school leaves. One row; without it by the platform's mail server."""

    class Way(models.TextChoices):
        PLATFORM = "platform", _("The platform's mail server")
        MICROSOFT = "microsoft", _("A mailbox of the school at Microsoft 365")

    id = models.CharField(primary_key=True, max_length=4, default="mail", editable=False)
    way = models.CharField(_("mail leaves by"), max_length=9, choices=Way, default=Way.PLATFORM)
    mailbox = models.EmailField(_("mailbox"), max_length=254, blank=True)
    fault = models.CharField(max_length=60, blank=True)  # why Microsoft refused last, until it accepts again
    fault_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("way of the mail")
        verbose_name_plural = _("ways of the mail")
        constraints = [
            models.CheckConstraint(
                name="microsoft_route_has_a_mailbox", condition=Q(way="platform") | Q(mailbox__gt="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_way_display())


class OwnText(models.Model):
    """What a school says in its own words: another subject, a few lines before the text. Both may hold placeholders."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("message"), max_length=60)
    language = models.CharField(_("language"), max_length=5)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    intro = models.TextField(_("opening lines"), blank=True)

    class Meta:
        verbose_name = _("text of the school")
        verbose_name_plural = _("texts of the school")
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="one_own_text_per_kind_and_language"),
            models.CheckConstraint(name="own_text_says_something", condition=Q(subject__gt="") | Q(intro__gt="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"
