import uuid

import pytest

from apps.microsoft import tokens
from apps.microsoft.app_tokens import AppTokens
from apps.microsoft.graph import Graph
from apps.microsoft.patience import Patience
from apps.microsoft.registration import MicrosoftApp
from tests.microsoft.scripted import Microsoft, VirtualTime

TENANT = "44444444-4444-4444-8444-444444444444"


@pytest.fixture(autouse=True)
def _no_remembered_keys():
    tokens.forget_signing_keys()
    yield
    tokens.forget_signing_keys()


@pytest.fixture
def simulated_app(sandbox) -> MicrosoftApp:
    """Our registration, at the simulator."""
    return MicrosoftApp(
        client_id=sandbox.client_id,
        client_secrets=(sandbox.client_secret,),
        login_url=sandbox.microsoft_url,
        graph_url=sandbox.graph_url,
    )


@pytest.fixture
def microsoft():
    with Microsoft() as server:
        yield server


@pytest.fixture
def scripted_app(microsoft) -> MicrosoftApp:
    return MicrosoftApp(
        client_id=str(uuid.UUID(int=7)),
        client_secrets=("first-secret-canary",),
        login_url=microsoft.login_url,
        graph_url=microsoft.graph_url,
    )


@pytest.fixture
def virtual_time() -> VirtualTime:
    return VirtualTime()


@pytest.fixture
def graph(scripted_app, virtual_time):
    """A reader of the scripted Graph that never really sleeps. Change it with `graph(patience=...)`."""
    opened = []

    def make(**options):
        options = {
            "tokens": AppTokens(),
            "patience": Patience(),
            "read_seconds": 2.0,
            "sleep": virtual_time.sleep,
            "clock": virtual_time.clock,
            "chance": lambda: 1.0,
            **options,
        }
        reader = Graph(TENANT, options.pop("app", scripted_app), **options)
        opened.append(reader)
        return reader

    yield make
    for reader in opened:
        reader.close()
