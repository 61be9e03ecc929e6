"""The bearer token goes to Graph and to nobody else, whatever a page or an answer names."""

import httpx
import pytest

from apps.microsoft.errors import GraphConfused
from tests.microsoft.scripted import Reply, Scripted

PERSON = {"id": "u1", "userPrincipalName": "ada@x.example", "displayName": "Ada"}


@pytest.fixture
def elsewhere():
    """A second server; on the same address as Graph, at another port."""
    with Scripted(lambda call: Reply(200, {"value": []})) as server:
        yield server


def wrong_links(microsoft, elsewhere):
    good = f"{microsoft.graph_url}/groups/g1/members?$skiptoken=2"
    rest = good.partition("/v1.0")[2]
    host = f"127.0.0.1:{microsoft.port}"
    return {
        "another port": f"{elsewhere.url}/v1.0{rest}",
        "another host": f"http://127.0.0.2:{elsewhere.port}/v1.0{rest}",
        "a name for the same machine": f"http://localhost:{microsoft.port}/v1.0{rest}",
        "another scheme": f"https://{host}/v1.0{rest}",
        "no web address": f"ftp://{host}/v1.0{rest}",
        "a user before the host": f"http://{host}@127.0.0.1:{elsewhere.port}/v1.0{rest}",
        "a user and a password": f"http://{host}:x@127.0.0.1:{elsewhere.port}/v1.0{rest}",
        "a user on the right host": f"http://me@{host}/v1.0{rest}",
        "a backslash": f"http://{host}\\@127.0.0.1:{elsewhere.port}/v1.0{rest}",
        "a longer host": f"http://{host}.evil.example/v1.0{rest}",
        "no scheme": f"//127.0.0.1:{elsewhere.port}/v1.0{rest}",
        "a path alone": f"/v1.0{rest}",
        "outside of Graph": f"http://{host}/control/reset",
        "a longer path": f"http://{host}/v1.0evil{rest}",
        "climbing out": f"http://{host}/v1.0/../control/reset",
        "climbing out in disguise": f"http://{host}/v1.0/%2e%2e/control/reset",
        "a fragment": f"{good}#@127.0.0.1:{elsewhere.port}",
        "a line break": f"{good}\r\nHost: evil.example",
        "a tab in the host": f"http://127.0.0.1\t:{elsewhere.port}/v1.0{rest}",
        "not an address": "http://[::1",
        "a port that is none": f"http://127.0.0.1:99999/v1.0{rest}",
        "a script": "javascript:alert(1)",
    }


KINDS = list(
    wrong_links(
        type("M", (), {"graph_url": "http://127.0.0.1:1/v1.0", "port": 1}), type("E", (), {"url": "", "port": 2})
    )
)


@pytest.mark.parametrize("name", ["@odata.nextLink", "@odata.deltaLink"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_link_to_elsewhere_is_not_followed_and_the_page_not_accepted(kind, name, graph, microsoft, elsewhere):
    link = wrong_links(microsoft, elsewhere)[kind]
    microsoft.graph = lambda call: Reply(200, {"value": [PERSON], name: link})
    reader = graph()
    with pytest.raises(GraphConfused):
        list(reader.pages(reader.members_url("g1")))
    assert elsewhere.calls == []
    assert len(microsoft.graph_calls) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_stored_place_elsewhere_is_not_continued(kind, graph, microsoft, elsewhere):
    with pytest.raises(GraphConfused):
        list(graph().pages(wrong_links(microsoft, elsewhere)[kind], number=2))
    assert elsewhere.calls == []
    assert microsoft.graph_calls == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status, graph, microsoft, elsewhere):
    microsoft.graph = lambda call: Reply(status, {}, headers={"location": f"{elsewhere.url}/v1.0/x"})
    with pytest.raises(GraphConfused):
        graph().organization()
    assert elsewhere.calls == []


def test_the_location_of_a_410_is_not_followed_either(graph, microsoft, elsewhere):
    microsoft.graph = lambda call: Reply(410, {}, headers={"location": f"{elsewhere.url}/v1.0/x"})
    with pytest.raises(Exception, match="again from the beginning"):
        graph().organization()
    assert elsewhere.calls == []


def test_the_recorder_would_have_seen_a_token(elsewhere):
    """The control: a client without discipline is caught by the same server."""
    with httpx.Client(trust_env=False) as careless:
        careless.get(f"{elsewhere.url}/v1.0/x", headers={"authorization": "Bearer token-1-canary"})
    assert [call.bearer for call in elsewhere.calls] == ["Bearer token-1-canary"]


@pytest.mark.parametrize(
    "query",
    [
        "$skiptoken=RFNwdAIAAQ%3D%3D",
        "$select=id,displayName&$skiptoken=X'abc'(1);d|e{}~!*",
        "$top=999&$skiptoken=a+b%20c%2Fd%2fe",
        "$skiptoken=%E9%zz&empty=&=x&&y",
    ],
)
def test_a_good_link_is_followed_to_the_letter(query, graph, microsoft):
    link = f"{microsoft.graph_url}/groups('g1')/transitiveMembers/microsoft.graph.user?{query}"
    replies = [Reply(200, {"value": [PERSON], "@odata.nextLink": link}), Reply(200, {"value": []})]
    microsoft.graph = lambda call: replies.pop(0)
    reader = graph()
    assert len(list(reader.pages(reader.members_url("g1")))) == 2
    assert microsoft.graph_calls[1].target == link.removeprefix(microsoft.url)
    assert microsoft.graph_calls[1].bearer == "Bearer token-1-canary"
