"""What is remembered in memory and in Redis is remembered per school."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache, caches
from django.db import connections, transaction

from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated, platform


def test_one_key_holds_a_value_per_school(lumiere, curie):
    cache.set("colour", "blue")
    with activated(curie):
        assert cache.get("colour") is None
        cache.set("colour", "red")
    with platform():
        assert cache.get("colour") is None
    assert cache.get("colour") == "blue"


def test_every_key_names_its_school(lumiere):
    cache.set("colour", "blue")
    keys = [key.decode() for key in caches["default"]._cache.get_client().scan_iter(match="*colour*")]
    assert any(key.startswith("s_lumiere:") for key in keys)
    assert cache.make_key("colour").startswith("s_lumiere:")


def test_outside_of_a_school_nothing_of_one_is_found(lumiere):
    from apps.tenants import context

    cache.set("colour", "blue")
    token = context._selected.set(None)
    try:
        assert cache.get("colour") is None
        assert cache.make_key("colour").startswith("nowhere:")
    finally:
        context._selected.reset(token)


# --- content types: their numbers differ per school, and Django remembers them per process -------------------


@pytest.fixture
def shifted(new_school):
    """Two schools in which the same model has different content type numbers."""
    schools = [new_school(), new_school()]
    with activated(schools[1]):
        ContentType.objects.create(app_label="gone", model="first")
    expected = {}
    for school in schools:
        with activated(school):
            ContentType.objects.clear_cache()
            expected[school.pk] = ContentType.objects.get_for_model(CommunicationLog).pk
    assert len(set(expected.values())) == 2
    return schools, expected


def wrong_numbers(schools, expected, select=lambda: None):
    """8 threads alternate between the schools; how often a number is the other school's."""
    start = threading.Barrier(8)

    def work(number):
        wrong = 0
        try:
            start.wait()
            for step in range(200):
                school = schools[(number + step) % 2]
                with activated(school):
                    select()
                    wrong += ContentType.objects.get_for_model(CommunicationLog).pk != expected[school.pk]
        finally:
            connections.close_all()
        return wrong

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(work, range(8)))


def test_content_types_are_those_of_the_school(shifted):
    assert wrong_numbers(*shifted) == 0


def test_with_djangos_own_cache_they_are_not(shifted, monkeypatch):
    """The control, with what django-tenants does at each switch: it empties the one cache of the process."""
    monkeypatch.setattr(ContentType.objects, "_cache", {})
    assert wrong_numbers(*shifted, select=lambda: None) > 0


def test_a_content_type_that_was_rolled_back_is_not_remembered(new_school):
    school = new_school()
    with activated(school):
        with transaction.atomic():
            ContentType.objects.get_for_model(CommunicationLog)
            transaction.set_rollback(True)
        again = ContentType.objects.get_for_model(CommunicationLog)
        assert ContentType.objects.filter(pk=again.pk).exists()
