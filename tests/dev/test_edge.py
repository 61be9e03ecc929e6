"""The edge server's settings, in a real nginx before an upstream that repeats what it was told (SEC-1)."""

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "deploy" / "edge" / "campanile.conf.template"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
MAIN = """
daemon off; pid {folder}/pid; error_log {folder}/error.log warn; worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/campanile.conf;
}}
"""

if os.environ.get("CI") != "true":
    pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx-light)")


class Repeats(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def log_message(self, *_):
        pass


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def write_certificate(folder: Path) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "edge")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    )
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(private)


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    folder = tmp_path_factory.mktemp("edge")
    write_certificate(folder)
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Repeats)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    http, https = free_port(), free_port()
    values = {
        "EDGE_UPSTREAM": f"127.0.0.1:{upstream.server_port}",
        "EDGE_HTTP": f"127.0.0.1:{http}",
        "EDGE_HTTPS": f"127.0.0.1:{https}",
        "EDGE_CERTIFICATES": str(folder),
        "EDGE_RATE": "20",
        "EDGE_BURST": "60",
    }
    settings = re.sub(r"\$\{(\w+)\}", lambda name: values[name[1]], TEMPLATE.read_text())
    (folder / "campanile.conf").write_text(settings)
    as_root = "user root;" if os.geteuid() == 0 else ""  # else its worker could not write into the test's folder
    (folder / "nginx.conf").write_text(as_root + MAIN.format(folder=folder))
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    address = f"https://127.0.0.1:{https}"
    with httpx.Client(base_url=address, verify=False, headers={"Host": "lumiere.campanile.example"}) as client:
        for _ in range(100):
            try:
                client.get("/")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        client.plain = f"http://127.0.0.1:{http}"
        yield client
    process.terminate()
    process.wait(timeout=10)
    upstream.shutdown()
    upstream.server_close()


def test_who_asks_is_what_the_edge_saw_not_what_they_say(edge):
    time.sleep(1)
    lies = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example",
            "Forwarded": "for=10.0.0.1"}  # fmt: skip
    told = edge.get("/", headers=lies).json()
    assert (told["x-forwarded-for"], told["x-forwarded-proto"]) == ("127.0.0.1", "https")
    assert told["host"] == "lumiere.campanile.example"
    assert "forwarded" not in told and "x-forwarded-host" not in told


def test_http_leads_to_https_of_the_same_host(edge):
    answer = httpx.get(f"{edge.plain}/people/?q=a", headers={"Host": "lumiere.campanile.example"})
    assert (answer.status_code, answer.headers["location"]) == (308, "https://lumiere.campanile.example/people/?q=a")


def test_too_big_is_refused_before_the_application(edge):
    time.sleep(1)
    assert edge.post("/", content=b"x" * (11 * 1024 * 1024)).status_code == 200
    assert edge.post("/", content=b"x" * (13 * 1024 * 1024)).status_code == 413


def test_figures_are_for_the_inside(edge):
    time.sleep(1)
    assert edge.get("/metrics").status_code == 404


def test_a_flood_from_one_address_is_stopped_and_told_when_to_come_back(edge):
    time.sleep(4)  # the bucket is empty again
    assert {edge.get("/").status_code for _ in range(20)} == {200}, "people are not"
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: edge.get("/"), range(400)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) > 200
    assert refused[0].headers["retry-after"] == "5"
    assert {answer.status_code for answer in answers} == {200, 429}
