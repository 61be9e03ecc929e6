"""What people type; the services decide about it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from apps.core.actor import SCHOOL, Actor, Role, Scope
from apps.core.permissions import Permission
from apps.core.ui import CodeInput

from .models import CustomRole, Grant, User
from .services import custom_roles, roles
from .useragents import browser_name
from .wording import ROLE_NAMES, group_of, place_choices

_rules = lazy(lambda: " ".join(password_validators_help_texts()), str)


class SignInForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True, "inputmode": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the app"),
        help_text=_("Six digits."),
        max_length=64,
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class RecoveryCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Recovery code"),
        max_length=100,
        widget=CodeInput(attrs={"autocomplete": "off", "autocapitalize": "none", "autofocus": True}),
    )


class PasskeyForm(forms.Form):
    """What a browser answers to a passkey's challenge, as JSON: read by services.passkeys, never shown."""

    credential = forms.CharField(required=False)

    @property
    def answer(self) -> str:
        return str(self.data.get("credential", ""))

    def device_name(self, request: HttpRequest) -> str:
        """What the list calls it: the browser and system it was made with."""
        return browser_name(request.headers.get("User-Agent", ""))


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        max_length=1000,
        strip=False,
        help_text=_rules(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Repeat the new password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"password", "again"} <= cleaned.keys() and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords are not the same. Type the second one again."))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    current = forms.CharField(
        label=_("Current password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("current", "password", "again")


class ConfirmForm(forms.Form):
    """The password once more, before a dangerous act."""

    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


def permission_groups(
    form: forms.Form, offered: Iterable[tuple[Permission, bool]]
) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The offered permissions under their headings: code, label, whether chosen, whether the actor holds it."""
    chosen = set(form["permissions"].value() or [])
    found: dict[str, tuple[Any, list[dict[str, Any]]]] = {}
    for permission, own in offered:
        line = {
            "code": permission.code,
            "label": permission.label,
            "chosen": permission.code in chosen,
            "own": own,
            "sudo": permission.sudo,
        }
        heading = group_of(permission.code)
        found.setdefault(str(heading), (heading, []))[1].append(line)
    return list(found.values())


class CredentialForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Which program uses it, for example: timetable import.")
    )
    permissions = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple, help_text=_("As little as possible.")
    )
    expires_on = forms.DateField(
        label=_("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("At most twelve months: make a new one in time."),
    )

    def __init__(self, *args: Any, offered: list[tuple[Permission, bool]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.fields["permissions"].choices = [(p.code, p.label) for p, _own in offered]  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[tuple[Any, list[dict[str, Any]]]]:
        return permission_groups(self, self.offered)


class EmailChangeForm(forms.Form):
    """`current` only for who has a password."""

    email = forms.EmailField(
        label=_("New e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    current = forms.CharField(
        label=_("Current password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, has_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "change", **kwargs})
        if not has_password:
            del self.fields["current"]


class NamesMixin(forms.Form):
    given_name = forms.CharField(
        label=_("Given name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )


class AcceptForm(NamesMixin, NewPasswordForm):
    field_order = ("given_name", "family_name", "password", "again")


class ProfileForm(NamesMixin):
    department = forms.CharField(label=_("Department"), max_length=120, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    @classmethod
    def of(cls, user: User, language: str, columns: Iterable[str], data: Any = None) -> "ProfileForm":
        """`columns`: what the person may change here; the rest is shown as text."""
        own = ("given_name", "family_name", "department", "job_title")
        form = cls(data, initial={name: getattr(user, name) for name in own} | {"language": user.locale or language})
        for name in own:
            if name not in columns:
                del form.fields[name]
        return form

    @property
    def profile(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "language"}


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("A JPEG, PNG, WebP or GIF picture of at most 10 MB. It is cut to a square."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )


class RoleAndPlace(forms.Form):
    """A role the actor may give, and where. `scope` is "school" or "campus:<id>"."""

    role = forms.ChoiceField(label=_("Role"))
    scope = forms.ChoiceField(label=_("Where"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, ROLE_NAMES[role]) for role in roles.choices(actor)]  # type: ignore[attr-defined]
        self.places: dict[str, tuple[Scope, str]] = place_choices(actor)
        self.fields["scope"].choices = [(key, label) for key, (_scope, label) in self.places.items()]  # type: ignore[attr-defined]

    @property
    def chosen_role(self) -> Role:
        return Role(self.cleaned_data["role"])

    @property
    def chosen_scope(self) -> Scope:
        return self.places.get(self.cleaned_data["scope"], (SCHOOL, ""))[0]


CUSTOM = "custom:"  # and the id of a role of the school's own


class AnyRoleAndPlace(RoleAndPlace):
    """Also a role of the school's own: `role` is its code, or "custom:<id>"."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.custom = {f"{CUSTOM}{role.pk}": role for role in roles.custom_choices(actor)}
        if self.custom:
            own = [(key, role.name) for key, role in self.custom.items()]
            built_in = self.fields["role"].choices  # type: ignore[attr-defined]
            self.fields["role"].choices = [  # type: ignore[attr-defined]
                (_("Built-in roles"), built_in),
                (_("Your school's own roles"), own),
            ]

    @property
    def chosen_custom(self) -> CustomRole | None:
        return self.custom.get(self.cleaned_data["role"])

    @property
    def chosen_role(self) -> Role:
        return Role.CUSTOM if self.chosen_custom else Role(self.cleaned_data["role"])


class InviteForm(NamesMixin, AnyRoleAndPlace):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    field_order = ("email", "given_name", "family_name", "role", "scope")


class GrantForm(AnyRoleAndPlace):
    email = forms.EmailField(
        label=_("E-mail of the person"), max_length=254, help_text=_("Somebody who already has an account.")
    )
    starts_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    field_order = ("email", "role", "scope", "starts_on", "ends_on", "note")

    @staticmethod
    def saying(grant: Grant) -> dict[str, object]:
        """What the form says to give this role again."""
        return {
            "email": grant.user.email,
            "role": f"{CUSTOM}{grant.custom_role_id}" if grant.custom_role_id else grant.role,
            "scope": grant.scope_kind if grant.scope_id is None else f"{grant.scope_kind}:{grant.scope_id}",
            "starts_on": grant.starts_on,
            "ends_on": grant.ends_on,
            "note": grant.note,
        }


class ActAsForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        min_length=5,
        help_text=_("It is sent to the person and stays in the audit trail."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CustomRoleForm(forms.Form):
    """A role of the school's own. Which permissions are offered follows from the kind of place and from the actor."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(label=_("What it is for"), max_length=300, required=False)
    permissions = forms.MultipleChoiceField(label=_("Permissions"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = custom_roles.offered(actor, kind)
        # also those that the actor lacks: the service says why they cannot be chosen
        self.fields["permissions"].choices = [(p.code, p.label) for p, _own in self.offered]  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[tuple[Any, list[dict[str, Any]]]]:
        return permission_groups(self, self.offered)


class MatrixFilter(forms.Form):
    """What the pages about rights show: words of a permission or a person, and the day. Nonsense narrows nothing."""

    q = forms.CharField(
        label=_("Search"), max_length=80, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    on = forms.DateField(label=_("On"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    @property
    def usable(self) -> dict[str, Any]:
        self.is_valid()
        return getattr(self, "cleaned_data", {})

    @property
    def words(self) -> str:
        return self.usable.get("q") or ""


class ErasureRequestForm(forms.Form):
    reason = forms.CharField(
        label=_("Anything the school should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sure = forms.BooleanField(label=_("I know that this cannot be undone."))


class DecisionForm(forms.Form):
    note = forms.CharField(
        label=_("Answer to the person"),
        max_length=2000,
        required=False,
        help_text=_("Needed for a refusal: the person reads it, with their right to complain."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EraseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        help_text=_("Kept in the audit trail."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class BirthDateForm(forms.Form):
    birth_date = forms.DateField(
        label=_("Birth date"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}),
        help_text=_("You can enter it once."),
    )


class GuardianForm(forms.Form):
    guardian_email = forms.EmailField(
        label=_("Guardian's e-mail"), max_length=254, help_text=_("A parent or guardian confirms what you agree to.")
    )


class ConsentTextForm(forms.Form):
    title_fr = forms.CharField(label=_("Title in French"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200)
    body_fr = forms.CharField(
        label=_("Text in French"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10, "lang": "fr"})
    )
    body_en = forms.CharField(
        label=_("Text in English"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10, "lang": "en"})
    )


class PeriodsForm(forms.Form):
    """One number of days for each period that the school may choose; left empty, the default."""

    def __init__(self, data: Any = None, *, lines: Iterable[Any]) -> None:
        super().__init__(data)
        for line in lines:
            if line.key:
                self.fields[line.key] = forms.IntegerField(
                    label=_("Days"),
                    required=False,
                    min_value=line.minimum,
                    max_value=line.maximum,
                    initial=line.own,
                    widget=forms.NumberInput(attrs={"placeholder": line.default, "aria-label": line.title}),
                )
