"""People of one school (superadmins in the platform's schema): accounts, identities, roles, sessions."""

from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from apps.core.ids import new_id


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
    is_staff = models.BooleanField(default=False, editable=False)  # only read on the platform host
    is_superuser = models.BooleanField(default=False, editable=False)  # only read on the platform host
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_login = models.DateTimeField(_("last sign-in"), null=True, blank=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_per_email"),
            # an empty password hash would make session hashes of two schools equal
            models.CheckConstraint(name="no_empty_password", condition=~Q(password="")),
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
