"""Seeing the site as somebody else, acting in their name, and being oneself again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import Invalid
from apps.core.web import done, form_page, page, public, requires

from ..forms import ActAsForm, AnyRoleAndPlace
from ..permissions import ACT_AS, VIEW_AS
from ..selectors import get_person
from ..services import standing_in
from ..standing_in import while_looking
from .common import put_errors


@requires(VIEW_AS)
@require_POST
def view_as_person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    standing_in.view_as_person(request, user_id=user_id, now=timezone.now())
    return redirect("/")


@requires(VIEW_AS)
@require_POST
def view_as_role(request: HttpRequest) -> HttpResponse:
    form = AnyRoleAndPlace(request.POST, actor=request.actor)
    if not form.is_valid():
        raise Invalid(_("Choose a role and a place from the lists."))
    custom = form.chosen_custom
    standing_in.view_as_role(
        request,
        role=form.chosen_role,
        scope=form.chosen_scope,
        custom_role_id=custom.pk if custom else None,
        now=timezone.now(),
    )
    return redirect("/")


@requires(ACT_AS)
@require_http_methods(["GET", "HEAD", "POST"])
def act_as_person(request: HttpRequest, user_id: UUID) -> HttpResponse:
    person = get_person(request.actor, user_id)
    if not standing_in.may_act_as(request.actor):
        raise standing_in.NotAllowedHere
    form = ActAsForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "person": person}
    if request.method != "POST":
        return page(request, "accounts/act_as.html", context)
    if form.is_valid():
        try:
            standing_in.act_as_person(
                request, user_id=person.pk, reason=form.cleaned_data["reason"], now=timezone.now()
            )
            return redirect("/")
        except Invalid as refused:
            put_errors(form, refused)
    return form_page(request, "accounts/act_as.html", context)


@while_looking
@public("being oneself again needs no right; who is nobody else stays who they are")
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    standing_in.stop(request, now=timezone.now())
    return done(request, to="/", message=_("You are yourself again."))
