"""Acts on campuses, their domains and places (CAM-1)."""

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.campuses import selectors
from apps.campuses.models import ApprovedDomain
from apps.campuses.services import campuses, memberships
from apps.core.errors import Forbidden, Invalid, NotVisible
from tests.campuses.conftest import ADMIN
from tests.people import acting, admin, auditor, person


def now():
    return timezone.now()


def test_a_campus_is_created_once_per_code(lumiere, paris):
    with pytest.raises(Invalid) as refused:
        campuses.create_campus(actor=ADMIN, now=now(), name="Paris bis", code="par")
    assert set(refused.value.fields) == {"code"}
    assert AuditEvent.objects.filter(act="campus.created").count() == 1


@pytest.mark.parametrize(
    "fields", [{"name": "", "code": "X"}, {"name": "X", "code": ""}, {"name": "X" * 200, "code": "X"}]
)
def test_impossible_values_are_errors_of_their_fields(lumiere, fields):
    with pytest.raises(Invalid) as refused:
        campuses.create_campus(actor=ADMIN, now=now(), **fields)
    assert refused.value.fields


def test_a_change_is_recorded_field_by_field_and_no_change_is_not(paris):
    campuses.update_campus(actor=ADMIN, campus_id=paris.pk, now=now(), name="Paris Sud", code="PAR")
    campuses.update_campus(actor=ADMIN, campus_id=paris.pk, now=now(), name="Paris Sud", code="PAR")
    (event,) = AuditEvent.objects.filter(act="campus.changed")
    assert event.changes == {"name": ["Paris", "Paris Sud"]}


def test_archived_and_brought_back(paris):
    someone = person()
    memberships.add_member(actor=ADMIN, user_id=someone.pk, campus_id=paris.pk, now=now())
    assert acting(someone).held
    for _twice in range(2):
        campuses.archive_campus(actor=ADMIN, campus_id=paris.pk, now=now())
    assert not acting(someone).held, "an archived campus gives no rights"
    assert not selectors.visible_campuses(actor=ADMIN).exists()
    with pytest.raises(NotVisible):
        memberships.add_member(actor=ADMIN, user_id=person().pk, campus_id=paris.pk, now=now())
    campuses.restore_campus(actor=ADMIN, campus_id=paris.pk, now=now())
    assert acting(someone).held


@pytest.mark.parametrize(
    ("typed", "domain"),
    [("Lumiere.FR", "lumiere.fr"), ("@lumiere.fr", "lumiere.fr"), (" someone@lumiere.fr ", "lumiere.fr"),
     ("école.fr", "xn--cole-9oa.fr")],
)  # fmt: skip
def test_domains_are_normal(paris, typed, domain):
    approved = campuses.approve_domain(actor=ADMIN, campus_id=paris.pk, domain=typed, now=now())
    assert approved.domain == domain
    again = campuses.approve_domain(actor=ADMIN, campus_id=paris.pk, domain=typed, now=now())
    assert again.pk == approved.pk


@pytest.mark.parametrize(
    "typed", ["", "localhost", "a b.fr", "-x.fr", "x..fr", "http://x.fr", "x.fr/..", "x_y.fr", "1.2.3.4"]
)
def test_what_is_no_domain_is_refused(paris, typed):
    with pytest.raises(Invalid):
        campuses.approve_domain(actor=ADMIN, campus_id=paris.pk, domain=typed, now=now())
    assert not ApprovedDomain.objects.exists()


def test_a_domain_belongs_to_one_campus(paris, lyon):
    campuses.approve_domain(actor=ADMIN, campus_id=paris.pk, domain="lumiere.fr", now=now())
    with pytest.raises(Invalid) as refused:
        campuses.approve_domain(actor=ADMIN, campus_id=lyon.pk, domain="lumiere.fr", now=now())
    assert "Paris" in str(refused.value.fields["domain"][0])


def test_addresses_are_checked_once_there_is_a_domain(paris):
    from apps.accounts.selectors import email_allowed

    assert email_allowed("anyone@anywhere.example")
    campuses.approve_domain(actor=ADMIN, campus_id=paris.pk, domain="lumiere.fr", now=now())
    assert email_allowed("Someone@Lumiere.FR")
    assert not email_allowed("someone@lumiere.fr.evil.example")
    assert not email_allowed("someone@sub.lumiere.fr")


def test_places_have_one_name_each(paris):
    place = campuses.add_place(actor=ADMIN, campus_id=paris.pk, name="Room 1", now=now(), capacity=30)
    with pytest.raises(Invalid):
        campuses.add_place(actor=ADMIN, campus_id=paris.pk, name="room 1", now=now())
    for _twice in range(2):
        campuses.remove_place(actor=ADMIN, campus_id=paris.pk, place_id=place.pk, now=now())
    assert not paris.places.exists()


def test_a_place_gets_another_name_and_capacity(paris, lyon):
    place = campuses.add_place(actor=ADMIN, campus_id=paris.pk, name="Room 1", now=now(), capacity=30)
    campuses.add_place(actor=ADMIN, campus_id=paris.pk, name="Room 2", now=now())

    def change(name, capacity=None, campus=paris):
        return campuses.change_place(
            actor=ADMIN, campus_id=campus.pk, place_id=place.pk, name=name, capacity=capacity, now=now()
        )

    for wrong in (" ", "room 2"):
        with pytest.raises(Invalid):
            change(wrong)
    with pytest.raises(NotVisible):
        change("Elsewhere", campus=lyon)
    assert change("ROOM 1", 30).name == "ROOM 1", "its own name in capitals is not another place's"
    for _twice in range(2):
        change("Salle Curie", 40)
    place.refresh_from_db()
    assert (place.name, place.capacity) == ("Salle Curie", 40)
    told = AuditEvent.objects.filter(act="place.changed").order_by("at")
    assert [one.changes for one in told][1] == {"name": ["ROOM 1", "Salle Curie"], "capacity": [30, 40]}
    assert told.count() == 2, "the same again is not told again"


def test_who_may_do_what(paris, lyon):
    boss, looker = acting(admin()), acting(auditor())
    chief = person()
    memberships.add_member(actor=boss, user_id=chief.pk, campus_id=paris.pk, role="manager", now=now())
    chief = acting(chief)
    assert [c.name for c in selectors.visible_campuses(actor=boss)] == ["Lyon", "Paris"]
    assert [c.name for c in selectors.visible_campuses(actor=looker)] == ["Lyon", "Paris"]
    assert [c.name for c in selectors.visible_campuses(actor=chief)] == ["Paris"]
    assert not selectors.visible_campuses(actor=acting(person())).exists()
    campuses.add_place(actor=chief, campus_id=paris.pk, name="Hall", now=now())
    with pytest.raises(NotVisible):
        campuses.add_place(actor=chief, campus_id=lyon.pk, name="Hall", now=now())
    for actor in (looker, chief):
        with pytest.raises(Forbidden):
            campuses.create_campus(actor=actor, now=now(), name="X", code="X")
        with pytest.raises(Forbidden):
            campuses.approve_domain(actor=actor, campus_id=paris.pk, domain="x.fr", now=now())
        with pytest.raises(Forbidden):
            campuses.archive_campus(actor=actor, campus_id=paris.pk, now=now())
