"""From cookies to a session, from a session to an Actor, and the language of the answer."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions import middleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation.trans_real import parse_accept_lang_header

from apps.core import requestinfo
from apps.core.actor import Actor
from apps.core.errors import StepUpRequired
from apps.core.middleware import back

from . import tokens
from .bearer import actor_of, token_of
from .models import Session, User
from .selectors import actor_for
from .services import families, second_step, step_up
from .sessions import SessionStore, UpdateError


class SessionMiddleware(middleware.SessionMiddleware):
    """Finds the session family of the cookies, and keeps them fresh (IDN-4).

    The access cookie answers for a few minutes; then the refresh cookie is rotated, without the person noticing,
    whatever the request was. Cookies that lead to no living session are taken away, and `request.session_ended`
    says why: there is no half-session.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now, jar = timezone.now(), jar_of(request)
        found = families.resume(
            access=request.COOKIES.get(jar.access, ""),
            refresh=request.COOKIES.get(jar.refresh, ""),
            kind=jar.kind,
            now=now,
            address=request.META["REMOTE_ADDR"],
            surface="web",
        )
        generation = found.session.generation if found.session else 0
        request.session = session = SessionStore(row=found.session)
        request.session_ended = found.because
        response = cast(HttpResponse, self.get_response(request))
        if session.accessed or session.modified or found.session:
            patch_vary_headers(response, ("Cookie",))
        if (session.modified or (session.row is None and not session.is_empty())) and response.status_code < 500:
            with suppress(UpdateError):  # it ended while this request was running: the cookies go below
                if not session.is_empty():
                    session.save()
        if session.row is None:
            if found.because != Session.Ended.REPLACED:  # then this browser has, or is about to get, newer ones
                forget_cookies(request, response, jar)
        elif session.row is not found.session or session.row.generation != generation or found.renew:
            set_cookies(response, session.row, now, jar)
        return response


@dataclass(frozen=True, slots=True)
class Jar:
    """The two cookies of one kind of family."""

    kind: str
    access: str
    refresh: str
    longest: int  # seconds


BROWSER = Jar(
    Session.Kind.BROWSER, settings.ACCESS_COOKIE_NAME, settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_AGE
)
DEVICE = Jar(
    Session.Kind.DEVICE,
    settings.DEVICE_ACCESS_COOKIE_NAME,
    settings.DEVICE_COOKIE_NAME,
    settings.DEVICE_SESSION_SECONDS,
)


def jar_of(request: HttpRequest) -> Jar:
    """The session of a shared device counts at the desk only, and at the desk nothing else does (IDN-10)."""
    return DEVICE if request.school and request.path_info.startswith(settings.DESK_PATH) else BROWSER


def set_cookies(response: HttpResponse, session: Session, now: datetime, jar: Jar = BROWSER) -> None:
    """Both tokens of a family, for this host only and out of reach of scripts."""
    left = max(0, min(int((session.expires_at - now).total_seconds()), jar.longest))
    for name, value, age in (
        (jar.access, tokens.access_token(session, now), min(left, settings.ACCESS_TOKEN_SECONDS)),
        (jar.refresh, tokens.refresh_token(session), left),
    ):
        response.set_cookie(name, value, max_age=age, secure=True, httponly=True, samesite="Lax")


def forget_cookies(request: HttpRequest, response: HttpResponse, jar: Jar = BROWSER) -> None:
    for name in (jar.access, jar.refresh):
        if name in request.COOKIES:
            response.set_cookie(name, "", max_age=0, secure=True, httponly=True, samesite="Lax")


class StepUpMiddleware:
    """Asks for the proof of identity that a dangerous act needs, keeps what was sent, and goes on afterwards."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, StepUpRequired) or request.path.startswith("/api/"):
            return None
        step_up.keep(request)
        page = request.get_full_path() if request.method in ("GET", "HEAD") and not request.htmx else back(request)
        address = f"{reverse('accounts:confirm')}?{urlencode({'next': page})}"
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)


class ActorMiddleware:
    """Sets `request.actor`. The person is read anew at every request: who was suspended is nobody at once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.META["REMOTE_ADDR"]
        bearer = token_of(request)
        user = request.user if bearer is None else AnonymousUser()
        if bearer is not None:  # a program says who it is; what its cookies say does not count
            request.user, request.session.row = user, None
            visitor = Actor.anonymous(request_id=request.request_id, address=address).through("api")
            request.actor = actor_of(request, bearer, timezone.now()) or visitor
        elif isinstance(user, User):
            request.actor = actor_for(user, request_id=request.request_id, address=address, session=request.session.row)
            request.session.seen(timezone.now(), address)
            requestinfo.bind(user=str(user.pk))
        else:
            request.actor = Actor.anonymous(request_id=request.request_id, address=address)
        return self.get_response(request)


class SecondStepMiddleware:
    """A session without the second factor that its person must show opens nothing: it becomes a half sign-in (IDN-7).

    And the one place that gives a browser the cookie of a half sign-in, or takes it away.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        if isinstance(request.user, User) and self._is_missing(request):
            second_step.downgrade(request, request.user, now)
            request.actor = Actor.anonymous(request_id=request.request_id, address=request.META["REMOTE_ADDR"])
        response = self.get_response(request)
        secret = getattr(request, "second_step_secret", None)
        if secret is not None:
            age = int(second_step.LIVES.total_seconds()) if secret else 0
            response.set_cookie(second_step.COOKIE, secret, max_age=age, secure=True, httponly=True, samesite="Lax")
        return response

    def _is_missing(self, request: HttpRequest) -> bool:
        row = request.session.row
        return row is not None and second_step.is_missing(row, request.actor, request.school)


class LanguageMiddleware:
    """The person's language, else this browser's choice, else the school's; on the platform what the browser asks.

    Days begin and hours are told where the school is.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language), timezone.override(time_zone_of(request)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",) if request.school else ("Cookie", "Accept-Language"))
        return response


def time_zone_of(request: HttpRequest) -> ZoneInfo | None:
    """The school's time zone. A name that this machine does not know is no reason for an error page."""
    try:
        return ZoneInfo(request.school.time_zone) if request.school else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def language_of(request: HttpRequest) -> str:
    wishes = (
        getattr(request.user, "locale", ""),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        request.school.locale if request.school else "",
    )
    known = dict(settings.LANGUAGES)
    return next((wish for wish in wishes if wish in known), "") or _language_of_browser(request)


def _language_of_browser(request: HttpRequest) -> str:
    """Only what the browser asks for: Django's own function would look at cookies once more."""
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code == "*":
            break
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
