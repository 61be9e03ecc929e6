"""What a board types about its association."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .models import Site
from .services.editing import LINKS, LONGEST
from .texts import LANGUAGES

LABELS = {
    "tagline": _("In one line"),
    "about": _("Who we are"),
    "practical": _("When and where"),
    "for_members": _("For members only"),
}
HELP = {
    "tagline": _("Shown under the name and by search engines."),
    "about": _("Markdown: # heading, **bold**, - list, [link](https://…). Pictures and HTML are not shown."),
    "practical": _("Such as: Tuesdays at 18:00, room B12."),
    "for_members": _("Only members and the board read this: a link to the chat, the code of the room."),
}
ROWS = {"about": 10, "practical": 4, "for_members": 5}


class SiteForm(forms.Form):
    """Each text once for each language of the house."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    contact_email = forms.CharField(label=_("Contact address"), required=False, max_length=254)
    website = forms.CharField(label=_("Website"), required=False, max_length=300)
    network = forms.CharField(label=_("Social network"), required=False, max_length=300)
    shows_board = forms.BooleanField(
        label=_("Show the board by name"), required=False,
        help_text=_("Names and offices are then public like the rest of the site. Ask everybody first."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, site: Site) -> None:
        initial: dict[str, Any] = {"version": site.version, "shows_board": site.shows_board}
        initial |= {name: getattr(site, name) for name in (*LINKS, "contact_email")}
        for name in LONGEST:
            initial |= {f"{name}_{language}": site.said(name).get(language, "") for language in LANGUAGES}
        super().__init__(data, initial=initial)
        self.site = site
        for name in LONGEST:
            for language in LANGUAGES:
                self.fields[f"{name}_{language}"] = self._text(name, language)

    @staticmethod
    def _text(name: str, language: str) -> forms.CharField:
        widget: forms.Widget = forms.Textarea({"rows": ROWS[name]}) if name in ROWS else forms.TextInput()
        widget.attrs["lang"] = language
        return forms.CharField(
            label=LABELS[name], help_text=HELP[name], required=False, widget=widget, strip=False,
        )  # fmt: skip

    def parts(self) -> list[tuple[str, str, list[Any]]]:
        """For the page: code and name of a language, and its fields."""
        names = dict(settings.LANGUAGES)
        return [(code, str(names[code]), [self[f"{name}_{code}"] for name in LONGEST]) for code in LANGUAGES]

    @property
    def shared(self) -> list[Any]:
        return [self[name] for name in ("contact_email", *LINKS, "shows_board")]

    def typed(self) -> dict[str, Any]:
        """What the service takes."""
        said = self.cleaned_data
        texts = {name: {code: said.get(f"{name}_{code}", "") for code in LANGUAGES} for name in LONGEST}
        return (
            texts
            | {name: said.get(name, "") for name in (*LINKS, "contact_email")}
            | {"shows_board": said["shows_board"]}
        )

    def again(self, version: int) -> "SiteForm":
        """The same words, as if they had been typed over this version."""
        form = SiteForm({**{name: self.data.get(name, "") for name in self.data}, "version": version}, site=self.site)
        form.is_valid()
        return form

    def take(self, faults: Mapping[str, Iterable[object]]) -> None:
        """The service's refusals, at their fields."""
        for name, messages in faults.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, str(message))
