"""A caller that names a codec of Python's as charset is refused with every header, instead of breaking the server."""

import io
from contextlib import contextmanager

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

BODY = b"--x\r\nContent-Disposition: form-data; name=email\r\n\r\n\\ud800@x.fr\r\n--x--\r\n"
KINDS = ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]


def answer(host: str, content_type: str, path: str = "/sign-in/?next=%00") -> tuple[int, dict[str, str]]:
    """Through the same application as gunicorn runs: Django's test client makes its requests differently."""
    from config.wsgi import application

    environ = RequestFactory().generic("POST", path, BODY, "text/plain", HTTP_HOST=host, SERVER_NAME=host).environ
    told: list = []
    environ["wsgi.input"] = io.BytesIO(BODY)
    environ["CONTENT_TYPE"] = content_type
    with connections_kept():
        application(environ, lambda status, headers: told.append((int(status.split()[0]), dict(headers)))).close()
    return told[0]


@contextmanager
def connections_kept():
    """As Django's test client does: the end of a request does not close the connection of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def host(client):
    return client.host


@pytest.mark.parametrize("charset", ["hex", "undefined", "unicode_escape", "idna", "utf-16", "no-such-thing"])
@pytest.mark.parametrize("kind", KINDS)
def test_any_other_charset_is_refused(host, kind, charset):
    status, headers = answer(host, f"{kind}; charset={charset}")
    assert status == 415
    assert {"Content-Security-Policy", "X-Content-Type-Options", "X-Request-ID"} <= headers.keys()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF8"])
def test_control_utf8_is_read(host, kind, charset):
    status, _headers = answer(host, kind + charset)
    assert status == 403  # read, and refused for want of a CSRF token
