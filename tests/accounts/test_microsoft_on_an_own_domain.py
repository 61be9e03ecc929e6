"""Signing in with Microsoft on a school's own domain ends on that domain, as long as it is the school's."""

from urllib.parse import urlsplit

import pytest

from apps.accounts.models import SignInFlow
from apps.tenants.context import platform
from apps.tenants.models import Host
from tests.accounts.conftest import Walk, in_english, path_of, signed_in_as
from tests.conftest import HostClient, forget_cached

NAME = "campus.lumiere.example"


@pytest.fixture
def host(lumiere):
    with platform():
        return Host.objects.create(tenant=lumiere, domain=NAME, purpose="school", state="verified", token="t")


@pytest.fixture
def own_walk(host, organisation, platform_client, microsoft):
    forget_cached()
    return Walk(in_english(HostClient(NAME)), platform_client, microsoft)


def test_it_ends_where_it_began(own_walk, organisation):
    own_walk.sign_in(organisation.camille["id"])
    assert signed_in_as(own_walk.client) == "camille@lumiere.example"


def test_a_refusal_comes_back_there_too(own_walk):
    assert own_walk.sign_in(None).status_code in (401, 403)


def test_on_the_platforms_address_nothing_changes(host, walk, organisation):
    walk.sign_in(organisation.camille["id"])
    assert signed_in_as(walk.client) == "camille@lumiere.example"


@pytest.mark.parametrize("change", ["withdrawn", "another school's"])
def test_a_name_that_is_no_longer_the_schools_gets_no_ticket(own_walk, organisation, host, curie, change):
    params = own_walk.at_microsoft(own_walk.leave(), organisation.camille["id"])
    values = {"state": "withdrawn"} if change == "withdrawn" else {"tenant": curie}
    with platform():
        Host.objects.filter(pk=host.pk).update(**values)
    back = own_walk.callback(params)["Location"]
    assert urlsplit(back).hostname == "lumiere.campanile.localhost"


def test_the_ticket_is_worth_nothing_on_another_host(own_walk, walk, organisation):
    """The browser that began has its cookie on the own domain only."""
    ticket = own_walk.ticket(organisation.camille["id"])
    assert walk.client.get(path_of(ticket)).status_code == 403
    assert signed_in_as(walk.client) is None


def test_the_host_is_remembered_in_the_flow(own_walk):
    own_walk.leave()
    assert SignInFlow.objects.get().host == NAME
