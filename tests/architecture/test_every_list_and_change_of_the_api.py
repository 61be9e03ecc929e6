"""API-1 over the whole description: nobody's change is overwritten unseen, no list comes without an end.

A new operation is in the description, so it is here too; what is left out has a name and a reason.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.core.api import openapi

SCIM_LIKE = "the mark of who is signed in changes with every request, so nobody could ever send the right one"
ONLY_ENDS = "it never changes but by ending, which is final and safe to repeat"
#: operation -> why it compares no version
UNVERSIONED = {
    "end_my_session": SCIM_LIKE,
    "end_my_sessions": "ends many things; none of them is changed",
    "end_user_session": SCIM_LIKE,
    "end_user_sessions": "ends many things; none of them is changed",
    "end_service_secret": ONLY_ENDS,
    "end_webhook_secret": ONLY_ENDS,
    "lift_suppressed_address": ONLY_ENDS,
}
#: operation -> the address whose ETag it wants, where that is not its own
SEEN_AT = {"name_founders": "/api/v1/associations/{association_id}/request"}

OF_THE_CODE = "as many as the code declares, the same for every school"
#: operation -> why it has no cursor
BOUNDED = {
    "list_consent_purposes": OF_THE_CODE,
    "list_message_kinds": OF_THE_CODE,
    "list_money_sights": "one line for each role of the code",
    "list_permissions": OF_THE_CODE,
    "list_webhook_events": OF_THE_CODE,
    "search_groups": "the first answers of Microsoft's own search, narrowed by words, not by turning pages",
    "list_association_documents": "one association's file as it stands today: one line for each kind that applies",
    "get_eligibility": "one line for each rule of the code",
}


def operations() -> Iterator[tuple[str, str, str, dict[str, Any], dict[str, Any]]]:
    for host in openapi.DESCRIPTIONS:
        described = openapi.as_json(host)
        for path, item in described["paths"].items():
            for method, one in item.items():
                yield host, method, path, one, described


CHANGES = [pytest.param(*one, id=f"{one[0]}-{one[3]['operationId']}") for one in operations()
           if one[1] in ("put", "patch", "delete")]  # fmt: skip
READS = [pytest.param(*one, id=f"{one[0]}-{one[3]['operationId']}") for one in operations() if one[1] == "get"]


def names(one: dict[str, Any]) -> dict[str, bool]:
    return {given["name"]: given.get("required", False) for given in one.get("parameters", ())}


@pytest.mark.parametrize(("host", "method", "path", "one", "described"), CHANGES)
def test_a_change_says_which_version_it_is_based_on(host, method, path, one, described):
    if one["operationId"] in UNVERSIONED:
        assert "If-Match" not in names(one), "it compares versions: take it out of the exceptions"
        return
    given = names(one)
    assert "412" in one["responses"] and "If-Match" in given, "versioned=True, and call.unchanged(...)"
    if method != "delete":
        assert given["If-Match"] and "428" in one["responses"]
    read = described["paths"][SEEN_AT.get(one["operationId"], path)].get("get")
    assert read and "ETag" in read["responses"]["200"]["headers"], "there is no address that tells the version"


def is_list(one: dict[str, Any], described: dict[str, Any]) -> bool:
    """By its name, or because all that it answers is rows."""
    answer = one["responses"].get("200", {})
    content = answer.get("content", {}).get("application/json")
    if content is None or "ETag" in answer.get("headers", {}):  # what has a version is one thing
        return content is not None and one["operationId"].startswith(("list_", "search_"))
    schema = content["schema"]
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    rows = [name for name, member in schema.get("properties", {}).items() if member.get("type") == "array"]
    others = set(schema.get("properties", {})) - set(rows) - {"next", "previous", "sentence"}
    return (
        one["operationId"].startswith(("list_", "search_"))
        or schema.get("type") == "array"
        or bool(rows and not others)
    )


@pytest.mark.parametrize(("host", "method", "path", "one", "described"), READS)
def test_a_list_is_read_in_pages(host, method, path, one, described):
    if one["operationId"] in BOUNDED:
        assert "cursor" not in names(one), "it has pages: take it out of the exceptions"
    elif is_list(one, described):
        assert {"cursor", "limit"} <= set(names(one)), "query=Paging, and page_of or page_of_list"


def test_every_exception_is_there():
    known = {one["operationId"] for _host, _method, _path, one, _described in operations()}
    assert not ({*UNVERSIONED, *BOUNDED, *SEEN_AT} - known)
