"""What the school sees and decides, and that the association sees it (ASC-10)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Grant
from apps.accounts.selectors import actor_for
from apps.associations.models import Association, Mandate, Membership
from apps.associations.services import life
from apps.associations.services.life import dissolution_checks
from apps.audit.models import AuditEvent
from apps.campuses.models import Campus, CampusMembership
from apps.core.errors import Forbidden, NotVisible
from apps.core.ui import Step
from apps.notifications.models import CommunicationLog
from tests.associations.conftest import SCHOOL_SAYS
from tests.conftest import client_for
from tests.people import admin, auditor, person


def facts(association, actor=SCHOOL_SAYS):
    return {"actor": actor, "association_id": association.pk, "now": timezone.now()}


def browser_of(lumiere, user):
    browser = client_for(lumiere)
    browser.force_login(user)
    return browser


def looks():
    return AuditEvent.objects.filter(act="association.looked_at")


def test_every_look_of_the_school_is_written_down_and_shown_to_the_board(club, lumiere):
    association, president, *_ = club()
    boss = auditor(given_name="Paul", family_name="Ravel")
    for page in ("workspace", "members", "board"):
        assert browser_of(lumiere, boss).get(f"/associations/{association.pk}/{page}/").status_code == 200
    assert [one.data["page"] for one in looks().order_by("at")] == ["workspace", "members", "board"]
    mine = browser_of(lumiere, president).get(f"/associations/{association.pk}/workspace/")
    assert "Paul Ravel" in mine.content.decode()
    assert looks().count() == 3, "the board's own look is no look of the school"
    exported = browser_of(lumiere, boss).get(f"/associations/{association.pk}/members/", {"csv": "members"})
    assert president.email in b"".join(exported.streaming_content).decode()
    assert looks().count() == 4


def test_a_member_and_a_stranger_do_not_get_inside(club, lumiere, student):
    association, _president, _treasurer, third = club()
    for user in (third, student()):
        for page in ("workspace", "members", "board", "edit", "school"):
            assert browser_of(lumiere, user).get(f"/associations/{association.pk}/{page}/").status_code == 403, page


def test_a_campus_manager_oversees_the_seats_of_their_campus(club, lyon, lumiere):
    association, *_ = club()
    other, *_rest = club(name="Ailleurs")
    Association.objects.filter(pk=other.pk).update(
        seat=Campus.objects.create(name="Lille", code="LIL"), visibility="board"
    )
    manager = person()
    Grant.objects.create(user=manager, role="campus-manager", scope_kind="campus", scope_id=lyon.pk)
    actor = actor_for(manager)
    life.freeze(**facts(association, actor), reason="Noise")
    with pytest.raises(NotVisible):
        life.freeze(**facts(other, actor), reason="Noise")
    text = browser_of(lumiere, manager).get("/associations/oversight/").content.decode()
    assert association.name in text and other.name not in text


def test_freezing_needs_a_reason_and_tells_the_board(club):
    association, president, treasurer, _third = club()
    with pytest.raises(Forbidden):
        life.freeze(**facts(association, actor_for(president)), reason="x")
    for _twice in range(2):
        life.freeze(**facts(association), reason="The accounts are missing")
    told = CommunicationLog.objects.mail().filter(template="association_frozen")
    assert set(told.values_list("user_id", flat=True)) == {president.pk, treasurer.pk}
    assert AuditEvent.objects.get(act="association.frozen").reason == "The accounts are missing"


def test_dissolving_waits_for_its_checklist(club):
    association, president, _treasurer, third = club()
    with pytest.raises(life.NotReady, match="No mandate runs"):
        life.dissolve(**facts(association), reason="Over")
    assert life.send_farewell(**facts(association)) == 3 == life.send_farewell(**facts(association))
    assert CommunicationLog.objects.mail().filter(template="association_farewell").count() == 3
    Mandate.objects.update(ends_on=timezone.localdate())
    life.dissolve(**facts(association), reason="Over")
    association.refresh_from_db()
    assert (association.status, association.dissolved_at is not None) == ("dissolved", True)
    assert set(Membership.objects.values_list("state", flat=True)) == {"left"}
    with pytest.raises(NotVisible):
        life.freeze(**facts(association, actor_for(third)), reason="x")


def test_other_apps_may_hold_up_the_end(club, monkeypatch):
    association, *_ = club()
    monkeypatch.setattr(dissolution_checks, "_receivers", [lambda **_news: [Step("The books are closed", False)]])
    life.send_farewell(**facts(association))
    Mandate.objects.update(ends_on=timezone.localdate())
    with pytest.raises(life.NotReady, match="The books are closed"):
        life.dissolve(**facts(association), reason="Over")


def test_the_table_shows_status_board_members_and_red_flags(club, asked, lumiere):
    association, president, treasurer, _third = club()
    club(name="Vide")
    Mandate.objects.filter(office__association__name="Vide").update(ends_on=timezone.localdate())
    CampusMembership.objects.filter(user=treasurer).update(state="ended")
    asked(name="Brouillon")
    boss = browser_of(lumiere, admin(locale="en"))
    text = boss.get("/associations/oversight/").content.decode()
    assert "The treasurer is not enrolled." in text and "No board" in text and "Brouillon" not in text
    red = boss.get("/associations/oversight/", {"flags": "red", "status": "active", "csv": "oversight"})
    lines = b"".join(red.streaming_content).decode().splitlines()
    assert len(lines) == 3
    life.freeze(**facts(association), reason="x")
    frozen = boss.get("/associations/oversight/", {"status": "frozen", "csv": "oversight"})
    assert len(b"".join(frozen.streaming_content).decode().splitlines()) == 2


def test_the_cost_of_the_table_does_not_grow(club, lumiere, django_assert_max_num_queries):
    for number in range(4):
        club(name=f"Club {number}")
    boss = browser_of(lumiere, admin())
    boss.get("/associations/oversight/")
    with django_assert_max_num_queries(30):
        boss.get("/associations/oversight/")


def test_the_seat_is_the_schools_to_choose(club, lyon):
    association, president, *_ = club()
    far = Campus.objects.create(name="Lille", code="LIL")
    with pytest.raises(Forbidden):
        life.edit_association(**facts(association, actor_for(president)), seat_id=far.pk)
    life.edit_association(**facts(association, actor_for(president)), joining="free")
    life.edit_association(**facts(association), seat_id=far.pk)
    association.refresh_from_db()
    assert (association.joining, association.seat_id) == ("free", far.pk)


def test_midnight_of_the_seat_opens_the_association(club):
    """A board that begins tomorrow in Kiritimati has begun there while it is still today in Paris."""
    association, president, *_ = club(starts_on=timezone.localdate() + timedelta(days=1))
    assert not any(held.scope.kind == "association" for held in actor_for(president).held)
