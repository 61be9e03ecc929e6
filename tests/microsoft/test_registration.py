"""Registrations come from the settings; a secret can be replaced while everything runs."""

import pytest

from apps.microsoft import registration


@pytest.fixture(autouse=True)
def _configured(settings):
    settings.MICROSOFT_SIGN_IN_CLIENT_ID = "sign-in"
    settings.MICROSOFT_SIGN_IN_CLIENT_SECRET = "one"
    settings.MICROSOFT_DIRECTORY_CLIENT_ID = "directory"
    settings.MICROSOFT_DIRECTORY_CLIENT_SECRET = ["current", "next", " "]
    settings.MICROSOFT_MAIL_CLIENT_ID = settings.MICROSOFT_MAIL_CLIENT_SECRET = ""
    settings.MICROSOFT_LOGIN_URL = "http://localhost:1/microsoft/"
    settings.MICROSOFT_GRAPH_URL = "http://localhost:1/graph/v1.0"


def test_each_purpose_has_its_own():
    assert registration.sign_in_app().client_id == "sign-in"
    assert registration.directory_app().client_id == "directory"


def test_addresses_end_without_a_slash():
    assert registration.sign_in_app().login_url == "http://localhost:1/microsoft"


def test_there_may_be_two_secrets_during_a_change():
    assert registration.sign_in_app().client_secrets == ("one",)
    assert registration.directory_app().client_secrets == ("current", "next")


def test_a_secret_in_a_file_is_read_anew_each_time(settings, tmp_path):
    file = tmp_path / "secret"
    settings.MICROSOFT_SIGN_IN_CLIENT_SECRET_FILE = str(file)
    file.write_text("first\n")
    assert registration.sign_in_app().client_secrets == ("first",)
    file.write_text("second\nfirst\n")
    assert registration.sign_in_app().client_secrets == ("second", "first")


def test_a_file_that_is_not_there_is_not_set_up(settings, tmp_path):
    settings.MICROSOFT_SIGN_IN_CLIENT_SECRET_FILE = str(tmp_path / "nothing")
    assert not registration.is_configured("SIGN_IN")


@pytest.mark.parametrize("missing", ["CLIENT_ID", "CLIENT_SECRET"])
def test_what_is_not_set_up_says_so(missing, settings):
    setattr(settings, f"MICROSOFT_SIGN_IN_{missing}", "")
    assert not registration.is_configured("SIGN_IN")
    with pytest.raises(registration.NotConfigured, match="operate"):
        registration.sign_in_app()


def test_mail_is_not_set_up_by_the_others():
    assert not registration.is_configured("MAIL")
