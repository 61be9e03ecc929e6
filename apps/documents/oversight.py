"""What documents and money add to the table of those who oversee, and to requests and renewals."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.associations.eligibility import Check
from apps.associations.hooks import Column, Flag
from apps.associations.models import Association, Mandate
from apps.associations.rules import MIN_FOUNDERS
from apps.associations.selectors import today_at
from apps.core.actor import Actor
from apps.core.components.formats import money
from apps.core.ui import Tab
from apps.money.models import MoneyAlarm, Treasury
from apps.money.selectors import figures_of
from apps.money.sight import Level
from apps.tenants.features import value

from . import selectors
from .permissions import DOCUMENTS_REVIEW
from .services import sight
from .terms import EXPIRED, Standing

FLAGS = {
    "documents-overdue": gettext_lazy("Documents overdue"),
    "document-expired": gettext_lazy("Document expired"),
    "balance-negative": gettext_lazy("Negative balance"),
    "ledger-alarm": gettext_lazy("Alarm about money"),
    "no-treasurer": gettext_lazy("No treasurer"),
    "renewal-late": gettext_lazy("Late renewal"),
    "few-members": gettext_lazy("Too few members"),
}


def tabs(*, actor: Actor, association: Association) -> list[Tab]:
    if not selectors.may_see(actor, association):
        return []
    return [Tab("documents", _("Documents"), url=reverse("documents:association", args=[association.pk]))]


def school_links(*, actor: Actor, association: Association) -> list[tuple[str, str]]:
    if not DOCUMENTS_REVIEW.allows(actor, association):
        return []
    return [(_("Ask for documents"), f"{reverse('documents:ask')}?ids={association.pk}")]


def request_checks(*, association: Association, now: datetime) -> list[Check]:
    """Documents that a request needs before it is sent: handed in, not yet accepted."""
    found = []
    for row in selectors.standings(association, now):
        if row.is_required:
            fault = _("the document is missing: %(name)s") % {"name": row.title} if row.waits_for_board else ""
            found.append(Check(f"document-{row.kind.code if row.kind else 'asked'}", not fault, row.title, fault))
    return found


def renewal_blocks(*, association: Association, now: datetime) -> list[str]:
    """Required documents that are not accepted today."""
    return [_said(row) for row in selectors.open_titles(association, now)]


def _said(row: Standing) -> str:
    if row.state == "waiting":
        return _("The school has still to read: %(name)s") % {"name": row.title}
    if row.state == "changes":
        return _("To be changed: %(name)s") % {"name": row.title}
    if row.state == EXPIRED:
        return _("Expired: %(name)s") % {"name": row.title}
    return _("Missing: %(name)s") % {"name": row.title}


def _treasuries(associations: Sequence[Association]) -> dict[UUID, Treasury]:
    rows = Treasury.objects.filter(holder_kind=sight.HOLDER, holder_id__in=[one.pk for one in associations])
    return {row.holder_id: row for row in rows if row.holder_id}


def columns(*, actor: Actor, associations: Sequence[Association], now: datetime) -> list[Column]:
    """Balance, as far as sight allows, and overdue documents."""
    treasuries, levels = _treasuries(associations), sight.levels(actor, associations, now)
    seen = {key: row for key, row in treasuries.items() if levels[key] >= Level.TOTALS}
    figures = figures_of(seen.values())
    balances = {key: str(money(figures[row.pk].balance, row.currency)) for key, row in seen.items()}
    counts = {
        key: str(len(late)) for key, rows in selectors.standings_of(associations, now).items()
        if (late := selectors.overdue(rows))
    }  # fmt: skip
    return [
        Column("balance", _("Balance"), balances, is_number=True),
        Column("overdue_documents", _("Overdue documents"), counts, is_number=True),
    ]


def flags(*, actor: Actor, associations: Sequence[Association], now: datetime) -> dict[UUID, list[Flag]]:
    """What to look at, each with a sentence that says what to do."""
    found: dict[UUID, list[Flag]] = defaultdict(list)
    for key, rows in selectors.standings_of(associations, now).items():
        found[key] += _of_documents(rows)
    for key, raised in _of_money(actor, associations, now).items():
        found[key] += raised
    with_treasurer = _with_treasurer(associations, now)
    fewest = int(value(MIN_FOUNDERS.key))
    for one in associations:
        facts: Any = one  # with the columns of the table
        if one.pk not in with_treasurer:
            found[one.pk].append(Flag("no-treasurer", _("Nobody is treasurer: ask the board to appoint one.")))
        if facts.is_late:
            text = _("The renewal was not made in time: remind the officers, or override with a reason.")
            found[one.pk].append(Flag("renewal-late", text))
        if facts.member_count < fewest:
            text = ngettext(
                "Fewer than %(n)d member: speak to the board, or make it dormant.",
                "Fewer than %(n)d members: speak to the board, or make it dormant.", fewest,
            ) % {"n": fewest}  # fmt: skip
            found[one.pk].append(Flag("few-members", text, "warn"))
    return found


def _of_documents(rows: Sequence[Standing]) -> list[Flag]:
    late = selectors.overdue(rows)
    expired = [row for row in late if row.state == EXPIRED]
    overdue = [row for row in late if row.state != EXPIRED]
    raised = []
    if overdue:
        names = ", ".join(row.title for row in overdue)
        raised.append(Flag("documents-overdue", _("Overdue: %(names)s. Ask the board for it.") % {"names": names}))
    if expired:
        names = ", ".join(row.title for row in expired)
        text = _("No longer valid: %(names)s. Ask for a new one before the next event.") % {"names": names}
        raised.append(Flag("document-expired", text))
    return raised


def _of_money(actor: Actor, associations: Sequence[Association], now: datetime) -> dict[UUID, list[Flag]]:
    found: dict[UUID, list[Flag]] = defaultdict(list)
    treasuries, levels = _treasuries(associations), sight.levels(actor, associations, now)
    seen = {key: row for key, row in treasuries.items() if levels[key] >= Level.TOTALS}
    figures = figures_of(seen.values())
    alarmed = set(
        MoneyAlarm.objects.filter(cleared_at=None, treasury__in=treasuries.values()).values_list("treasury", flat=True)
    )
    for key, row in seen.items():
        if figures[row.pk].balance < 0:
            text = _("More was spent than there is: open the lines with a reason and speak to the treasurer.")
            found[key].append(Flag("balance-negative", text))
    for key, row in treasuries.items():
        if row.pk in alarmed:
            text = _("The nightly check of its ledger found a fault: have it looked at before money moves.")
            found[key].append(Flag("ledger-alarm", text))
    return found


def _with_treasurer(associations: Sequence[Association], now: datetime) -> set[UUID]:
    days = {one.pk: today_at(one, now) for one in associations}
    rows = Mandate.objects.filter(
        office__association__in=associations, office__code="treasurer", office__archived_at=None
    )
    return {
        row.office.association_id for row in rows.select_related("office")
        if row.starts_on <= days[row.office.association_id] < row.ends_on
    }  # fmt: skip


def sight_notice(*, actor: Actor, treasury: Treasury) -> tuple[str, str] | None:
    """What pages of money say to somebody of the school."""
    if treasury.holder_kind != sight.HOLDER or not treasury.holder_id or sight.is_inside(actor, treasury.holder_id):
        return None
    association = Association.objects.filter(pk=treasury.holder_id).first()
    if association is None:
        return None
    level = sight.levels(actor, [association], timezone.now())[association.pk]
    further = sight.rule_of(actor, association).with_reason > level
    said = _("Level: %(level)s. The board of the association sees that you looked.") % {"level": Level(level).label}
    return said, reverse("documents:open_money", args=[association.pk]) if further else ""
