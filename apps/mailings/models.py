"""Announcements of associations: what is said, to whom it went, who wants none, and what the school stopped (ASC-8).

How far each mail has come is read from the log of messages (apps.notifications); nothing of it is kept twice.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.associations.models import Association, Office
from apps.core.ids import new_id
from apps.notifications.models import CommunicationLog

LONGEST_TITLE = 150
LONGEST_BODY = 20_000
LANGUAGES = ("fr", "en")


class Audience(models.TextChoices):
    """To whom. Holders of tickets come with ticketing."""

    MEMBERS = "members", pgettext_lazy("audience", "Members")
    BOARD = "board", pgettext_lazy("audience", "The whole board")
    OFFICE = "office", pgettext_lazy("audience", "Holders of one office")
    PENDING = "pending", pgettext_lazy("audience", "People who asked to join")


class Channels(models.TextChoices):
    BOTH = "both", _("By mail and in Campanile")
    MAIL = "mail", _("By mail only")
    IN_APP = "in-app", _("In Campanile only")


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("announcement", "Draft")
    APPROVAL = "approval", pgettext_lazy("announcement", "Waits for the school")
    SCHEDULED = "scheduled", pgettext_lazy("announcement", "Scheduled")
    SENDING = "sending", pgettext_lazy("announcement", "Sending")
    SENT = "sent", pgettext_lazy("announcement", "Sent")
    STOPPED = "stopped", pgettext_lazy("announcement", "Stopped")


#: What counts against the limits of its day and week.
COUNTED = (State.APPROVAL, State.SCHEDULED, State.SENDING, State.SENT)


class Text(models.Model):
    """Title and body, per language. Each language is whole or empty."""

    title_fr = models.CharField(_("title in French"), max_length=LONGEST_TITLE, blank=True)
    body_fr = models.TextField(_("text in French"), max_length=LONGEST_BODY, blank=True)
    title_en = models.CharField(_("title in English"), max_length=LONGEST_TITLE, blank=True)
    body_en = models.TextField(_("text in English"), max_length=LONGEST_BODY, blank=True)

    class Meta:
        abstract = True

    @property
    def languages(self) -> list[str]:
        return [one for one in LANGUAGES if getattr(self, f"title_{one}")]

    def language_for(self, wanted: str) -> str:
        """The wanted language where it was written, else the one that was; "" for nothing."""
        written = self.languages
        return wanted if wanted in written else next(iter(written), "")

    def words(self, wanted: str) -> tuple[str, str, str]:
        """(language, title, body) for a reader."""
        language = self.language_for(wanted)
        if not language:
            return wanted, "", ""
        return language, getattr(self, f"title_{language}"), getattr(self, f"body_{language}")

    @property
    def title(self) -> str:
        """For lists, in the language of who looks."""
        return self.words((get_language() or "fr")[:2])[1]

    @property
    def text_fields(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in TEXT_FIELDS}


TEXT_FIELDS = ("title_fr", "body_fr", "title_en", "body_en")


class Announcement(Text):
    """One announcement. Its recipients are taken when it begins to leave; `leaves_at` says which day it counts for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="announcements")
    audience = models.CharField(_("to"), max_length=10, choices=Audience, default=Audience.MEMBERS)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office")
    )
    channels = models.CharField(_("by which way"), max_length=6, choices=Channels, default=Channels.BOTH)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    author_id = models.UUIDField(null=True, blank=True)
    author = models.CharField(_("written by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("written"))
    changed_at = models.DateTimeField(_("changed"))
    leaves_at = models.DateTimeField(_("leaves"), null=True, blank=True)
    returned_because = models.CharField(_("returned because"), max_length=500, blank=True)  # the school's words
    decided_by_id = models.UUIDField(null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("began to leave"), null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)  # a worker was at it; long ago: it died
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    stopped_by_id = models.UUIDField(null=True, blank=True)
    stopped_by = models.CharField(_("stopped by"), max_length=200, blank=True)
    stopped_because = models.CharField(_("stopped because"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="announcement_to_an_office_names_it",
                condition=Q(audience="office", office__isnull=False) | (~Q(audience="office") & Q(office=None)),
            ),
            models.CheckConstraint(
                name="announcement_leaves_some_time",
                condition=Q(state__in=["draft", "stopped"]) | Q(leaves_at__isnull=False),
            ),
            models.CheckConstraint(
                name="announcement_in_a_known_state",
                condition=Q(state__in=["draft", "approval", "scheduled", "sending", "sent", "stopped"]),
            ),
            models.CheckConstraint(
                name="announcement_says_something",
                condition=(Q(title_fr="", body_fr="") | (~Q(title_fr="") & ~Q(body_fr="")))
                & (Q(title_en="", body_en="") | (~Q(title_en="") & ~Q(body_en="")))
                & (~Q(title_fr="") | ~Q(title_en="")),
            ),
        ]
        indexes = [
            models.Index(fields=["association", "leaves_at"], name="announcements_by_day"),
            models.Index(fields=["leaves_at"], condition=Q(state="scheduled"), name="announcements_due"),
            models.Index(fields=["worked_at"], condition=Q(state="sending"), name="announcements_sending"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> Any:
        return self.association.audit_scope

    @property
    def by_mail(self) -> bool:
        return self.channels != Channels.IN_APP

    @property
    def in_app(self) -> bool:
        return self.channels != Channels.MAIL

    @property
    def audience_name(self) -> str:
        return self.office.title if self.office else str(self.get_audience_display())

    def is_due(self, now: datetime) -> bool:
        return self.state == State.SCHEDULED and self.leaves_at is not None and self.leaves_at <= now


class Recipient(models.Model):
    """One person of one announcement: the claim that makes sure they get it once. `mail`, `notice`: what they got.

    A reason beside "handed over" says why it went by one of the two ways only.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("recipient", "Waits")
        HANDED = "handed", pgettext_lazy("recipient", "Handed over")
        SKIPPED = "skipped", pgettext_lazy("recipient", "Skipped")
        FAILED = "failed", pgettext_lazy("recipient", "Failed")

    class Reason(models.TextChoices):
        LEFT = "left", _("Left the school or is suspended")
        NOT_AUDIENCE = "not-audience", _("Not among the recipients any more")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        PREFERENCE = "preference", _("Wants no announcements")
        ADDRESS = "address", _("Mail to this address comes back")
        LIMIT = "limit", _("Had enough announcements that day")
        STOPPED = "stopped", _("Stopped before")
        FAULT = "fault", _("A fault of ours")

    id = models.BigAutoField(primary_key=True)
    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="recipients", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    mail = models.ForeignKey(
        CommunicationLog, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("mail")
    )
    notice = models.ForeignKey(
        CommunicationLog, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("notification")
    )
    at = models.DateTimeField(_("when"), null=True, blank=True)

    class Meta:
        verbose_name = _("recipient of an announcement")
        verbose_name_plural = _("recipients of announcements")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "user"], name="announced_once_to_each"),
            models.CheckConstraint(
                name="recipient_skipped_says_why",
                condition=Q(state__in=["skipped", "failed"], reason__gt="")
                | Q(state="handed")
                | Q(state="waiting", reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["announcement", "state"], name="recipients_by_state"),
            models.Index(fields=["user", "at"], name="recipients_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.announcement_id}"


class SavedText(Text):
    """A text of an association to begin an announcement with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="saved_texts", db_index=False)
    name = models.CharField(_("name"), max_length=80)
    saved_by_id = models.UUIDField(null=True, blank=True)
    saved_by = models.CharField(_("saved by"), max_length=200, blank=True)
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("saved text")
        verbose_name_plural = _("saved texts")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["association", "name"], name="one_saved_text_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        return str(self.pk)

    @property
    def audit_scope(self) -> Any:
        return self.association.audit_scope


class Unsubscription(models.Model):
    """A person who wants no mail with announcements of one association. Gone when they want them again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("unsubscription")
        verbose_name_plural = _("unsubscriptions")
        constraints = [models.UniqueConstraint(fields=["association", "user"], name="unsubscribed_once")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.association_id}"


class Block(models.Model):
    """The school lets an association send nothing until a moment, or until it is lifted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    association = models.ForeignKey(Association, models.CASCADE, related_name="mailing_blocks")
    reason = models.CharField(_("reason"), max_length=500)
    from_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    blocked_by_id = models.UUIDField(null=True, blank=True)
    blocked_by = models.CharField(_("blocked by"), max_length=200, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        verbose_name = _("block on announcements")
        verbose_name_plural = _("blocks on announcements")
        ordering = ["-from_at", "-id"]
        constraints = [
            models.CheckConstraint(name="block_in_order", condition=Q(until__gt=F("from_at"))),
            models.CheckConstraint(name="block_has_a_reason", condition=~Q(reason="")),
            models.UniqueConstraint(fields=["association"], condition=Q(lifted_at=None), name="one_block_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.association_id} · {self.until:%Y-%m-%d}"

    @property
    def audit_scope(self) -> Any:
        return self.association.audit_scope
