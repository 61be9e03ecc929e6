"""Signing in for tokens, renewing, ending and confirming them."""

from typing import Any

from apps.core.api.doors import ApiView, api_public
from apps.core.api.operations import Call, operation

from ..services import api_sessions
from .shapes import AnyToken, Credentials, Proof, RefreshToken, Tokens

TAG = "Signing in"
EXAMPLE = {"email": "camille@school.example", "password": "correct horse battery staple"}


class TokenView(ApiView):
    tag = TAG

    @operation("sign_in", "Sign in with a password", body=Credentials, answer=Tokens, example=EXAMPLE)
    def post(self, call: Call) -> Any:
        """An access token for a few minutes and a refresh token. Whoever has a second factor sends a code with it:
        without one the answer is 401 with `second-factor-wanted`.
        """
        return _tokens(api_sessions.open_session(call.request, **call.body, now=call.now))


class LoginView(ApiView):
    tag = TAG

    @operation("login", "Sign in with a password (short name)", body=Credentials, answer=Tokens, example=EXAMPLE)
    def post(self, call: Call) -> Any:
        """The same as `auth/token`."""
        return _tokens(api_sessions.open_session(call.request, **call.body, now=call.now))


class RefreshView(ApiView):
    tag = TAG
    authentication_classes: list[type] = []  # the token itself is the proof

    @operation("refresh_token", "The next pair of tokens", body=RefreshToken, answer=Tokens)
    def post(self, call: Call) -> Any:
        """A refresh token is good once; used again after a short overlap, it ends the session."""
        sent = call.body["refresh_token"]
        return _tokens(api_sessions.refresh_session(call.request, refresh=sent, now=call.now))


class RevokeView(ApiView):
    tag = TAG
    authentication_classes: list[type] = []

    @operation("revoke_token", "End a session by one of its tokens", body=AnyToken, status=204)
    def post(self, call: Call) -> None:
        """The answer is the same whatever the token was (RFC 7009)."""
        api_sessions.close_session(call.request, token=call.body["token"], now=call.now)


class ConfirmView(ApiView):
    tag = TAG

    @operation("confirm_identity", "Prove again who you are", body=Proof, answer=Tokens, refusals=(404,))
    def post(self, call: Call) -> Any:
        """Dangerous operations want a proof of the last minutes: without one they answer 403 `step-up-required`.
        Send the password, or a code for whoever has a second factor; go on with the new tokens. A machine has nothing
        to confirm with (404).
        """
        call.require_signed_in()
        return _tokens(api_sessions.confirm(actor=call.actor, **call.body, now=call.now))


def _tokens(pair: api_sessions.Pair) -> dict[str, Any]:
    return {
        "access_token": pair.access,
        "token_type": "Bearer",
        "expires_in": pair.expires_in,
        "refresh_token": pair.refresh,
        "refresh_expires_at": pair.session.expires_at,
        "session": pair.session.pk,
    }


token = api_public("signing in comes before anybody is signed in")(TokenView)
login = api_public("the short name of signing in for a token")(LoginView)
refresh = api_public("the refresh token is its holder's only proof")(RefreshView)
revoke = api_public("whoever holds a token may end it; others change nothing")(RevokeView)
confirm = api_public("everybody who is signed in proves their own identity; a visitor is told to sign in")(ConfirmView)
