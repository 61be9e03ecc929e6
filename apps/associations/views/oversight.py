"""What the school sees and decides: the table of associations, campaigns, freezing, the end."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.audit.tables import Columns, csv_of
from apps.core.errors import Invalid, NotVisible
from apps.core.ui import Tab
from apps.core.web import done, form_page, page, requires

from .. import eligibility, selectors
from ..forms import CampaignForm, OversightFilter, ReasonForm
from ..models import RenewalCampaign
from ..permissions import ASSOCIATIONS_DECIDE, ASSOCIATIONS_OVERSEE, RENEWALS_MANAGE
from ..services import life, renewals
from .common import crumbs, entered, found, frame, status_of, url

PER_PAGE = 50
COLUMNS: Columns = {
    "association": lambda row: row["association"].name,
    "kind": lambda row: row["association"].kind,
    "seat": lambda row: row["association"].seat.name if row["association"].seat else "",
    "status": lambda row: row["status"],
    "board_until": lambda row: row["association"].board_until,
    "members": lambda row: row["association"].member_count,
    "renewal": lambda row: row["renewal"],
    "flags": lambda row: row["sentence"],
}
RENEWAL_COLUMNS: Columns = {
    "association": lambda row: row[0].association.name,
    "renewed_at": lambda row: row[0].settled_at,
    "how": lambda row: row[0].how,
    "reason": lambda row: row[0].reason,
    "missing": lambda row: ", ".join(one.user.name if one.user else one.kind for one in row[1]),
}


@require_GET
@requires(ASSOCIATIONS_OVERSEE)
def oversight(request: HttpRequest) -> HttpResponseBase:
    filter_form = OversightFilter(request.GET)
    rows = _rows(request, filter_form)
    if file := csv_of(request, "oversight", rows, COLUMNS):
        return file
    everything = selectors.overseen_associations(actor=request.actor, now=timezone.now())
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "filter_form": filter_form,
        "is_filtered": bool(request.GET),
        "waiting": everything.filter(status="submitted"),
        "tabs": _tabs(request),
    }
    return page(request, "associations/oversight.html", context, partial="list")


def _rows(request: HttpRequest, filter_form: OversightFilter) -> list[dict[str, Any]]:
    """Everything of the table; a school has some dozens of associations, so what is derived is worked out for all."""
    now = timezone.now()
    rows = selectors.searched(selectors.overseen_associations(actor=request.actor, now=now), **filter_form.usable)
    associations = list(rows)
    days = {one.pk: selectors.today_at(one, now) for one in associations}
    living = [one for one in associations if not one.is_request and one.status != "dissolved"]
    checks = eligibility.of_associations(living, days)
    found = []
    for one in associations:
        sentence = eligibility.sentence(checks.get(one.pk, []))
        red = bool(sentence) or one.is_late or (one in living and one.board_until is None)  # type: ignore[attr-defined]
        found.append(
            {
                "association": one,
                "status": status_of(one, now),
                "sentence": sentence,
                "red": red,
                "renewal": _renewal(one),
            }
        )
    wanted = filter_form.cleaned_data
    if status := wanted.get("status"):
        found = [row for row in found if row["status"] == status]
    return [row for row in found if row["red"]] if wanted.get("flags") else found


def _renewal(association: Any) -> str:
    if association.open_deadline is None:
        return ""
    if association.is_delisted:
        return "delisted"
    return "late" if association.is_late else "open"


def _tabs(request: HttpRequest) -> list[Tab]:
    tabs = [Tab("oversight", _("Oversight"), url=url("oversight")), Tab("list", _("Directory"), url=url("list"))]
    if RENEWALS_MANAGE.allows(request.actor):
        tabs.insert(1, Tab("campaigns", _("Renewals"), url=url("campaigns")))
    return tabs


# --- one association -------------------------------------------------------------------------------------


@require_GET
@requires(ASSOCIATIONS_DECIDE)
def school_page(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = entered(request, association_id, "school")
    ASSOCIATIONS_DECIDE.require(request.actor, association)
    now = timezone.now()
    steps = life.checklist(association, now)
    context = {
        **frame(request, association, "school"),
        "steps": steps,
        "ready": all(step.done for step in steps),
        "reason_form": ReasonForm(),
    }
    return page(request, "associations/school.html", context)


@require_POST
@requires(ASSOCIATIONS_DECIDE)
def school_act(request: HttpRequest, association_id: UUID, act: str) -> HttpResponse:
    association = found(request, association_id)
    facts: dict[str, Any] = {"actor": request.actor, "association_id": association_id, "now": timezone.now()}
    why = request.POST.get("reason", "")
    if act == "freeze":
        life.freeze(**facts, reason=why)
        said = _("The association is frozen. Its board was told.")
    elif act == "unfreeze":
        life.unfreeze(**facts, reason=why)
        said = _("The association is no longer frozen.")
    elif act == "rest":
        life.make_dormant(**facts, reason=why)
        said = _("The association is dormant.")
    elif act == "wake":
        life.wake(**facts)
        said = _("The association is active again.")
    elif act == "farewell":
        life.send_farewell(**facts)
        said = _("Its members were told.")
    else:
        life.dissolve(**facts, reason=why)
        return done(request, to=url("oversight"), message=_("%(name)s is dissolved.") % {"name": association.name})
    return done(request, to=url("school", association_id), message=said)


# --- renewals --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(RENEWALS_MANAGE)
def campaign_list(request: HttpRequest) -> HttpResponseBase:
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = renewals.start_campaign(actor=request.actor, now=timezone.now(), **form.cleaned_data)
            return done(
                request, to=url("campaign", made.pk), message=_("The campaign has begun. Officers were written to.")
            )
        except Invalid as error:
            form.refuse(error)
    rows = selectors.campaigns()
    columns: Columns = {
        "campaign": "name", "last_day": "deadline", "not_listed_from": "delisted_on", "associations": "total",
        "renewed": "settled",
    }  # fmt: skip
    if file := csv_of(request, "campaigns", rows, columns):
        return file
    context = {"campaigns": rows, "form": form, "tabs": _tabs(request)}
    show = form_page if form.is_bound else page
    return show(request, "associations/campaigns.html", context)


@require_GET
@requires(RENEWALS_MANAGE)
def campaign_detail(request: HttpRequest, campaign_id: UUID) -> HttpResponseBase:
    campaign = RenewalCampaign.objects.filter(pk=campaign_id).first()
    if campaign is None:
        raise NotVisible
    now = timezone.now()
    rows = [(renewal, renewals.missing(renewal, now)) for renewal in selectors.renewals_of(campaign)]
    if file := csv_of(request, "renewals", rows, RENEWAL_COLUMNS):
        return file
    context = {
        "campaign": campaign,
        "rows": rows,
        "settled": sum(renewal.settled_at is not None for renewal, _missing in rows),
        "crumbs": crumbs(request, None, (_("Renewals"), url("campaigns")), (campaign.name, "")),
    }
    return page(request, "associations/campaign.html", context)


@require_POST
@requires(ASSOCIATIONS_DECIDE)
def renewal_decide(request: HttpRequest, renewal_id: UUID, act: str) -> HttpResponse:
    facts: dict[str, Any] = {"actor": request.actor, "renewal_id": renewal_id, "now": timezone.now()}
    if act == "approve":
        renewal = renewals.approve_changes(**facts)
    else:
        renewal = renewals.override(**facts, reason=request.POST.get("reason", ""))
    return done(request, to=url("campaign", renewal.campaign_id), message=_("The association is renewed."))
