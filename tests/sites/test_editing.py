"""A board writes its site, shows it and takes it back."""

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations.services import life, members
from apps.associations.services.common import IsFrozen
from apps.audit.models import AuditEvent
from apps.core import richtext
from apps.core.errors import Forbidden, Invalid, NotVisible
from apps.sites.models import Site
from apps.sites.services import editing
from tests.people import acting, admin
from tests.sites.conftest import TEXTS, publish, save


def acts_of(site):
    return list(AuditEvent.objects.filter(target_id=str(site.pk)).order_by("id").values_list("act", flat=True))


def test_what_a_board_writes_is_kept_once(lumiere, club):
    association, president, *_others = club()
    site = save(president, association, **TEXTS, website="club.example.org", contact_email="club@lumiere.example")
    assert site.about == TEXTS["about"] and site.website == "https://club.example.org"
    assert (site.version, site.is_published) == (1, False)
    again = save(president, association, version=1, **TEXTS)
    assert again.version == 1, "the same again changes nothing"
    assert acts_of(site) == ["site.changed"]


def test_fields_that_are_not_sent_stay(lumiere, site):
    found, president = site()
    save(president, found.association, version=found.version, tagline={"fr": "Autre"})
    found.refresh_from_db()
    assert found.tagline == {"fr": "Autre"} and found.about == TEXTS["about"]


def test_a_text_of_somebody_else_is_not_overwritten(lumiere, site):
    found, president = site()
    save(president, found.association, version=1, tagline={"fr": "Le premier"})
    with pytest.raises(editing.ChangedMeanwhile, match=president.name):
        save(president, found.association, version=1, tagline={"fr": "Le second"})
    found.refresh_from_db()
    assert found.tagline == {"fr": "Le premier"}


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"tagline": {"fr": "x" * 161}}, "tagline_fr"),
        ({"about": {"en": "x" * (richtext.MOST_CHARACTERS + 1)}}, "about_en"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"website": "javascript://club.example/%0aalert(1)"}, "website"),
        ({"network": "https://user:secret@club.example/"}, "network"),
        ({"network": "data:text/html,x"}, "network"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(lumiere, club, fields, where):
    association, president, *_others = club()
    with pytest.raises(Invalid) as refused:
        save(president, association, **TEXTS, **{k: v for k, v in fields.items() if k not in TEXTS}) if not (
            fields.keys() & TEXTS.keys()
        ) else save(president, association, **{**TEXTS, **fields})
    assert set(refused.value.fields) == {where}
    assert not Site.objects.exists()


def test_only_who_may_change_the_page_writes(lumiere, club, student):
    association, president, treasurer, third = club()
    other, other_president, *_others = club(name="Photo")
    stranger = student()
    members.join(actor=actor_for(stranger), association_id=association.pk, now=timezone.now())
    for user in (treasurer, third, stranger, other_president):
        with pytest.raises((Forbidden, NotVisible)):
            save(user, association, **TEXTS)
    assert not Site.objects.exists()
    save(president, association, **TEXTS)
    assert save(admin(email="boss@lumiere.example"), association, version=1, tagline={}).version == 2


def test_publishing_and_withdrawing_twice_is_once(lumiere, site):
    found, president = site()
    when = found.published_at
    assert publish(president, found.association).published_at == when
    for _ in range(2):
        editing.withdraw_site(actor=actor_for(president), association_id=found.association_id, now=timezone.now())
    found.refresh_from_db()
    assert not found.is_published and found.about == TEXTS["about"]
    assert acts_of(found) == ["site.changed", "site.published", "site.withdrawn"]


def test_an_empty_site_is_not_published(lumiere, club):
    association, president, *_others = club()
    with pytest.raises(editing.NothingToShow):
        publish(president, association)
    save(president, association, tagline={"fr": "Seulement une ligne"})
    with pytest.raises(editing.NothingToShow):
        publish(president, association)


def test_a_frozen_association_writes_nothing_and_the_school_may_take_the_site_down(lumiere, site):
    found, president = site()
    boss = acting(admin(email="boss@lumiere.example"))
    life.freeze(actor=boss, association_id=found.association_id, reason="Examen des comptes", now=timezone.now())
    with pytest.raises((IsFrozen, Forbidden)):
        save(president, found.association, version=1, tagline={"fr": "x"})
    with pytest.raises(IsFrozen):
        save(admin(email="boss2@lumiere.example"), found.association, version=1, tagline={"fr": "x"})
    editing.withdraw_site(actor=boss, association_id=found.association_id, now=timezone.now())
    found.refresh_from_db()
    assert not found.is_published
