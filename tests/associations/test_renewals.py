"""The yearly renewal (ASC-2): confirmed in one tap, blocked by whom, and what a missed deadline means."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.associations import selectors
from apps.associations.models import Mandate, Renewal, RenewalCampaign, RenewalConfirmation
from apps.associations.permissions import EDIT, WORKSPACE
from apps.associations.services import common, life, renewals
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Invalid
from apps.notifications.models import CommunicationLog
from apps.tenants.context import activated
from tests.associations.conftest import SCHOOL_SAYS
from tests.associations.test_mandates import codes_of
from tests.conftest import client_for

DAY = timedelta(days=1)


def start(name="2026-2027", days=30, now=None):
    now = now or timezone.now()
    return renewals.start_campaign(actor=SCHOOL_SAYS, name=name, deadline=timezone.localdate() + days * DAY, now=now)


def confirm(user, renewal):
    return renewals.confirm(actor=actor_for(user), renewal_id=renewal.pk, now=timezone.now())


def waits(renewal):
    found = renewals.missing(Renewal.objects.get(pk=renewal.pk), timezone.now())
    return [(one.kind, one.office.code if one.office else "") for one in found]


def mails():
    return CommunicationLog.objects.mail().filter(template="association_renewal")


def test_unchanged_and_confirmed_by_all_is_renewed_by_itself(club):
    association, president, treasurer, third = club()
    campaign = start()
    renewal = Renewal.objects.get(campaign=campaign, association=association)
    assert set(mails().values_list("user_id", flat=True)) == {president.pk, treasurer.pk}
    assert waits(renewal) == [("officer", "president"), ("officer", "treasurer")]
    with pytest.raises(renewals.NotAnOfficer):
        confirm(third, renewal)
    for _twice in range(2):
        confirm(president, renewal)
    assert waits(renewal) == [("officer", "treasurer")]
    settled = confirm(treasurer, renewal)
    assert (settled.how, waits(renewal)) == ("unchanged", [])
    assert RenewalConfirmation.objects.count() == 2
    assert AuditEvent.objects.filter(act="renewal.settled").count() == 1


def test_changed_legal_details_are_read_by_the_school(club):
    association, president, treasurer, _third = club()
    renewal = Renewal.objects.get(campaign=start(), association=association)
    life.edit_association(
        actor=actor_for(president), association_id=association.pk, now=timezone.now(), purpose="Autre chose"
    )
    confirm(president, renewal)
    with pytest.raises(common.WrongState):
        renewals.approve_changes(actor=SCHOOL_SAYS, renewal_id=renewal.pk, now=timezone.now())
    confirm(treasurer, renewal)
    assert waits(renewal) == [("school", "")]
    with pytest.raises(Forbidden):
        renewals.approve_changes(actor=actor_for(president), renewal_id=renewal.pk, now=timezone.now())
    renewals.approve_changes(actor=SCHOOL_SAYS, renewal_id=renewal.pk, now=timezone.now())
    association.refresh_from_db()
    assert association.approved_details["purpose"] == "Autre chose"


def test_a_vacant_office_blocks_and_the_school_may_override_with_a_reason(club):
    association, president, treasurer, _third = club()
    renewal = Renewal.objects.get(campaign=start(), association=association)
    Mandate.objects.filter(user=treasurer).update(ends_on=timezone.localdate())
    assert waits(renewal) == [("officer", "president"), ("vacant", "treasurer")]
    with pytest.raises(Invalid):
        renewals.override(actor=SCHOOL_SAYS, renewal_id=renewal.pk, reason=" ", now=timezone.now())
    for _twice in range(2):
        done = renewals.override(actor=SCHOOL_SAYS, renewal_id=renewal.pk, reason="Abroad", now=timezone.now())
    assert (done.how, done.reason, done.settled_by) == ("override", "Abroad", "tests")
    assert AuditEvent.objects.get(act="renewal.settled").reason == "Abroad"


def test_reminding_reaches_only_who_is_missing_and_once_a_day(club):
    association, president, treasurer, _third = club(starts_on=timezone.localdate() - 9 * DAY)
    renewal = Renewal.objects.get(campaign=start(now=timezone.now() - 3 * DAY), association=association)
    confirm(president, renewal)
    before = mails().count()
    facts = {"actor": actor_for(president), "renewal_id": renewal.pk}
    now = timezone.now()
    assert renewals.remind(**facts, now=now)[0] == 1
    assert renewals.remind(**facts, now=timezone.now()) == (0, 1)
    new = mails().order_by("-created_at")[: mails().count() - before]
    assert [one.user_id for one in new] == [treasurer.pk]


def test_at_the_deadline_rights_shrink_and_later_the_association_is_not_listed(club, student):
    association, president, treasurer, _third = club()
    campaign = start(days=5)
    renewal, now, reader = Renewal.objects.get(campaign=campaign), timezone.now(), actor_for(student())

    def listed(days):
        return selectors.listed_associations(actor=reader, now=now + days * DAY).exists()

    assert EDIT.code in codes_of(president, now + 5 * DAY), "the last day is still good"
    assert codes_of(president, now + 6 * DAY) == {WORKSPACE.code}
    assert listed(6) and listed(34) and not listed(36), "delisted thirty days later"
    confirm(president, renewal)
    confirm(treasurer, renewal)
    assert EDIT.code in codes_of(president, now + 6 * DAY) and listed(36)


def test_a_new_campaign_does_not_forgive_the_old_one_but_renewing_does(club):
    association, president, treasurer, _third = club()
    start(name="old", days=5)
    RenewalCampaign.objects.update(deadline=timezone.localdate() - DAY, started_at=timezone.now() - 40 * DAY)
    assert codes_of(president) == {WORKSPACE.code}
    renewal = Renewal.objects.get(campaign=start(name="new"), association=association)
    assert codes_of(president) == {WORKSPACE.code}
    confirm(president, renewal)
    confirm(treasurer, renewal)
    assert EDIT.code in codes_of(president)
    assert Renewal.objects.get(campaign__name="old").how == "later"


# --- the link in the mail --------------------------------------------------------------------------------


@pytest.fixture
def linked(club, lumiere):
    """An association in a campaign and the address of its president's link."""
    association, president, treasurer, _third = club()
    renewal = Renewal.objects.get(campaign=start(), association=association)
    return renewal, president, f"/associations/confirm/{renewals.token_for(renewal, president.pk)}/"


def test_the_link_shows_on_get_and_confirms_on_post_without_signing_in(client, linked):
    renewal, president, path = linked
    assert path in mails().get(user_id=president.pk).text
    for method in (client.get, client.head):
        assert method(path).status_code == 200
    assert not RenewalConfirmation.objects.exists(), "a scanner that opens links confirms nothing"
    for _twice in range(2):
        assert client.post(path).status_code == 200
    row = RenewalConfirmation.objects.get()
    assert (row.user, row.office.code) == (president, "president")
    assert client.get("/associations/").status_code == 302, "the link opens nothing else"


def test_the_link_is_dead_after_the_office_or_with_another_signature(client, linked, curie, lumiere):
    renewal, president, path = linked
    for wrong in (f"{path[:-4]}x/", "/associations/confirm/nothing/"):
        assert client.post(wrong).status_code == 410
    foreign = client_for(curie)
    with activated(curie):
        assert foreign.post(path).status_code == 410, "another school's key"
    Mandate.objects.filter(user=president).update(ends_on=timezone.localdate())
    assert client.get(path).status_code == 410 and client.post(path).status_code == 410
    assert not RenewalConfirmation.objects.exists()


def test_the_link_confirms_its_own_renewal_only(linked, club, client):
    renewal, president, path = linked
    other = Renewal.objects.exclude(pk=renewal.pk)
    assert not other.exists()
    client.post(path)
    assert RenewalConfirmation.objects.get().renewal == renewal
