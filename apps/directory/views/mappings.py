"""Which group leads to which campus: choosing, changing, removing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.campuses import selectors as campus_selectors
from apps.campuses.permissions import CAMPUSES_VIEW
from apps.campuses.views import campus_frame
from apps.core.errors import DomainError, Invalid
from apps.core.web import done, form_page, page, requires
from apps.microsoft.directory_objects import DirectoryGroup

from .. import selectors
from ..forms import GroupFilter, MappingChangeForm, MappingForm
from ..permissions import DIRECTORY_MANAGE
from ..services import drafts, lookups, mappings
from ..services.drafts import Draft


@require_http_methods(["GET", "POST"])
@requires(DIRECTORY_MANAGE)
def mapping_create(request: HttpRequest) -> HttpResponse:
    form = MappingForm(request.POST or None, initial=_asked(request, "campus", "role", "transitive"))
    chosen = request.POST.get("group", "") or request.GET.get("group", "")
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("act") == "preview":
                return _preview(request, _draft(request, chosen, form.cleaned_data))
            _create(request, chosen, form.cleaned_data)
            return done(request, to="directory:overview", message=_("The group is mapped. Preview before you run."))
        except Invalid as error:
            form.refuse(error)
        except DomainError as error:
            form.add_error(None, str(error))
    words = request.GET.get("q", "")
    context = {
        "form": form,
        "chosen": chosen,
        "search_form": GroupFilter(request.GET),
        **_found_groups(request, words),
        "crumbs": [(_("Directory"), reverse("directory:overview")), (_("Map a group"), "")],
    }
    show = form_page if form.is_bound else page
    return show(request, "directory/mapping_form.html", context, partial="groups" if not form.is_bound else None)


def _create(request: HttpRequest, group_id: str, fields: dict[str, Any]) -> None:
    group = _group(request, group_id)
    mappings.add_mapping(
        actor=request.actor, group_id=group.object_id, group_name=group.name, campus_id=fields["campus"].pk,
        role=fields["role"], transitive=fields["transitive"], now=timezone.now(),
    )  # fmt: skip


def _group(request: HttpRequest, group_id: str) -> DirectoryGroup:
    """The chosen group, with Microsoft's own name for it."""
    if not group_id:
        raise Invalid(_("Choose a group."))
    return lookups.find_group(actor=request.actor, group_id=group_id)


def _draft(request: HttpRequest, group_id: str, fields: dict[str, Any]) -> Draft:
    group = _group(request, group_id)
    return Draft(
        group_id=group.object_id, group_name=group.name, campus_id=str(fields["campus"].pk), role=fields["role"],
        transitive=fields["transitive"],
    )  # fmt: skip


def _preview(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Try the mapping on real people; the page of the preview shows what it means for its campus."""
    run = drafts.preview_draft(actor=request.actor, draft=draft, now=timezone.now())
    return done(request, to=reverse("directory:run", args=[run.pk]) + f"?campus={draft.campus_id}")


def _asked(request: HttpRequest, *names: str) -> dict[str, Any]:
    """What the address says, for who comes back from a preview."""
    switches = ("transitive", "active")
    return {
        name: request.GET[name] != "False" if name in switches else request.GET[name]
        for name in names
        if name in request.GET
    }


@require_GET
@requires(DIRECTORY_MANAGE)
def group_count(request: HttpRequest, group_id: str) -> HttpResponse:
    """How many people a group has right now, asked of Microsoft."""
    context: dict[str, Any] = {"group_id": group_id}
    try:
        context["count"] = lookups.count_group(actor=request.actor, group_id=group_id, transitive=True)
        context["direct"] = lookups.count_group(actor=request.actor, group_id=group_id, transitive=False)
    except DomainError as error:
        context["problem"] = str(error)
    return render(request, "directory/group_count.html", context)


@require_http_methods(["GET", "POST"])
@requires(DIRECTORY_MANAGE)
def mapping_edit(request: HttpRequest, mapping_id: UUID) -> HttpResponse:
    mapping = selectors.get_mapping(actor=request.actor, mapping_id=mapping_id)
    initial = {"role": mapping.role, "transitive": mapping.transitive, "active": mapping.active}
    initial |= _asked(request, "role", "transitive", "active")
    form = MappingChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and request.POST.get("act") == "preview":
        draft = Draft(
            group_id=mapping.group_id, group_name=mapping.group_name, campus_id=str(mapping.campus_id),
            mapping_id=str(mapping.pk), **form.cleaned_data,
        )  # fmt: skip
        return _preview(request, draft)
    if request.method == "POST" and form.is_valid():
        mappings.change_mapping(actor=request.actor, mapping_id=mapping_id, now=timezone.now(), **form.cleaned_data)
        return done(request, to="directory:overview", message=_("The mapping was changed."))
    context = {
        "mapping": mapping,
        "form": form,
        "crumbs": [(_("Directory"), reverse("directory:overview")), (mapping.group_name, "")],
    }
    show = form_page if form.is_bound else page
    return show(request, "directory/mapping_edit.html", context)


@require_POST
@requires(DIRECTORY_MANAGE)
def mapping_remove(request: HttpRequest, mapping_id: UUID) -> HttpResponse:
    mappings.remove_mapping(actor=request.actor, mapping_id=mapping_id, now=timezone.now())
    return done(request, to="directory:overview", message=_("The mapping was removed."))


@require_GET
@requires(CAMPUSES_VIEW)
def campus_groups(request: HttpRequest, campus_id: UUID) -> HttpResponse:
    """A tab of the campus page: which groups lead here."""
    campus = campus_selectors.get_campus(actor=request.actor, campus_id=campus_id)
    context = {
        **campus_frame(request, campus, "groups"),
        "mappings": selectors.mappings_of(campus=campus),
        "can_manage": DIRECTORY_MANAGE.allows(request.actor),
    }
    return page(request, "directory/campus_groups.html", context)


def _found_groups(request: HttpRequest, words: str) -> dict[str, Any]:
    try:
        return {"groups": lookups.search_groups(actor=request.actor, words=words)}
    except DomainError as error:
        return {"groups": [], "problem": str(error)}
