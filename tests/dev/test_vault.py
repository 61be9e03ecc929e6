"""The production start with secrets in HashiCorp Vault: the real client against the simulator, over HTTP."""

import pytest

from tests.architecture.test_production_fails_closed import GOOD, start

ROLE_ID = "aaaaaaaa-0000-4000-8000-0000000000a1"
SECRET_ID = "aaaaaaaa-0000-4000-8000-0000000000a2"
KEY = GOOD["SECRET_KEY"]
WITHOUT = {name: value for name, value in GOOD.items() if name != "SECRET_KEY"}


@pytest.fixture
def vault(fresh_sandbox):
    fresh_sandbox.vault(path="campanile/web", data={"secret_key": KEY, "empty": " ", "number": 5})
    return fresh_sandbox


def environment(vault, reference="secret/campanile/web#secret_key", **more):
    address = vault.vault_url.replace("localhost", "127.0.0.1")
    return WITHOUT | {
        "SECRET_KEY_VAULT": reference,
        "VAULT_ADDR": address,
        "VAULT_TOKEN": "sandbox-vault-token",
        "NO_PROXY": "127.0.0.1",
        **more,
    }


def fault(environment) -> str:
    refused = start(environment)
    assert refused.returncode != 0
    assert KEY not in refused.stderr
    (line,) = [line for line in refused.stderr.splitlines() if "SECRET_KEY_VAULT: " in line]
    return line


def test_a_secret_is_read_with_a_token(vault):
    assert start(environment(vault)).stdout.strip() == "DEBUG is False"


def test_a_secret_is_read_as_a_role(vault, tmp_path):
    secret_id = tmp_path / "secret-id"
    secret_id.write_text(f"{SECRET_ID}\n")
    role = {"VAULT_TOKEN": "", "VAULT_ROLE_ID": ROLE_ID, "VAULT_SECRET_ID_FILE": str(secret_id)}
    assert start(environment(vault, **role)).stdout.strip() == "DEBUG is False"


def test_a_path_is_read_once_and_a_token_never_written_down(vault):
    names = ("MICROSOFT_SIGN_IN_CLIENT_SECRET", "MICROSOFT_DIRECTORY_CLIENT_SECRET")
    vault.vault(path="campanile/web", data={"secret_key": KEY, **{name: GOOD[name] for name in names}})
    everything = environment(vault, **{f"{name}_VAULT": f"secret/campanile/web#{name}" for name in names})
    vault.clear_requests()
    started = start({name: value for name, value in everything.items() if name not in names})
    assert started.stdout.strip() == "DEBUG is False", started.stderr
    (call,) = vault.requests(provider="vault")
    assert call["path"] == "/vault/v1/secret/data/campanile/web"
    assert call["headers"]["x-vault-token"] == "***"


def test_the_value_is_checked_like_any_other(vault):
    vault.vault(path="campanile/web", data={"secret_key": "short"})
    assert "SECRET_KEY must have at least 50 characters" in start(environment(vault)).stderr


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("secret/campanile/elsewhere#secret_key", "secret/campanile/elsewhere does not exist"),
        ("nowhere/campanile/web#secret_key", "nowhere/campanile/web does not exist"),
        ("secret/campanile/web#other", "secret/campanile/web has no text under the key 'other'"),
        ("secret/campanile/web#empty", "has no text under the key 'empty'"),
        ("secret/campanile/web#number", "has no text under the key 'number'"),
        ("secret/campanile/web", "is not mount/path#key"),
        ("secret#key", "is not mount/path#key"),
    ],
)
def test_says_what_is_missing(vault, reference, said):
    assert said in fault(environment(vault, reference))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"VAULT_TOKEN": "another"}, "does not let us read secret/campanile/web: check the token"),
        ({"VAULT_TOKEN": ""}, "VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, must be set"),
        ({"VAULT_TOKEN": "", "VAULT_ROLE_ID": ROLE_ID, "VAULT_SECRET_ID": "x"}, "Vault refuses AppRole: check"),
        ({"VAULT_ADDR": ""}, "VAULT_ADDR is not set"),
        ({"VAULT_ADDR": "http://vault.internal:8200"}, "VAULT_ADDR must start with https://"),
        ({"VAULT_ADDR": "http://127.0.0.1:1"}, "Vault at http://127.0.0.1:1 cannot be reached"),
        ({"SECRET_KEY": "also"}, ""),
    ],
)
def test_says_why_vault_was_not_read(vault, more, said):
    if said:
        assert said in fault(environment(vault, **more))
    else:  # a reference wins over a value beside it
        assert start(environment(vault, **more)).returncode == 0


def test_says_that_it_is_sealed_forbidden_deleted_or_of_the_old_kind(vault):
    vault.vault(forbidden=["secret/campanile/web"])
    assert "does not let us read secret/campanile/web" in fault(environment(vault))
    vault.vault(forbidden=[], version_one=["secret"])
    assert "is not in a key-value store of version 2" in fault(environment(vault))
    vault.vault(version_one=[], path="campanile/web", data=None)
    assert "its newest version was deleted" in fault(environment(vault))
    vault.vault(sealed=True)
    assert "is sealed or in maintenance" in fault(environment(vault))


def test_what_is_not_vault_is_told(vault):
    """Somebody else answers at the address: a page, and a redirection that would take the token along."""
    elsewhere = environment(vault, VAULT_ADDR=vault.url.replace("localhost", "127.0.0.1"))
    assert "does not exist" in fault(elsewhere)


def test_an_unreachable_vault_is_asked_once_and_told_for_each_secret(vault):
    names = ("SECRET_KEY", "REDIS_URL", "EMAIL_HOST")
    dead = {f"{name}_VAULT": f"secret/campanile/web#{name}" for name in names}
    kept = {name: value for name, value in GOOD.items() if name not in names}
    stderr = start(kept | dead | {"VAULT_ADDR": ""}).stderr
    assert all(f"{name}_VAULT: VAULT_ADDR is not set" in stderr for name in names)


def test_a_file_and_vault_at_once_is_a_mistake(vault, tmp_path):
    path = tmp_path / "key"
    path.write_text(KEY)
    assert (
        "SECRET_KEY_FILE and SECRET_KEY_VAULT are both set"
        in start(environment(vault, SECRET_KEY_FILE=str(path))).stderr
    )
