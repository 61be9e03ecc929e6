"""What people type on the pages of notifications."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from . import kinds
from .kinds import Category
from .models import Channel, CommunicationLog, MailRoute, Preference
from .services.own_texts import Words
from .services.preferences import Wanted

IN_APP = [(Preference.Timing.NOW.value, _("Yes")), (Preference.Timing.OFF.value, _("No"))]


class PreferencesForm(forms.Form):
    """Two choices for each category that is optional: how mail of it comes, and whether it stands under the bell."""

    def __init__(self, data: Any = None, *, wanted: dict[str, Wanted]) -> None:
        super().__init__(data)
        self.categories = [category for category in kinds.categories() if category.optional]
        for category in self.categories:
            own = wanted[category.code]
            self.fields[f"{category.code}-email"] = forms.ChoiceField(
                label=_("E-mail"), choices=Preference.Timing.choices, initial=own["email"]
            )
            self.fields[f"{category.code}-in-app"] = forms.ChoiceField(
                label=_("Under the bell"), choices=IN_APP, initial=own["in-app"]
            )

    @property
    def sections(self) -> list[tuple[Category, list[forms.BoundField]]]:
        return [(one, [self[f"{one.code}-email"], self[f"{one.code}-in-app"]]) for one in self.categories]

    @property
    def chosen(self) -> dict[str, Wanted]:
        values = self.cleaned_data
        return {
            one.code: {"email": values[f"{one.code}-email"], "in-app": values[f"{one.code}-in-app"]}
            for one in self.categories
        }


class MessageFilter(forms.Form):
    """The filters of the log; they live in the URL."""

    q = forms.CharField(label=_("Address, person or subject"), required=False, max_length=254)
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    way = forms.ChoiceField(label=_("Way"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        known = [(code, one.name) for code, one in kinds.REGISTRY.items()]
        choices: dict[str, list[Any]] = {
            "state": list(CommunicationLog.State.choices),
            "kind": known,
            "way": list(Channel.choices),
        }
        for name, offered in choices.items():
            self.fields[name].choices = [("", _("All")), *offered]  # type: ignore[attr-defined]

    @property
    def usable(self) -> dict[str, Any]:
        """What is valid; a filter that makes no sense filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class MailRouteForm(forms.Form):
    way = forms.ChoiceField(label=_("Mail leaves by"), choices=MailRoute.Way.choices)
    mailbox = forms.EmailField(
        label=_("Mailbox"),
        required=False,
        help_text=_("Such as no-reply@your-school.fr: a mailbox of your Microsoft organisation, best one of its own."),
    )


class OwnTextForm(forms.Form):
    """A school's own words around one text, in one language."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, widget=forms.HiddenInput)
    subject = forms.CharField(
        label=_("Your subject"),
        required=False,
        max_length=150,
        help_text=_("Left empty: ours. {name} and {school} are filled in."),
    )
    intro = forms.CharField(
        label=_("Your opening lines"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They stand between the greeting and our text. Left empty: none."),
    )

    @property
    def words(self) -> Words:
        return Words(self.cleaned_data["subject"], self.cleaned_data["intro"].replace("\r\n", "\n"))
