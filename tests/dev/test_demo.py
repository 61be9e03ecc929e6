"""`make demo`: what it says when it cannot start, and what it prints when it has."""

import json
import socket

import pytest

from config.dev import demo


@pytest.mark.parametrize("port", ["abc", "", "80", "70000", "-1"])
def test_a_port_that_is_none_is_refused_with_an_example(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(demo.DemoProblem, match="make demo PORT=8000"):
        demo.Ports.from_environment()


def test_a_port_in_use_is_named_with_its_program_and_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(demo.DemoProblem) as problem:
            demo.Ports(port).require_free()
    assert f"Port {port} is in use by" in str(problem.value)
    assert "make stop" in str(problem.value)
    assert f"make demo PORT={port + 1000}" in str(problem.value)


def test_free_ports_are_accepted():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1] + 1
    if all(demo._is_free(port + offset) for offset in (0, 1, 25, 53)):
        demo.Ports(port).require_free()


def test_ready_is_one_line_with_all_addresses_then_who_signs_in(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    monkeypatch.setattr(demo, "ROOT", tmp_path.parent)
    person = {"who": "owner", "where": "http://lumiere.campanile.localhost:9000/", "email": "o@x", "password": "pw"}
    (tmp_path / "signins.json").write_text(json.dumps({"signins": [person]}))
    demo._announce(demo.Ports(9000), 3)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[0] == (
        "Ready: http://campanile.localhost:9000  http://lumiere.campanile.localhost:9000  "
        "http://curie.campanile.localhost:9000"
    )
    assert lines[1].split() == ["owner", person["where"], "o@x", "pw"]
    assert "http://localhost:9001/" in lines[2]
    assert json.loads((tmp_path / "ready.json").read_text())["signins"] == [person]


def test_every_process_is_told_the_same_servers_and_ports():
    from config.dev.servers import Servers

    environment = demo._environment(demo.Ports(9000), Servers("postgresql://a", "postgresql://o", "redis://r"))
    assert environment["DATABASE_URL"] == "postgresql://a"
    assert environment["SANDBOX_URL"] == "http://localhost:9001"
    assert environment["EMAIL_PORT"] == "9025"
    assert environment["DJANGO_SETTINGS_MODULE"] == "config.settings.local"
