import pytest

from tests.files.conftest import as_person, storage  # noqa: F401


@pytest.fixture
def committed(new_school):
    """A school whose rows are committed: the owner of the tables sees them too."""
    from apps.tenants.context import activated

    school = new_school("right")
    with activated(school):
        yield school
