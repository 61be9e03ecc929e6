"""How a conversation with Graph can fail. Each class asks something different of the caller.

None of them ever means "the directory is empty": whoever reads pages and meets one of these has read a part.
"""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError


class GraphError(DomainError):
    """The directory was not read, or not to its end. `retry`: later, unchanged, it may well work."""

    status = 502
    retry: ClassVar[bool] = False
    sentence: ClassVar[str | Promise] = ""

    def __init__(self, cause: str = "", **details: object) -> None:
        """`cause` is for the log and the run page: the rule that was broken, never data of the answer."""
        super().__init__(self.sentence, cause=cause, **details)
        self.cause = cause


class GraphForbidden(GraphError):
    """Microsoft does not let us read this: consent withdrawn, permission too narrow, token refused."""

    code = "graph-forbidden"
    sentence = _(
        "Microsoft does not let Campanile read the directory completely. "
        "Ask the organisation's Microsoft administrator to approve Campanile again."
    )


class GraphNotFound(GraphError):
    """The group or person does not exist (any more)."""

    code = "graph-not-found"
    sentence = _("This no longer exists in the Microsoft directory. Choose another group or person.")


class GraphGone(GraphError):
    """The place we wanted to continue from is no longer valid: start again from the first page."""

    code = "graph-gone"
    retry = True
    sentence = _("Microsoft no longer knows where this reading had stopped. It has to start again from the beginning.")


class GraphThrottled(GraphError):
    """Microsoft asks for more patience than this reading has: ask nothing for `after` seconds."""

    code = "graph-throttled"
    retry = True
    sentence = _("Microsoft asks to slow down. The reading continues later by itself.")

    def __init__(self, after: float, cause: str = "") -> None:
        super().__init__(cause, after=after)
        self.after = after


class GraphUnavailable(GraphError):
    """No answer, or a server fault, and it did not pass within the tries of this call."""

    code = "graph-unavailable"
    retry = True
    sentence = _("Microsoft does not answer at the moment. Try again in a few minutes.")


class GraphIncomplete(GraphError):
    """An answer arrived but a part of it is missing."""

    code = "graph-incomplete"
    retry = True
    sentence = _("Microsoft's answer was cut short. Nothing was taken from it; try again.")


class GraphConfused(GraphError):
    """An answer that Graph would not give: another page, another host, a circle of pages."""

    code = "graph-confused"
    sentence = _("Microsoft's answer could not be understood. Nothing was taken from it; try again later.")


class GraphMisconfigured(GraphError):
    """Our own registration is at fault (secret expired, wrong id): the operators must act."""

    code = "graph-misconfigured"
    sentence = _(
        "The directory connection is not working on our side. "
        "The people who operate the platform have been told; try again later."
    )


EXPIRED_PLACES = frozenset(
    {
        "syncstatenotfound",
        "syncstateinvalid",
        "resyncrequired",
        "directory_expiredpagetoken",
        "expiredpagetoken",
    }
)


def error_code(body: object) -> str:
    """Graph's own code of an error answer, in lower case, or nothing."""
    error = body.get("error") if isinstance(body, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else None
    return code.lower()[:80] if isinstance(code, str) else ""


def error_of_status(status: int, body: object) -> GraphError:
    """The error a final answer stands for. The status decides; the code only tells an expired place."""
    code = error_code(body)
    cause = f"status {status} {code}".strip()
    if status == 410 or code in EXPIRED_PLACES:
        return GraphGone(cause)
    if status in {401, 403}:
        return GraphForbidden(cause)
    if status == 404:
        return GraphNotFound(cause)
    if status >= 500 and status != 501:
        return GraphUnavailable(cause)
    return GraphConfused(cause)
