"""What cannot run: every payload in every text of a site, opened in a real browser."""

import pytest
from django.utils import timezone

from apps.associations.models import Association
from apps.sites.models import Site
from apps.sites.services.editing import LONGEST
from apps.tenants.context import activated
from tests.core.payloads import PAYLOADS

pytestmark = pytest.mark.browser
PORTION = 40  # payloads in one text, each a paragraph of its own


@pytest.fixture
def infested(live, new_school, django_db_blocker):
    school = new_school()
    with django_db_blocker.unblock():
        with activated(school):
            slugs = [_one(number) for number in range(-(-len(PAYLOADS) // PORTION))]
        yield school, slugs


def _one(number):
    now = timezone.now()
    part = [one.replace("\x00", "") for one in PAYLOADS[number * PORTION : (number + 1) * PORTION]]  # as when saved
    short = PAYLOADS[number * 4 : number * 4 + 4]
    association = Association.objects.create(
        name=f"{number} {short[0]}"[:120], slug=f"a{number}", kind="other", purpose=short[1], visibility="public",
        status="approved", created_at=now, opens_on=now.date(),
    )  # fmt: skip
    text = "\n\n".join(part)
    Site.objects.create(
        association=association, tagline={"fr": short[2], "en": short[3]}, published_at=now, changed_at=now,
        **{name: {"fr": text, "en": text} for name in LONGEST if name != "tagline"},
    )  # fmt: skip
    return association.slug


def test_no_text_of_a_site_runs(infested, live, browser):
    school, slugs = infested
    context = browser.new_context(locale="fr-FR")
    try:
        page = context.new_page()
        wrong = []
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        for path in ["/site/", *(f"/site/{slug}/" for slug in slugs)]:
            assert page.goto(live.url(school, path)).status == 200
            assert page.evaluate("window.__ran") is None, path
            assert (
                page.evaluate("document.querySelectorAll('main script, main iframe, main object, main img').length")
                == 0
            )
        assert wrong == []
    finally:
        context.close()


def test_a_page_that_shows_them_raw_would_run_them(browser):
    """The control: the payloads are real ones."""
    context = browser.new_context()
    try:
        page = context.new_page()
        page.set_content("".join(one for one in PAYLOADS if one.startswith("<img") and "onerror" in one))
        page.wait_for_function("window.__ran === 1", timeout=10_000)
    finally:
        context.close()
