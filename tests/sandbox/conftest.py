from tests.sandbox_fixture import fresh_sandbox, sandbox  # noqa: F401
