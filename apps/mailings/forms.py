"""What people type, cleaned. The rules themselves stand in the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.associations.models import Association
from apps.core.forms import ServiceForm

from .models import LONGEST_BODY, LONGEST_TITLE, Audience, Channels, Recipient, State
from .selectors import PARTIAL

ALL = ("", _("All"))
MARKDOWN = _("Markdown: **bold**, *italic*, - lists, [links](https://…). What looks like HTML is shown as it is.")


class TextForm(ServiceForm):
    title_fr = forms.CharField(label=_("Title in French"), max_length=LONGEST_TITLE, required=False)
    body_fr = forms.CharField(
        label=_("Text in French"), max_length=LONGEST_BODY, required=False, help_text=MARKDOWN,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    title_en = forms.CharField(label=_("Title in English"), max_length=LONGEST_TITLE, required=False)
    body_en = forms.CharField(
        label=_("Text in English"), max_length=LONGEST_BODY, required=False,
        help_text=_("One language is enough: readers of the other see that it was written in this one."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip


class AnnouncementForm(TextForm):
    """A draft. `office` says more only where the audience is one office."""

    audience = forms.ChoiceField(label=_("To"), choices=Audience, initial=Audience.MEMBERS)
    office_id = forms.ChoiceField(label=_("Office"), required=False, help_text=_("Only for the holders of one office."))
    channels = forms.ChoiceField(label=_("By which way"), choices=Channels, initial=Channels.BOTH)

    field_order = ("audience", "office_id", "channels")

    def __init__(self, *args: Any, association: Association, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = association.offices.filter(archived_at=None)
        choices = [("", _("None")), *((str(one.pk), one.title) for one in offices)]
        self.fields["office_id"].choices = choices  # type: ignore[attr-defined]

    def clean_office_id(self) -> str | None:
        return self.cleaned_data["office_id"] or None


class SaveTextForm(TextForm):
    name = forms.CharField(label=_("Name of the text"), max_length=80)
    field_order = ("name",)


class LeaveForm(ServiceForm):
    leaves_at = forms.DateTimeField(
        label=_("Leaves"), required=False, widget=forms.DateTimeInput, help_text=_("Left empty: now.")
    )


class BlockForm(ServiceForm):
    until = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The board reads it.")
    )


class StateFilter(forms.Form):
    """Of the list of one association and of the school's."""

    q = forms.CharField(label=_("Title or association"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[ALL, *State.choices, (PARTIAL, pgettext_lazy("announcement", "Partly failed"))],
    )  # fmt: skip

    @property
    def usable(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "state")}


OUTCOMES = {
    "waiting": Recipient.State.WAITING.label,
    "queued": pgettext_lazy("recipient", "On its way"),
    "sent": pgettext_lazy("recipient", "Sent"),
    "delivered": pgettext_lazy("recipient", "Delivered"),
    "bounced": pgettext_lazy("recipient", "Came back"),
    "failed": Recipient.State.FAILED.label,
    "suppressed": pgettext_lazy("recipient", "Kept back"),
    "skipped": Recipient.State.SKIPPED.label,
}


class RecipientFilter(forms.Form):
    q = forms.CharField(label=_("Person"), required=False, max_length=100)
    outcome = forms.ChoiceField(label=_("How far"), required=False, choices=[ALL, *OUTCOMES.items()])

    @property
    def usable(self) -> dict[str, str]:
        self.is_valid()
        return {"search": self.cleaned_data.get("q", ""), "outcome": self.cleaned_data.get("outcome", "")}
