"""A small organisation at the simulator, linked to École Lumière."""

import pytest
from django.db import connection

from tests.directory.world import World


@pytest.fixture
def world(lumiere, microsoft):
    """Everything in one rolled-back transaction; the run is called in this process."""
    yield World(lumiere, microsoft)
    assert connection.in_atomic_block


@pytest.fixture
def lasting_world(new_school, microsoft):
    """A school whose rows are committed: for threads and for processes that are killed."""
    from apps.tenants.context import activated

    school = new_school("dir")
    with activated(school):
        microsoft.silent()  # a run that Microsoft's announcements start would be one more than the test expects
        yield World(school, microsoft)
