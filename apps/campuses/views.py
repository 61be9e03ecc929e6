"""Doors for people: campuses, who is there, their domains and places."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.audit.tables import Columns, csv_of
from apps.core import charts
from apps.core.components.formats import day_and_month
from apps.core.errors import Invalid
from apps.core.ui import Tab, TimelineItem
from apps.core.web import done, form_page, page, requires, undo_by, wants_part

from . import hooks, selectors
from .forms import CampusForm, DomainForm, MemberFilter, MemberForm, PlaceForm, RoleForm, ServiceForm, campus_initial
from .models import Campus, CampusMembership, CampusRole, MembershipEvent, MembershipState, Place
from .permissions import CAMPUSES_MANAGE, CAMPUSES_VIEW, MEMBERSHIPS_MANAGE, PLACES_MANAGE
from .services import bulk, campuses, memberships
from .tabs import tabs_of

PER_PAGE = 50
CHART_DAYS = 90
CAMPUS_COLUMNS: Columns = {
    "campus": "name",
    "code": "code",
    "address": "address",
    "people": "members",
    "students": "students",
    "staff": "staff",
    "managers": "managers",
    "alumni": "alumni",
}
NEW_OR_CHANGED = "campuses/campus_form.html"


@require_GET
@requires(CAMPUSES_VIEW)
def campus_list(request: HttpRequest) -> HttpResponseBase:
    shown: list[Any] = list(selectors.with_counts(selectors.visible_campuses(actor=request.actor)))
    if file := csv_of(request, "campuses", shown, CAMPUS_COLUMNS):
        return file
    context = {
        "campuses": [(campus, _shares(campus)) for campus in shown],
        "archived": selectors.visible_campuses(actor=request.actor, archived=True),
        "can_manage": _whole_school(request),
        "total": sum(campus.members for campus in shown),
        "chart": charts.bars(_("People by campus"), [(c.name, c.members) for c in shown]) if len(shown) > 1 else "",
    }
    return page(request, "campuses/campus_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(CAMPUSES_MANAGE)
def campus_create(request: HttpRequest) -> HttpResponse:
    form = CampusForm(request.POST or None)
    context = {"form": form, "crumbs": [(_("Campuses"), reverse("campuses:list")), (_("New campus"), "")]}
    if request.method == "GET":
        return page(request, NEW_OR_CHANGED, context)
    if form.is_valid():
        try:
            campus = campuses.create_campus(actor=request.actor, now=timezone.now(), **form.cleaned_data)
            return done(request, to=_address(campus.pk), message=_("The campus was created."))
        except Invalid as error:
            form.refuse(error)
    return form_page(request, NEW_OR_CHANGED, context)


@require_http_methods(["GET", "POST"])
@requires(CAMPUSES_MANAGE)
def campus_edit(request: HttpRequest, campus_id: UUID) -> HttpResponse:
    campus = selectors.get_campus(actor=request.actor, campus_id=campus_id)
    form = CampusForm(request.POST or None, initial=campus_initial(campus), time_zone=campus.time_zone)
    context = {"form": form, "campus": campus, "crumbs": [*_crumbs(campus, link=True), (_("Edit"), "")]}
    if request.method == "GET":
        return page(request, NEW_OR_CHANGED, context)
    if form.is_valid():
        try:
            campuses.update_campus(actor=request.actor, campus_id=campus_id, now=timezone.now(), **form.cleaned_data)
            return done(request, to=_address(campus_id), message=_("The campus was changed."))
        except Invalid as error:
            form.refuse(error)
    return form_page(request, NEW_OR_CHANGED, context)


@require_POST
@requires(CAMPUSES_MANAGE)
def campus_archive(request: HttpRequest, campus_id: UUID) -> HttpResponse:
    campuses.archive_campus(actor=request.actor, campus_id=campus_id, now=timezone.now())
    undo = undo_by("campuses:restore", campus_id)
    return done(request, to="campuses:list", message=_("The campus was archived."), undo=undo)


@require_POST
@requires(CAMPUSES_MANAGE)
def campus_restore(request: HttpRequest, campus_id: UUID) -> HttpResponse:
    campuses.restore_campus(actor=request.actor, campus_id=campus_id, now=timezone.now())
    undo = undo_by("campuses:archive", campus_id)
    return done(request, to=_address(campus_id), message=_("The campus is open again."), undo=undo)


@require_GET
@requires(CAMPUSES_VIEW)
def campus_detail(request: HttpRequest, campus_id: UUID) -> HttpResponse:
    campus = selectors.get_campus(actor=request.actor, campus_id=campus_id)
    return page(request, "campuses/campus_people.html", _people(request, campus, MemberForm()), partial="list")


@require_POST
@requires(MEMBERSHIPS_MANAGE)
def member_add(request: HttpRequest, campus_id: UUID) -> HttpResponse:
    campus = selectors.get_campus(actor=request.actor, campus_id=campus_id)
    form, add = MemberForm(request.POST), memberships.add_member_by_address
    if added := _add(request, campus, form, add, "campuses:detail", _("The person was added.")):
        return added
    return form_page(request, "campuses/campus_people.html", _people(request, campus, form))


@require_http_methods(["GET", "POST"])
@requires(CAMPUSES_VIEW)
def campus_domains(request: HttpRequest, campus_id: UUID) -> HttpResponseBase:
    campus = selectors.get_campus(actor=request.actor, campus_id=campus_id)
    form = DomainForm(request.POST or None)
    if added := _add(request, campus, form, campuses.approve_domain, "campuses:domains", _("The domain is approved.")):
        return added
    if file := csv_of(request, "domains", campus.domains.all(), {"domain": "domain", "since": "created_at"}):
        return file
    context = {
        **campus_frame(request, campus, "domains"),
        "form": form,
        "domains": campus.domains.all(),
        "restricted": bool(selectors.approved_domains()),
        "can_manage": _whole_school(request),
    }
    show = form_page if form.is_bound else page
    return show(request, "campuses/campus_domains.html", context)


@require_POST
@requires(CAMPUSES_MANAGE)
def domain_remove(request: HttpRequest, campus_id: UUID, domain_id: UUID) -> HttpResponse:
    campus = selectors.get_campus(actor=request.actor, campus_id=campus_id)
    removed = campus.domains.filter(pk=domain_id).first()
    campuses.remove_domain(actor=request.actor, campus_id=campus_id, domain_id=domain_id, now=timezone.now())
    undo = undo_by("campuses:domains", campus_id, domain=removed.domain) if removed else ""
    to = reverse("campuses:domains", args=[campus_id])
    return done(request, to=to, message=_("The domain was removed."), undo=undo)


@require_http_methods(["GET", "POST"])
@requires(CAMPUSES_VIEW)
def campus_places(request: HttpRequest, campus_id: UUID) -> HttpResponseBase:
    campus = selectors.get_campus(actor=request.actor, campus_id=campus_id)
    form = PlaceForm(request.POST or None)
    if added := _add(request, campus, form, campuses.add_place, "campuses:places", _("The place was added.")):
        return added
    if file := csv_of(request, "places", campus.places.all(), {"place": "name", "capacity": "capacity"}):
        return file
    return _places_page(request, campus, form)


@require_http_methods(["GET", "POST"])
@requires(PLACES_MANAGE)
def place_edit(request: HttpRequest, campus_id: UUID, place_id: UUID) -> HttpResponse:
    campus = selectors.get_campus(actor=request.actor, campus_id=campus_id)
    place = selectors.get_place(actor=request.actor, campus_id=campus.pk, place_id=place_id)
    form = PlaceForm(request.POST or None, initial={"name": place.name, "capacity": place.capacity})
    if request.method == "POST" and form.is_valid():
        try:
            campuses.change_place(
                actor=request.actor, campus_id=campus_id, place_id=place_id, now=timezone.now(), **form.cleaned_data
            )
            return done(request, to=reverse("campuses:places", args=[campus_id]), message=_("The place was changed."))
        except Invalid as error:
            form.refuse(error)
    return _places_page(request, campus, form, place)


def _places_page(request: HttpRequest, campus: Campus, form: PlaceForm, place: Place | None = None) -> HttpResponse:
    """The places of a campus, with the form for a new one or for the one that is changed."""
    context = {
        **campus_frame(request, campus, "places"),
        "form": form,
        "editing": place,
        "places": campus.places.all(),
        "can_manage": PLACES_MANAGE.allows(request.actor, campus),
    }
    show = form_page if form.is_bound else page
    return show(request, "campuses/campus_places.html", context)


@require_POST
@requires(PLACES_MANAGE)
def place_remove(request: HttpRequest, campus_id: UUID, place_id: UUID) -> HttpResponse:
    campus = selectors.get_campus(actor=request.actor, campus_id=campus_id)
    removed = campus.places.filter(pk=place_id).first()
    campuses.remove_place(actor=request.actor, campus_id=campus_id, place_id=place_id, now=timezone.now())
    undo = undo_by("campuses:places", campus_id, name=removed.name, capacity=removed.capacity) if removed else ""
    to = reverse("campuses:places", args=[campus_id])
    return done(request, to=to, message=_("The place was removed."), undo=undo)


def _add(
    request: HttpRequest, campus: Campus, form: ServiceForm, add: Callable[..., object], to: str, message: str
) -> HttpResponse | None:
    """The form beside a list of a campus. None: it was not sent, or it says what is wrong with it."""
    if request.method == "POST" and form.is_valid():
        try:
            add(actor=request.actor, campus_id=campus.pk, now=timezone.now(), **form.cleaned_data)
            return done(request, to=reverse(to, args=[campus.pk]), message=message)
        except Invalid as error:
            form.refuse(error)
    return None


# --- one membership --------------------------------------------------------------------------------------


@require_GET
@requires(CAMPUSES_VIEW)
def membership_detail(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Why is this person here: the whole history of a membership, and what gives it now."""
    membership = selectors.get_membership(actor=request.actor, membership_id=membership_id)
    events = list(selectors.history_of(membership=membership))
    story = _story(request, membership, events)
    seen = max(filter(None, (membership.last_seen_at, story.seen_at)))
    context = {
        "membership": membership,
        "history": _history(events, story.run_urls),
        "reasons": story.reasons,
        "seen_at": seen,
        "run_url": story.run_urls.get(membership.last_run_id) if membership.last_run_id else "",
        "role_form": RoleForm(initial={"role": membership.role}),
        "can_manage": _may_decide(request, membership),
        "crumbs": [*_crumbs(membership.campus, link=True), (membership.user.name, "")],
    }
    return page(request, "campuses/membership_detail.html", context)


@require_POST
@requires(MEMBERSHIPS_MANAGE)
def members_decide(request: HttpRequest, campus_id: UUID) -> HttpResponse:
    """One act on the selected people, or on all that match the filters of the list."""
    selectors.get_campus(actor=request.actor, campus_id=campus_id)
    visible = selectors.members_of(actor=request.actor, campus_id=campus_id, **MemberFilter(request.GET).usable)
    if request.POST.get("all_matching"):
        chosen = list(visible.values_list("pk", flat=True)[: bulk.MOST + 1])
    else:
        everyone = selectors.visible_memberships(actor=request.actor).filter(campus_id=campus_id)
        chosen = list(everyone.filter(pk__in=_ids(request)).values_list("pk", flat=True))
    outcome = bulk.decide_many(
        actor=request.actor, membership_ids=chosen, act=request.POST.get("act", ""), now=timezone.now()
    )
    for name, sentence in outcome.refused[:5]:
        messages.error(request, f"{name}: {sentence}")
    if len(outcome.refused) > 5:
        messages.error(request, _("%(n)d more were refused.") % {"n": len(outcome.refused) - 5})
    said = ngettext("%(n)d person was changed.", "%(n)d people were changed.", outcome.done) % {"n": outcome.done}
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return done(request, to=_address(campus_id) + query, message=said if outcome.done else "")


#: The act that leads back, by the states before and after. Of an ended membership only the active one comes back.
BACK_BY = {
    (MembershipState.ACTIVE, MembershipState.SUSPENDED): "campuses:unsuspend",
    (MembershipState.ACTIVE, MembershipState.ENDED): "campuses:unsuspend",
    (MembershipState.SUSPENDED, MembershipState.ACTIVE): "campuses:suspend",
    (MembershipState.ENDED, MembershipState.ACTIVE): "campuses:end",
}


@require_POST
@requires(MEMBERSHIPS_MANAGE)
def membership_act(request: HttpRequest, membership_id: UUID, act: str) -> HttpResponse:
    """Suspend, restore or end."""
    before = selectors.get_membership(actor=request.actor, membership_id=membership_id).state
    service, message = {
        "suspension": (memberships.suspend_membership, _("The membership is suspended.")),
        "restoration": (memberships.restore_membership, _("The membership is active again.")),
        "end": (memberships.end_membership, _("The membership has ended.")),
    }[act]
    after = service(
        actor=request.actor,
        membership_id=membership_id,
        now=timezone.now(),
        reason=request.POST.get("reason", "")[:500],
    )
    back = BACK_BY.get((MembershipState(before), MembershipState(after.state)))
    undo = undo_by(back, membership_id) if back else ""
    return done(request, to=reverse("campuses:membership", args=[membership_id]), message=message, undo=undo)


@require_POST
@requires(MEMBERSHIPS_MANAGE)
def membership_pin(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    selectors.get_membership(actor=request.actor, membership_id=membership_id)
    memberships.pin_membership(
        actor=request.actor, membership_id=membership_id, pin=request.POST.get("pin", ""), now=timezone.now()
    )
    return done(request, to=reverse("campuses:membership", args=[membership_id]), message=_("The exception was saved."))


@require_POST
@requires(MEMBERSHIPS_MANAGE)
def membership_role(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    before = selectors.get_membership(actor=request.actor, membership_id=membership_id).role
    memberships.change_role(
        actor=request.actor, membership_id=membership_id, role=request.POST.get("role", ""), now=timezone.now()
    )
    to, undo = reverse("campuses:membership", args=[membership_id]), ""
    if before != request.POST.get("role"):
        undo = undo_by("campuses:role", membership_id, role=before)
    return done(request, to=to, message=_("The role was changed."), undo=undo)


# --- what several pages need -----------------------------------------------------------------------------


def campus_frame(request: HttpRequest, campus: Campus, current: str) -> dict[str, Any]:
    """Heading, breadcrumbs and tabs of a campus page; also for tabs that other apps bring."""
    return {
        "campus": campus,
        "tabs": tabs_of(campus, request.actor),
        "current_tab": current,
        "crumbs": _crumbs(campus),
        "can_edit": CAMPUSES_MANAGE.allows(request.actor, campus),
    }


def _people(request: HttpRequest, campus: Campus, form: MemberForm) -> dict[str, Any]:
    filter_form = MemberFilter(request.GET)
    members = selectors.members_of(actor=request.actor, campus_id=campus.pk, **filter_form.usable)
    whole_page = not wants_part(request)
    return {
        **campus_frame(request, campus, "people"),
        "filter_form": filter_form,
        "page_obj": Paginator(members, PER_PAGE).get_page(request.GET.get("page")),
        "state_tabs": _state_tabs(request, campus),
        "chart": _members_chart(campus, getattr(campus, "members", 0)) if whole_page else "",
        "can_decide": MEMBERSHIPS_MANAGE.allows(request.actor, campus),
        "add_form": form,
        "can_add": not campus.is_archived and MEMBERSHIPS_MANAGE.allows(request.actor, campus),
    }


def _state_tabs(request: HttpRequest, campus: Campus) -> list[Tab]:
    """The states as views of the list, each with how many; a state nobody is in is left out unless it is chosen."""
    counts = selectors.members_by_state(actor=request.actor, campus_id=campus.pk)
    present = sum(n for state, n in counts.items() if state != MembershipState.ENDED)
    chosen = request.GET.get("state", "")
    shown = [
        Tab(state.value, state.label, counts.get(state.value, 0))
        for state in MembershipState
        if counts.get(state.value) or state.value == chosen
    ]
    return [Tab("", _("Present"), present), *shown]


def _shares(campus: Any) -> list[tuple[object, int]]:
    shares: list[tuple[object, int]] = [
        (CampusRole.MEMBER.label, campus.students),
        (CampusRole.STAFF.label, campus.staff),
        (CampusRole.MANAGER.label, campus.managers),
    ]
    return shares + ([(CampusRole.ALUMNI.label, campus.alumni)] if campus.alumni else [])


def _crumbs(campus: Campus, *, link: bool = False) -> list[tuple[str, str]]:
    return [(_("Campuses"), reverse("campuses:list")), (campus.name, _address(campus.pk) if link else "")]


def _address(campus_id: UUID) -> str:
    return reverse("campuses:detail", args=[campus_id])


def _whole_school(request: HttpRequest) -> bool:
    return CAMPUSES_MANAGE.allows(request.actor)


def _may_decide(request: HttpRequest, membership: CampusMembership) -> bool:
    if not MEMBERSHIPS_MANAGE.allows(request.actor, membership):
        return False
    return membership.role != CampusRole.MANAGER or _whole_school(request)


def _ids(request: HttpRequest) -> list[UUID]:
    """The rows that were selected; what is no id is left out."""
    found = []
    for text in request.POST.getlist("ids"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _story(request: HttpRequest, membership: CampusMembership, events: list[MembershipEvent]) -> hooks.Story:
    """What the sources of memberships know, as one story."""
    run_ids = {event.run_id for event in events if event.run_id}
    if membership.last_run_id:
        run_ids.add(membership.last_run_id)
    told = hooks.membership_story.send(membership=membership, actor=request.actor, run_ids=run_ids)
    return hooks.Story(
        reasons=[reason for story in told for reason in story.reasons],
        seen_at=max((story.seen_at for story in told if story.seen_at), default=None),
        run_urls={run_id: url for story in told for run_id, url in story.run_urls.items()},
    )


def _history(events: Iterable[MembershipEvent], run_urls: Mapping[UUID, str]) -> list[TimelineItem]:
    tones = {"active": "good", "suspended": "bad", "stale": "warn", "ended": "neutral"}
    icons = {"active": "user-check", "suspended": "pause", "stale": "hourglass", "ended": "log-out", "detected": "eye"}
    return [
        TimelineItem(
            when=event.at,
            title=_title(event),
            icon=icons.get(event.to_state, ""),
            tone=tones.get(event.to_state, "info"),
            actor=event.actor,
            detail=f"{event.get_cause_display()} · {event.get_source_display()}",
            url=run_urls.get(event.run_id, "") if event.run_id else "",
        )
        for event in events
    ]


def _title(event: MembershipEvent) -> str:
    """What changed, in words: the state, the role, or both."""
    state, role = event.get_to_state_display(), event.get_to_role_display()
    if event.from_state and event.from_state != event.to_state:
        return f"{event.get_from_state_display()} → {state} · {role}"
    if event.from_role and event.from_role != event.to_role:
        return f"{event.get_from_role_display()} → {role}"
    return f"{state} · {role}"


def _members_chart(campus: Campus, members: int) -> object:
    """Active people of this campus over the last three months; nothing while nothing has changed."""
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in range(CHART_DAYS - 1, -1, -1)]
    joined = selectors.joined_by_day(campus=campus, since=days[0])
    if not joined:
        return ""
    there, by_day = members, []
    for day in reversed(days):
        by_day.append(max(there, 0))
        there -= joined.get(day, 0)
    series = [charts.Series(_("People"), by_day[::-1])]
    return charts.line(_("People of this campus"), [day_and_month(day) for day in days], series)
