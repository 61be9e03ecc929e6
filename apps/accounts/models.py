"""People of one school (superadmins in the platform's schema): accounts, identities, roles, sessions."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role, Scope
from apps.core.ids import new_id
from apps.core.permissions import usable_at
from apps.core.plan import MOVING, State
from apps.files.links import picture_url
from apps.files.models import StoredFile
from apps.tenants.encrypted import EncryptedTextField

from .credentials import new_secret

ACCENTED = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ"
PLAIN = "aaaaaaceeeeiiiinooooouuuuyy"
_FOLDING = str.maketrans(ACCENTED, PLAIN)


PHOTO_SMALL, PHOTO_LARGE = "96", "320"  # pixels: rows and menus, heads of pages


def folded(text: str) -> str:
    """Lower case without accents, exactly as the generated column `User.search` holds it."""
    return text.lower().translate(_FOLDING)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new account; without a password none can be used until one is set."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)  # None makes it unusable
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser):
    """An account, local to the schema it is in (IDN-1)."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        DEPARTED = "departed", _("Departed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    locale = models.CharField(_("language"), max_length=5, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    external_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    photo = models.ForeignKey(StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", editable=False)
    photo_is_own = models.BooleanField(
        default=False, db_default=False, editable=False
    )  # chosen by the person, not by the directory
    photo_published = models.BooleanField(
        default=True, db_default=True, editable=False
    )  # others may see it: see services.photos
    own_fields = ArrayField(models.CharField(max_length=20), default=list, db_default=[], blank=True, editable=False)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    departed_at = models.DateTimeField(_("left"), null=True, blank=True, editable=False)
    guardian_email = models.EmailField(_("guardian's e-mail"), max_length=254, blank=True, default="", db_default="")
    consents_seen = models.PositiveIntegerField(
        default=0, db_default=0, editable=False
    )  # up to which text: see services.consents
    is_staff = models.BooleanField(default=False, editable=False)  # only read on the platform host
    is_superuser = models.BooleanField(default=False, editable=False)  # only read on the platform host
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_login = models.DateTimeField(_("last sign-in"), null=True, blank=True)
    search = models.GeneratedField(
        expression=Func(
            Func(
                "given_name",
                "family_name",
                "email",
                template="lower(%(expressions)s)",
                arg_joiner=" || ' ' || ",
                output_field=models.TextField(),
            ),
            Value(ACCENTED),
            Value(PLAIN),
            function="translate",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_email"),
            # an empty password hash would make session hashes of two schools equal
            models.CheckConstraint(name="no_empty_password", condition=~Q(password="")),
        ]
        indexes = [
            models.Index(fields=["family_name", "given_name", "id"], name="people_by_name"),
            models.Index(fields=["status", "family_name", "given_name", "id"], name="people_by_status"),
            models.Index(F("last_login").desc(nulls_last=True), "id", name="people_by_last_sign_in"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="people_by_words"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.email

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django's word for: may be signed in."""
        return self.status == self.Status.ACTIVE

    @property
    def last_sign_in_at(self) -> datetime | None:
        return self.last_login

    @property
    def photo_url(self) -> str:
        """A signed link to the photo as others see it; "" for none, and for one that is not for others."""
        return picture_url(self.photo_id, PHOTO_SMALL) if self.photo_id and self.photo_published else ""

    @property
    def own_photo_url(self) -> str:
        """The same for the person themselves."""
        return picture_url(self.photo_id, PHOTO_LARGE) if self.photo_id else ""

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.given_name or self.email

    # Django's admin runs on the platform host only, for superadmins (who live in the platform's schema)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_superuser

    @staticmethod
    def parse_id(text: str) -> UUID:
        return UUID(text)


class Identity(models.Model):
    """The person a provider knows under ids that never change. Names and addresses prove nothing (IDN-1)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    tenant_id = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    upn = models.CharField(_("user name"), max_length=320, blank=True)  # for people to recognise it, never a key
    login_hint = EncryptedTextField(blank=True, default="", db_default="")  # names the account at Microsoft's sign-out
    linked_at = models.DateTimeField(_("linked"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("linked identity")
        verbose_name_plural = _("linked identities")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "object_id"], name="one_account_per_identity"),
        ]

    def __str__(self) -> str:
        return self.upn or self.object_id


class PlaceKind(models.TextChoices):
    """The kinds of place a role can be held at."""

    SCHOOL = "school", _("Whole school")
    CAMPUS = "campus", _("Campus")
    ASSOCIATION = "association", _("Association")


class CustomRole(models.Model):
    """A role of the school's own: a named set of permissions (IDN-9). What it gives is read at every request.

    Codes that this release does not know, or that make no sense at its kind of place, give nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=300, blank=True)
    permissions = ArrayField(models.CharField(max_length=80), verbose_name=_("permissions"), default=list)
    scope_kind = models.CharField(_("where"), max_length=12, choices=PlaceKind, default=PlaceKind.SCHOOL)
    created_by = models.CharField(_("created by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        verbose_name = _("role of the school's own")
        verbose_name_plural = _("roles of the school's own")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(archived_at__isnull=True), name="one_custom_role_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def gives(self) -> frozenset[str]:
        """The codes of the permissions it gives now."""
        return frozenset() if self.archived_at else usable_at(self.permissions, self.scope_kind)

    def gives_at(self, scope_kind: str) -> frozenset[str]:
        """The same at a kind of place: nothing at another one than the role is for."""
        return self.gives if scope_kind == self.scope_kind else frozenset()


class Grant(models.Model):
    """A role given to a person at a scope and for a period. Taken back means deleted; the audit trail remembers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=30)
    custom_role = models.ForeignKey(CustomRole, models.PROTECT, null=True, blank=True, related_name="grants")
    scope_kind = models.CharField(_("where"), max_length=12, choices=PlaceKind, default=PlaceKind.SCHOOL)
    scope_id = models.UUIDField(null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    granted_by_id = models.UUIDField(null=True, blank=True)  # may be a superadmin, whose row is the platform's
    granted_by = models.CharField(_("granted by"), max_length=200, blank=True)
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "custom_role", "scope_kind", "scope_id"],
                nulls_distinct=False,
                name="granted_once",
            ),
            models.CheckConstraint(
                name="grant_of_custom_role_names_it",
                condition=Q(role="custom", custom_role__isnull=False)
                | (~Q(role="custom") & Q(custom_role__isnull=True)),
            ),
            models.CheckConstraint(
                name="grant_scope_complete",
                condition=Q(scope_kind="school", scope_id__isnull=True)
                | (~Q(scope_kind="school") & Q(scope_id__isnull=False)),
            ),
            models.CheckConstraint(
                name="grant_period_in_order",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(fields=["role"], name="grants_by_role")]

    def __str__(self) -> str:
        return f"{self.role} · {self.user}"

    @property
    def scope(self) -> Scope:
        return Scope(self.scope_kind, self.scope_id)  # type: ignore[arg-type]

    @property
    def permissions(self) -> frozenset[str]:
        """The permissions that it gives by name; a built-in role's stand in the permissions themselves."""
        return self.custom_role.gives_at(self.scope_kind) if self.custom_role else frozenset()

    def is_current(self, today: date) -> bool:
        return self.state(today) == "current"

    def state(self, today: date) -> str:
        """`future`, `current` or `expired` on a day of the school; both ends belong to the period."""
        if self.starts_on is not None and today < self.starts_on:
            return "future"
        return "expired" if self.ends_on is not None and self.ends_on < today else "current"


class SessionQuerySet(models.QuerySet["Session"]):
    def living(self, now: datetime, idle: timedelta) -> "SessionQuerySet":
        """Those that can still be used: not ended, not too old, not unused for longer than `idle`."""
        return self.filter(ended_at__isnull=True, expires_at__gt=now, last_seen_at__gt=now - idle)

    def end(self, because: str, now: datetime) -> int:
        """End them; one that has ended keeps its reason. Returns how many ended now."""
        return self.filter(ended_at__isnull=True).update(ended_at=now, ended_because=because, data="")


class Session(models.Model):
    """A session family (IDN-4): everything that follows from one sign-in in one browser or program.

    No usable credential is stored. The refresh token of a generation is computed from `seed` and the server's key
    (see tokens.py); `generation` is the only one that is good, and the one before it for a short overlap.
    A family that ended stays until its time is over, so that a late or stolen token can be told what it is.
    """

    class Kind(models.TextChoices):
        BROWSER = "browser", _("Browser")
        API = "api", _("Program")
        DEVICE = "device", _("Shared device")
        SUPPORT = "support", _("Support of the platform")

    class Way(models.TextChoices):
        PASSWORD = "password", _("Password")
        MICROSOFT = "microsoft", "Microsoft"
        PASSKEY = "passkey", _("Passkey")
        BREAK_GLASS = "break-glass", _("Break-glass link")
        PIN = "pin", _("PIN at a shared device")

    class Ended(models.TextChoices):
        SIGNED_OUT = "signed-out", _("You signed out.")
        ENDED_BY_PERSON = "ended-by-person", _("You ended this session from another one.")
        ENDED_BY_ADMIN = "ended-by-admin", _("An administrator ended your session.")
        LEFT = "left", _("Your account may not sign in any more.")
        PASSWORD_CHANGED = "password-changed", _("Your password was changed.")
        SECURITY_CHANGED = "security-changed", _("The way you sign in was changed.")
        REUSED = "reused", _("An old key of your session was used again, so the session was ended to protect you.")
        AT_PROVIDER = "at-provider", _("You signed out at Microsoft.")
        REVOKED = "revoked", _("Your sessions were revoked at Microsoft. Sign in again.")
        REPLACED = "replaced", _("You signed in again.")
        TOO_OLD = "too-old", _("Your session reached its longest time.")
        IDLE = "idle", _("You were signed out because the session was not used for a while.")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BROWSER)
    data = models.TextField(blank=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    signed_in_by = models.CharField(max_length=12, choices=Way, blank=True)
    provider_session = models.CharField(max_length=120, blank=True)  # Microsoft's `sid`, for its sign-out
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    second_factor = models.CharField(max_length=20, blank=True)  # which one was shown, here or at Microsoft
    proven_at = models.DateTimeField(null=True)  # when the person last proved here who they are (step-up)
    seed = models.CharField(max_length=64, default=new_secret, editable=False)
    generation = models.PositiveIntegerField(default=0)
    rotated_at = models.DateTimeField(default=timezone.now)  # when the present generation was issued
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, choices=Ended, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(fields=["expires_at"], name="sessions_by_expiry"),
            models.Index(
                fields=["provider_session"], name="sessions_by_provider", condition=~models.Q(provider_session="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or _('Visitor')} · {self.created_at:%Y-%m-%d %H:%M}"


class ServiceCredential(models.Model):
    """What a machine signs in with: named, scoped, expiring, revocable (IDN-5). Only the hash of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=100)
    hint = models.CharField(max_length=12)  # how the secret begins, for people to recognise it
    secret_hash = models.CharField(max_length=64, unique=True)
    permissions = models.JSONField(_("permissions"), default=list)
    created_by_id = models.UUIDField(null=True)
    created_by = models.CharField(_("created by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True)
    last_used_from = models.GenericIPAddressField(null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        verbose_name = _("service credential")
        verbose_name_plural = _("service credentials")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    def is_usable(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class Invitation(models.Model):
    """A single-use link that makes a pending account usable (IDN-8). Only the hash of its secret is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"), max_length=254)  # as it was when sent: changing it voids the link
    role = models.CharField(_("role"), max_length=30, default=Role.MEMBER.value)
    custom_role = models.ForeignKey(CustomRole, models.PROTECT, null=True, blank=True, related_name="+")
    scope_kind = models.CharField(max_length=12, choices=PlaceKind, default=PlaceKind.SCHOOL)
    scope_id = models.UUIDField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by_id = models.UUIDField(null=True, blank=True)
    invited_by = models.CharField(_("invited by"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_per_person",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def scope(self) -> Scope:
        return Scope(self.scope_kind, self.scope_id)  # type: ignore[arg-type]

    @property
    def is_open(self) -> bool:
        """Neither accepted nor revoked; it may have expired."""
        return self.accepted_at is None and self.revoked_at is None


class SignInFlow(models.Model):
    """One journey to Microsoft and back: begun by one browser on this school's host, usable once (IDN-3)."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", _("Sign in")
        LINK_PERSON = "link_person", _("Link an account")
        ACCEPT = "accept", _("Accept an invitation")
        CONSENT = "consent", _("Administrator's consent")
        DESK = "desk", _("Open a shared device again")
        LINK_SCHOOL = "link_school", _("Link the school's organisation")
        PROVE = "prove", _("Confirm one's identity")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=12, choices=Purpose)
    state_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64)
    data = models.JSONField(default=dict)  # what msal keeps; emptied when the flow is used
    next_path = models.CharField(max_length=500, blank=True)
    host = models.CharField(max_length=253, blank=True)  # the school's own domain that it began on, if on one
    user = models.ForeignKey(User, models.CASCADE, null=True)  # who was signed in when it began, if anybody
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True)
    claims = models.JSONField(null=True)  # who came back, until the browser arrives
    refusal = models.JSONField(null=True)  # or why nobody did
    ticket_hash = models.CharField(max_length=64, unique=True, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ticket_expires_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sign-in flow")
        verbose_name_plural = _("sign-in flows")
        indexes = [models.Index(fields=["expires_at"], name="flows_by_expiry")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d %H:%M}"


class EmailChange(models.Model):
    """A wish to use another address: confirmed at the new one, undone from the old one (IDN-8)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="email_changes")
    old_email = models.EmailField(max_length=254)
    new_email = models.EmailField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # once its mail is made
    undo_hash = models.CharField(max_length=64, unique=True, null=True)  # once it is confirmed
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    undo_expires_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("change of e-mail")
        verbose_name_plural = _("changes of e-mail")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(confirmed_at__isnull=True, cancelled_at__isnull=True),
                name="one_open_change_of_email",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_email} → {self.new_email}"

    @property
    def is_open(self) -> bool:
        """Neither confirmed nor withdrawn; it may have expired."""
        return self.confirmed_at is None and self.cancelled_at is None


class BreakGlassLink(models.Model):
    """A way in for an owner when Microsoft is not one: made by the platform, single use, a quarter of an hour."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="break_glass_links")
    token_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("break-glass link")
        verbose_name_plural = _("break-glass links")

    def __str__(self) -> str:
        return f"{self.user} · {self.created_at:%Y-%m-%d %H:%M}"


class Authenticator(models.Model):
    """An authenticator app that makes one-time codes (TOTP). Not confirmed: being set up, and worth nothing yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="authenticators")
    secret = EncryptedTextField()
    confirmed_at = models.DateTimeField(_("set up"), null=True, blank=True)
    last_step = models.BigIntegerField(default=0)  # the latest interval whose code was used: none works twice
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(confirmed_at__isnull=False), name="one_authenticator_per_person"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(confirmed_at__isnull=True), name="one_authenticator_being_set_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"


class Passkey(models.Model):
    """A key pair whose private half never leaves the person's device (WebAuthn). Good on one host name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(_("name"), max_length=60)
    rp_id = models.CharField(_("address"), max_length=253)  # the host it was made on
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url; 1,023 bytes at most
    credential = models.BinaryField()  # attested credential data: id and public key, nothing secret
    sign_count = models.BigIntegerField(default=0)
    transports = models.JSONField(default=list)
    is_synced = models.BooleanField(default=False)  # may be on several devices of the person
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code on paper that replaces the second factor once. 80 random bits, of which the hash is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_codes_differ")]

    def __str__(self) -> str:
        return f"{self.user}"


class HalfSignIn(models.Model):
    """Between the first factor and the second. It opens no page: the browser holds its secret, and nothing else."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="half_sign_ins")
    secret_hash = models.CharField(max_length=64, unique=True)
    way = models.CharField(max_length=12, choices=Session.Way)
    provider_session = models.CharField(max_length=120, blank=True)
    proven = models.BooleanField(default=True)  # whether the first factor was shown just now (see start_session)
    next_path = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("half sign-in")
        verbose_name_plural = _("half sign-ins")
        indexes = [models.Index(fields=["expires_at"], name="half_sign_ins_by_expiry")]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d %H:%M}"


class PasskeyChallenge(models.Model):
    """What a passkey has to sign: made for one purpose, one browser and, but for signing in, one person; good once."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in", _("Sign in")
        SECOND_STEP = "second_step", _("Second step")
        CONFIRM = "confirm", _("Confirm one's identity")
        ADD = "add", _("Add a passkey")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=12, choices=Purpose)
    browser_hash = models.CharField(max_length=64)
    user = models.ForeignKey(User, models.CASCADE, null=True)
    challenge = models.CharField(max_length=64)
    rp_id = models.CharField(max_length=253)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("passkey challenge")
        verbose_name_plural = _("passkey challenges")
        indexes = [models.Index(fields=["expires_at"], name="passkey_challenges_by_expiry")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d %H:%M}"


# --- people's rights (IDN-12) ----------------------------------------------------------------------------


class DataExport(models.Model):
    """An archive of everything that is kept of one person, asked for by that person."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="exports")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    requested_at = models.DateTimeField(_("requested"))
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)  # a worker that dies gives it back after this
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(_("expires"), null=True)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("archive of personal data")
        verbose_name_plural = _("archives of personal data")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=["queued", "running"]), name="one_export_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def is_moving(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)


class ErasureCase(models.Model):
    """A plan (apps.core.plan) to erase one person. It points to nobody: it outlives whom it is about.

    `subject` holds what names the person while rows are looked for; it is emptied when the work is done.
    """

    class Origin(models.TextChoices):
        PERSON = "person", _("Asked by the person")
        ADMIN = "admin", _("Decided by the administration")
        RETENTION = "retention", _("Period of retention")
        RESTORE = "restore", _("After a restore")

    STATES = [
        (State.QUEUED.value, _("Queued")),
        (State.READING.value, _("Reading")),
        (State.PLANNED.value, _("Planned")),
        (State.HELD.value, _("Waiting for a decision")),
        (State.APPLYING.value, _("Applying")),
        (State.VERIFYING.value, _("Checking")),
        (State.DONE.value, _("Done")),
        (State.PARTIAL.value, _("Incomplete")),
        (State.FAILED.value, _("Failed")),
        (State.CANCELLED.value, _("Cancelled")),
        (State.REFUSED.value, _("Refused")),
    ]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField(null=True)
    label = models.CharField(_("person"), max_length=320, blank=True)
    origin = models.CharField(max_length=10, choices=Origin)
    state = models.CharField(max_length=10, choices=STATES, default=State.QUEUED.value)
    reason = models.TextField(_("reason"), blank=True)
    subject = models.JSONField(default=dict)
    lines = models.JSONField(default=list)  # what the plan does: see services.erasure
    remains = models.PositiveIntegerField(default=0)  # found by the read-back
    step = models.PositiveIntegerField(default=0)  # of the plan, that were applied
    requested_by_id = models.UUIDField(null=True)
    requested_by = models.CharField(_("asked by"), max_length=320, blank=True)
    requested_at = models.DateTimeField(_("asked"))
    decided_by_id = models.UUIDField(null=True)
    decided_by = models.CharField(_("decided by"), max_length=320, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.TextField(_("answer to the person"), blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    worker = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user_id"],
                condition=Q(state__in=["queued", "reading", "planned", "held", "applying", "verifying", "partial"]),
                name="one_erasure_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Erasure of %(person)s") % {"person": self.label}) if self.label else str(_("Erasure"))

    @property
    def is_moving(self) -> bool:
        return self.state in MOVING


class Tombstone(models.Model):
    """Somebody was erased: fingerprints of what a directory or a file would bring, so that it does not (IDN-12)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user_id = models.UUIDField(unique=True)
    hashes = ArrayField(models.CharField(max_length=64), default=list)
    erased_at = models.DateTimeField(_("erased"))

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        indexes = [GinIndex(fields=["hashes"], name="tombstones_by_hash")]

    def __str__(self) -> str:
        return f"{self.user_id}"


class ConsentText(models.Model):
    """One version of what people are asked to agree to. Published once, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(_("purpose"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    sequence = models.PositiveIntegerField(unique=True)  # of all texts of the school: User.consents_seen
    title_fr = models.CharField(_("title in French"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    body_fr = models.TextField(_("text in French"))
    body_en = models.TextField(_("text in English"))
    published_at = models.DateTimeField(_("published"))
    published_by_id = models.UUIDField(null=True)
    published_by = models.CharField(_("published by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["purpose", "-version"]
        constraints = [models.UniqueConstraint(fields=["purpose", "version"], name="one_text_per_version")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"


class ConsentRecord(models.Model):
    """A person said yes or no to a version of a text, or took it back. Rows are only added; the latest counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=40)
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="records")
    given = models.BooleanField(_("given"))
    confirmed = models.BooleanField(_("counts"), default=True)  # a minor's counts when a guardian confirmed it
    at = models.DateTimeField(_("time"))
    surface = models.CharField(_("through"), max_length=20)
    by_guardian = models.BooleanField(_("by the guardian"), default=False)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["user", "purpose", "-at", "-id"], name="consents_of_person")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.given}"


class GuardianRequest(models.Model):
    """A single-use link by which a minor's guardian confirms or refuses. Only the hash of its secret is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="guardian_requests")
    email = models.EmailField(_("guardian's e-mail"), max_length=254)
    purposes = ArrayField(models.CharField(max_length=40), default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    confirmed = models.BooleanField(_("confirmed"), null=True)

    class Meta:
        verbose_name = _("guardian's confirmation")
        verbose_name_plural = _("guardians' confirmations")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


class RetentionRun(models.Model):
    """One night's deletion of what is older than its period: what went, and how far it got."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        PARTIAL = "partial", _("Incomplete")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    removed = models.JSONField(default=dict)  # table -> rows that went
    expected = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_retention_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}"

    @property
    def total(self) -> int:
        return sum(self.removed.values())


class KeptAnswer(models.Model):
    """The answer to a POST that came with an Idempotency-Key: sent again it is given again, and nothing is done twice.

    Written in the transaction of the act itself, so there is never one without the other (API-1).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    caller = models.CharField(max_length=120)  # person, credential or support grant; whoever stands behind them too
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # of the request that it answers
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = EncryptedTextField(blank=True)  # it may hold what is shown only once
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="answered_once")]
        indexes = [models.Index(fields=["created_at"], name="kept_answers_by_age")]

    def __str__(self) -> str:
        return f"{self.caller} · {self.created_at:%Y-%m-%d %H:%M}"
