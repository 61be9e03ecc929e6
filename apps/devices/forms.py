"""What people type; the services decide about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import SignInForm
from apps.accounts.wording import place_choices
from apps.core.actor import SCHOOL, Actor, Scope
from apps.core.ui import CodeInput

from .models import LONGEST_IDLE, SHORTEST_IDLE, Device
from .permissions import AT_DESKS, DEVICES_MANAGE
from .places import place_kinds
from .services.devices import Wanted

_NUMBERS = {"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]*"}


class DeviceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As people call it: “Bar tablet”."))
    spot = forms.CharField(label=_("Where it stands"), max_length=120, required=False)
    scope = forms.ChoiceField(label=_("For the people of"))
    idle_seconds = forms.IntegerField(
        label=_("Seconds without use until it returns to the profiles"),
        min_value=SHORTEST_IDLE,
        max_value=LONGEST_IDLE,
        initial=60,
    )
    permissions = forms.MultipleChoiceField(
        label=_("What people can do at it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes: dict[str, Scope] = {
            key: scope
            for key, (scope, _label) in place_choices(actor).items()
            if scope.kind in place_kinds() and scope != SCHOOL and DEVICES_MANAGE.allows(actor, scope)
        }
        names = {key: label for key, (_scope, label) in place_choices(actor).items()}
        self.fields["scope"].choices = [(key, names[key]) for key in self.scopes]  # type: ignore[attr-defined]
        self.fields["permissions"].choices = [  # type: ignore[attr-defined]
            (code, permission.label) for code, permission in AT_DESKS.items()
        ]
        if not self.is_bound and "permissions" not in self.initial:
            self.initial["permissions"] = list(AT_DESKS)

    @classmethod
    def of(cls, device: Device, actor: Actor, data: Any = None) -> "DeviceForm":
        initial = {
            "name": device.name,
            "spot": device.spot,
            "scope": f"{device.scope.kind}:{device.scope.id}",
            "idle_seconds": device.idle_seconds,
            "permissions": device.permissions,
        }
        return cls(data, actor=actor, initial=initial)

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            name=self.cleaned_data["name"],
            spot=self.cleaned_data["spot"],
            scope=self.scopes[self.cleaned_data["scope"]],
            idle_seconds=self.cleaned_data["idle_seconds"],
            permissions=tuple(self.cleaned_data["permissions"]),
        )


class RevokeForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class EnrolForm(forms.Form):
    code = forms.CharField(
        label=_("Enrolment code"),
        max_length=40,
        widget=CodeInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class PinForm(forms.Form):
    pin = forms.CharField(
        label=_("PIN"), max_length=40, strip=True, widget=forms.PasswordInput(attrs={**_NUMBERS, "maxlength": "6"})
    )


class NewPinForm(forms.Form):
    new = forms.CharField(
        label=_("New PIN"),
        max_length=40,
        help_text=_("4 to 6 digits: no repetition, no sequence, no year, no birthday."),
        widget=forms.PasswordInput(attrs={**_NUMBERS, "maxlength": "6", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Repeat the new PIN"),
        max_length=40,
        widget=forms.PasswordInput(attrs={**_NUMBERS, "maxlength": "6", "autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"new", "again"} <= cleaned.keys() and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two PINs are not the same. Type the second one again."))
        return cleaned


class PinWithCodeForm(NewPinForm):
    code = forms.CharField(
        label=_("Code from an administrator"),
        max_length=40,
        widget=CodeInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    field_order = ("code", "new", "again")


class ReopenForm(SignInForm):
    """E-mail and password, typed afresh at the tablet: nothing may be filled in from before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
            field.widget.attrs.pop("autofocus", None)


class PinFilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=80, widget=forms.SearchInput())
    only = forms.ChoiceField(
        label=_("PIN"),
        required=False,
        choices=[("", _("All")), ("set", _("Has a PIN")), ("none", _("No PIN")), ("locked", _("Locked"))],
    )
