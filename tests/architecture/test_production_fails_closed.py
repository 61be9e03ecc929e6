"""The whole production start, in a fresh process: every missing, blank or default value stops it."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "SECRET_KEY": "kJ8#vQ2!mZ7^pL4@xR9&wT1*yN6%bF3-sD5=hG0_cV8+aE2?uI7",
    "FIELD_KEYS": "3rLm0mV1yq8C5xGf7wJbH2kTzQeUoPnR9sYdXaIcBEs=",
    "PLATFORM_DOMAIN": "campanile.school",
    "DATABASE_URL": "postgresql://campanile_app:w7Kq-2Lr9_vB4@db.internal:6432/campanile",
    "DATABASE_OWNER_URL": "postgresql://campanile_owner:p9Xr-8Zt3_mC6@db.internal:5432/campanile",
    "REDIS_URL": "rediss://redis.internal:6379/0",
    "MEDIA_ROOT": "/srv/campanile/files",
    "EMAIL_HOST": "smtp.internal",
    "DEFAULT_FROM_EMAIL": "Campanile <no-reply@campanile.school>",
    "MICROSOFT_SIGN_IN_CLIENT_ID": "0d1c2b3a-1111-4222-8333-444455556666",
    "MICROSOFT_SIGN_IN_CLIENT_SECRET": "Qz8~vK3.mT6-xB1_pW9nR4",
    "MICROSOFT_DIRECTORY_CLIENT_ID": "1d1c2b3a-1111-4222-8333-444455556666",
    "MICROSOFT_DIRECTORY_CLIENT_SECRET": "Lx5~cJ2.yH7-dN8_gF0sV6",
}
SECRETS = ["SECRET_KEY", "MICROSOFT_SIGN_IN_CLIENT_SECRET", "MICROSOFT_DIRECTORY_CLIENT_SECRET"]
CODE = "import django; django.setup(); from django.conf import settings; print('DEBUG is', settings.DEBUG)"


def start(environment):
    kept = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": ".",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    return subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=False, env={**kept, **environment}
    )


def test_starts_when_everything_is_there():
    started = start(GOOD)
    assert started.stdout.strip() == "DEBUG is False", started.stderr


@pytest.mark.parametrize("name", GOOD)
def test_refuses_without(name):
    refused = start({key: value for key, value in GOOD.items() if key != name})
    assert refused.returncode != 0
    assert f"{name} is required" in refused.stderr


@pytest.mark.parametrize("name", GOOD)
def test_refuses_a_blank(name):
    refused = start(GOOD | {name: "   "})
    assert refused.returncode != 0
    assert f"{name} is required" in refused.stderr


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    "value", ["local-only-" + "0123456789abcdef" * 4, "sandbox-secret-sandbox-secret" * 2, "x" * 60]
)
def test_refuses_a_default(name, value):
    refused = start(GOOD | {name: value})
    assert refused.returncode != 0
    assert f"{name} is a default or repeated value" in refused.stderr


def of_the_demonstration(name: str) -> str:
    """What the local settings say when nothing is set."""
    read = f"from config.settings import local; print(local.{name})"
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": "."}
    return subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=True, env=kept).stdout


def of_the_example(name: str) -> str:
    """What stands in .env.example."""
    with open(".env.example") as lines:
        return next(line.partition("=")[2].strip() for line in lines if line.startswith(f"{name}="))


#: What a required setting says when nobody chose it. An address of Redis has no such value: a server of the same
#: machine, without a password, is a good one (docs/production.md).
DEFAULTS = [
    ("PLATFORM_DOMAIN", lambda: of_the_example("PLATFORM_DOMAIN"), "PLATFORM_DOMAIN is the value of an example"),
    ("PLATFORM_DOMAIN", lambda: of_the_demonstration("PLATFORM_DOMAIN"), "PLATFORM_DOMAIN must be a real domain"),
    ("EMAIL_HOST", lambda: of_the_example("EMAIL_HOST"), "EMAIL_HOST is the value of an example"),
    ("DEFAULT_FROM_EMAIL", lambda: of_the_example("DEFAULT_FROM_EMAIL"), "DEFAULT_FROM_EMAIL is the value of an"),
    ("DEFAULT_FROM_EMAIL", lambda: of_the_demonstration("DEFAULT_FROM_EMAIL"), "DEFAULT_FROM_EMAIL is the value of"),
    ("DATABASE_URL", lambda: of_the_demonstration("_default"), "DATABASE_URL holds no password"),
    ("DATABASE_OWNER_URL", lambda: of_the_demonstration("_owner"), "DATABASE_OWNER_URL holds no password"),
    ("MEDIA_ROOT", lambda: of_the_demonstration("MEDIA_ROOT"), "MEDIA_ROOT must be a whole path"),
    *[
        (name, lambda name=name: of_the_demonstration(name), f"{name} is the simulator's")
        for name in ("MICROSOFT_SIGN_IN_CLIENT_ID", "MICROSOFT_DIRECTORY_CLIENT_ID", "MICROSOFT_MAIL_CLIENT_ID")
    ],
    *[
        (name, lambda name=name: of_the_demonstration(name), f"{name} is a default")
        for name in ("SECRET_KEY", "MICROSOFT_SIGN_IN_CLIENT_SECRET", "MICROSOFT_DIRECTORY_CLIENT_SECRET")
    ],
    ("FIELD_KEYS", lambda: of_the_demonstration("FIELD_KEYS[0]"), "FIELD_KEYS: key 1 is a default"),
]


@pytest.mark.parametrize(("name", "value", "fault"), DEFAULTS)
def test_refuses_what_the_example_or_the_demonstration_says(name, value, fault):
    refused = start(GOOD | {name: value().strip()})
    assert refused.returncode != 0
    assert fault in refused.stderr


def test_every_required_setting_is_tried_with_its_default():
    assert {name for name, _value, _fault in DEFAULTS} >= set(GOOD) - {"REDIS_URL"}


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:///campanile?host=/run/postgresql&user=campanile_app",
        "postgresql://campanile_app@db.internal/campanile?sslcert=/run/secrets/app.crt&sslkey=/run/secrets/app.key",
    ],
)
def test_a_socket_or_a_certificate_needs_no_password(address):
    assert start(GOOD | {"DATABASE_URL": address}).stdout.strip() == "DEBUG is False"


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("DATABASE_URL", "postgresql://campanile_app:change-me-please@db/campanile", "DATABASE_URL holds a default"),
        ("DATABASE_OWNER_URL", "postgresql://owner:postgres@db/campanile", "DATABASE_OWNER_URL holds a default, short"),
        ("PLATFORM_DOMAIN", "schools.example", "PLATFORM_DOMAIN is the value of an example"),
        ("MEDIA_ROOT", "media", "MEDIA_ROOT must be a whole path"),
        ("SECRET_KEY", "kJ8#vQ2!mZ7^pL4", "SECRET_KEY must have at least 50 characters"),
        ("PLATFORM_DOMAIN", "campanile.localhost", "PLATFORM_DOMAIN must be a real domain"),
        ("DATABASE_URL", "mysql://a@b/c", "DATABASE_URL must start with postgresql://"),
        ("DATABASE_OWNER_URL", GOOD["DATABASE_URL"], "must use two different roles"),
        ("REDIS_URL", "http://redis", "REDIS_URL must start with"),
        ("MICROSOFT_LOGIN_URL", "http://localhost:8001/microsoft", "must be an https address of Microsoft"),
        (
            "MICROSOFT_GRAPH_URL",
            "https://graph.microsoft.com.evil.example",
            "must be an https address of Microsoft",
        ),
        ("FORCE_SERVICE_FAILURES", "2", "FORCE_SERVICE_FAILURES is for rehearsals"),
        ("ENABLE_RANDOM_FAILURES", "true", "ENABLE_RANDOM_FAILURES is for rehearsals"),
        ("RANDOM_FAILURE_RATE", "0.5", "RANDOM_FAILURE_RATE is for rehearsals"),
        ("ADDED_LATENCY_MILLISECONDS", "200", "ADDED_LATENCY_MILLISECONDS is for rehearsals"),
        ("OUTGOING_ALLOWED_TARGETS", "localhost:8001", "OUTGOING_ALLOWED_TARGETS is for rehearsals"),
        ("TRUSTED_PROXY_HOPS", "many", "TRUSTED_PROXY_HOPS must be a whole number"),
        ("EMAIL_USE_TLS", "perhaps", "EMAIL_USE_TLS must be true or false"),
        ("SECRET_KEY_FILE", "/nowhere/key", "SECRET_KEY_FILE names no readable file"),
        ("SECRET_KEY", GOOD["SECRET_KEY"] + " and more", "SECRET_KEY must not contain spaces"),
        ("SECRET_KEY_FALLBACKS", "short", "SECRET_KEY_FALLBACKS: each must have at least 50 characters"),
        ("SECRET_KEY_FALLBACKS", "local-only-" + "0123456789abcdef" * 4, "SECRET_KEY_FALLBACKS holds a default"),
        ("SECRET_KEY_FALLBACKS", GOOD["SECRET_KEY"], "SECRET_KEY_FALLBACKS must not repeat SECRET_KEY"),
        ("FIELD_KEYS", "kJ8#vQ2!mZ7^pL4", "FIELD_KEYS: key 1 must be 32 bytes in base64"),
        ("FIELD_KEYS", "c2hvcnQ=", "FIELD_KEYS: key 1 must be 32 bytes in base64"),
        ("FIELD_KEYS", f"{GOOD['FIELD_KEYS']},{'A' * 43}=", "FIELD_KEYS: key 2 is a default or not random"),
        ("FIELD_KEYS", f"{GOOD['FIELD_KEYS']},{GOOD['FIELD_KEYS']}", "FIELD_KEYS names a key twice"),
        # the demonstration's
        (
            "FIELD_KEYS",
            "bG9jYWwtb25seS1maWVsZC1rZXktMDEyMzQ1Njc4OWE=",
            "FIELD_KEYS: key 1 is a default or not random",
        ),
    ],
)
def test_refuses_what_cannot_be_right(name, value, fault):
    refused = start(GOOD | {name: value})
    assert refused.returncode != 0
    assert fault in refused.stderr


def test_names_every_fault_at_once():
    faults = start(GOOD | {"SECRET_KEY": "short", "REDIS_URL": "", "PLATFORM_DOMAIN": "localhost"}).stderr
    assert "SECRET_KEY must have at least 50 characters" in faults
    assert "REDIS_URL is required" in faults
    assert "PLATFORM_DOMAIN must be a real domain" in faults


def test_reads_a_mounted_secret(tmp_path):
    secret = tmp_path / "key"
    secret.write_text(GOOD["SECRET_KEY"] + "\n")
    environment = {key: value for key, value in GOOD.items() if key != "SECRET_KEY"}
    assert start(environment | {"SECRET_KEY_FILE": str(secret)}).stdout.strip() == "DEBUG is False"


def test_starts_with_former_keys():
    former = {
        "SECRET_KEY_FALLBACKS": f"{GOOD['SECRET_KEY'][::-1]}\n{GOOD['SECRET_KEY'][25:]}{GOOD['SECRET_KEY'][:25]}",
        "FIELD_KEYS": f"9wZkq3T8mB1xV6nR0sLpYcUeHaJgDfKoQiXtE5vN2-s=, {GOOD['FIELD_KEYS']}",
    }
    assert start(GOOD | former).stdout.strip() == "DEBUG is False"


def test_debug_cannot_be_switched_on_from_outside():
    assert start(GOOD | {"DEBUG": "true"}).stdout.strip() == "DEBUG is False"


def test_payment_providers_are_all_right_or_refused():
    address = "https-is-not-a-secret-but-this-43-characters"[:43]
    good = {
        "STRIPE_WEBHOOK_SECRETS": "whsec_9dK2mQ7vLx4TzR1n whsec_3hB8sW6yPc5JfG0u",
        "STRIPE_API_KEY": "rk_live_4Fq8",
        "HELLOASSO_URL_SECRETS": address,
        "HELLOASSO_ADDRESSES": "51.138.206.200, 192.0.2.0/24",
    }
    started = start(GOOD | good)
    assert started.stdout.strip() == "DEBUG is False", started.stderr
    wrong = {
        "STRIPE_WEBHOOK_SECRETS": "whsec_short",
        "BRIDGE_WEBHOOK_SECRETS": "sandbox-bridge-secret",
        "HELLOASSO_URL_SECRETS": address[:-1],
        "HELLOASSO_ADDRESSES": "51.138.206.200, paris",
        "HELLOASSO_TEST_CLIENT_ID": "abc",
    }
    said = start(GOOD | wrong).stderr
    for fault in (
        "STRIPE_WEBHOOK_SECRETS: each must have at least 16", "BRIDGE_WEBHOOK_SECRETS holds a default",
        "HELLOASSO_URL_SECRETS: each has 43", "HELLOASSO_ADDRESSES: 'paris' is no network",
        "HELLOASSO_TEST_CLIENT_SECRET is required",
    ):  # fmt: skip
        assert fault in said, fault
