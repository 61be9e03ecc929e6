"""Who can do what and why: the matrix, one permission, one person, and the whole as a file."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.tables import Columns, csv_of
from apps.core.csvfile import csv_response
from apps.core.web import page, requires

from .. import rights
from ..forms import MatrixFilter
from ..permissions import ROLES_VIEW
from ..rules import school_day
from ..selectors import get_person, search_people, visible_people
from ..wording import ROLE_NAMES, group_of
from .roles import tabs

PER_PAGE = 50
COLUMNS = ("permission", "what", "person", "email", "account", "role", "where", "state", "from", "until", "why")

HOLDER_COLUMNS: Columns = {
    "person": "user.name",
    "email": "user.email",
    "account": "user.status",
    "role": "role_name",
    "where": "place",
    "state": "state",
    "from": "source.starts_on",
    "until": "source.ends_on",
    "why": "source.why",
}
RIGHT_COLUMNS: Columns = {
    "permission": "permission.code",
    "what": "permission.label",
    "from": lambda right: [f"{one.role_name} ({one.place}, {one.state})" for one in right.holders],
}


@requires(ROLES_VIEW)
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    form = MatrixFilter(request.GET)
    day = form.usable.get("on") or school_day(timezone.now())
    everybody = rights.all_holders(actor=request.actor, day=day)
    rows = []
    for row in rights.matrix(actor=request.actor, words=form.words):
        working = {h.user.pk for h in everybody if h.works and h.source.held.gives(row.permission)}
        rows.append({"row": row, "group": group_of(row.permission.code), "people": len(working)})
    context = {
        "tabs": tabs(),
        "filter_form": form,
        "rows": rows,
        "role_names": [ROLE_NAMES[role] for role in rights.SCHOOL_ROLES],
        "own": rights.own_roles(),
        "day": day,
        "is_today": day == school_day(timezone.now()),
        "query": request.GET.urlencode(),
    }
    return page(request, "accounts/matrix.html", context, partial="table")


@requires(ROLES_VIEW)
@require_safe
def permission_detail(request: HttpRequest, code: str) -> HttpResponseBase:
    permission, form = rights.permission_by_code(code), MatrixFilter(request.GET)
    day = form.usable.get("on") or school_day(timezone.now())
    found = rights.holders(actor=request.actor, permission=permission, day=day)
    if file := csv_of(request, "holders", found, HOLDER_COLUMNS):
        return file
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "permission": permission,
        "page_obj": shown,
        "people": len({holder.user.pk for holder in found if holder.works}),
        "role_names": [ROLE_NAMES[role] for role in rights.SCHOOL_ROLES if role in permission.roles],
        "own": [role for role in rights.own_roles() if code in role.gives],
        "day": day,
        "is_today": day == school_day(timezone.now()),
        "crumbs": [(_("Who can do what"), reverse("accounts:matrix")), (permission.label, "")],
    }
    return page(request, "accounts/permission.html", context, partial="table")


@requires(ROLES_VIEW)
@require_safe
def people(request: HttpRequest) -> HttpResponseBase:
    """Those who hold a role beside that of a member; with words, everybody who is called so."""
    form = MatrixFilter(request.GET)
    day = form.usable.get("on") or school_day(timezone.now())
    everybody = rights.all_holders(actor=request.actor, day=day)
    roles: dict[UUID, list[rights.Holder]] = {}
    for holder in everybody:
        roles.setdefault(holder.user.pk, []).append(holder)
    wanted = visible_people(request.actor).order_by("family_name", "given_name", "pk")
    wanted = search_people(wanted, form.words) if form.words else wanted.filter(pk__in=roles)
    columns: Columns = {
        "person": "name",
        "email": "email",
        "account": "status",
        "roles": lambda user: [f"{one.role_name} ({one.place}, {one.state})" for one in roles.get(user.pk, [])],
    }
    if file := csv_of(request, "rights", wanted.iterator(chunk_size=500), columns):
        return file
    shown = Paginator(wanted, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs(),
        "filter_form": form,
        "page_obj": shown,
        "rows": [{"user": user, "held": roles.get(user.pk, [])} for user in shown],
        "narrowed": bool(form.words),
        "on": request.GET.get("on", ""),
        "counts": Counter(holder.state for holder in everybody),
    }
    return page(request, "accounts/rights.html", context, partial="table")


@requires(ROLES_VIEW)
@require_safe
def person_rights(request: HttpRequest, user_id: UUID) -> HttpResponseBase:
    user, form = get_person(request.actor, user_id), MatrixFilter(request.GET)
    day = form.usable.get("on") or school_day(timezone.now())
    held, sources = rights.rights_of(actor=request.actor, user=user, day=day)
    if file := csv_of(request, "rights-of-person", held, RIGHT_COLUMNS):
        return file
    context = {
        "person": user,
        "rights": [{"right": right, "group": group_of(right.permission.code)} for right in held],
        "sources": sources,
        "filter_form": form,
        "day": day,
        "is_today": day == school_day(timezone.now()),
        "crumbs": [(_("By person"), reverse("accounts:rights")), (user.name, "")],
    }
    return page(request, "accounts/person_rights.html", context)


@requires(ROLES_VIEW)
@require_safe
def matrix_export(request: HttpRequest) -> HttpResponseBase:
    form = MatrixFilter(request.GET)
    day = form.usable.get("on") or school_day(timezone.now())
    everybody = rights.all_holders(actor=request.actor, day=day)
    wanted = rights.school_permissions(form.words)

    def rows() -> Iterator[tuple[object, ...]]:
        for permission in wanted:
            for holder in everybody:
                source = holder.source
                if source.held.gives(permission):
                    yield (
                        permission.code, permission.label, holder.user.name, holder.user.email, holder.user.status,
                        holder.role_name, holder.place, holder.state, source.starts_on, source.ends_on, source.why,
                    )  # fmt: skip

    return csv_response(f"{request.school.slug}-rights-{day.isoformat()}.csv", COLUMNS, rows())
