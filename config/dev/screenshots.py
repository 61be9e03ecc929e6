"""`make screenshots`: pictures of the running demonstration for README and docs, so that they cannot go stale."""

import contextlib
import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / ".run" / "demo"
TARGET = ROOT / "docs" / "screenshots"
DESKTOP, PHONE = (1280, 860), (390, 844)
SCHOOL = "lumiere"


class ScreenshotProblem(Exception):
    """No picture can be taken; the message says what to do."""


@dataclass(frozen=True)
class Shot:
    """One picture of `path`, or of the page behind its first link that matches the pattern `follow`."""

    name: str
    visitor: str  # anyone, staff, member, simulator
    path: str
    follow: str = ""
    scheme: str = "light"
    size: tuple[int, int] = DESKTOP


SHOTS = (
    Shot("sign-in", "anyone", "/sign-in/"),
    Shot("dashboard-light", "staff", "/"),
    Shot("dashboard-dark", "staff", "/", scheme="dark"),
    Shot("dashboard-phone", "staff", "/", size=PHONE),
    Shot("people", "staff", "/people/"),
    Shot("person", "staff", "/people/?status=active", follow=r"/people/[0-9a-f-]{36}/$"),
    Shot("campuses", "staff", "/campuses/"),
    Shot("directory", "staff", "/directory/"),
    Shot("directory-run", "staff", "/directory/", follow=r"/directory/runs/[0-9a-f-]{36}/$"),
    Shot("audit", "staff", "/audit/"),
    Shot("settings", "staff", "/settings/"),
    Shot("components", "staff", "/ui/"),
    Shot("campus-home", "member", "/"),
    Shot("campus-home-phone", "member", "/", size=PHONE, scheme="dark"),
    Shot("simulator", "simulator", "/"),
)


def main() -> int:
    try:
        places = _running_demo()
        chromium = _chromium()
        from playwright.sync_api import sync_playwright

        TARGET.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            problems = _take_all(browser, places)
            browser.close()
        if problems:
            raise ScreenshotProblem("Not taken:\n  " + "\n  ".join(problems))
    except ScreenshotProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _running_demo() -> dict[str, Any]:
    from config.dev import supervisor

    with supervisor.only_one(DEMO) as alone:
        if alone or not (DEMO / "ready.json").exists():
            raise ScreenshotProblem("Start the demonstration first: `make demo`, and `make screenshots` beside it.")
    return json.loads((DEMO / "ready.json").read_text())


def _chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise ScreenshotProblem("No Chromium found: install it, or set CHROMIUM_PATH.")
    return found


def _take_all(browser: Any, places: dict[str, Any]) -> list[str]:
    """Each visitor signs in once; each picture has a window of its own look. Why some could not be taken."""
    problems = []
    sessions = {
        "anyone": _anyone(browser, places),
        "simulator": None,
        "staff": _staff(browser, places),
        "member": _member(browser, places),
    }
    before = {visitor: _speak(browser, places, sessions[visitor], "en") for visitor in ("staff", "member")}
    for shot in SHOTS:
        try:
            _take(browser, places, shot, sessions[shot.visitor])
        except ScreenshotProblem as problem:
            problems.append(f"{shot.name}: {problem}")
        else:
            print(f"  {TARGET.relative_to(ROOT)}/{shot.name}.png", flush=True)
    for visitor, language in before.items():
        _speak(browser, places, sessions[visitor], language)
    return problems


CHANGE_LANGUAGE = """async language => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]").value
    const body = new URLSearchParams({language, csrfmiddlewaretoken: token})
    await fetch("/set-language/", {method: "POST", body, redirect: "manual"})
    return document.documentElement.lang
}"""


def _speak(browser: Any, places: dict[str, Any], session: Any, language: str) -> str:
    """Change the language of whoever is signed in; the answer is the one before."""
    context = browser.new_context(storage_state=session)
    with contextlib.closing(context):
        page = context.new_page()
        _open(page, places["schools"][SCHOOL] + "/account/")
        return str(page.evaluate(CHANGE_LANGUAGE, language))


def _take(browser: Any, places: dict[str, Any], shot: Shot, session: Any) -> None:
    base = places["simulator"] if shot.visitor == "simulator" else places["schools"][SCHOOL]
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]}, color_scheme=shot.scheme,
        reduced_motion="reduce", locale="en", storage_state=session,
    )  # fmt: skip
    with contextlib.closing(context):
        page = context.new_page()
        _open(page, base + shot.path)
        if shot.follow:
            _open(page, _first_link(page, shot))
        page.evaluate("document.fonts.ready")
        page.screenshot(path=TARGET / f"{shot.name}.png")


def _open(page: Any, url: str) -> None:
    answer = page.goto(url, wait_until="load")
    if answer.status != 200:
        raise ScreenshotProblem(f"{url} answers {answer.status}.")


def _first_link(page: Any, shot: Shot) -> str:
    for link in page.locator("a[href]").all():
        if re.search(shot.follow, link.get_attribute("href")):
            return str(link.evaluate("link => link.href"))
    raise ScreenshotProblem(f"{page.url} has no link like {shot.follow} for the picture {shot.name}.")


def _anyone(browser: Any, places: dict[str, Any]) -> Any:
    """A visitor who has chosen English: schools greet in their own language."""
    context = browser.new_context(locale="en")
    with contextlib.closing(context):
        page = context.new_page()
        _open(page, places["schools"][SCHOOL] + "/sign-in/")
        page.evaluate(CHANGE_LANGUAGE, "en")
        return context.storage_state()


def _staff(browser: Any, places: dict[str, Any]) -> Any:
    person = _who(places, has_password=True)
    context = browser.new_context(locale="en")
    page = context.new_page()
    _open(page, places["schools"][SCHOOL] + "/sign-in/")
    page.fill("input[name=email]", person["email"])
    page.fill("input[name=password]", person["password"])
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    return _signed_in(context, page, person)


def _member(browser: Any, places: dict[str, Any]) -> Any:
    person = _who(places, has_password=False)
    context = browser.new_context(locale="en")
    page = context.new_page()
    _open(page, places["schools"][SCHOOL] + "/sign-in/microsoft/")
    page.fill("input[name=search]", person["email"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("button[name=person]").first.click()
    return _signed_in(context, page, person)


def _signed_in(context: Any, page: Any, person: dict[str, str]) -> Any:
    page.wait_for_load_state("load")
    if "/sign-in" in page.url or SCHOOL not in page.url:
        raise ScreenshotProblem(f"{person['email']} could not sign in; the browser is at {page.url}.")
    state = context.storage_state()
    context.close()
    return state


def _who(places: dict[str, Any], *, has_password: bool) -> dict[str, str]:
    for person in places["signins"]:
        if SCHOOL in person["where"] and ("Microsoft" not in person["password"]) == has_password:
            return person
    raise ScreenshotProblem(
        f"The demonstration names nobody of {SCHOOL} {'with' if has_password else 'without'} a password."
    )


if __name__ == "__main__":
    sys.exit(main())
