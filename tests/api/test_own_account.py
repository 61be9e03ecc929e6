"""Oneself: who one is, the profile, the password, sessions; and the mailed links of those who are not in yet."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Invitation, Session, User
from apps.notifications.models import CommunicationLog
from tests.api.conftest import machine, platform_program, program
from tests.people import PASSWORD, admin, auditor, person
from tests.support.conftest import superadmin

GOOD = "a long enough passphrase"


def test_everybody_learns_who_they_are(lumiere):
    said = program(lumiere, auditor()).get_("users/me").json()
    assert said["kind"] == "person" and [one["role"] for one in said["roles"]] == ["auditor"]
    assert "people.view" in said["permissions"] and "people.invite" not in said["permissions"]


def test_the_profile_is_changed_field_by_field(lumiere):
    mine = program(lumiere, person(given_name="Léa"))
    seen = mine.get_("users/me")
    changed = mine.change("users/me", {"job_title": "Tutor", "language": "en"}, seen["ETag"])
    assert (changed.json()["job_title"], changed.json()["language"], changed.json()["given_name"]) == (
        "Tutor", "en", "Léa",
    )  # fmt: skip
    assert mine.change("users/me", {"job_title": "x"}, seen["ETag"]).status_code == 412


def test_what_the_school_keeps_is_refused(lumiere):
    from apps.tenants.services.features import store

    store(school_id=lumiere.pk, values={"profile.names": "nobody"})
    mine = program(lumiere, person())
    answer = mine.change("users/me", {"given_name": "Me"})
    assert (answer.status_code, answer.json()["code"]) == (409, "names-from-directory")
    assert "given_name" not in mine.get_("users/me").json()["editable"]


def test_a_machine_has_no_profile(lumiere, visitor):
    assert machine(lumiere, "people.view").change("users/me", {"language": "fr"}).status_code == 404
    assert visitor.change("users/me", {"language": "fr"}).status_code == 401


def test_the_own_password(lumiere):
    mine, elsewhere = program(lumiere, user := person()), program(lumiere, user)
    wrong = mine.send("users/me/password", {"current_password": "x", "password": GOOD})
    assert wrong.status_code == 422
    assert mine.send("users/me/password", {"current_password": PASSWORD, "password": "short"}).status_code == 422
    assert mine.send("users/me/password", {"current_password": PASSWORD, "password": GOOD}).status_code == 204
    assert mine.get_("users/me").status_code == 200 and elsewhere.get_("users/me").status_code == 401


def test_the_own_sessions(lumiere):
    mine, elsewhere = program(lumiere, user := person()), program(lumiere, user)
    assert len(mine.get_("users/me/sessions").json()["results"]) == 2
    assert mine.delete_("users/me/sessions?keep_current=true").json() == {"ended": 1}
    assert elsewhere.get_("users/me").status_code == 401
    own = Session.objects.get(user=user, ended_at=None)
    assert mine.delete_(f"users/me/sessions/{own.pk}").status_code == 204
    assert mine.get_("users/me").status_code == 401


def test_nobody_ends_the_session_of_somebody_else_as_their_own(lumiere):
    mine, other = program(lumiere, person()), program(lumiere, person())
    theirs = Session.objects.get(user=other.user)
    assert mine.delete_(f"users/me/sessions/{theirs.pk}").status_code == 404
    assert other.get_("users/me").status_code == 200


# --- mailed links ------------------------------------------------------------------------------------------


def link_token(email):
    text = CommunicationLog.objects.filter(to=email, template="invitation").latest("created_at").text
    return re.search(r"/invitation/([\w-]+)/", text)[1]


def test_an_invitation_is_accepted(desk, visitor):
    made = desk.send("invitations", {"email": "n@lumiere.example", "role": "auditor"})
    assert made.status_code == 201 and "token" not in made.content.decode()
    token = link_token("n@lumiere.example")
    assert visitor.send("accept-invitation", {"token": token, "password": "short"}).status_code == 422
    answer = visitor.send("accept-invitation", {"token": token, "password": GOOD, "given_name": "Nadia"})
    assert answer.status_code == 200 and answer.json()["status"] == "active"
    assert visitor.send("accept-invitation", {"token": token, "password": GOOD}).status_code == 410
    assert visitor.send("auth/token", {"email": "n@lumiere.example", "password": GOOD}).status_code == 200
    shown = desk.get_(made["Location"].removeprefix("/api/v1/")).json()
    assert shown["accepted_at"] and not shown["revoked_at"]


def test_the_list_of_invitations_and_what_is_done_with_one(desk):
    Invitation.objects.all().delete()
    one = desk.send("invitations", {"email": "a@lumiere.example"}).json()
    two = desk.send("invitations", {"email": "b@lumiere.example"}).json()
    first = link_token("a@lumiere.example")
    assert desk.send(f"invitations/{one['id']}/resend").json()["sent_at"] > one["sent_at"]
    assert link_token("a@lumiere.example") != first
    assert desk.delete_(f"invitations/{two['id']}").status_code == 204
    assert [row["id"] for row in desk.get_("invitations?state=open").json()["results"]] == [one["id"]]
    assert [row["id"] for row in desk.get_("invitations?state=revoked").json()["results"]] == [two["id"]]
    assert len(desk.get_("invitations").json()["results"]) == 2
    assert desk.send(f"invitations/{two['id']}/resend").status_code == 410
    assert desk.delete_("invitations/018f3b5e-0000-7000-8000-000000000000").status_code == 404


def test_an_expired_link_brings_a_new_one_to_the_invited_address(desk, visitor):
    desk.send("invitations", {"email": "n@lumiere.example"})
    token = link_token("n@lumiere.example")
    Invitation.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert visitor.send("accept-invitation", {"token": token, "password": GOOD}).json()["code"] == "invitation-expired"
    assert visitor.send("accept-invitation/again", {"token": token}).status_code == 202
    assert link_token("n@lumiere.example") != token
    assert visitor.send("accept-invitation", {"token": "nonsense", "password": GOOD}).status_code == 404


def reset_link(user):
    from apps.accounts.services import passwords
    from apps.accounts.services.links import uid_of

    return {"uid": uid_of(user), "token": passwords.TOKENS.make_token(user)}


def test_a_forgotten_password(lumiere, visitor):
    mine = program(lumiere, user := person())
    answers = [visitor.send("password-reset", {"email": one}) for one in (user.email, "nobody@lumiere.example", "x")]
    assert len({(one.status_code, one.content) for one in answers}) == 1, "nobody learns who has an account"
    user.refresh_from_db()
    link = reset_link(user)
    assert visitor.send("password-reset/confirm", {**link, "password": "short"}).status_code == 422
    assert visitor.send("password-reset/confirm", {**link, "password": GOOD}).status_code == 204
    assert visitor.send("password-reset/confirm", {**link, "password": GOOD}).status_code == 410
    assert mine.get_("users/me").status_code == 401
    assert visitor.send("users/login", {"email": user.email, "password": GOOD}).status_code == 200


def test_a_link_of_another_school_is_worthless(lumiere, curie):
    from apps.tenants.context import activated

    user = person()
    link = reset_link(user)
    with activated(curie):
        User.objects.create(pk=user.pk, email=user.email, status="active", password=user.password)
    other = program(curie)
    assert other.send("password-reset/confirm", {**link, "password": GOOD}).status_code == 410


def test_where_there_are_no_passwords_none_is_reset(lumiere, visitor):
    from apps.tenants.services.features import store

    store(school_id=lumiere.pk, values={"sign_in.password": False})
    for path, body in (
        ("password-reset", {"email": "x@lumiere.example"}),
        ("auth/token", {"email": "x@lumiere.example", "password": PASSWORD}),
    ):
        answer = visitor.send(path, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "passwords-off")


@pytest.mark.parametrize("body", [{"email": ["a@x.example", "b@x.example"]}, {"email[]": "x"}, {"email": None}, {}])
def test_an_address_is_one_text(visitor, body):
    assert visitor.send("password-reset", body).status_code == 422


# --- the platform ------------------------------------------------------------------------------------------


def test_a_superadmin_needs_both_factors_for_a_token(db, settings):
    sam = superadmin()
    visitor = platform_program(settings)
    first = visitor.send("auth/token", {"email": sam.email, "password": PASSWORD})
    assert (first.status_code, first.json()["code"]) == (403, "second-factor-missing")
    console = platform_program(settings, sam)
    assert visitor.send("auth/token", {"email": sam.email, "password": PASSWORD}).json()["code"] == (
        "second-factor-wanted"
    )
    said = console.get_("users/me").json()
    assert [one["role"] for one in said["roles"]] == ["superadmin"] and "schools.create" in said["permissions"]
    assert console.change("users/me", {"language": "fr"}).json()["language"] == "fr"
    assert console.change("users/me", {"given_name": "Samuel"}).json()["given_name"] == "Samuel"
    assert console.change("users/me", {"job_title": "x"}).status_code == 409
    assert len(console.get_("users/me/sessions").json()["results"]) == 1


def test_a_token_of_the_platform_opens_no_school(lumiere, console):
    inside = program(lumiere)
    inside.token = console.token
    assert inside.get_("users/me").status_code == 401
    console.token = program(lumiere, admin()).token
    assert console.get_("users/me").status_code == 401
