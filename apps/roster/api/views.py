"""The SCIM 2.0 door (RFC 7644): /scim/v2 on the school's own host, for an identity provider with a credential.

Each view translates a request, makes one call and answers. `endpoint` is around all of them: who calls, how large a
body may be, what JSON may hold, and how a refusal is said in the protocol's words.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    ListResponse,
    PatchOp,
    Schema,
    SCIMException,
    ScimFilter,
    SearchRequest,
)

from apps.accounts.models import User as Person
from apps.core.errors import DomainError
from apps.core.web import public

from ..models import ProvisionedGroup
from ..services import provisioning
from . import listing
from .authentication import Unauthorized, machine_of
from .representation import (
    asked_active,
    forget_stale_whole,
    group_resource,
    group_said_of,
    person_resource,
    said_of,
)
from .schema import CONFIG, MOST_RESULTS, PAGE, PROVIDER, Group, PersonResource

CONTENT_TYPE = "application/scim+json"
READ, WRITE = ("GET", "HEAD"), ("POST", "PUT", "PATCH")
WHY = "a machine: every request carries a bearer credential of the school, checked by apps.roster.api.authentication"
SCIM_TYPES = {"taken": "uniqueness", "invalid": "invalidValue"}
View = Callable[..., HttpResponse]


class NotFound(DomainError):
    code = "not-found"
    status = 404

    def __init__(self, what: object = "") -> None:
        super().__init__(f"There is no {what}." if what else "There is nothing at this address.")


class Preconditions(DomainError):
    code = "precondition-failed"
    status = 412

    def __init__(self) -> None:
        super().__init__("The resource has changed since: read it again.")


class BadSyntax(DomainError):
    code = "invalid-syntax"
    status = 400


def endpoint(*methods: str) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @csrf_exempt
        @public(WHY)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                with PROVIDER:
                    request.actor = machine_of(request)
                    if request.method not in methods:
                        return _error(405, f"{request.method} is not possible here.", allow=methods)
                    return view(request, *args, **kwargs)
            except SCIMException as refused:
                found = refused.to_error()
                return _answer(found.model_dump(), found.status or 400)
            except ValidationError as wrong:
                found = Error.from_validation_errors(wrong)[0]
                return _answer(found.model_dump(), found.status or 400)
            except Unauthorized as refused:
                answer = _error(401, str(refused))
                answer["WWW-Authenticate"] = 'Bearer realm="scim"'
                return answer
            except RequestDataTooBig:
                return _error(413, "The body is too large.")
            except BadSyntax as refused:
                return _error(400, str(refused), "invalidSyntax")
            except listing.TooManyRows:
                return _error(400, "Narrow this filter with userName, externalId or emails.", "tooMany")
            except DomainError as refused:
                return _refusal(refused)

        return guarded  # type: ignore[return-value]  # `public` gives back what it got

    return decorate


def _refusal(refused: DomainError) -> HttpResponse:
    status = 400 if refused.status == 422 else refused.status
    return _error(status, str(refused), SCIM_TYPES.get(refused.code, ""))


# --- discovery -------------------------------------------------------------------------------------------


@endpoint(*READ)
def service_provider_config(request: HttpRequest) -> HttpResponse:
    _no_filter(request)
    found = CONFIG.model_copy(deep=True)
    return _answer(_dump(request, found, Context.RESOURCE_QUERY_RESPONSE, "ServiceProviderConfig"), 200)


@endpoint(*READ)
def resource_types(request: HttpRequest) -> HttpResponse:
    _no_filter(request)
    return _page([_described(request, one, f"ResourceTypes/{one.name}") for one in PROVIDER.resource_types])


@endpoint(*READ)
def resource_type(request: HttpRequest, name: str) -> HttpResponse:
    for one in PROVIDER.resource_types:
        if one.name == name:
            return _answer(_described(request, one, f"ResourceTypes/{name}"), 200)
    raise NotFound(f"resource type {name[:60]}")


@endpoint(*READ)
def schemas(request: HttpRequest) -> HttpResponse:
    _no_filter(request)
    return _page([_described(request, one, f"Schemas/{one.id}") for one in PROVIDER.schemas])


@endpoint(*READ)
def schema(request: HttpRequest, urn: str) -> HttpResponse:
    for one in PROVIDER.schemas:
        if str(one.id).lower() == urn.lower():
            return _answer(_described(request, one, f"Schemas/{one.id}"), 200)
    raise NotFound(f"schema {urn[:80]}")


def _no_filter(request: HttpRequest) -> None:
    """RFC 7644, section 4: filters on the discovery endpoints are forbidden."""
    if "filter" in request.GET:
        raise provisioning.Untouchable("Filters are not possible here.")


def _described(request: HttpRequest, found: Any, where: str) -> dict[str, Any]:
    return _dump(request, found, Context.RESOURCE_QUERY_RESPONSE, where)


def _dump(request: HttpRequest, found: Any, context: Context, where: str) -> dict[str, Any]:
    body: dict[str, Any] = found.model_dump(scim_ctx=context)
    kind = "Schema" if isinstance(found, Schema) else type(found).__name__
    body["meta"] = {"resourceType": kind, "location": f"{_base(request)}/{where}"}
    return body


# --- people ----------------------------------------------------------------------------------------------


@endpoint(*READ, "POST")
def users(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        body = _with_state(_with_address(_body(request)))
        resource = PersonResource.model_validate(body, scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        person = provisioning.create_person(actor=request.actor, said=said_of(resource), now=timezone.now())
        return _resource(request, _person(request, person), Context.RESOURCE_CREATION_RESPONSE, 201)
    return _list(request, _asked(request.GET.dict(), PersonResource), listing.people, _people)


@endpoint("POST")
def users_search(request: HttpRequest) -> HttpResponse:
    return _list(request, _asked(_body(request), PersonResource), listing.people, _people)


@endpoint(*READ, "PUT", "PATCH", "DELETE")
def user(request: HttpRequest, resource_id: str) -> HttpResponse:
    user_id, now = _id(resource_id, "user"), timezone.now()
    person = listing.get_person(user_id)
    if request.method in READ:
        return _resource(request, _person(request, person), Context.RESOURCE_QUERY_RESPONSE, 200)
    _check_version(request, _person(request, person))
    if request.method == "DELETE":
        done = provisioning.remove_person(actor=request.actor, user_id=user_id, now=now)
        return HttpResponse(status=204 if done else 202, content_type=CONTENT_TYPE)
    context = Context.RESOURCE_REPLACEMENT_RESPONSE
    if request.method == "PUT":
        body = _with_address(_body(request))
        wanted = PersonResource.model_validate(_with_state(body), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
        stays = not _says(body, "active")

        def edit(current: Person) -> provisioning.Said:
            wanted.replace(_person(request, current))
            wanted.active = asked_active(current) if stays else wanted.active
            return said_of(wanted)
    else:
        patch = PatchOp[PersonResource].model_validate(_patch(request), scim_ctx=Context.RESOURCE_PATCH_REQUEST)
        context = Context.RESOURCE_PATCH_RESPONSE

        def edit(current: Person) -> provisioning.Said:
            resource = _person(request, current)
            resource.active = asked_active(current)  # what these operations do not name stays as it was asked for
            before = resource.name.model_copy() if resource.name else None
            patch.patch(resource)
            forget_stale_whole(resource.name, before)
            return said_of(resource)

    provisioning.change_person(actor=request.actor, user_id=user_id, edit=edit, now=now)
    return _resource(request, _person(request, listing.get_person(user_id)), context, 200)


def _person(request: HttpRequest, person: Person) -> Any:
    return person_resource(person, _base(request), listing.groups_of([person.pk]).get(person.pk, ()))


def _with_address(body: dict[str, Any]) -> dict[str, Any]:
    """Providers often send the address as the user name only."""
    if any(name.lower() == "emails" for name in body):
        return body
    name = next((value for key, value in body.items() if key.lower() == "username"), "")
    return body | {"emails": [{"value": name, "type": "work", "primary": True}]} if "@" in str(name) else body


def _with_state(body: dict[str, Any]) -> dict[str, Any]:
    """An account is open unless something else is said."""
    return body if _says(body, "active") else body | {"active": True}


def _says(body: dict[str, Any], name: str) -> bool:
    """Whether a body has a value for this attribute; their names ignore case."""
    return any(key.lower() == name and value is not None for key, value in body.items())


def _people(request: HttpRequest, rows: list[Person], leave_out: set[str]) -> list[Any]:
    groups = {} if "groups" in leave_out else listing.groups_of([row.pk for row in rows])
    return [person_resource(row, _base(request), groups.get(row.pk, ())) for row in rows]


# --- groups ----------------------------------------------------------------------------------------------


@endpoint(*READ, "POST")
def groups(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        resource = Group.model_validate(_body(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        found = provisioning.create_group(actor=request.actor, said=_group_said(resource), now=timezone.now())
        return _resource(request, group_resource(found, _base(request)), Context.RESOURCE_CREATION_RESPONSE, 201)
    return _list(request, _asked(request.GET.dict(), Group), listing.groups, _groups)


@endpoint("POST")
def groups_search(request: HttpRequest) -> HttpResponse:
    return _list(request, _asked(_body(request), Group), listing.groups, _groups)


@endpoint(*READ, "PUT", "PATCH", "DELETE")
def group(request: HttpRequest, resource_id: str) -> HttpResponse:
    group_id, now = _id(resource_id, "group"), timezone.now()
    found = listing.get_group(group_id)
    if request.method in READ:
        asked = _asked(request.GET.dict(), Group)
        resource = group_resource(found, _base(request), with_people="members" not in _left_out(asked))
        return _resource(request, resource, Context.RESOURCE_QUERY_RESPONSE, 200)
    if "HTTP_IF_MATCH" in request.META:
        _check_version(request, group_resource(found, _base(request)))
    if request.method == "DELETE":
        provisioning.remove_group(actor=request.actor, group_id=group_id, now=now)
        return HttpResponse(status=204, content_type=CONTENT_TYPE)
    context = Context.RESOURCE_REPLACEMENT_RESPONSE
    if request.method == "PUT":
        wanted = Group.model_validate(_body(request), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)

        def edit(current: ProvisionedGroup) -> provisioning.GroupSaid:
            wanted.replace(group_resource(current, _base(request)))
            return _group_said(wanted)
    else:
        patch = PatchOp[Group].model_validate(_patch(request), scim_ctx=Context.RESOURCE_PATCH_REQUEST)
        context = Context.RESOURCE_PATCH_RESPONSE

        def edit(current: ProvisionedGroup) -> provisioning.GroupSaid:
            resource = group_resource(current, _base(request))
            patch.patch(resource)
            return _group_said(resource)

    changed = provisioning.change_group(actor=request.actor, group_id=group_id, edit=edit, now=now)
    return _resource(request, group_resource(changed, _base(request)), context, 200)


def _group_said(resource: Any) -> provisioning.GroupSaid:
    try:
        return group_said_of(resource)
    except ValueError:
        raise provisioning.Invalid("A member's value is no id of a person.") from None


def _groups(request: HttpRequest, rows: list[ProvisionedGroup], leave_out: set[str]) -> list[Any]:
    return [group_resource(row, _base(request), with_people="members" not in leave_out) for row in rows]


@endpoint(*READ, *WRITE, "DELETE")
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """/Me, /Bulk, /.search over all kinds at once, and everything else."""
    if rest in ("Me", "Bulk", ".search", ""):
        return _error(501, "This part of the protocol is not supported.")
    raise NotFound


# --- lists -----------------------------------------------------------------------------------------------


def _asked(values: dict[str, Any], model: Any) -> Any:
    """Parameters of a query, checked: filter, startIndex, count, attributes, excludedAttributes."""
    wanted = {"filter", "startIndex", "count", "attributes", "excludedAttributes", "sortBy", "sortOrder", "schemas"}
    given = {name: value for name, value in values.items() if name in wanted and value != ""}
    for name in ("startIndex", "count"):
        if name in given:
            given[name] = _whole(given[name], name)
    return SearchRequest[model].model_validate(given, scim_ctx=Context.SEARCH_REQUEST)


def _whole(value: Any, name: str) -> int:
    try:
        return max(-1, min(int(str(value)), 10**9))
    except ValueError:
        raise provisioning.Invalid(f"{name} is a whole number.") from None


def _left_out(asked: Any) -> set[str]:
    """Attributes that nobody will see, so that nothing is read for them."""
    if asked.attributes:
        named = {str(path).rpartition(":")[2].partition(".")[0].lower() for path in asked.attributes}
        return {"members", "groups"} - named
    return {str(path).rpartition(":")[2].lower() for path in asked.excluded_attributes or ()}


def _list(request: HttpRequest, asked: Any, find: Callable[..., Any], show: Callable[..., list[Any]]) -> HttpResponse:
    start = max(1, asked.start_index or 1)
    count = PAGE if asked.count is None else max(0, min(asked.count, MOST_RESULTS))
    filter_: ScimFilter[Any] | None = asked.filter

    def match(row: Any) -> bool:
        return bool(filter_ and filter_.match(show(request, [row], set())[0]))

    total, rows = find(filter_, match, start=start, count=count)
    resources = show(request, rows, _left_out(asked))
    body = {
        "schemas": [str(ListResponse.__schema__)],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
    }
    if resources:
        body["Resources"] = [_shown(one, Context.RESOURCE_QUERY_RESPONSE, asked) for one in resources]
    elif total:
        body["Resources"] = []
    return _answer(body, 200)


def _page(found: list[dict[str, Any]]) -> HttpResponse:
    body = {
        "schemas": [str(ListResponse.__schema__)], "totalResults": len(found), "startIndex": 1,
        "itemsPerPage": len(found), "Resources": found,
    }  # fmt: skip
    return _answer(body, 200)


# --- bodies and answers ----------------------------------------------------------------------------------


def _body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a body. Raises BadSyntax for whatever is none, or holds what no database keeps."""
    kind = (request.content_type or "").lower()
    if kind and kind not in (CONTENT_TYPE, "application/json"):
        raise UnsupportedMedia
    try:
        found = json.loads(request.body.decode("utf-8"), parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise BadSyntax("The body is no JSON.") from None
    if not isinstance(found, dict):
        raise BadSyntax("The body is no JSON object.")
    if "\\u0000" in json.dumps(found):
        raise BadSyntax("A text holds a character that cannot be kept.")
    return found


class UnsupportedMedia(DomainError):
    code = "unsupported-media"
    status = 415

    def __init__(self) -> None:
        super().__init__(f"Send {CONTENT_TYPE}.")


def _no_number(text: str) -> float:
    raise ValueError(text)


def _patch(request: HttpRequest) -> dict[str, Any]:
    body = _body(request)
    operations = next((body[name] for name in body if name.lower() == "operations"), None)
    if isinstance(operations, list) and len(operations) > 1_000:
        raise provisioning.Invalid("Send up to 1000 operations at once.")
    return body


def _resource(request: HttpRequest, resource: Any, context: Context, status: int) -> HttpResponse:
    model = Group if isinstance(resource, Group) else PersonResource
    asked = _asked({k: v for k, v in request.GET.items() if k in ("attributes", "excludedAttributes")}, model)
    version, location = resource.meta.version, str(resource.meta.location)
    if request.method in READ and version in _versions(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        answer = _answer(_shown(resource, context, asked), status)
    answer["ETag"] = version
    answer["Location" if status == 201 else "Content-Location"] = location
    return answer


def _shown(resource: Any, context: Context, asked: Any) -> dict[str, Any]:
    shown: dict[str, Any] = resource.model_dump(scim_ctx=context, response_parameters=asked)
    return shown


def _check_version(request: HttpRequest, resource: Any) -> None:
    wanted = request.headers.get("If-Match", "")
    if wanted and wanted.strip() != "*" and resource.meta.version not in _versions(wanted):
        raise Preconditions


def _versions(header: str) -> list[str]:
    return [part.strip() for part in header.split(",")]


def _id(text: str, what: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(what) from None


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/scim/v2")


def _error(status: int, detail: str, scim_type: str = "", allow: tuple[str, ...] = ()) -> HttpResponse:
    body = {"schemas": [str(Error.__schema__)], "status": str(status), "detail": detail}
    answer = _answer(body | ({"scimType": scim_type} if scim_type else {}), status)
    if allow:
        answer["Allow"] = ", ".join(allow)
    return answer


def _answer(body: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(json.dumps(body, default=str), status=status, content_type=CONTENT_TYPE)
