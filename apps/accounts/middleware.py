"""From a session to an Actor, and the language of the answer."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from apps.core import requestinfo
from apps.core.actor import Actor

from .models import User
from .selectors import actor_for
from .sessions import SessionStore


class ActorMiddleware:
    """Sets `request.actor`. The person is read anew at every request: who was suspended is nobody at once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = request.META["REMOTE_ADDR"]
        user = request.user
        if isinstance(user, User):
            request.actor = actor_for(user, request_id=request.request_id, address=address)
            if isinstance(request.session, SessionStore):
                request.session.seen(timezone.now())
            requestinfo.bind(user=str(user.pk))
        else:
            request.actor = Actor.anonymous(request_id=request.request_id, address=address)
        return self.get_response(request)


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
