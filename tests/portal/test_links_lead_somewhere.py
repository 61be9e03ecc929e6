"""A page offers nobody a link that refuses them: every link of every page is followed, once per kind of address."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.permissions import SCHOOL_SETTINGS
from apps.campuses.models import CampusRole
from apps.core.actor import Role
from apps.directory.models import DirectoryRun
from tests.people import admin, auditor, with_role
from tests.portal.conftest import place_at

LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)"')
LEAVES_THE_SCHOOL = ("/account/microsoft/", "/settings/microsoft/link/", "/people/export", "/audit/export")


def refused_links(browser) -> list[str]:
    """Pages that answer 403 or 404 although another page links to them, as "address, linked from address"."""
    todo, seen, refused = [("/", "")], set(), []
    while todo:
        address, origin = todo.pop()
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", address.partition("?")[0])
        if kind in seen or address.startswith(LEAVES_THE_SCHOOL):
            continue
        seen.add(kind)
        answer = browser.get(address, follow=True)
        if answer.status_code != 200:
            refused.append(f"{address} ({answer.status_code}), linked from {origin}")
            continue
        if "html" in answer["Content-Type"]:
            todo += [(found.replace("&amp;", "&"), address) for found in LINK.findall(answer.content.decode())]
    assert "/account/" in seen, "the walk did not begin"
    return refused


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.CAMPUS_MANAGER, Role.MEMBER])
def test_every_link_opens_for_whom_it_is_shown(lumiere, as_person, lyon, student, manager, role):
    DirectoryRun.objects.create(
        state="done", tenant_id="t", requested_by="Claire", created_at=timezone.now() - timedelta(days=1)
    )
    someone = {Role.ADMIN: admin, Role.AUDITOR: auditor}.get(role, lambda: with_role(Role.MEMBER))()
    place_at(lyon, someone, role=CampusRole.MANAGER if role is Role.CAMPUS_MANAGER else CampusRole.MEMBER)
    assert refused_links(as_person(someone)) == []


def test_the_checklist_is_for_those_who_can_do_it(office, as_person, lumiere):
    assert SCHOOL_SETTINGS.roles >= {Role.OWNER, Role.ADMIN}
    assert office.get("/").context["dashboard"].steps
    assert as_person(auditor()).get("/").context["dashboard"].steps == []
