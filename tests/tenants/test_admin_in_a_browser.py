"""The console in Chromium: nothing the policy blocks, no serious barrier, no page wider than a phone."""

import pytest

from apps.tenants.context import platform
from tests.browser import SCHEMES, WIDTHS, axe
from tests.people import PASSWORD, code_of, with_authenticator
from tests.tenants.conftest import COMMAND

pytestmark = pytest.mark.browser


@pytest.fixture
def root(live):
    """A committed superadmin."""
    from apps.accounts.services.superadmins import create_superadmin

    with platform():
        user, is_new = create_superadmin(actor=COMMAND, email="root@browser.example", password=PASSWORD)
        return with_authenticator(user) if is_new else user


def sign_in(live, open_page, user, width, scheme):
    visit = open_page(live.platform_url("/admin/"), width=width, scheme=scheme)
    assert "/sign-in/" in visit.page.url
    visit.page.fill("[name=email]", user.email)
    visit.page.fill("[name=password]", PASSWORD)
    visit.page.click("main button[type=submit]")
    visit.page.wait_for_url("**/sign-in/second-step/")
    with platform():
        visit.page.fill("[name=code]", code_of(user))
    visit.page.click("main form.stack button[type=submit]")
    visit.page.wait_for_url("**/admin/")
    return visit


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_of_the_console(live, open_page, new_school, root, width, scheme):
    school = new_school()
    visit = sign_in(live, open_page, root, width, scheme)
    listing = "/admin/tenants/school/"
    pages = ["/admin/", listing, f"{listing}add/", "/admin/tenants/fleetstate/"]
    pages += [f"{listing}{school.pk}/{act}/" for act in ("change", "details", "suspend")]
    for path in pages:
        answer = visit.page.goto(live.platform_url(path))
        assert answer.status == 200, path
        assert visit.complaints == [], path  # before axe, which brings scripts of its own
        assert axe(visit.page) == [], path
        assert visit.overflow() == 0, path
        visit.complaints.clear()
