"""One operation of the API: what it takes, what it answers, said once for the code and for its description.

    class PersonView(ApiView):
        @operation("get_user", "One person", answer=Person, versioned=True)
        def get(self, call: Call, user_id: UUID) -> Any: ...

The handler gets checked values and returns what the answer shows; headers, status, ETag and refusals are made here.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from inspect import cleandoc
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from ..actor import Actor
from . import versions
from .fields import NoQuery, checked, checked_query

Handler = Callable[..., Any]
Shape = type[serializers.Serializer]


@dataclass(slots=True)
class Call:
    """One request, taken apart: who asks, when, and with which checked values."""

    request: Any  # Django's
    actor: Actor
    now: datetime
    query: dict[str, Any]
    body: dict[str, Any]
    shape: Shape | None
    thing: Shape | None
    headers: dict[str, str] = field(default_factory=dict)

    def require_signed_in(self) -> Actor:
        """Raise NotAuthenticated (401) for a visitor."""
        if self.actor.is_anonymous:
            raise NotAuthenticated
        return self.actor

    def unchanged(self, shown: Callable[[], Any], lock: Callable[[], Any]) -> AbstractContextManager[None]:
        """A transaction in which the thing is as the caller saw it (If-Match). Raises Changed."""
        return versions.unchanged(self.request, lambda: rendered(self.thing, shown()), lock)

    def created(self, address: str) -> None:
        self.headers["Location"] = address


def rendered(shape: Shape | None, result: Any) -> Any:
    """What is shown of a result: the fields of the shape and nothing else."""
    return None if shape is None else shape(result).data


def operation(
    name: str,
    summary: str,
    *,
    answer: Shape | None = None,
    thing: Shape | None = None,
    status: int = 200,
    body: Shape | None = None,
    query: Shape = NoQuery,
    refusals: Iterable[int] = (),
    versioned: bool = False,
    example: dict[str, Any] | None = None,
) -> Callable[[Handler], Handler]:
    """Declare a handler of an ApiView; its docstring is the description.

    `versioned`: the answer has an ETag; PATCH and PUT ask for If-Match, a DELETE honours it for its `thing`.
    `refusals`: statuses that this operation adds to those that follow from what is declared.
    """

    def declare(handler: Handler) -> Handler:
        @wraps(handler)
        def run(self: Any, request: Request, **ids: Any) -> HttpResponse:
            plain = request._request
            call = Call(
                request=plain,
                actor=plain.actor,  # type: ignore[attr-defined]
                now=timezone.now(),
                query=checked_query(query, request.query_params),
                body=checked(body, request.data) if body else {},
                shape=answer,
                thing=thing or answer,
            )
            if versioned and request.method in ("PATCH", "PUT"):
                versions.require_version(plain)
            result = handler(self, call, **ids)
            return result if isinstance(result, HttpResponse) else answered(call, result, status, versioned)

        examples = [OpenApiExample("Example", value=example, request_only=True)] if example else []
        described = extend_schema(
            operation_id=name,
            summary=summary,
            description=cleandoc(handler.__doc__ or ""),
            request=body,
            responses={status: answer},
            parameters=[query] if query is not NoQuery else [],
            examples=examples,
            extensions={
                "x-house": {"refusals": sorted(refusals), "versioned": versioned, "has_body": body is not None}
            },
        )
        return described(run)

    return declare


def described(
    name: str,
    summary: str,
    description: str,
    *,
    answers: Mapping[int, Shape],
    body: Any = None,
    refusals: Iterable[int] = (),
) -> Callable[[Handler], Handler]:
    """For the few handlers that read the request themselves: only the description, with exactly these statuses."""
    facts = {"refusals": sorted(refusals), "exactly": True}
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=cleandoc(description),
        request=body,
        responses=dict(answers),
        extensions={"x-house": facts},
    )


def answered(call: Call, result: Any, status: int, versioned: bool) -> HttpResponse:
    """The answer in bytes, with its version."""
    if call.shape is None:
        return _empty(status, call.headers)
    data = rendered(call.shape, result)
    headers = dict(call.headers)
    if versioned:
        headers["ETag"] = tag = versions.tag_of(data)
        if call.request.method in ("GET", "HEAD") and versions.is_known(call.request, tag):
            return _empty(304, headers)
    return HttpResponse(versions.encoded(data), status=status, content_type="application/json", headers=headers)


def _empty(status: int, headers: dict[str, str]) -> HttpResponse:
    response = HttpResponse(status=status, headers=headers)
    del response["Content-Type"]
    return response
