"""Associations with a board, and people signed in."""

import pytest

from tests.associations.conftest import asked, club, lyon, student  # noqa: F401  # fixtures
from tests.conftest import client_for


@pytest.fixture
def at(lumiere):
    def sign_in(user, **options):
        user.locale = "en"
        user.save()
        browser = client_for(lumiere, **options)
        browser.force_login(user)
        return browser

    return sign_in
