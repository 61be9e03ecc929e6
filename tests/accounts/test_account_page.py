"""One's own account: what one may change of it."""

import pytest

from apps.accounts.models import User
from apps.accounts.services import profile
from apps.audit.models import AuditEvent
from apps.tenants.services.features import store
from tests.people import acting, admin, person


def test_names_and_language_are_saved_once(client):
    user = person()
    client.force_login(user)
    form = {"given_name": " Nadia ", "family_name": "Benali", "language": "en"}
    for _ in range(2):
        assert client.post("/account/", form).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.locale) == ("Nadia Benali", "en")
    assert AuditEvent.objects.filter(act="person.profile_changed").count() == 2, "the names, and the language"


def test_names_of_the_directory_are_not_changed_here(client, organisation):
    client.force_login(organisation.user)
    page = client.get("/account/").content.decode()
    assert "from your school" in page and 'name="given_name"' not in page
    client.post("/account/", {"given_name": "Somebody", "family_name": "Else", "language": "en"})
    organisation.user.refresh_from_db()
    assert (organisation.user.name, organisation.user.locale) == ("Camille Moreau", "en")
    with pytest.raises(profile.NamesFromDirectory):
        profile.change_profile(actor=acting(organisation.user), values={"given_name": "Somebody"})


@pytest.mark.parametrize(("rule", "may"), [("until", True), ("person", True), ("directory", False), ("nobody", False)])
def test_the_school_decides_what_a_person_of_the_directory_changes(client, organisation, lumiere, rule, may):
    store(school_id=lumiere.pk, values={"profile.job_title": rule})
    client.force_login(organisation.user)
    assert ('name="job_title"' in client.get("/account/").content.decode()) is may
    client.post("/account/", {"job_title": "Déléguée", "language": "en"})
    organisation.user.refresh_from_db()
    assert organisation.user.job_title == ("Déléguée" if may else "")
    assert organisation.user.own_fields == (["job_title"] if may else [])


@pytest.mark.parametrize("field", ["status", "email", "is_superuser", "is_staff", "external_id", "password", "id"])
def test_nothing_else_can_be_slipped_in(client, field):
    user = person()
    client.force_login(user)
    before = User.objects.filter(pk=user.pk).values(field).get()
    client.post("/account/", {"given_name": "A", "family_name": "B", "language": "fr", field: "1"})
    assert User.objects.filter(pk=user.pk).values(field).get() == before


def test_a_member_sees_the_layout_of_members(client):
    client.force_login(person())
    assert "layouts/member.html" in [template.name for template in client.get("/account/").templates]
    client.force_login(admin())
    assert "layouts/school.html" in [template.name for template in client.get("/account/").templates]


def test_an_impossible_language_is_explained(client):
    client.force_login(person())
    assert client.post("/account/", {"language": "xx"}).status_code == 422


def test_a_wrong_current_password_changes_nothing_and_is_limited(client):
    user = person()
    client.force_login(user)
    new = "an entirely different passphrase"
    form = {"current": "wrong", "password": new, "again": new}
    assert [client.post("/account/password/", form).status_code for _ in range(6)] == [422] * 6
    right = client.post("/account/password/", {**form, "current": "correct horse battery staple"})
    assert "Too many attempts" in right.content.decode()
    user.refresh_from_db()
    assert not user.check_password(new)
