"""Why a sign-in with Microsoft did not happen, in words a person can act on.

Microsoft's `error` decides first; its AADSTS number only refines it. Microsoft's text is never shown: parts
of it come through the browser and anyone can write them.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

logger = logging.getLogger(__name__)


class SignInRefused(DomainError):
    """Nobody was signed in. `retry` says whether starting again can help; `claims` go into that new start."""

    status = 403

    def __init__(self, code: str, message: object, *, retry: bool, claims: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.retry = retry
        self.claims = claims


class Reason(StrEnum):
    CONSENT = "consent-needed"
    DECLINED = "consent-declined"
    WRONG_ACCOUNT = "wrong-account"
    NEEDS_PERSON = "interaction-needed"
    BLOCKED = "blocked-by-organisation"
    EXPIRED = "sign-in-expired"
    MISCONFIGURED = "microsoft-misconfigured"
    UNAVAILABLE = "microsoft-unavailable"
    CANCELLED = "cancelled"
    WRONG_ORGANISATION = "wrong-organisation"
    PERSONAL_ACCOUNT = "personal-account"
    NOT_TRUSTED = "not-trusted"


@dataclass(frozen=True, slots=True)
class _Wording:
    message: str | Promise
    retry: bool


_WORDINGS: dict[Reason, _Wording] = {
    Reason.CONSENT: _Wording(
        _(
            "Your organisation has not yet allowed Campanile. "
            "Ask its Microsoft administrator to approve it, then sign in again."
        ),
        retry=False,
    ),
    Reason.DECLINED: _Wording(
        _("You declined what Microsoft asked. Sign in again and accept it to continue."), retry=True
    ),
    Reason.WRONG_ACCOUNT: _Wording(
        _("This Microsoft account cannot be used here. Sign in again and choose your school account."),
        retry=True,
    ),
    Reason.NEEDS_PERSON: _Wording(
        _("Microsoft needs one more step from you, such as a code or a new password. Sign in again to do it."),
        retry=True,
    ),
    Reason.BLOCKED: _Wording(
        _("Your organisation does not let this account sign in. Ask its Microsoft administrator why."),
        retry=False,
    ),
    Reason.EXPIRED: _Wording(_("This sign-in is no longer valid. Start again from the sign-in page."), retry=True),
    Reason.MISCONFIGURED: _Wording(
        _(
            "Sign-in with Microsoft is not working on our side. "
            "The people who operate the platform have been told; try again later."
        ),
        retry=False,
    ),
    Reason.UNAVAILABLE: _Wording(_("Microsoft does not answer at the moment. Try again in a minute."), retry=True),
    Reason.CANCELLED: _Wording(_("You cancelled the sign-in. Start again when you are ready."), retry=True),
    Reason.WRONG_ORGANISATION: _Wording(
        _(
            "This account belongs to another organisation than this school. "
            "Sign in again and choose your school account."
        ),
        retry=True,
    ),
    Reason.PERSONAL_ACCOUNT: _Wording(
        _("This is a personal Microsoft account. Sign in again and choose your school account."), retry=True
    ),
    Reason.NOT_TRUSTED: _Wording(
        _("Microsoft's answer could not be verified, so nobody was signed in. Start again from the sign-in page."),
        retry=True,
    ),
}

_BY_NUMBER: dict[int, Reason] = {
    number: reason
    for reason, numbers in {
        Reason.CONSENT: (65001, 90094, 90008, 650051, 650056, 650057),
        Reason.DECLINED: (65004,),
        Reason.WRONG_ACCOUNT: (
            16000, 50020, 50034, 50105, 50194, 90002, 500208, 700011, 700016,
        ),
        Reason.NEEDS_PERSON: (
            50055, 50058, 50072, 50074, 50076, 50078, 50079, 50144, 16001, 16003,
        ),
        Reason.BLOCKED: (50053, 50057, 53000, 53001, 53002, 53003, 53004, 530035, 500212, 500213),
        Reason.EXPIRED: (
            54005, 50089, 50173, 70000, 70008, 70043, 501481, 700082,
        ),
        Reason.MISCONFIGURED: (
            50011, 50196, 70002, 70011, 700027, 7000112, 7000215, 7000222,
        ),
        Reason.UNAVAILABLE: (50033, 50087, 90006, 90012, 90033),
    }.items()
    for number in numbers
}  # fmt: skip

_BY_ERROR: dict[str, Reason] = {
    "access_denied": Reason.CANCELLED,
    "consent_required": Reason.CONSENT,
    "interaction_required": Reason.NEEDS_PERSON,
    "login_required": Reason.NEEDS_PERSON,
    "account_selection_required": Reason.WRONG_ACCOUNT,
    "invalid_grant": Reason.EXPIRED,
    "invalid_client": Reason.MISCONFIGURED,
    "unauthorized_client": Reason.MISCONFIGURED,
    "invalid_request": Reason.MISCONFIGURED,
    "invalid_scope": Reason.MISCONFIGURED,
    "invalid_resource": Reason.MISCONFIGURED,
    "unsupported_response_type": Reason.MISCONFIGURED,
    "server_error": Reason.UNAVAILABLE,
    "temporarily_unavailable": Reason.UNAVAILABLE,
}

# These errors say by themselves what is the matter; a number may not turn them into something milder.
_FINAL_ERRORS = frozenset({"invalid_client"})
_NUMBER = re.compile(r"AADSTS(\d{4,8})\b")
_TRACE = re.compile(r"[0-9A-Fa-f-]{36}")


def refusal(reason: Reason, *, claims: str = "") -> SignInRefused:
    wording = _WORDINGS[reason]
    return SignInRefused(reason.value, wording.message, retry=wording.retry, claims=claims)


def refusal_of_answer(answer: Mapping[str, object]) -> SignInRefused:
    """The refusal that an OAuth error answer stands for, written to the log once."""
    reason = reason_of_answer(answer)
    logger.log(
        logging.ERROR if reason is Reason.MISCONFIGURED else logging.WARNING,
        "microsoft refused a sign-in",
        extra={"reason": reason.value, **traces(answer)},
    )
    claims = answer.get("claims")
    return refusal(reason, claims=claims if isinstance(claims, str) else "")


def reason_of_answer(answer: Mapping[str, object]) -> Reason:
    error = str(answer.get("error") or "")
    if error in _FINAL_ERRORS:
        return _BY_ERROR[error]
    for number in numbers_of_answer(answer):
        if number in _BY_NUMBER:
            return _BY_NUMBER[number]
    return _BY_ERROR.get(error, Reason.NOT_TRUSTED)


def numbers_of_answer(answer: Mapping[str, object]) -> list[int]:
    """The AADSTS numbers of an answer, from its list or, as the browser leg has none, from its text."""
    listed = answer.get("error_codes")
    numbers = [code for code in listed if isinstance(code, int)] if isinstance(listed, list) else []
    return numbers or [int(found) for found in _NUMBER.findall(str(answer.get("error_description") or ""))[:3]]


def traces(answer: Mapping[str, object]) -> dict[str, object]:
    """What Microsoft's support asks for, and nothing that anyone else could have written."""
    found: dict[str, object] = {"aadsts": numbers_of_answer(answer)}
    for name in ("trace_id", "correlation_id"):
        value = str(answer.get(name) or "")
        found[f"microsoft_{name}"] = value if _TRACE.fullmatch(value) else ""
    return found
