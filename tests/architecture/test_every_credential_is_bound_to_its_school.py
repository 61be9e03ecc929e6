"""Whatever is carried (cookie, token, link, signed value) is worthless at another school, and a test says so.

The makers are found in the code: a module that begins to make secrets or signatures fails here until it names the
test in which its credential is presented at another school and refused.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKES = re.compile(
    r"new_secret\(\)|Signer\(|signing\.dumps|hmac\.(?:digest|new)\(|jwt\.encode|make_token\(|set_signed_cookie|token_urlsafe"
)
#: module that makes a credential -> the test that carries it to another school
SHOWN_BY = {
    "apps/accounts/credentials.py": "tests/accounts/test_invitations.py::test_a_link_of_another_school_is_unknown",
    "apps/accounts/known_browsers.py": "tests/accounts/test_known_browsers.py::test_the_cookie_is_of_one_school",
    "apps/accounts/models.py": "tests/accounts/test_api_sessions.py::test_nothing_works_at_another_school",
    "apps/accounts/services/break_glass.py": (
        "tests/accounts/test_break_glass.py::test_it_is_worthless_at_another_school"
    ),
    "apps/accounts/services/email_change.py": (
        "tests/accounts/test_email_change.py::test_withdrawn_replaced_expired_foreign"
    ),
    "apps/accounts/services/consents.py": (
        "tests/rights/test_consents.py::test_a_guardian_s_link_is_worthless_at_another_school"
    ),
    "apps/accounts/services/second_step.py": (
        "tests/accounts/test_second_step.py::test_it_is_worthless_at_another_school"
    ),
    "apps/accounts/views/cookies.py": (
        "tests/accounts/test_passkeys.py::test_a_passkey_of_one_school_is_nobody_at_another"
    ),
    "apps/core/crypto.py": "it encrypts, nobody carries it; tests/core/test_crypto.py shows what binds a value",
    "apps/devices/services/enrolment.py": (
        "tests/devices/test_what_a_device_reaches.py::test_cookies_of_one_school_are_worthless_in_another"
    ),
    "apps/devices/services/pins.py": (
        "tests/devices/test_pins.py::test_a_hash_is_worthless_for_another_person_and_in_another_school"
    ),
    "apps/directory/services/subscriptions.py": (
        "tests/directory/test_notifications.py::test_the_address_of_one_school_writes_into_no_other"
    ),
    "apps/integrations/services/secrets.py": (
        "tests/integrations/test_inbox.py::test_a_secret_of_one_school_is_worthless_at_another"
    ),
    "apps/payments/services/connecting.py": (
        "tests/payments/test_paying_at_helloasso.py::test_a_connection_of_one_school_is_worthless_in_another"
    ),
    "apps/outgoing/services/secrets.py": (
        "tests/outgoing/test_endpoints.py::test_a_secret_of_one_school_signs_nothing_of_another"
    ),
    "apps/integrations/providers/helloasso.py": (
        "tests/integrations/test_helloasso_and_bridge.py::test_a_payment_of_another_association_is_given_up"
    ),
    "apps/integrations/providers/bridge.py": (
        "tests/integrations/test_helloasso_and_bridge.py::test_bridge_is_kept_and_known_again"
    ),
    "apps/integrations/signatures.py": (
        "tests/integrations/test_inbox.py::test_a_secret_of_one_school_is_worthless_at_another"
    ),
    "apps/notifications/views/previews.py": (
        "tests/notifications/test_own_texts.py::test_a_draft_of_one_school_opens_in_no_other"
    ),
    "apps/support/services/asking.py": (
        "tests/support/test_support_access.py::test_the_link_works_once_on_its_own_host_for_a_minute"
    ),
    "apps/tenants/services/domains.py": "a proof that is published in the DNS on purpose: it opens nothing",
    "apps/accounts/services/invitations.py": (
        "tests/accounts/test_invitations.py::test_a_link_of_another_school_is_unknown"
    ),
    "apps/accounts/services/just_in_time.py": "of the platform itself: it belongs to no school yet",
    "apps/accounts/services/lockouts.py": (
        "tests/accounts/test_lockouts.py::test_the_link_is_worthless_at_another_school_and_when_changed"
    ),
    "apps/accounts/services/microsoft_sign_in.py": (
        "tests/accounts/test_microsoft_sign_in.py::test_a_state_of_another_school_leads_nowhere"
    ),
    "apps/accounts/services/passwords.py": (
        "tests/accounts/test_password_reset.py::test_a_link_of_another_school_is_worthless"
    ),
    "apps/accounts/services/service_credentials.py": (
        "tests/accounts/test_api_sessions.py::test_nothing_works_at_another_school"
    ),
    "apps/associations/services/renewals.py": (
        "tests/associations/test_renewals.py::test_the_link_is_dead_after_the_office_or_with_another_signature"
    ),
    "apps/accounts/tokens.py": "tests/accounts/test_sessions.py::test_a_session_of_one_school_is_nobody_at_another",
    "apps/core/keyset.py": "a place in a list, of ids that mean nothing elsewhere; it opens nothing",
    "apps/files/links.py": "tests/files/test_photos.py::test_a_link_belongs_to_one_file_one_school_and_one_time",
}


def makers() -> set[str]:
    sources = (path for path in (ROOT / "apps").rglob("*.py") if "migrations" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in sources if MAKES.search(path.read_text())}


@pytest.mark.parametrize("module", sorted(makers()))
def test_a_maker_of_credentials_names_its_test(module):
    assert module in SHOWN_BY, f"{module} makes something to be carried: show that another school refuses it"


@pytest.mark.parametrize("shown", sorted(set(SHOWN_BY.values())))
def test_the_named_test_exists_and_knows_two_schools(shown):
    if "::" not in shown:
        return
    path, name = shown.split("::")
    tests = [node for node in ast.parse((ROOT / path).read_text()).body if isinstance(node, ast.FunctionDef)]
    found = [test for test in tests if test.name == name]
    assert found, f"{shown} does not exist"
    assert "curie" in ast.unparse(found[0]), f"{shown} has no second school"


def test_no_entry_outlives_its_module():
    assert set(SHOWN_BY) <= makers() | {"apps/accounts/models.py"}


def test_the_search_finds_makers():
    """A control."""
    assert len(makers()) > 8 and "apps/accounts/tokens.py" in makers()
