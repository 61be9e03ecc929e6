"""Addresses that people give never lead inside, however they are written and whatever their name answers (H6)."""

import ipaddress
import socket
import ssl

import httpcore
import httpx
import pytest

from apps.integrations import http
from apps.integrations.http import targets, transport
from apps.integrations.http.targets import is_public, require_target
from tests.certificates import Authority
from tests.integrations import faults
from tests.live import wait_until

# Hosts as a person may write them: each leads to this machine or its network, or pretends to.
HOSTS = [
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1",
    "017700000001", "0177.0.0.1", "0177.0.0.01", "127.0.0.1.", "0.0.0.0", "0", "0.0.0.1", "localhost", "LOCALHOST",
    "localhost.", "localhost.localdomain", "sub.localhost", "ip6-localhost", "printer.local", "vault.internal", "redis",
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1.254", "169.254.169.254",
    "169.254.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.254", "168.63.129.16", "192.0.0.1", "192.0.0.192",
    "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:0:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]",
    "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::10.0.0.1]", "[2002:7f00:1::]", "[2002:a00:1::1]",
    "[2001:0:7f00:1::1]", "[2001:db8::1]", "[3fff::1]", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]",
    "[ff02::1]", "[100::1]", "[2a00:1450::200:5efe:7f00:1]", "[2a00:1450::5efe:a00:1]", "[5f00::1]", "[4000::1]",
]  # fmt: skip

URLS = {
    "http://hooks.example.com/": "scheme",
    "ftp://hooks.example.com/": "scheme",
    "file:///etc/passwd": "scheme",
    "gopher://hooks.example.com/": "scheme",
    "HTTPS:///x": "name",
    "//hooks.example.com/": "scheme",
    "hooks.example.com": "scheme",
    "javascript:alert(1)": "scheme",
    "unix:///run/redis.sock": "scheme",
    "https://user@hooks.example.com/": "credentials",
    "https://user:pass@hooks.example.com/": "credentials",
    "https://hooks.example.com@127.0.0.1/": "credentials",
    "https://:@hooks.example.com/": "credentials",
    "https://hooks.example.com:22/": "port",
    "https://hooks.example.com:80/": "port",
    "https://hooks.example.com:6379/": "port",
    "https://hooks.example.com:0/": "port",
    "https://hooks.example.com:99999/": "port",
    "https://hooks.example.com:x/": "malformed",
    "https://hooks.exa mple.com/": "name",
    "https://hooks.example.com\r\n.evil.example/": "malformed",
    "https://" + "a" * 64 + ".example.com/": "name",
    "https://" + "a." * 130 + "example.com/": "name",
    "https://example/": "name",
    "https://-.example.com/": "name",
    "https://hooks..example.com/": "name",
    "https://\u2460\u2461\u2466.0.0.1/": "malformed",  # digits of other alphabets
    "https://127\u30020\u30020\u30021/": "number",
    "https://hooks.example.com/" + "x" * 2000: "long",
    "": "scheme",
}


@pytest.fixture
def listening():
    """A server on every loopback address, IPv4 and IPv6, at one port."""
    with faults.FaultServer() as server:
        six = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        six.bind(("::1", server.port))
        six.listen()
        six.setblocking(False)
        server.six, server.sixes, server.ours = six, 0, 0
        yield server
        six.close()


def connections(server) -> int:
    """How many there were, ours not counted, which comes last and so shows that all others were noticed."""
    with socket.create_connection(("127.0.0.1", server.port)) as ours:
        wait_until(lambda: ours.getsockname() in server.callers, message="the server noticed nothing")
    server.ours += 1
    while True:
        try:
            server.six.accept()[0].close()
            server.sixes += 1
        except BlockingIOError:
            return server.connections - server.ours + server.sixes


def spelled(host: str) -> str:
    return host.strip("[]")


def test_there_are_enough_of_them():
    assert len(set(HOSTS)) >= 60


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_call_reaches_it(host, scheme, listening):
    refusals = (http.AddressRefused, httpx.InvalidURL, httpx.UnsupportedProtocol)
    with http.client("hooks", public_only=True, limits=http.Limits(tries=1)) as web, pytest.raises(refusals):
        web.post(f"{scheme}://{host}:{listening.port}/")
    assert connections(listening) == 0


@pytest.mark.parametrize("host", HOSTS)
def test_the_form_refuses_it(host):
    with pytest.raises(http.AddressRefused):
        require_target(f"https://{host}/hook")


@pytest.mark.parametrize("host", HOSTS)
def test_and_if_the_form_had_not_no_connection_would_be_made(host, listening):
    """The second wall alone: after the name was looked up, whatever was written."""
    with pytest.raises((http.AddressRefused, httpcore.ConnectError)):
        transport.Network(public_only=True).connect_tcp(spelled(host), listening.port, timeout=2)
    assert connections(listening) == 0


def test_control_without_the_walls_many_of_them_reach_this_machine(listening):
    for host in ("127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "localhost", "::1"):
        transport.Network(public_only=False).connect_tcp(host, listening.port, timeout=2).close()
    assert connections(listening) == 7


@pytest.mark.parametrize("url", URLS)
def test_other_faults_of_an_address(url):
    with pytest.raises(http.AddressRefused) as refused:
        require_target(url)
    assert refused.value.reason == URLS[url]


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com/a?b=c",
        "https://hooks.example.com:8443/",
        "https://école.example/",
        "https://a_b.example.com.",
    ],
)
def test_ordinary_addresses_are_good(url):
    assert require_target(url).scheme == "https"


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1", "2a00:1450:4007::200e"],
)
def test_control_the_internet_is_public(address):
    assert is_public(ipaddress.ip_address(address))


def resolver(monkeypatch, answers: dict[str, list[list[str]]]):
    """Names answer these addresses, the next list each time; literals are themselves."""
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *more, **named):
        if host not in answers:
            return real(host, port, *more, **named)
        turn = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
        family = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [(family[ipaddress.ip_address(one).version], socket.SOCK_STREAM, 6, "", (one, port)) for one in turn]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture
def any_port(monkeypatch, listening):
    monkeypatch.setattr(targets, "PORTS", frozenset({listening.port}))


PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    "inside", [["127.0.0.1"], ["::1"], ["::ffff:127.0.0.1"], [PUBLIC, "127.0.0.1"], ["10.0.0.1", PUBLIC]]
)
def test_a_name_that_leads_inside(inside, listening, any_port, monkeypatch):
    resolver(monkeypatch, {"hooks.example.com": [inside]})
    with http.client("hooks", public_only=True) as web, pytest.raises(http.AddressRefused):
        web.get(f"https://hooks.example.com:{listening.port}/")
    assert connections(listening) == 0


def test_a_name_that_leads_outside_first_and_inside_a_moment_later(listening, any_port, monkeypatch):
    resolver(monkeypatch, {"hooks.example.com": [[PUBLIC], ["127.0.0.1"]]})
    tried = []

    def connect(self, host, port, **_more):
        tried.append(host)
        raise httpcore.ConnectError("the outside is not called in tests")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with http.client("hooks", public_only=True, limits=http.Limits(tries=1)) as web:
        with pytest.raises(httpx.ConnectError):
            web.get(f"https://hooks.example.com:{listening.port}/")
        with pytest.raises(http.AddressRefused):
            web.get(f"https://hooks.example.com:{listening.port}/")
    assert tried == [PUBLIC], "to exactly the address that was checked, and never to what came later"
    assert connections(listening) == 0


def test_a_redirect_inside_is_not_followed_even_by_who_follows(listening, settings):
    reply = (
        b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:%d/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        % listening.port
    )
    with faults.FaultServer(faults.answer(reply)) as outside:
        settings.OUTGOING_ALLOWED_TARGETS = [f"localhost:{outside.port}"]
        with http.client("hooks", public_only=True) as web:
            assert web.get(f"http://localhost:{outside.port}/").status_code == 302
            with pytest.raises(http.AddressRefused):
                web.get(f"http://localhost:{outside.port}/", follow_redirects=True)
        assert outside.connections == 2
    assert connections(listening) == 0


def test_the_simulator_is_allowed_by_name_and_port_and_nothing_beside_it(listening, settings):
    settings.OUTGOING_ALLOWED_TARGETS = [f"localhost:{listening.port}"]
    with http.client("hooks", public_only=True, limits=http.Limits(tries=1)) as web:
        assert web.get(f"http://localhost:{listening.port}/").content == b"good"
        for other in (
            f"http://127.0.0.1:{listening.port}/",
            f"http://localhost:{listening.port + 1}/",
            "http://localhost/",
        ):
            with pytest.raises(http.AddressRefused):
                web.get(other)
        with pytest.raises(http.AddressRefused):
            web.get(f"http://user@localhost:{listening.port}/")


# --- TLS: the checked address, the name that was asked for --------------------------------------------------


def test_tls_is_spoken_with_the_name_not_the_address(monkeypatch, tmp_path):
    authority = Authority(tmp_path)
    asked = []
    context = authority.server_context("hooks.example.com")
    context.sni_callback = lambda _socket, name, _context: asked.append(name)

    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65536)
            secure.sendall(faults.GOOD)

    trusting = ssl.create_default_context(cafile=authority.file)
    monkeypatch.setattr(transport, "is_public", lambda address: True)
    with faults.FaultServer(serve, reads=False) as server:
        monkeypatch.setattr(targets, "PORTS", frozenset({server.port}))
        resolver(monkeypatch, {"hooks.example.com": [["127.0.0.1"]], "other.example.com": [["127.0.0.1"]]})
        monkeypatch.setattr("apps.integrations.http.calling._trusted_authorities", lambda: trusting)
        with http.client("hooks", public_only=True, limits=http.Limits(tries=1)) as web:
            assert web.get(f"https://hooks.example.com:{server.port}/").content == b"good"
            assert asked == ["hooks.example.com"]
            with pytest.raises(httpx.ConnectError, match="certificate"):
                web.get(f"https://other.example.com:{server.port}/")
