import pytest

from tests.conftest import client_for


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    """Files of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def as_person(lumiere, settings):
    def sign_in(user, school=lumiere):
        client = client_for(school)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client.force_login(user)
        return client

    return sign_in
