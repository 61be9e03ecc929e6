"""`make audit` against a database of advisories over HTTP: what is found, what is not, and what could not be asked."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from config.dev import audit

PINNED = "six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274\n"
ADVISORY = {
    "id": "PYSEC-2026-1",
    "summary": "made up",
    "details": "made up",
    "aliases": [],
    "modified": "2026-01-01T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "six", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.18.0"}]}],
            "versions": ["1.17.0"],
        }
    ],
}


@pytest.fixture
def database(monkeypatch):
    """An OSV database that knows the advisories of `known`."""
    known, asked = [], []

    class Osv(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            body = json.dumps({"vulns": known} if known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Osv)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OSV_URL", f"http://127.0.0.1:{server.server_port}/v1/query")
    yield known, asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def pinned(tmp_path):
    path = tmp_path / "base.txt"
    path.write_text(PINNED)
    return [path]


def test_nothing_known_is_said_after_asking_for_the_pinned_version(database, pinned, capsys):
    _known, asked = database
    assert audit.run(pinned) == audit.CLEAN
    assert asked[0]["package"]["name"] == "six" and asked[0]["version"] == "1.17.0"
    assert "base.txt: 1 packages, 0 advisories" in capsys.readouterr().out


def test_a_published_vulnerability_is_named_with_what_mends_it(database, pinned, capsys):
    known, _asked = database
    known.append(ADVISORY)
    assert audit.run(pinned) == audit.VULNERABLE
    assert "six 1.17.0 PYSEC-2026-1, mended in 1.18.0" in capsys.readouterr().out


def test_a_database_that_is_away_is_no_clean_bill(monkeypatch, pinned, capsys):
    monkeypatch.setenv("OSV_URL", "http://127.0.0.1:9/v1/query")
    assert audit.run(pinned) == audit.NOT_KNOWN
    assert "could not be read" in capsys.readouterr().out
