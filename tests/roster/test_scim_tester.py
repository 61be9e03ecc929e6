"""scim2-tester, an independent checker of the protocol, against the running server over HTTP."""

from urllib.parse import urljoin

import pytest
from scim2_client.client import BaseSyncSCIMClient
from scim2_tester import Status, check_server

from apps.tenants.context import activated, platform
from tests.people import acting, owner
from tests.roster.scim import credential


class OverHttp(BaseSyncSCIMClient):
    """The client library over httpx."""

    def __init__(self, http, base, **options):
        super().__init__(**options)
        self._http, self._base = http, base

    def _stays_under_base_url(self, endpoint):
        return urljoin(self._base, endpoint.removeprefix("/")).startswith(self._base)

    def _parse_json(self, response):
        return response.json()

    def request(self, method, url, **options):
        path = url.partition("/scim/v2")[2] if "/scim/v2" in url else url
        return self._http.request(method, f"/scim/v2/{path.lstrip('/')}", **options)


@pytest.mark.slow
def test_an_independent_checker_finds_nothing(live, new_school):
    school = new_school("scim")
    with platform():
        school.settings = {"directory": {"hold_count": 10_000}}
        school.save(update_fields=["settings"])
    with activated(school):
        secret = credential("roster.provision", actor=acting(owner(email=f"o@{school.slug}.example")))
    with live.client(school) as http:
        http.headers["Authorization"] = f"Bearer {secret}"
        results = check_server(OverHttp(http, live.url(school, "/scim/v2/")))
    wrong = [one for one in results if one.status in (Status.ERROR, Status.CRITICAL)]
    assert not wrong, "\n".join(f"{one.title}: {one.reason}" for one in wrong[:20]) + live.log("web")[-1500:]
    assert len([one for one in results if one.status == Status.SUCCESS]) > 20
