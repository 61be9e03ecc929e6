"""The page about the school's own domains: what it shows, and what is typed there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.associations.models import Association, Status
from apps.associations.selectors import visible_associations
from apps.campuses.models import Campus
from apps.campuses.selectors import visible_campuses
from apps.core.actor import Actor
from apps.tenants import selectors
from apps.tenants.models import Host

SITE = "association:"


@dataclass(frozen=True, slots=True)
class OwnDomain:
    """One line of the page."""

    host: Host
    opens: str  # name of the campus or association it opens, or ""
    url: str


class DomainForm(forms.Form):
    domain = forms.CharField(label=_("Domain"), max_length=300, help_text=_("Such as campus.example.org"))
    campus = forms.ChoiceField(
        label=_("Opens"), required=False,
        help_text=_("A campus is shown first to its people. An association: its public site, and nothing else."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, campuses: list[Campus], associations: list[Association]) -> None:
        super().__init__(data)
        choices: list[Any] = [("", _("The whole school"))]
        choices += [(str(campus.pk), campus.name) for campus in campuses]
        if associations:
            choices.append((_("Site of an association"), [(f"{SITE}{one.pk}", one.name) for one in associations]))
        self.fields["campus"].choices = choices  # type: ignore[attr-defined]
        self.fields["domain"].widget.attrs.update(
            {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        )

    @property
    def campus_id(self) -> UUID | None:
        chosen = self.cleaned_data.get("campus")
        return UUID(chosen) if chosen and not chosen.startswith(SITE) else None

    @property
    def association_id(self) -> UUID | None:
        chosen = self.cleaned_data.get("campus") or ""
        return UUID(chosen.removeprefix(SITE)) if chosen.startswith(SITE) else None

    def take(self, faults: Mapping[str, Iterable[object]]) -> None:
        """The service's refusals, at their fields."""
        for name, messages in faults.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, str(message))


def campuses_of(actor: Actor) -> list[Campus]:
    return list(visible_campuses(actor=actor))


def associations_of(actor: Actor) -> list[Association]:
    """Those that can have a site of their own, by name."""
    return list(
        visible_associations(actor=actor, now=timezone.now()).filter(status__in=[Status.APPROVED, Status.DORMANT])
    )


def own_domains(
    *, actor: Actor, school_id: UUID, campuses: list[Campus], associations: list[Association]
) -> list[OwnDomain]:
    names = {one.pk: one.name for one in campuses} | {one.pk: one.name for one in associations}
    found = selectors.own_domains(actor=actor, school_id=school_id)
    return [OwnDomain(host, _opens(host, names), f"https://{host.domain}/") for host in found]


def _opens(host: Host, names: Mapping[UUID, str]) -> str:
    opened = host.campus_id or host.association_id
    return names.get(opened, "") if opened else ""
