"""Doors for people: the identity provider's address, its groups and what is held."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.audit.tables import Columns, csv_of
from apps.core.errors import Invalid
from apps.core.web import done, form_page, page, requires

from .. import presenting, selectors
from ..forms import GroupMapForm
from ..permissions import ROSTER_PROVISION, ROSTER_VIEW
from ..services import provisioning

PLANS_SHOWN = 10


GROUP_COLUMNS: Columns = {
    "group": "name",
    "campus": lambda group: group.campus.name if group.campus else "",
    "role": "role",
    "promotion": lambda group: group.promotion.name if group.promotion else "",
    "people": "count",
}


@require_GET
@requires(ROSTER_VIEW)
def overview(request: HttpRequest) -> HttpResponseBase:
    every = selectors.visible_plans(actor=request.actor, kind="scim")
    groups = selectors.provisioned_groups(actor=request.actor)
    if file := csv_of(request, "groups", groups, GROUP_COLUMNS) or csv_of(
        request, "held-plans", every, presenting.PLAN_COLUMNS
    ):
        return file
    plans = list(every[:PLANS_SHOWN])
    waiting = next((plan for plan in plans if plan.is_moving or plan.state == "held"), None)
    context = {
        "address": request.build_absolute_uri("/scim/v2"),
        "groups": groups,
        "people": selectors.provisioned_people(),
        "titles": [(plan, presenting.title_of(plan)) for plan in plans],
        "job": presenting.job_of(waiting) if waiting else None,
        "can_map": ROSTER_PROVISION.allows(request.actor),
    }
    return page(request, "roster/provisioning.html", context)


@require_http_methods(["GET", "POST"])
@requires(ROSTER_PROVISION)
def group_map(request: HttpRequest, provisioned_id: UUID) -> HttpResponse:
    group = selectors.get_provisioned_group(actor=request.actor, group_id=provisioned_id)
    form = GroupMapForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            plan = provisioning.map_group(
                actor=request.actor, group_id=provisioned_id, role=found["role"], now=timezone.now(),
                campus_id=found["campus"].pk if found["campus"] else None,
                promotion_id=found["promotion"].pk if found["promotion"] else None,
            )  # fmt: skip
            to = reverse("roster:plan", args=[plan.pk]) if plan else "roster:provisioning"
            return done(request, to=to, message=_("The mapping was changed."))
        except Invalid as error:
            form.refuse(error)
    crumbs = [(_("Provisioning"), reverse("roster:provisioning")), (group.name, "")]
    show = form_page if form.is_bound else page
    return show(request, "roster/group_map.html", {"form": form, "group": group, "crumbs": crumbs})
