"""My account: names, language, password, Microsoft account, browsers that are signed in."""

from uuid import UUID

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import DomainError, Invalid
from apps.core.web import done, form_page, page
from apps.microsoft.registration import is_configured

from ..forms import ChangePasswordForm, EmailChangeForm, PhotoForm, ProfileForm
from ..models import User
from ..permissions import PEOPLE_VIEW
from ..selectors import get_person, identities_of, own_id, place_name, places, sessions_of
from ..services import email_change, lifecycle, linking, passwords, photos, profile, second_step
from ..sessions import SessionStore
from ..useragents import browser_name
from ..wording import name_of_held
from .common import put_errors, signed_in
from .sign_in import ways_of

FIXED = {
    "given_name": gettext_lazy("Given name"),
    "family_name": gettext_lazy("Family name"),
    "department": gettext_lazy("Department"),
    "job_title": gettext_lazy("Job title"),
}
OWN = "everybody who is signed in sees and changes their own account"


def _me(request: HttpRequest) -> User:
    return get_person(request.actor, own_id(request.actor))


def _columns(request: HttpRequest, me: User) -> list[str]:
    """What this person may change."""
    return profile.editable_columns(me)


def _this_session(request: HttpRequest) -> UUID:
    store = request.session
    assert isinstance(store, SessionStore) and store.row is not None  # who is signed in has a row
    return store.row.pk


def account_page(
    request: HttpRequest,
    *,
    form: ProfileForm | None = None,
    password_form: ChangePasswordForm | None = None,
    photo_form: PhotoForm | None = None,
    email_form: EmailChangeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    me, now, names = _me(request), timezone.now(), places() if request.school else {}
    current = _this_session(request)
    identities = list(identities_of(me.pk))
    columns = _columns(request, me)
    context = {
        "me": me,
        "layout": "layouts/school.html" if PEOPLE_VIEW.allows(request.actor) else "layouts/member.html",
        "form": form or ProfileForm.of(me, request.LANGUAGE_CODE, columns),
        "fixed": [(label, getattr(me, name)) for name, label in FIXED.items() if name not in columns],
        "photo_form": photo_form or PhotoForm(),
        "may_change_photo": photos.may_change_own(me) if request.school else False,
        "password_form": password_form or ChangePasswordForm(),
        "has_password": me.has_usable_password(),
        "email_form": email_form or EmailChangeForm(has_password=me.has_usable_password()),
        "email_waiting": email_change.waiting(actor=request.actor, now=now) if request.school else None,
        "ways": ways_of(request),
        "factors": second_step.factors_of(me),
        "microsoft_ready": is_configured(),
        "identities": identities,
        "sessions": [
            {
                "row": row,
                "browser": row.user_agent if row.kind == "device" else browser_name(row.user_agent),
                "is_this": row.pk == current,
            }
            for row in sessions_of(me.pk, now)
        ],
        "roles": [{"name": name_of_held(held), "place": place_name(held.scope, names)} for held in request.actor.held],
    }
    answer = form_page if status == 422 else page
    return answer(request, "accounts/account.html", context)


@signed_in(OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return account_page(request)
    me = _me(request)
    form = ProfileForm.of(me, request.LANGUAGE_CODE, _columns(request, me), request.POST)
    if not form.is_valid():
        return account_page(request, form=form, status=422)
    profile.change_profile(actor=request.actor, values=form.profile)
    profile.change_language(actor=request.actor, language=form.cleaned_data["language"])
    return done(request, to="accounts:profile", message=_("Your account is saved."))


@signed_in(OWN)
@require_POST
def photo(request: HttpRequest) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return account_page(request, photo_form=form, status=422)
    try:
        photos.change_own_photo(actor=request.actor, picture=form.cleaned_data["photo"], now=timezone.now())
    except DomainError as refused:
        form.add_error("photo", str(refused))
        return account_page(request, photo_form=form, status=422)
    return done(request, to="accounts:profile", message=_("Your photo is changed."))


@signed_in(OWN)
@require_POST
def photo_remove(request: HttpRequest) -> HttpResponse:
    photos.change_own_photo(actor=request.actor, picture=None, now=timezone.now())
    return done(request, to="accounts:profile", message=_("Your photo is removed."))


@signed_in(OWN)
@sensitive_post_parameters("current", "password", "again")
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST)
    if not form.is_valid():
        return account_page(request, password_form=form, status=422)
    try:
        user = passwords.change(
            actor=request.actor,
            current_password=form.cleaned_data["current"],
            password=form.cleaned_data["password"],
            keep_session=_this_session(request),
            now=timezone.now(),
        )
    except Invalid as refused:
        put_errors(form, refused)
        return account_page(request, password_form=form, status=422)
    except DomainError as refused:
        form.add_error(None, str(refused))
        return account_page(request, password_form=form, status=422)
    update_session_auth_hash(request, user)
    return done(request, to="accounts:profile", message=_("Your password is changed. Other browsers are signed out."))


@signed_in(OWN)
@require_POST
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    lifecycle.end_session(request.actor, session_id)
    return done(request, to="accounts:profile", message=_("That browser is signed out."))


@signed_in(OWN)
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Every session of mine but this one."""
    ended = lifecycle.end_own_sessions(request.actor, keep=_this_session(request), now=timezone.now())
    message = ngettext("%(n)s other session is ended.", "%(n)s other sessions are ended.", ended) % {"n": ended}
    return done(request, to="accounts:profile", message=message)


@signed_in(OWN)
@require_POST
def unlink_identity(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    linking.unlink_identity(actor=request.actor, identity_id=identity_id)
    return done(request, to="accounts:profile", message=_("The Microsoft account is unlinked."))
