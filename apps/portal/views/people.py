"""People: the list, what can be done with many, and one person."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.accounts.permissions import PEOPLE_INVITE, PEOPLE_SUSPEND, PEOPLE_VIEW, SECOND_FACTOR_RESET, SESSIONS_END
from apps.accounts.services import lifecycle
from apps.campuses.selectors import visible_campuses
from apps.core.csvfile import csv_response
from apps.core.errors import Invalid
from apps.core.ui import Tab
from apps.core.web import done, page, requires, undo_by

from .. import people, person
from ..forms import PeopleFilter, ReasonForm, usable_status
from ..wording import ROLE_NAMES

MOST_AT_ONCE = 2_000
UNDO_AT_ONCE = 50  # people whom a message names; of more the list offers the act that leads back
ACTS: dict[str, Callable[..., int]] = {
    "suspend": lifecycle.suspend_users,
    "reinstate": lifecycle.reinstate_users,
    "end_sessions": lifecycle.end_sessions,
}


class _List:
    """The list as the address describes it."""

    def __init__(self, request: HttpRequest) -> None:
        self.campuses = list(visible_campuses(actor=request.actor))
        self.form = PeopleFilter(request.GET, campuses=self.campuses)
        self.status = usable_status(request.GET.get("status", ""))
        self.sort = request.GET.get("sort", "")
        self.all_statuses = people.filtered_people(actor=request.actor, wanted=self.form.usable)
        self.people = self.all_statuses.filter(status=self.status) if self.status else self.all_statuses


@require_GET
@requires(PEOPLE_VIEW)
def people_list(request: HttpRequest) -> HttpResponse:
    listed = _List(request)
    counts = people.count_by_status(listed.all_statuses)
    found = people.people_page(
        actor=request.actor,
        people=listed.people,
        sort=listed.sort,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "found": found,
        "total": counts.get(listed.status, 0) if listed.status else sum(counts.values()),
        "tabs": _tabs(counts),
        "filter_form": listed.form,
        "narrowed": bool(listed.form.usable or listed.status),
        "role_names": ROLE_NAMES,
        "can_invite": PEOPLE_INVITE.allows(request.actor),
        "can_suspend": PEOPLE_SUSPEND.allows(request.actor),
        "query": request.GET.urlencode(),
        "most_at_once": MOST_AT_ONCE,
    }
    return page(request, "portal/people_list.html", context, partial="table")


def _tabs(counts: dict[str, int]) -> list[Tab]:
    statuses = [Tab(code, label, counts.get(code, 0)) for code, label in User.Status.choices]
    return [Tab("", _("All"), sum(counts.values())), *statuses]


@require_GET
@requires(PEOPLE_VIEW)
def people_export(request: HttpRequest) -> HttpResponseBase:
    listed = _List(request)
    rows = people.export_people(
        actor=request.actor,
        people=listed.people,
        sort=listed.sort,
        wanted={**listed.form.usable, "status": listed.status},
    )
    filename = f"{request.school.slug}-people-{timezone.localdate().isoformat()}.csv"
    return csv_response(filename, people.EXPORT_COLUMNS, rows)


@require_POST
@requires(PEOPLE_SUSPEND)
def people_bulk(request: HttpRequest) -> HttpResponse:
    """One act on the selected people, or on all that match the filters of the address."""
    act = ACTS.get(request.POST.get("act", ""))
    ids = _selected(request)
    if act is None or not ids:
        raise Invalid(_("Select at least one person and choose what to do."))
    changed = act(request.actor, ids, request.POST.get("reason", "")[:500])
    message = ngettext("Done: %(count)s change.", "Done: %(count)s changes.", changed) % {"count": changed}
    query, undo = request.GET.urlencode(), ""
    if request.POST.get("act") == "suspend" and changed == len(ids) <= UNDO_AT_ONCE:
        undo = undo_by("portal:people_bulk", act="reinstate", ids=ids)
    to = reverse("portal:people") + (f"?{query}" if query else "")
    return done(request, to=to, message=message, undo=undo)


def _selected(request: HttpRequest) -> list[UUID]:
    if request.POST.get("all_matching"):
        ids = list(_List(request).people.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            message = _("At most %(most)s people can be changed at once: narrow the list with its filters.")
            raise Invalid(message % {"most": MOST_AT_ONCE})
        return ids
    try:
        return [UUID(value) for value in request.POST.getlist("ids")[:MOST_AT_ONCE]]
    except ValueError:
        raise Invalid(_("The selection could not be read. Reload the page and select again.")) from None


# --- one person ------------------------------------------------------------------------------------------


@require_GET
@requires(PEOPLE_VIEW)
def person_detail(request: HttpRequest, user_id: UUID) -> HttpResponse:
    shown = person.person_page(actor=request.actor, user_id=user_id, now=timezone.now())
    context: dict[str, Any] = {
        "person": shown.user,
        "shown": shown,
        "reason_form": ReasonForm(),
        "role_names": ROLE_NAMES,
        "crumbs": [(_("People"), reverse("portal:people")), (shown.user.name, "")],
    }
    return page(request, "portal/person_detail.html", context)


def _back(user_id: UUID) -> str:
    return reverse("portal:person", args=[user_id])


@require_POST
@requires(PEOPLE_SUSPEND)
def person_suspend(request: HttpRequest, user_id: UUID) -> HttpResponse:
    people.person_by_id(actor=request.actor, user_id=user_id)
    changed = lifecycle.suspend_users(request.actor, [user_id], request.POST.get("reason", "")[:500])
    undo = undo_by("portal:person_reinstate", user_id) if changed else ""
    message = _("The person is suspended and signed out everywhere.")
    return done(request, to=_back(user_id), message=message, undo=undo)


@require_POST
@requires(PEOPLE_SUSPEND)
def person_reinstate(request: HttpRequest, user_id: UUID) -> HttpResponse:
    before = people.person_by_id(actor=request.actor, user_id=user_id).status
    lifecycle.reinstate_users(request.actor, [user_id], request.POST.get("reason", "")[:500])
    undo = undo_by("portal:person_suspend", user_id) if before == "suspended" else ""
    return done(request, to=_back(user_id), message=_("The person can sign in again."), undo=undo)


@require_POST
@requires(SECOND_FACTOR_RESET)
def person_second_factor_reset(request: HttpRequest, user_id: UUID) -> HttpResponse:
    people.person_by_id(actor=request.actor, user_id=user_id)
    had = lifecycle.reset_second_factor(request.actor, user_id, request.POST.get("reason", "")[:500])
    message = _("The second step is taken away; the person was told by mail.") if had else _("There was none.")
    return done(request, to=_back(user_id), message=message)


@require_POST
@requires(SESSIONS_END)
def person_sessions_end(request: HttpRequest, user_id: UUID) -> HttpResponse:
    people.person_by_id(actor=request.actor, user_id=user_id)
    ended = lifecycle.end_sessions(request.actor, [user_id])
    message = ngettext("%(count)s session has ended.", "%(count)s sessions have ended.", ended) % {"count": ended}
    return done(request, to=_back(user_id), message=message)


@require_POST
@requires(SESSIONS_END)
def person_session_end(request: HttpRequest, user_id: UUID, session_id: UUID) -> HttpResponse:
    people.person_by_id(actor=request.actor, user_id=user_id)
    lifecycle.end_session(request.actor, session_id)
    return done(request, to=_back(user_id), message=_("The session was ended."))
