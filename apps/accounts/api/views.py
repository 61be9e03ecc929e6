"""Doors of the API: translate, one domain call, answer."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from apps.core.api.doors import ApiView, api_public, api_requires
from apps.core.keyset import take

from ..models import User
from ..permissions import PEOPLE_VIEW
from ..selectors import get_person, own_id, place_name, search_people, visible_people
from ..services import api_sessions
from ..wording import name_of_held

PAGE, LARGEST_PAGE = 50, 200


class Credentials(serializers.Serializer):
    email = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    code = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)


class RefreshToken(serializers.Serializer):
    refresh_token = serializers.CharField(max_length=200)


class Token(serializers.Serializer):
    token = serializers.CharField(max_length=2000)


class Paging(serializers.Serializer):
    q = serializers.CharField(max_length=200, required=False, default="")
    cursor = serializers.CharField(max_length=500, required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, required=False, default=PAGE)


def checked(serializer: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    """What was sent, valid; raises ValidationError (422). A body that is no object is invalid too."""
    form = serializer(data=data)
    form.is_valid(raise_exception=True)
    return form.validated_data


class TokenView(ApiView):
    """Sign in with e-mail and password: an access token for a few minutes and a refresh token."""

    def post(self, request: Request) -> HttpResponse:
        sent = checked(Credentials, request.data)
        pair = api_sessions.open_session(request._request, **sent, now=timezone.now())
        return _tokens(pair)


class RefreshView(ApiView):
    """The next pair of tokens. A refresh token is good once; used again later, it ends the session."""

    authentication_classes: list[type] = []  # the token itself is the proof

    def post(self, request: Request) -> HttpResponse:
        sent = checked(RefreshToken, request.data)
        pair = api_sessions.refresh_session(request._request, refresh=sent["refresh_token"], now=timezone.now())
        return _tokens(pair)


class RevokeView(ApiView):
    """End the session of an access or refresh token (RFC 7009: always the same answer)."""

    authentication_classes: list[type] = []

    def post(self, request: Request) -> HttpResponse:
        sent = checked(Token, request.data)
        api_sessions.close_session(request._request, token=sent["token"], now=timezone.now())
        return HttpResponse(status=204)


class MeView(ApiView):
    """Who the caller is and what they may do; a machine has no account, only permissions."""

    def get(self, request: Request) -> HttpResponse:
        actor = request._request.actor  # type: ignore[attr-defined]
        if actor.is_anonymous:
            raise NotAuthenticated
        if actor.user_id is None:
            codes = sorted(code for held in actor.held for code in held.permissions)
            return JsonResponse({"name": actor.label, "permissions": codes})
        me = get_person(actor, own_id(actor))
        roles = [
            {"role": held.role, "name": str(name_of_held(held)), "place": place_name(held.scope)} for held in actor.held
        ]
        return JsonResponse({**_person(me), "language": me.locale, "roles": roles})


class PeopleView(ApiView):
    """The people the caller may see, in the order of their names."""

    def get(self, request: Request) -> HttpResponse:
        wanted = checked(Paging, request.query_params)
        people = search_people(visible_people(request._request.actor), wanted["q"])  # type: ignore[attr-defined]
        found = take(people, order=("family_name", "given_name", "id"), size=wanted["limit"], after=wanted["cursor"])
        return JsonResponse({"results": [_person(user) for user in found.rows], "next": found.next or None})


def _tokens(pair: api_sessions.Pair) -> JsonResponse:
    return JsonResponse(
        {
            "access_token": pair.access,
            "token_type": "Bearer",
            "expires_in": pair.expires_in,
            "refresh_token": pair.refresh,
            "refresh_expires_at": pair.session.expires_at.isoformat(),
            "session": str(pair.session.pk),
        }
    )


def _person(user: User) -> dict[str, Any]:
    return {
        "id": str(user.pk),
        "email": user.email,
        "given_name": user.given_name,
        "family_name": user.family_name,
        "status": user.status,
    }


token = api_public("signing in comes before anybody is signed in")(TokenView)
login = api_public("the short name of signing in for a token")(TokenView)
refresh = api_public("the refresh token is its holder's only proof")(RefreshView)
revoke = api_public("whoever holds a token may end it; others change nothing")(RevokeView)
me = api_public("everybody may ask who they are; a visitor is told to sign in")(MeView)
people = api_requires(PEOPLE_VIEW)(PeopleView)
