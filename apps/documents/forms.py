"""What people type, cleaned. The rules themselves stand in the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.associations.models import Kind
from apps.core.forms import ServiceForm
from apps.money.sight import Level

from .models import Renewed
from .selectors import kinds

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class KindForm(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    help_text = forms.CharField(
        label=_("Explanation"), max_length=500, required=False, help_text=_("The board reads it where it hands in.")
    )
    renewed = forms.ChoiceField(label=_("Renewed"), choices=Renewed)
    due_day = forms.IntegerField(label=_("Day"), required=False, min_value=1, max_value=31)
    due_month = forms.IntegerField(
        label=_("Month"), required=False, min_value=1, max_value=12, help_text=_("Only for a date of each year.")
    )
    needed_of = forms.MultipleChoiceField(
        label=_("Needed of"), required=False, choices=Kind, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: of every association."),
    )  # fmt: skip
    is_required = forms.BooleanField(label=_("Required: a renewal waits for it"), required=False, initial=True)
    at_request = forms.BooleanField(label=_("A request for an association needs it as well"), required=False)
    same_is_enough = forms.BooleanField(
        label=_("The same file is accepted again by itself"), required=False, initial=True,
        help_text=_("Not for papers that name a period, such as an insurance."),
    )  # fmt: skip
    is_financial = forms.BooleanField(
        label=_("About money: only who sees documents of the money may open it"), required=False
    )


class HandInForm(ServiceForm):
    file = forms.FileField(label=_("File"), help_text=_("PDF, Word, Excel, PowerPoint, OpenDocument or a picture."))


class AskForm(ServiceForm):
    kinds = forms.MultipleChoiceField(label=_("Documents"), required=False, widget=forms.CheckboxSelectMultiple)
    title = forms.CharField(label=_("Another document"), max_length=120, required=False)
    due_on = forms.DateField(label=_("Until"), required=False, widget=DAY)
    words = forms.CharField(
        label=_("Message to the board"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(str(one.pk), one.name) for one in kinds()]  # type: ignore[attr-defined]


class OpenMoneyForm(ServiceForm):
    level = forms.TypedChoiceField(label=_("How far"), coerce=int)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The board of the association reads it, with your name and the time."),
    )  # fmt: skip

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(level.value, level.label) for level in Level if Level.TOTALS <= level <= most]
        self.fields["level"].choices = found  # type: ignore[attr-defined]


class SightForm(ServiceForm):
    level = forms.TypedChoiceField(label=_("At once"), choices=Level, coerce=int)
    with_reason = forms.TypedChoiceField(label=_("With a reason"), choices=Level, coerce=int)
