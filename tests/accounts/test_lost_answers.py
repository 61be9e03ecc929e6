"""The answer to a rotation is lost, after any number of bytes (S3): who asks again is let in; never a 5xx."""

import socket
import struct
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from apps.accounts.models import Session
from apps.tenants.context import activated
from tests.people import PASSWORD, person
from tests.security.test_parallel_guesses import Browsers

#: how much of the answer arrives: nothing, a part of the first line, of the headers, of the cookies, of the page
CUTS = ("nothing", "first line", "headers", "first cookie", "second cookie", "page", "all")


@pytest.fixture
def browser(live, new_school):
    """Signed in, with a refresh token whose access token is over."""
    school = new_school("lost")
    with activated(school):
        user = person()
        browsers = Browsers(live, school)
        answer = browsers.attempt(user.email, PASSWORD)
        assert answer.status == 302
        cookies = dict(line.partition(";")[0].split("=", 1) for line in answer.headers.get_all("Set-Cookie"))
        yield Wire(browsers, cookies[settings.SESSION_COOKIE_NAME])


class Wire:
    def __init__(self, browsers: Browsers, refresh: str) -> None:
        self.port, self.host, self.refresh = browsers.port, browsers.headers["Host"], refresh

    def ask(self, until: str = "all") -> str:
        """Ask for a page with the refresh token; what arrived before the connection broke."""
        found = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as wire:
            wire.sendall(
                f"GET /account/ HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n"
                f"Cookie: {settings.SESSION_COOKIE_NAME}={self.refresh}\r\n\r\n".encode()
            )
            while not arrived(found, until) and (more := wire.recv(1)):
                found += more
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # broken off, not closed
        return found.decode(errors="replace")


def arrived(found: bytes, until: str) -> bool:
    head, _, page = found.partition(b"\r\n\r\n")
    cookies = head.lower().count(b"set-cookie:")
    return {
        "nothing": len(found) >= 1, "first line": len(found) >= 9, "headers": found.count(b"\r\n") >= 3,
        "first cookie": cookies >= 1 and head.endswith(b"="), "second cookie": cookies >= 2 and head.endswith(b"="),
        "page": len(page) >= 100, "all": False,
    }[until]  # fmt: skip


def new_refresh(answer: str) -> str:
    return answer.partition(f"{settings.SESSION_COOKIE_NAME}=")[2].partition(";")[0]


def later(seconds: int) -> None:
    Session.objects.update(rotated_at=timezone.now() - timedelta(seconds=seconds))


@pytest.mark.parametrize("cut", CUTS)
def test_it_is_survived_within_the_overlap_and_seen_as_a_copy_after_it(browser, cut):
    later(400)
    lost = browser.ask(cut)
    assert len(lost) >= 1 and "500" not in lost[:15]
    generation = Session.objects.get().generation
    assert generation == 1, "the server has rotated, whatever arrived"
    again = browser.ask()
    assert again.startswith("HTTP/1.1 200") and new_refresh(again) not in ("", browser.refresh)
    assert Session.objects.get().generation == 1, "the same successor, not one more"
    later(settings.REFRESH_OVERLAP_SECONDS + 1)
    late = browser.ask()
    assert late.startswith("HTTP/1.1 302") and "ended=reused" in late
    browser.refresh = new_refresh(again)
    assert browser.ask().startswith("HTTP/1.1 302"), "the whole family is over"
