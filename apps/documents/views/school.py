"""What the school does: read what waits, ask many at once, keep its list, choose who sees how much of the money."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.wording import ROLE_NAMES
from apps.associations.permissions import ASSOCIATIONS_OVERSEE
from apps.associations.views.common import crumbs, found, frame
from apps.audit.tables import Columns, csv_of
from apps.core.actor import Role
from apps.core.errors import Invalid, NotVisible
from apps.core.web import done, form_page, page, requires
from apps.money.sight import Level

from .. import selectors
from ..forms import AskForm, KindForm, OpenMoneyForm, SightForm
from ..models import DocumentKind
from ..permissions import DOCUMENTS_POLICY, DOCUMENTS_REVIEW
from ..services import asking, kinds, sight

PER_PAGE = 25
WAITING_COLUMNS: Columns = {
    "association": "dossier.association.name",
    "document": lambda row: str(row.dossier),
    "file": "filename",
    "version": "number",
    "sha256": "sha256",
    "uploaded_at": "uploaded_at",
    "uploaded_by": "uploaded_by",
}
KIND_COLUMNS: Columns = {
    "name": "name",
    "required": "is_required",
    "at_request": "at_request",
    "needed_of": lambda row: ", ".join(row.needed_of),
    "renewed": "renewed",
    "due": lambda row: f"{row.due_day}/{row.due_month}" if row.due_month else "",
    "same_is_enough": "same_is_enough",
    "about_money": "is_financial",
}


@require_GET
@requires(DOCUMENTS_REVIEW)
def review(request: HttpRequest) -> HttpResponseBase:
    rows = selectors.waiting_versions(actor=request.actor, now=timezone.now())
    if file := csv_of(request, "waiting-documents", rows, WAITING_COLUMNS):
        return file
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_choose": DOCUMENTS_POLICY.allows(request.actor),
    }
    return page(request, "documents/review.html", context)


# --- asking ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(DOCUMENTS_REVIEW)
def ask(request: HttpRequest) -> HttpResponse:
    """First what and until when, then what it would do, then done. `step` says where we are."""
    step = request.POST.get("step", "")
    ids = _ids(request)
    form = AskForm(request.POST if step else None)
    plans: list[asking.Planned] = []
    if step and form.is_valid():
        wish: dict[str, Any] = {
            "actor": request.actor, "association_ids": ids, "title": form.cleaned_data["title"],
            "kind_ids": [UUID(one) for one in form.cleaned_data["kinds"]], "due_on": form.cleaned_data["due_on"],
            "now": timezone.now(),
        }  # fmt: skip
        try:
            if step == "ask":
                count = asking.ask(**wish, words=form.cleaned_data["words"])
                said = ngettext("%(n)d document was asked for.", "%(n)d documents were asked for.", count)
                said %= {"n": count}
                return done(request, to=reverse("associations:oversight"), message=said)
            plans = asking.preview(**wish)
        except Invalid as error:
            form.refuse(error)
    context = {
        "form": form,
        "ids": ids,
        "plans": plans,
        "total": sum(len(one.asks) for one in plans),
        "associations": asking.chosen(actor=request.actor, association_ids=ids, now=timezone.now()),
        "crumbs": [(_("Associations"), reverse("associations:oversight")), (_("Ask for documents"), "")],
    }
    return (form_page if form.is_bound and form.errors else page)(request, "documents/ask.html", context)


def _ids(request: HttpRequest) -> list[UUID]:
    given = request.POST.getlist("ids") or request.GET.getlist("ids")
    try:
        return [UUID(one) for one in given]
    except ValueError:
        raise NotVisible from None


# --- the list of documents -------------------------------------------------------------------------------


@require_GET
@requires(DOCUMENTS_POLICY)
def kind_list(request: HttpRequest) -> HttpResponseBase:
    rows = selectors.kinds()
    if file := csv_of(request, "document-kinds", rows, KIND_COLUMNS):
        return file
    return page(request, "documents/kinds.html", {"kinds": rows, "crumbs": _policy_crumbs(_("List of documents"))})


@require_POST
@requires(DOCUMENTS_POLICY)
def kind_adopt(request: HttpRequest) -> HttpResponse:
    kinds.adopt_usual(actor=request.actor, now=timezone.now())
    return done(request, to=reverse("documents:kinds"), message=_("The usual list is yours now: change what you like."))


@require_http_methods(["GET", "POST"])
@requires(DOCUMENTS_POLICY)
def kind_create(request: HttpRequest) -> HttpResponse:
    return _kind_form(request, None)


@require_http_methods(["GET", "POST"])
@requires(DOCUMENTS_POLICY)
def kind_edit(request: HttpRequest, kind_id: UUID) -> HttpResponse:
    row = selectors.kinds().filter(pk=kind_id).first()
    if row is None:
        raise NotVisible
    return _kind_form(request, row)


def _kind_form(request: HttpRequest, row: DocumentKind | None) -> HttpResponse:
    initial = {name: getattr(row, name) for name in kinds.FIELDS} if row else None
    form = KindForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts: dict[str, Any] = {"actor": request.actor, "now": timezone.now(), **form.cleaned_data}
        try:
            if row is None:
                kinds.define_kind(**facts)
            else:
                kinds.change_kind(kind_id=row.pk, **facts)
            return done(request, to=reverse("documents:kinds"), message=_("The list is changed."))
        except Invalid as error:
            form.refuse(error)
    title = row.name if row else _("New kind of document")
    context = {"form": form, "row": row, "title": title, "crumbs": _policy_crumbs(title, with_list=True)}
    return (form_page if form.is_bound else page)(request, "documents/kind.html", context)


@require_POST
@requires(DOCUMENTS_POLICY)
def kind_archive(request: HttpRequest, kind_id: UUID) -> HttpResponse:
    kinds.archive_kind(actor=request.actor, kind_id=kind_id, now=timezone.now())
    return done(request, to=reverse("documents:kinds"), message=_("Nobody is asked for it any more."))


def _policy_crumbs(last: Any, *, with_list: bool = False) -> list[tuple[Any, str]]:
    middle = [(_("List of documents"), reverse("documents:kinds"))] if with_list else []
    return [(_("Documents"), reverse("documents:review")), *middle, (last, "")]


# --- sight of money --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@requires(DOCUMENTS_POLICY)
def sight_policy(request: HttpRequest) -> HttpResponse:
    """One form for each role; the one that was sent shows what is wrong."""
    role, fault = request.POST.get("role", ""), None
    forms = {
        name: SightForm(
            request.POST if name == role else None, prefix=name,
            initial={"level": rule.level, "with_reason": rule.with_reason},
        )
        for name, rule in sight.rules().items()
    }  # fmt: skip
    if request.method == "POST":
        form = forms.get(role)
        if form is None:
            raise NotVisible
        if form.is_valid():
            try:
                sight.change_rule(actor=request.actor, role=role, now=timezone.now(), **form.cleaned_data)
                return done(request, to=reverse("documents:sight"), message=_("The sight of this role is changed."))
            except Invalid as error:
                form.refuse(error)
        fault = form
    rows = [(name, ROLE_NAMES[Role(name)], form) for name, form in forms.items()]
    return (form_page if fault else page)(request, "documents/sight.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires(ASSOCIATIONS_OVERSEE)
def open_money(request: HttpRequest, association_id: UUID) -> HttpResponse:
    association = found(request, association_id)
    ASSOCIATIONS_OVERSEE.require_held(request.actor, association)
    rule = sight.rule_of(request.actor, association)
    form = OpenMoneyForm(request.POST or None, most=rule.with_reason, initial={"level": rule.with_reason})
    if request.method == "POST" and form.is_valid():
        try:
            sight.open_money(
                actor=request.actor, association_id=association_id, now=timezone.now(), **form.cleaned_data
            )
            return done(request, to=sight.money_page(association), message=_("Open for an hour. The board sees why."))
        except Invalid as error:
            form.refuse(error)
    context = {
        **frame(request, association),
        "form": form,
        "level": Level(rule.level).label,
        "most": Level(rule.with_reason).label,
        "can_more": rule.with_reason > Level.NONE,
        "crumbs": crumbs(request, association, (_("Sight of its money"), "")),
    }
    return (form_page if form.is_bound else page)(request, "documents/open_money.html", context)
