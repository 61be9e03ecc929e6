"""The description of the API (OpenAPI 3.1), made from the code: every status an operation can answer is in it."""

from functools import lru_cache
from typing import Any, Final

import yaml
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from .doors import ApiView, Declared
from .fields import Input, Output, Paging

SCHOOL, PLATFORM = "school", "platform"
DESCRIPTIONS: Final = {  # kind of host -> its URL table and the committed file
    SCHOOL: ("config.urls.school", "docs/openapi/v1.yaml"),
    PLATFORM: ("config.urls.platform", "docs/openapi/platform-v1.yaml"),
}
#: name of the component and what it says, by status
REFUSALS: Final = {
    400: ("BadRequest", "The body is no JSON, or the request makes no sense."),
    401: ("NotSignedIn", "No bearer token, or one that opens nothing here. `WWW-Authenticate` says what is wanted."),
    403: ("Forbidden", "You may not do this; or it needs a fresh proof of identity (`step-up-required`)."),
    404: ("NotFound", "There is nothing at this address, or nothing that you may see: both look the same."),
    406: ("NotAcceptable", "The answer is JSON; `Accept` excludes it."),
    409: ("Conflict", "The state of the thing does not allow this; `code` says why."),
    410: ("Gone", "The link was used, withdrawn, or is too old."),
    412: ("Changed", "The thing was changed since you read it: `If-Match` does not fit."),
    413: ("TooLarge", "The body is too large."),
    415: ("UnsupportedMediaType", "Send `application/json` in UTF-8."),
    422: ("Invalid", "Some values need to be corrected: `errors` names the fields."),
    428: ("VersionWanted", "Send the ETag of what you read as `If-Match`."),
    429: ("TooManyRequests", "Too many requests or attempts; wait `Retry-After` seconds."),
    502: ("BadGateway", "A provider does not answer, or refused; `code` says why."),
    503: ("Unavailable", "Not possible at the moment, for example because a queue is away. Try again later."),
}
ALWAYS: Final = {401, 403, 406, 422, 429}
HEADERS: Final = {
    "RequestId": ("Names this request in our logs; quote it when something went wrong.", "string"),
    "RateLimit": ("What is left now: requests (`r`) and seconds until all are back (`t`).", "string"),
    "RateLimitPolicy": ("How many requests (`q`) in how many seconds (`w`).", "string"),
    "RetryAfter": ("Seconds to wait.", "integer"),
    "ETag": ("The version of the thing; send it as `If-Match` to change it.", "string"),
}
PROBLEM: Final = {
    "type": "object",
    "description": "Problem details (RFC 9457). `code` is for programs, `title` for people.",
    "required": ["type", "title", "status", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:campanile:not-found"]},
        "title": {"type": "string", "description": "A sentence in the caller's language that says what to do."},
        "status": {"type": "integer"},
        "code": {"type": "string", "examples": ["not-found"]},
        "request_id": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "The faults of each field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
IF_MATCH: Final = "The ETag of the version you read; `*` for whatever it is."
IDEMPOTENCY: Final = (
    "Any text of up to 255 characters. Sent again within 24 hours with the same request, the first answer is given "
    "again and nothing is done twice."
)


class HouseSchema(AutoSchema):
    """What drf-spectacular cannot see: who may, and which refusals follow from what is declared."""

    def get_tags(self) -> list[str]:
        return [self._ours.tag] if self._ours.tag else super().get_tags()

    @property
    def _ours(self) -> ApiView:
        assert isinstance(self.view, ApiView)
        return self.view

    @property
    def _declared(self) -> Declared | None:
        return self._ours.declared_for(self.method)

    def get_auth(self) -> list[dict[str, list[str]]]:
        if scheme := self._ours.proof:
            return [{scheme: []}]
        return [{}, {"bearer": []}] if isinstance(self._declared, str) else [{"bearer": []}]

    def get_description(self) -> str:  # type: ignore[override]
        declared, text = self._declared, super().get_description() or ""
        if declared is None or isinstance(declared, str):
            return text
        proof = " and a fresh proof of identity" if declared.sudo else ""
        return f"{text}\n\nNeeds the permission `{declared.code}`{proof}.".strip()

    def get_override_parameters(self) -> list[Any]:
        facts, found = self._facts, list(super().get_override_parameters())
        if self.method in ("PATCH", "PUT", "DELETE") and facts.get("versioned"):
            wanted = self.method != "DELETE"
            found.append(_header("If-Match", IF_MATCH, required=wanted))
        if self.method == "GET" and facts.get("versioned"):
            found.append(_header("If-None-Match", "The ETag you have: 304 when it is still right."))
        if self.method == "POST" and not isinstance(self._declared, str) and not facts.get("exactly"):
            found.append(_header("Idempotency-Key", IDEMPOTENCY))
        return found

    @property
    def _facts(self) -> dict[str, Any]:
        return (self.get_extensions() or {}).get("x-house", {})

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            facts = operation.pop("x-house", {})
            operation["x-refusals"] = sorted(self._refusals(facts))
            operation["x-versioned"] = bool(facts.get("versioned"))
        return operation

    def _refusals(self, facts: dict[str, Any]) -> set[int]:
        if facts.get("exactly"):
            return set(facts["refusals"])
        found = ALWAYS | set(facts.get("refusals", ()))
        if "{" in self.path:
            found.add(404)
        if facts.get("has_body"):
            found |= {400, 413, 415}
        if self.method == "POST" and not isinstance(self._declared, str):
            found |= {409}
        if facts.get("versioned"):
            found |= {"PATCH": {412, 428}, "PUT": {412, 428}, "DELETE": {412}}.get(self.method, set())
        return found


def _header(name: str, text: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=text, required=required)


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """SPECTACULAR_SETTINGS["POSTPROCESSING_HOOKS"]: refusals and headers, written once and pointed to."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["headers"] = {
        name: {"description": text, "schema": {"type": kind}} for name, (text, kind) in HEADERS.items()
    }
    components["responses"] = {name: _refusal(status, text) for status, (name, text) in REFUSALS.items()}
    for strict in _inputs(Input):
        if strict.__name__ in components["schemas"]:
            components["schemas"][strict.__name__]["additionalProperties"] = False
    for schema in components["schemas"].values():
        if schema.get("description", "") in (Input.__doc__, Output.__doc__, Paging.__doc__):
            del schema["description"]  # of the base class
    for path in result["paths"].values():
        for operation in path.values():
            _finish_operation(operation)
    return result


def _refusal(status: int, text: str) -> dict[str, Any]:
    headers = _pointers({"X-Request-ID": "RequestId", **({"Retry-After": "RetryAfter"} if status == 429 else {})})
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "headers": headers, "content": {"application/problem+json": {"schema": schema}}}


def _finish_operation(operation: dict[str, Any]) -> None:
    versioned = operation.pop("x-versioned", False)
    headers = {"X-Request-ID": "RequestId", "RateLimit": "RateLimit", "RateLimit-Policy": "RateLimitPolicy"}
    for response in operation["responses"].values():
        has_tag = versioned and "content" in response
        response["headers"] = _pointers({**headers, **({"ETag": "ETag"} if has_tag else {})})
        response["description"] = response.get("description") or "Done."
    if versioned and any(one["name"] == "If-None-Match" for one in operation.get("parameters", ())):
        operation["responses"]["304"] = {"description": "You have this version already."}
    for status in operation.pop("x-refusals", ()):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{REFUSALS[status][0]}"}
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _pointers(headers: dict[str, str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{component}"} for name, component in headers.items()}


def _inputs(kind: type[Input]) -> list[type[Input]]:
    return [found for sub in kind.__subclasses__() for found in (sub, *_inputs(sub))]


#: name -> (what it tells, JSON schema of its body): the webhooks that a school's endpoints are sent
WEBHOOKS: dict[str, tuple[object, dict[str, Any]]] = {}
WEBHOOK_HEADERS: Final = {
    "webhook-id": "The id of the event, the same at each attempt: refuse to act twice on one.",
    "webhook-timestamp": "Seconds since 1970, of this attempt. Refuse what is older than five minutes.",
    "webhook-signature": "`v1,` and the base64 over `id.timestamp.body`, HMAC-SHA256; several during a rotation.",
}


def _webhooks() -> dict[str, Any]:
    parameters = [
        {"in": "header", "name": name, "required": True, "schema": {"type": "string"}, "description": text}
        for name, text in WEBHOOK_HEADERS.items()
    ]
    answers = {
        "2XX": {"description": "Taken. Anything else is tried again, ten times in about three days."},
        "410": {"description": "Wants nothing more: the endpoint is switched off."},
    }
    return {
        name: {
            "post": {
                "operationId": "webhook_" + name.replace(".", "_"),
                "tags": ["Webhooks out"],
                "summary": str(text),
                "parameters": parameters,
                "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
                "responses": answers,
            }
        }
        for name, (text, schema) in sorted(WEBHOOKS.items())
    }


@lru_cache(maxsize=2)
def description(host: str) -> dict[str, Any]:
    """The description of one kind of host, in English, whoever asks."""
    urlconf, _file = DESCRIPTIONS[host]
    with translation.override("en"):
        found = SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True)
        if host == SCHOOL:
            found["webhooks"] = _webhooks()
    found["info"]["title"] = f"Campanile, {'on a school' if host == SCHOOL else 'on the platform'}"
    return found


def as_yaml(host: str) -> str:
    """The committed file."""
    text = yaml.safe_dump(_plain(description(host)), sort_keys=False, allow_unicode=True, width=120)
    return f"# Made by `make openapi` from the code; do not edit.\n{text}"


def _plain(value: Any) -> Any:
    """Without lazy texts, tuples and types that YAML does not know."""
    if isinstance(value, dict):
        if "enum" in value and value.get("default", None) not in value["enum"]:
            value = {name: one for name, one in value.items() if name != "default"}  # "": what leaving it out means
        return {str(name): _plain(one) for name, one in value.items() if name != "x-spec-enum-id"}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool | int | float) or value is None else str(value)


def as_json(host: str) -> dict[str, Any]:
    return _plain(description(host))
