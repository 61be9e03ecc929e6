"""An administrator links the school's Microsoft organisation: consent proves nothing, the sign-in after it does."""

import pytest

from apps.accounts import hooks, selectors
from apps.accounts.models import Identity, User
from apps.accounts.services import linking
from apps.audit.models import AuditEvent
from apps.tenants.context import activated, platform
from apps.tenants.models import ProviderBinding
from tests.accounts.conftest import OTHER_TID, TID, bind, path_of, signed_in_as
from tests.people import acting, admin, auditor, owner, person


@pytest.fixture
def entra(microsoft):
    """An organisation that has not consented, with its administrator."""
    microsoft.add_organisation("École Lumière", tid=TID, domain="lumiere.example", consented=False)
    return microsoft.add_people(
        TID, people=[{"givenName": "Hélène", "roles": ["62e90394-69f5-4237-9190-012177145e10"]}]
    )[0]


@pytest.fixture
def helene(client):
    user = admin()
    client.force_login(user)
    return user


def bindings() -> list[str]:
    with platform():
        return list(ProviderBinding.objects.values_list("external_id", flat=True))


def consent(walk, who, **answer):
    """To the consent page and back to the platform; where the browser is sent then."""
    back = walk.microsoft.admin_consent(walk.leave("/settings/microsoft/link/"), who, **answer)
    assert back.url.endswith("/sso/consent")
    return walk.platform_client.get("/sso/consent", back.params)


def link(walk, consenting, signing):
    onward = consent(walk, consenting)
    back = walk.at_microsoft(onward["Location"], signing)
    return walk.client.get(path_of(walk.callback(back)["Location"]))


def test_consent_then_sign_in_links_the_organisation_and_the_administrator(walk, entra, helene, client):
    told = []
    hooks.organisation_linked.connect(lambda **news: told.append(news["binding"].external_id))
    try:
        linked = link(walk, entra["id"], entra["id"])
    finally:
        hooks.organisation_linked._receivers.pop()
    assert (linked.status_code, linked["Location"]) == (302, "/settings/microsoft/")
    assert selectors.linked_organisation().external_id == TID and told == [TID]
    assert Identity.objects.get(user=helene).object_id == entra["id"]
    event = AuditEvent.objects.get(act="school.microsoft_linked")
    assert (event.actor_id, event.changes["organisation"]) == (helene.pk, [None, TID])
    page = client.get("/settings/microsoft/").content.decode()
    assert "École Lumière" in page and TID in page


def test_the_organisation_named_in_the_consent_is_not_believed(walk, entra, helene):
    """Whoever edits the address of the consent's answer links nothing: the sign-in decides."""
    walk.microsoft.add_organisation("Victim", tid=OTHER_TID, domain="victim.example")
    back = walk.microsoft.admin_consent(walk.leave("/settings/microsoft/link/"), entra["id"])
    onward = walk.platform_client.get("/sso/consent", {**back.params, "tenant": OTHER_TID})
    params = walk.at_microsoft(onward["Location"], entra["id"])
    walk.client.get(path_of(walk.callback(params)["Location"]))
    assert bindings() == [TID]


def test_without_consent_nothing_is_linked(walk, entra, helene):
    """Somebody forges "yes, consented" and signs in: Microsoft does not answer us for that organisation."""
    state = dict(part.split("=", 1) for part in walk.leave("/settings/microsoft/link/").partition("?")[2].split("&"))
    forged = {"state": state["state"], "tenant": TID, "admin_consent": "True"}
    onward = walk.platform_client.get("/sso/consent", forged)
    params = walk.at_microsoft(onward["Location"], entra["id"])
    refused = walk.client.get(path_of(walk.callback(params)["Location"]))
    assert refused.status_code >= 400 and "Microsoft" in refused.content.decode()
    assert bindings() == [] and not Identity.objects.exists()


def test_a_member_who_does_not_administer_the_organisation_links_nothing(walk, entra, helene):
    """Otherwise any student could claim an organisation that has consented for a school of their own."""
    student = walk.microsoft.add_people(TID, people=[{"givenName": "Hugo"}])[0]
    refused = link(walk, entra["id"], student["id"])
    assert refused.status_code == 403
    assert "Sign in as an administrator of the Microsoft organisation" in refused.content.decode()
    assert bindings() == [] and not Identity.objects.exists()
    event = AuditEvent.objects.get(act="school.microsoft_link_refused")
    assert (event.actor_id, event.data["organisation"]) == (helene.pk, TID)


READS_DIRECTORY, APPLICATIONS = "88d8e3e3-8f55-4a1e-953a-9b9898b8876b", "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"


@pytest.mark.parametrize(("roles", "status"), [([READS_DIRECTORY], 403), ([READS_DIRECTORY, APPLICATIONS], 302)])
def test_the_role_in_the_organisation_decides(walk, entra, helene, roles, status):
    someone = walk.microsoft.add_people(TID, people=[{"givenName": "Maya", "roles": roles}])[0]
    assert link(walk, entra["id"], someone["id"]).status_code == status
    assert bindings() == ([TID] if status == 302 else [])


def test_an_organisation_of_another_school_is_refused_clearly(walk, entra, helene, curie):
    bind(curie, TID)
    refused = link(walk, entra["id"], entra["id"])
    assert refused.status_code == 409 and "already belongs to another school" in refused.content.decode()
    assert selectors.linked_organisation() is None
    assert AuditEvent.objects.filter(act="school.microsoft_link_refused").exists()


def test_a_second_organisation_needs_the_first_unlinked(walk, entra, helene, lumiere):
    bind(lumiere, OTHER_TID)
    refused = link(walk, entra["id"], entra["id"])
    assert refused.status_code == 409 and "Unlink that one first" in refused.content.decode()
    assert bindings() == [OTHER_TID]


def test_linking_again_changes_nothing(walk, entra, helene):
    for _ in range(2):
        assert link(walk, entra["id"], entra["id"]).status_code == 302
    assert bindings() == [TID]
    assert AuditEvent.objects.filter(act="school.microsoft_linked").count() == 1


def test_refusing_consent_comes_back_to_the_settings(walk, entra, helene):
    answer = consent(walk, entra["id"], accept=False)
    refused = walk.client.get(path_of(answer["Location"]))
    assert refused.status_code == 403 and "/settings/microsoft/" in refused.content.decode()
    assert bindings() == []


@pytest.mark.parametrize(
    "params", [{}, {"state": "lumiere.x"}, {"state": "lumiere.x", "tenant": TID, "admin_consent": "True"}]
)
def test_an_answer_nobody_asked_for_leads_nowhere(walk, entra, lumiere, params):
    assert walk.platform_client.get("/sso/consent", params).status_code == 403


def test_the_two_callbacks_do_not_take_each_others_answers(walk, entra, helene):
    back = walk.microsoft.admin_consent(walk.leave("/settings/microsoft/link/"), entra["id"])
    assert walk.callback(back.params).status_code == 403


def test_linking_ends_with_the_administrator_it_began_with(walk, entra, helene):
    onward = consent(walk, entra["id"])
    params = walk.at_microsoft(onward["Location"], entra["id"])
    walk.client.force_login(admin())
    assert walk.client.get(path_of(walk.callback(params)["Location"])).status_code == 403
    assert bindings() == []


def test_who_lost_the_right_meanwhile_links_nothing(walk, entra, helene):
    onward = consent(walk, entra["id"])
    params = walk.at_microsoft(onward["Location"], entra["id"])
    helene.grants.all().delete()
    assert walk.client.get(path_of(walk.callback(params)["Location"])).status_code == 403
    assert bindings() == []


@pytest.mark.parametrize("maker", [auditor, person])
def test_others_do_not_even_begin(client, entra, maker):
    client.force_login(maker())
    for path in ("/settings/microsoft/", "/settings/microsoft/link/"):
        assert client.get(path).status_code == 403
    for path in ("/settings/microsoft/unlink/", "/settings/microsoft/passwords/"):
        assert client.post(path).status_code == 403


def test_unlinking_ends_sign_in_with_microsoft_and_keeps_people(client, organisation):
    boss = admin()
    client.force_login(boss)
    for _ in range(2):
        client.post("/settings/microsoft/unlink/")
    assert bindings() == []
    assert User.objects.filter(pk=organisation.user.pk).exists() and Identity.objects.exists()
    assert AuditEvent.objects.filter(act="school.microsoft_unlinked").count() == 1
    client.post("/sign-out/")
    assert client.get("/sign-in/microsoft/").status_code == 409


# --- Microsoft only --------------------------------------------------------------------------------------


def test_microsoft_only_leaves_no_password_in_the_school(client, organisation, curie):
    boss, other = owner(), person()
    with activated(curie):
        elsewhere = person()
    organisation.identity_of(boss, organisation.microsoft.add_people(organisation.tid, 1)[0])
    client.force_login(boss)
    client.post("/settings/microsoft/passwords/", {"passwords": "none"})
    hashes = list(User.objects.values_list("password", flat=True))
    assert all(value.startswith("!") for value in hashes) and len(set(hashes)) == len(hashes)
    assert signed_in_as(client) == boss.email, "the one who decided stays signed in"
    with activated(curie):
        elsewhere.refresh_from_db()
        assert elsewhere.has_usable_password()
    assert not other.check_password("!")
    with pytest.raises(linking.StillNeeded):
        linking.unlink_organisation(actor=acting(boss), now=None)


def test_nobody_locks_themselves_out(client, lumiere, microsoft):
    boss = admin()
    with pytest.raises(linking.WouldLockOut):
        linking.allow_passwords(actor=acting(boss), allowed=False, now=None)
    assert User.objects.get(pk=boss.pk).has_usable_password()


def test_the_only_way_in_is_not_removed(client, organisation):
    client.force_login(organisation.user)
    identity = Identity.objects.get()
    client.post(f"/account/identities/{identity.pk}/unlink/")
    assert Identity.objects.exists()
    organisation.user.set_password("a long enough passphrase")
    organisation.user.save()
    client.force_login(organisation.user)
    client.post(f"/account/identities/{identity.pk}/unlink/")
    assert not Identity.objects.exists()
