"""Nonsense gets an answer that says so, never an error of the simulator's own."""

import httpx
import pytest

from tests.sandbox import client
from tests.sandbox_fixture import LUMIERE

PERSON = f"/control/organisations/{LUMIERE}/people/eeeeeeee-1111-4000-8000-000000000002"
NONSENSE = [None, 1, -1, "x", [], {}, [1], {"a": 1}, True, ""]


@pytest.fixture
def web(sandbox):
    sandbox.reset("demo")
    with httpx.Client(base_url=sandbox.url, trust_env=False, verify=False) as web:
        yield web


@pytest.mark.parametrize("content", [b"", b"nonsense", b"[]", b"null", b"\xff\xfe"])
@pytest.mark.parametrize("path", ["/organisations", "/faults", "/wrong-tokens", f"/organisations/{LUMIERE}/people"])
def test_bodies_of_the_control_api(web, path, content):
    assert web.post(f"/control{path}", content=content).status_code < 500


@pytest.mark.parametrize("name", ["accountEnabled", "mail", "userPrincipalName", "roles", "displayName", "id"])
def test_properties_of_a_person_and_the_pages_that_show_them(web, name):
    for value in NONSENSE:
        assert web.patch(PERSON, json={name: value}).status_code in (200, 400)
        assert web.get(f"/organisations/{LUMIERE}").status_code == 200


@pytest.mark.parametrize("name", ["kind", "page", "times", "after", "match", "retry_after"])
def test_fields_of_a_fault(web, name):
    for value in NONSENSE:
        assert web.post("/control/faults", json={"kind": "html", "operation": "keys", name: value}).status_code in (
            200,
            400,
        )
    assert web.get("/faults").status_code == 200


@pytest.mark.parametrize("uri", ["", "x", "http://[::1", "http://localhost:99999999/", "javascript:alert(1)"])
def test_return_addresses(web, sandbox, uri):
    query = client.authorize_query(sandbox, redirect_uri=uri)
    assert web.get(f"/microsoft/{LUMIERE}/oauth2/v2.0/authorize", params=query).status_code in (200, 400)
    assert (
        web.get(f"/microsoft/{LUMIERE}/oauth2/v2.0/logout", params={"post_logout_redirect_uri": uri}).status_code < 400
    )


@pytest.mark.parametrize("content", [b"", b"\xff", b"a=b&a=c", b"grant_type=authorization_code"])
@pytest.mark.parametrize("tenant", [LUMIERE, "none", "common"])
def test_token_requests(web, tenant, content):
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = web.post(f"/microsoft/{tenant}/oauth2/v2.0/token", content=content, headers=headers)
    assert answer.status_code in (400, 401)
    assert answer.json()["error_codes"]


@pytest.mark.parametrize("name", ["$top", "$filter", "$select", "$search", "$orderby", "$skiptoken", "$deltatoken"])
def test_queries_of_graph(web, sandbox, name):
    with client.Graph(sandbox) as graph:
        for path in ("/users", "/groups", "/groups/99999999-1111-4000-8000-000000000001/members", "/groups/delta"):
            for value in ("", "²", "x", "'", "id eq 'a", "(((", "displayName eq null and", "businessPhones eq 'x'"):
                assert graph.get(path, **{name: value}).status_code in (200, 400, 410)


BATCHES = [
    b"", b"null", b"[]", b'{"requests":5}', b'{"requests":[{"id":1,"url":"x","method":"GET"}]}',
    b'{"requests":[{"id":"1","url":"http://[","method":"GET"}]}',
    b'{"requests":[{"id":"1","url":"/users","method":"GET","dependsOn":5}]}',
    b'{"requests":[{"id":"1","url":"/users","method":"G\\u00e9"}]}',
]  # fmt: skip


@pytest.mark.parametrize("content", BATCHES)
def test_batches(web, sandbox, content):
    with client.Graph(sandbox) as graph:
        answer = graph.http.post(f"{sandbox.graph_url}/$batch", content=content, headers=graph.headers)
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == "BadRequest"
