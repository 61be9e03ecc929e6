"""The console in Chromium: nothing the policy blocks, no serious barrier, no page wider than a phone."""

import pytest

from apps.tenants.context import platform
from tests.architecture.routes import PLATFORM
from tests.browser import DESKTOP, PHONE, SCHEMES, WIDTHS, axe
from tests.journeys.test_every_page import is_page
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


#: Not to be opened by its address: it leads on, or somebody comes back to it from elsewhere.
LEADS_ON = {"accounts:sign_in", "accounts:confirmed", "notifications:mail_approved"}


@pytest.mark.parametrize(("width", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_every_page_of_the_platform_as_a_superadmin_sees_it(live, open_page, root, width, scheme):
    """Visitors are in tests/journeys/test_every_page.py; most of these pages send them to the sign-in."""
    visit = sign_in(live, open_page, root, width, scheme)
    paths = {route.path for route in PLATFORM if is_page(route) and not route.has_object and route.name not in LEADS_ON}
    assert "/support/" in paths
    for path in sorted(paths | {"/status/details/", "/admin/tenants/jobrun/"}):
        answer = visit.page.goto(live.platform_url(path))
        assert answer.status == 200, path
        assert visit.page.url == live.platform_url(path), "it was really opened"
        assert visit.complaints == [], path
        assert axe(visit.page) == [], path
        assert visit.overflow() <= 0, path
        visit.complaints.clear()
