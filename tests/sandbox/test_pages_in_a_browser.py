"""The buttons of the control pages work in a real browser, which sends headers that a test client does not."""

import pytest

from tests.sandbox_fixture import LUMIERE

pytestmark = pytest.mark.browser


@pytest.fixture
def organisation(sandbox):
    sandbox.reset("demo")
    return f"{sandbox.url}/organisations/{LUMIERE}"


def test_somebody_is_disabled_by_a_click(sandbox, organisation, open_page):
    visit = open_page(organisation)
    with visit.page.expect_navigation():
        visit.page.get_by_role("button", name="Disable Inès Haddad").click()
    assert "another page may not do this" not in visit.page.content()
    assert visit.page.get_by_role("button", name="Enable Inès Haddad").count() == 1
    assert visit.complaints == []
