import pytest

from apps.accounts.models import User
from apps.campuses.models import ApprovedDomain, Campus
from tests.integrations.senders import Sender, secret_for
from tests.tenants.conftest import console, superadmin  # noqa: F401


@pytest.fixture
def sender(lumiere) -> Sender:
    """The user service of École Lumière, whose own domain is approved."""
    campus = Campus.objects.create(name="Lyon")
    ApprovedDomain.objects.create(domain="lumiere.example", campus=campus)
    return Sender(host="lumiere.campanile.localhost", secret=secret_for("user-service"))


@pytest.fixture
def people():
    return lambda: {user.external_id: user for user in User.objects.exclude(external_id=None)}
