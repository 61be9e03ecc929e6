"""A school comes to life, in a real browser, with real processes and the simulator as Microsoft.

superadmin creates a school -> owner accepts the invitation -> links Microsoft -> maps two groups to two campuses ->
preview -> run over thousands of people -> one of them signs in -> sees campus home -> the same cookie shows
nothing on another school -> the admin sees all of it in the audit trail -> the person is removed in the
directory -> the next run deactivates them and their open session is refused within seconds.
"""

import re
import time
import uuid
from urllib.parse import urljoin

import pyotp
import pytest

from apps.tenants.context import platform
from tests.conftest import drop_school
from tests.people import PASSWORD
from tests.sandbox_fixture import AMPERE

pytestmark = pytest.mark.browser
SUPERADMIN = "platform@campanile.example"
ADMIN_OF_MICROSOFT = "Nathalie Lecomte"
STUDENT = "Hugo Lambert"
STUDENT_ID = "eeeeeeee-3333-4000-8000-000000000002"
RUNS_WITHIN = 120_000  # milliseconds
TOLD = (
    "School created", "Invitation accepted", "School activated", "Microsoft organisation linked", "Campus created",
    "E-mail domain approved", "Microsoft group mapped to a campus", "Directory run requested", "Directory run ended",
    "Signed in",
)  # fmt: skip


@pytest.fixture
def ground(live, django_db_blocker):
    """The simulator as delivered, a superadmin, and a school name of our own; the school is dropped afterwards."""
    from apps.accounts.models import User
    from apps.tenants.models import School

    live.sandbox.reset("demo")
    live.sandbox.change_organisation(AMPERE, page_size=100)
    slug = f"ampere{uuid.uuid4().hex[:6]}"
    with django_db_blocker.unblock():
        with platform():
            if not User.objects.filter(email=SUPERADMIN).exists():
                User.objects.create_user(
                    SUPERADMIN, PASSWORD, status=User.Status.ACTIVE, is_staff=True, is_superuser=True
                )
        yield slug
        with platform():
            for school in School.objects.filter(slug=slug):
                drop_school(school)
    live.sandbox.reset("demo")


@pytest.fixture
def visitor(browser):
    """`page = visitor()`: a person with a browser of their own, in English, who notices every complaint of it."""
    contexts, complaints = [], []

    def arrive():
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on(
            "console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield arrive
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def heading(page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def run_finished(page) -> str:
    """Wait on the run's page, which moves by itself, for the state it ends with."""
    page.locator("section.job").wait_for()
    ended = page.locator("section.job:is(.done, .failed, .held, .partial, .cancelled)")
    ended.wait_for(timeout=RUNS_WITHIN)
    return ended.get_attribute("class").split()[-1]


def facts_of(page) -> dict[str, str]:
    terms, values = (page.locator(f"dl.facts {part}").all_inner_texts() for part in ("dt", "dd"))
    return dict(zip(terms, values, strict=True))


def test_a_school_comes_to_life(live, ground, visitor):
    slug = ground
    school_url = f"http://{slug}.campanile.localhost:{live.port}"

    superadmin_creates_the_school(visitor(), live, slug)
    owner = visitor()
    owner_accepts(owner, live, slug)
    owner_links_microsoft(owner, school_url)
    owner_makes_campuses_and_mappings(owner, school_url)
    owner_previews(owner, school_url)
    owner_runs(owner, school_url)

    student = visitor()
    student_signs_in_with_microsoft(student, school_url)
    the_cookie_means_nothing_elsewhere(student, live, school_url)
    owner_reads_the_audit_trail(owner, school_url)
    student_is_removed_and_refused(owner, student, live, school_url)


def superadmin_creates_the_school(page, live, slug) -> None:
    page.goto(live.platform_url("/admin/tenants/school/add/"))
    sign_in(page, SUPERADMIN)
    superadmin_sets_up_the_second_step(page, live)
    page.goto(live.platform_url("/admin/tenants/school/add/"))
    page.locator("[name=name]").fill("Académie Ampère")
    page.locator("[name=slug]").fill(slug)
    page.locator("[name=owner_email]").fill(f"direction@{slug}.example")
    if page.locator("select[name=locale]").count():
        page.locator("select[name=locale]").select_option("en")
    page.get_by_role("button", name=re.compile("Create|Save")).first.click()
    page.wait_for_url(re.compile(r"/admin/tenants/school/(?!add)"))
    assert "Académie Ampère" in page.content()


def superadmin_sets_up_the_second_step(page, live) -> None:
    """Nothing opens before; the key is typed into an app, which here is a library."""
    page.wait_for_url("**/sign-in/set-up/")
    page.goto(live.platform_url("/admin/"))
    page.wait_for_url("**/sign-in/set-up/")  # by way of the sign-in page
    page.get_by_text("You cannot scan it?").click()
    key = page.locator("details code").inner_text()
    page.get_by_label("Code of the app").fill(pyotp.TOTP(key.replace(" ", "")).now())
    page.get_by_role("button", name="Continue").click()
    assert page.locator("ul.codes li").count() == 10
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/admin/**")


def owner_accepts(page, live, slug) -> None:
    (mail,) = live.sandbox.mail(to=f"direction@{slug}.example", wait=30)
    link = next(link for link in mail["links"] if "/invitation/" in link)
    assert link.startswith(f"http://{slug}.campanile.localhost:{live.port}/")
    page.goto(link)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Activate my account").click()
    page.wait_for_url(re.compile(rf"//{slug}\.campanile\.localhost:\d+/($|[?])"))
    page.goto(link)
    assert "used" in page.content(), "an invitation works once"


def owner_links_microsoft(page, school_url) -> None:
    page.goto(f"{school_url}/settings/microsoft/")
    page.get_by_role("link", name="Link the Microsoft organisation").click()
    page.get_by_text(ADMIN_OF_MICROSOFT).click()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name=ADMIN_OF_MICROSOFT).click()
    page.wait_for_url(f"{school_url}/settings/microsoft/**")
    assert page.get_by_text("Académie Ampère").first.is_visible()
    assert page.get_by_text(AMPERE).first.is_visible()


def owner_makes_campuses_and_mappings(page, school_url) -> None:
    for name, code, domain in (("Nantes", "NTE", "etu.ampere.example"), ("Lille", "LIL", "ampere.example")):
        page.goto(f"{school_url}/campuses/new/")
        page.get_by_label("Name", exact=False).first.fill(name)
        page.get_by_label("Code").fill(code)
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_url(re.compile(r"/campuses/[0-9a-f-]{36}/"))
        campus_url = re.match(r".*/campuses/[0-9a-f-]{36}/", page.url).group()
        page.goto(f"{campus_url}domains/")
        page.locator("input[name=domain]").fill(domain)
        page.locator("input[name=domain]").press("Enter")
        page.get_by_role("cell", name=domain).or_(page.get_by_text(domain, exact=True)).first.wait_for()
    for group, campus in (("Campus Nantes", "Nantes"), ("Campus Lille", "Lille")):
        page.goto(f"{school_url}/directory/mappings/new/")
        page.get_by_label("Search groups").fill(group)
        page.locator("label", has_text=group).locator("input[type=radio]").first.check()
        page.get_by_label("Campus", exact=False).last.select_option(label=campus)
        page.get_by_role("button", name="Save without a preview").click()
        page.wait_for_url(re.compile(r"/directory/(?!mappings/new)"))
    page.goto(f"{school_url}/directory/")
    assert page.get_by_role("row", name=re.compile("Campus Nantes")).is_visible()
    assert page.get_by_role("row", name=re.compile("Campus Lille")).is_visible()


def owner_previews(page, school_url) -> None:
    page.goto(f"{school_url}/directory/")
    page.get_by_role("button", name="Preview").click()
    page.wait_for_url(re.compile(r"/directory/runs/"))
    assert run_finished(page) == "done"
    page.reload()
    assert heading(page) == "Preview"
    assert "What would change" in page.content()
    page.goto(f"{school_url}/people/?q=Lambert")
    assert page.get_by_text(STUDENT).count() == 0, "a preview changes nothing"


def owner_runs(page, school_url) -> None:
    page.goto(f"{school_url}/directory/")
    page.get_by_role("button", name="Run now").click()
    page.wait_for_url(re.compile(r"/directory/runs/"))
    assert run_finished(page) == "done"
    page.reload()
    facts = dict(
        zip(page.locator("dl.facts dt").all_inner_texts(), page.locator("dl.facts dd").all_inner_texts(), strict=True)
    )
    assert int(facts["Pages"].replace(",", "")) >= 20
    assert int(facts["People read"].replace(",", "")) >= 2000
    assert int(facts["People here after"].replace(",", "")) >= 2000


def student_signs_in_with_microsoft(page, school_url) -> None:
    page.goto(f"{school_url}/")
    page.get_by_role("link", name="Sign in with Microsoft").click()
    page.get_by_label("Find a person").fill("Hugo Lambert")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=STUDENT).click()
    page.wait_for_url(re.compile(re.escape(school_url) + r"/(home/)?$"))
    content = page.locator("main").inner_text()
    assert "Hugo" in page.content()
    assert "Nantes" in content
    assert "Lille" not in content, "only what is theirs"
    for closed in ("/people/", "/audit/", "/directory/", "/settings/", "/roles/"):
        assert page.goto(f"{school_url}{closed}").status == 403
    page.goto(f"{school_url}/")


def the_cookie_means_nothing_elsewhere(page, live, school_url) -> None:
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies(school_url)}
    from apps.tenants.models import School

    with platform():
        other = School.objects.get(slug="curie")
    with live.client(other) as client:
        theirs = client.get("/account/", headers={"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())})
    assert theirs.status_code == 302
    assert "/sign-in/" in theirs.headers["location"]
    with live.client() as client:
        there = client.get("/status/details/", headers={"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())})
    assert there.status_code in (302, 403)


def owner_reads_the_audit_trail(page, school_url) -> None:
    """Its rows only: the filters of the page name every act there is, also what never happened."""
    page.goto(f"{school_url}/audit/")
    happened = ""
    for _ in range(20):
        happened += page.locator("#events tbody").inner_text()
        older = page.locator("#events").get_by_role("link", name=re.compile("Older|Next"))
        if not older.count():
            break
        page.goto(urljoin(page.url, older.first.get_attribute("href")))
    for act in TOLD:
        assert act in happened, f"{act!r} is not in the audit trail"
    assert STUDENT in happened


def student_is_removed_and_refused(owner, student, live, school_url) -> None:
    assert student.goto(f"{school_url}/account/").status == 200
    live.sandbox.delete_person(AMPERE, STUDENT_ID)
    owner.goto(f"{school_url}/directory/")
    owner.get_by_role("button", name="Run now").click()
    owner.wait_for_url(re.compile(r"/directory/runs/"))
    assert run_finished(owner) == "done"
    refused_after = time.monotonic()
    student.goto(f"{school_url}/account/")
    assert "/sign-in/" in student.url, "the open session is refused"
    assert time.monotonic() - refused_after < 10
    owner.goto(f"{school_url}/people/?q=Lambert&status=departed")
    assert owner.get_by_text(STUDENT).first.is_visible()
    owner.goto(f"{school_url}/audit/?q=Lambert")
    assert "Person departed" in owner.locator("#events tbody").inner_text()
