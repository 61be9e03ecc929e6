"""The description as a page: every operation, both hosts, no script, nothing that axe finds wrong."""

import os
from pathlib import Path

import pytest

from apps.core.api import openapi
from tests.browser import axe

PATH = "/api/v1/docs"


@pytest.mark.parametrize("host", [openapi.SCHOOL, openapi.PLATFORM])
def test_the_page_has_every_operation(host, client, platform_client):
    answer = (client if host == openapi.SCHOOL else platform_client).get(PATH)
    text = answer.content.decode()
    assert answer.status_code == 200 and "unsafe" not in answer["Content-Security-Policy"]
    for path, item in openapi.as_json(host)["paths"].items():
        assert path in text
        for one in item.values():
            assert f'id="{one["operationId"]}"' in text


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_it_can_be_read_by_everybody(live, open_page, width, scheme):
    visit = open_page(live.platform_url(PATH), width=width, scheme=scheme)
    visit.page.evaluate("for (const one of [...document.querySelectorAll('details')].slice(0, 12)) one.open = true")
    if folder := os.environ.get("API_PICTURES"):
        visit.page.screenshot(path=str(Path(folder) / f"docs-{width}-{scheme}.png"))
    assert axe(visit.page) == []
    assert visit.overflow() <= 0 and visit.complaints == []
