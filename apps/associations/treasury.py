"""An association has a treasury: what apps.money must know of it, and its opening when it is first needed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.actor import Actor, Scope
from apps.core.navigation import layout_of
from apps.money import holders
from apps.money.models import Treasury
from apps.money.permissions import MONEY_MANAGE
from apps.money.services import treasuries

from .models import Association

KIND: Final = "association"


def scope_of(association_id: UUID) -> Scope:
    """Where the rights of its money are held: there. The school's own reach it anyway; no campus holds any."""
    return Scope(KIND, association_id)


def find(association_id: UUID) -> Treasury | None:
    return Treasury.objects.filter(holder_kind=KIND, holder_id=association_id).first()


@transaction.atomic
def treasury_of(*, actor: Actor, association_id: UUID, now: datetime) -> Treasury:
    """The treasury of an association, opened when it is first needed. Callers say who may. Safe to repeat."""
    Association.objects.select_for_update(no_key=True).get(pk=association_id)
    return treasuries.treasury_of(actor=actor, holder_kind=KIND, holder_id=association_id, now=now)


def open_treasury(*, actor: Actor, association_id: UUID, now: datetime) -> Treasury:
    """The same by hand, for who manages its money. Raises Forbidden."""
    MONEY_MANAGE.require(actor, scope_of(association_id))
    return treasury_of(actor=actor, association_id=association_id, now=now)


def _name_of(holder_id: UUID | None) -> str:
    return Association.objects.values_list("name", flat=True).get(pk=holder_id)  # type: ignore[misc]


def _scopes_of(holder_id: UUID | None) -> Iterable[Scope]:
    return (scope_of(holder_id),) if holder_id else ()


def _legal_of(holder_id: UUID | None) -> Iterable[str]:
    rna, siret = Association.objects.values_list("rna", "siret").get(pk=holder_id)  # type: ignore[misc]
    return [line for line in (f"RNA {rna}" if rna else "", f"SIRET {siret}" if siret else "") if line]


def _layout_of(request: HttpRequest, treasury: Treasury) -> holders.Layout:
    """The pages of its money stand beside its workspace."""
    workspace = reverse("associations:workspace", args=[treasury.holder_id])
    crumbs = ((_("Associations"), reverse("associations:list")), (_("Workspace"), workspace))
    return holders.Layout(layout_of(request), crumbs=crumbs)


holders.register(
    holders.HolderKind(
        KIND, _("Association"), name_of=_name_of, scopes_of=_scopes_of, layout_of=_layout_of, legal_of=_legal_of
    )
)
