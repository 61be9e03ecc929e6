"""The page about the school's own domains: what it shows, and what is typed there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.campuses.models import Campus
from apps.campuses.selectors import visible_campuses
from apps.core.actor import Actor
from apps.tenants import selectors
from apps.tenants.models import Host


@dataclass(frozen=True, slots=True)
class OwnDomain:
    """One line of the page."""

    host: Host
    campus: str  # name of the campus it opens, or ""
    url: str


class DomainForm(forms.Form):
    domain = forms.CharField(label=_("Domain"), max_length=300, help_text=_("Such as campus.example.org"))
    campus = forms.ChoiceField(label=_("Opens"), required=False, help_text=_("A campus is shown first to its people."))

    def __init__(self, data: Any = None, *, campuses: list[Campus]) -> None:
        super().__init__(data)
        named = [(str(campus.pk), campus.name) for campus in campuses]
        self.fields["campus"].choices = [("", _("The whole school")), *named]  # type: ignore[attr-defined]
        self.fields["domain"].widget.attrs.update(
            {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        )

    @property
    def campus_id(self) -> UUID | None:
        chosen = self.cleaned_data.get("campus")
        return UUID(chosen) if chosen else None

    def take(self, faults: Mapping[str, Iterable[object]]) -> None:
        """The service's refusals, at their fields."""
        for name, messages in faults.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, str(message))


def campuses_of(actor: Actor) -> list[Campus]:
    return list(visible_campuses(actor=actor))


def own_domains(*, actor: Actor, school_id: UUID, campuses: list[Campus]) -> list[OwnDomain]:
    names = {campus.pk: campus.name for campus in campuses}
    found = selectors.own_domains(actor=actor, school_id=school_id)
    return [
        OwnDomain(host, names.get(host.campus_id, "") if host.campus_id else "", f"https://{host.domain}/")
        for host in found
    ]
