"""A real Chromium for tests: pages in both themes and widths, axe, and everything the browser complained about.

The browser runs per module, not per session: Playwright keeps an event loop running in the test's thread, which
Django and asyncio notice, so tests of other modules must not meet it.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connections

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = 1280, 390
WIDTHS = (DESKTOP, PHONE)
SCHEMES = ("light", "dark")


def chromium_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator:
    """Chromium of the machine. Nothing is downloaded; in CI a missing browser is a failure, not a skip."""
    path = chromium_path()
    if path is None:
        message = "no Chromium found: install it or set CHROMIUM_PATH"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the loop is Playwright's own; our code stays synchronous
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
            yield chromium
            chromium.close()
            connections.close_all()  # those opened beside a running loop are out of reach once it has ended
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
        if before is not None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@dataclass
class Visit:
    """An open page and what went wrong on it."""

    page: object
    status: int
    complaints: list[str] = field(default_factory=list)

    @property
    def csp_violations(self) -> list[str]:
        return [text for text in self.complaints if "Content Security Policy" in text]

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture
def open_page(browser) -> Iterator:
    """`visit = open_page(url, width=390, scheme="dark")`. Each call is a fresh visitor unless given a context."""
    contexts = []

    def open_one(url: str, width: int = DESKTOP, scheme: str = "light", context=None, **options) -> Visit:
        if context is None:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **options
            )
            contexts.append(context)
        page = context.new_page()
        complaints = collect_complaints(page)
        answer = page.goto(url, wait_until="load")
        return Visit(page, answer.status, complaints)

    yield open_one
    for context in contexts:
        context.close()


def collect_complaints(page) -> list[str]:
    """A list that grows with every console error, script error and CSP violation of the page."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
    return complaints


# the one rule of WCAG 2.2 AA that axe knows; it is off unless asked for
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


WCAG = {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"}


def axe(page) -> list[str]:
    """What breaks WCAG 2.2 AA, and what else is serious or critical; readable: `assert axe(page) == []`."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state()  # a page that is just being replaced has no document to look at
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['impact']} {one['id']}: {node['target'][0]} {node.get('failureSummary', '')}".replace("\n", " ")
        for one in found
        if one["impact"] in ("serious", "critical") or not WCAG.isdisjoint(one["tags"])
        for node in one["nodes"]
    ]
