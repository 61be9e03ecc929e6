"""Addresses in words: plain ones for private networks, towns only from the operator's own file (IDN-4)."""

import os

import pytest
from django.utils import translation
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from apps.accounts.models import Session
from apps.core.places import place_of
from tests.people import person


@pytest.fixture
def towns(settings, tmp_path):
    """A database of two networks."""
    writer = MMDBWriter(6, "Test-City", languages=["fr", "en"], ipv4_compatible=True)
    lyon = {"city": {"names": {"fr": "Lyon", "en": "Lyons"}}, "country": {"names": {"fr": "France", "en": "France"}}}
    writer.insert_network(IPSet(["81.2.69.0/24"]), lyon)
    writer.insert_network(IPSet(["2001:1700::/32"]), {"country": {"names": {"en": "Switzerland"}}})
    settings.GEOIP_DATABASE = str(tmp_path / "towns.mmdb")
    writer.to_db_file(settings.GEOIP_DATABASE)
    return writer


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("127.0.0.1", "this computer"),
        ("::1", "this computer"),
        ("10.4.1.9", "local network"),
        ("192.168.1.20", "local network"),
        ("169.254.3.3", "local network"),
        ("fd00::7", "local network"),
        ("::ffff:192.168.1.20", "local network"),
        ("81.2.69.142", ""),
        ("", ""),
        (None, ""),
        ("nonsense", ""),
    ],
)
def test_without_a_file_only_private_networks_have_words(address, place):
    assert place_of(address) == place


def test_towns_come_from_the_file_in_the_language_of_the_page(towns):
    assert place_of("81.2.69.142") == "Lyons, France"
    assert place_of("::ffff:81.2.69.142") == "Lyons, France"
    with translation.override("fr"):
        assert place_of("81.2.69.142") == "Lyon, France"
        assert place_of("2001:1700::5") == "Switzerland", "without a French name the English one"
    assert place_of("8.8.8.8") == ""
    assert place_of("192.168.1.20") == "local network"


def test_a_file_that_was_replaced_is_read_anew(towns, settings):
    assert place_of("81.2.69.142")
    towns.insert_network(IPSet(["8.8.8.0/24"]), {"country": {"names": {"en": "United States"}}})
    towns.to_db_file(settings.GEOIP_DATABASE)
    os.utime(settings.GEOIP_DATABASE, ns=(1, 1))
    assert place_of("8.8.8.8") == "United States"


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_a_bad_file_says_nothing_and_breaks_nothing(settings, tmp_path, content, caplog):
    settings.GEOIP_DATABASE = str(tmp_path / "bad.mmdb")
    if content is not None:
        (tmp_path / "bad.mmdb").write_bytes(content)
    assert place_of("81.2.69.142") == ""
    assert "places are not known" in caplog.text


def test_the_pages_of_sessions_show_it(client, towns):
    from tests.people import admin

    boss = admin(locale="en")
    client.force_login(boss)
    other = person()
    for user in (boss, other):
        client.__class__(client.host).force_login(user)
    Session.objects.update(address="81.2.69.142")
    assert "Lyons, France" in client.get("/account/").content.decode()
    assert "(Lyons, France)" in client.get(f"/people/{other.pk}/").content.decode()
