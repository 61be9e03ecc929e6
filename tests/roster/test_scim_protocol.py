"""The endpoint against the examples of RFC 7644 (section 3) and what providers really send."""

import pytest

from apps.accounts.models import User
from tests.people import acting, owner, person
from tests.roster.scim import ENTERPRISE, ERROR, GROUP, LIST, PATCH, USER, Machine, credential

BJENSEN = {
    "schemas": [USER],
    "userName": "bjensen",
    "externalId": "bjensen",
    "name": {"formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara"},
    "emails": [{"value": "bjensen@lumiere.example", "type": "work", "primary": True}],
}


@pytest.fixture
def machine(lumiere):
    return Machine(lumiere, credential("roster.provision"))


@pytest.fixture
def bjensen(machine):
    return machine.send("POST", "/Users", BJENSEN).json()


def error_of(answer):
    body = answer.json()
    assert answer["Content-Type"] == "application/scim+json"
    assert body["schemas"] == [ERROR] and body["status"] == str(answer.status_code) and body["detail"]
    return answer.status_code, body.get("scimType", "")


# --- who calls --------------------------------------------------------------------------------------------


def test_only_a_credential_that_may_provision_gets_in(lumiere, curie):
    from apps.tenants.context import activated

    with activated(curie):
        foreign = credential("roster.provision", actor=acting(owner(email="o@curie.example")))
    for secret in ("", "cmp_" + "x" * 43, "x", foreign):
        answer = Machine(lumiere, secret).get("/Users")
        assert error_of(answer)[0] == 401 and answer["WWW-Authenticate"].startswith("Bearer")
    assert error_of(Machine(lumiere, credential("people.view", name="other")).get("/Users"))[0] == 403


def test_a_signed_in_person_is_no_machine(lumiere):
    machine = Machine(lumiere, "")
    machine.client.force_login(owner())
    assert machine.get("/Users").status_code == 401
    assert machine.send("POST", "/Users", BJENSEN).status_code == 401


# --- 3.3 creating -----------------------------------------------------------------------------------------


def test_3_3_creating_a_resource(machine):
    answer = machine.send("POST", "/Users", BJENSEN)
    body = answer.json()
    assert answer.status_code == 201 and answer["Content-Type"] == "application/scim+json"
    assert answer["Location"] == body["meta"]["location"] and answer["ETag"] == body["meta"]["version"]
    assert body["meta"]["resourceType"] == "User" and body["meta"]["created"] == body["meta"]["lastModified"]
    assert (body["userName"], body["externalId"], body["active"]) == ("bjensen", "bjensen", True)
    assert body["name"]["familyName"] == "Jensen" and body["emails"] == BJENSEN["emails"]
    user = User.objects.get(pk=body["id"])
    assert (user.email, user.status, user.has_usable_password()) == ("bjensen@lumiere.example", "pending", False)


def test_3_3_a_duplicate_is_a_conflict(machine, bjensen):
    assert error_of(machine.send("POST", "/Users", BJENSEN)) == (409, "uniqueness")
    assert error_of(machine.send("POST", "/Users", BJENSEN | {"userName": "BJensen"})) == (409, "uniqueness")


# --- 3.4 retrieving ---------------------------------------------------------------------------------------


def test_3_4_1_retrieving_a_known_resource(machine, bjensen):
    answer = machine.get(f"/Users/{bjensen['id']}")
    assert answer.json() == bjensen and answer["ETag"] == bjensen["meta"]["version"]
    assert error_of(machine.get("/Users/2819c223-7f76-453a-919d-413861904646"))[0] == 404
    assert error_of(machine.get("/Users/no-id"))[0] == 404


def test_3_4_2_listing_with_attributes(machine, bjensen):
    body = machine.get("/Users?attributes=userName").json()
    assert body["schemas"] == [LIST] and body["startIndex"] == 1 and body["totalResults"] == body["itemsPerPage"]
    mine = next(one for one in body["Resources"] if one["id"] == bjensen["id"])
    assert mine.keys() <= {"schemas", "id", "userName"} and mine["userName"] == "bjensen"


def test_3_9_attributes_and_excluded_attributes(machine, bjensen):
    shown = machine.get(f"/Users/{bjensen['id']}?attributes=name.familyName,emails").json()
    assert shown["name"] == {"familyName": "Jensen"} and "userName" not in shown
    shown = machine.get(f"/Users/{bjensen['id']}?excludedAttributes=emails,name").json()
    assert "emails" not in shown and "name" not in shown and shown["userName"] == "bjensen"
    assert error_of(machine.get("/Users?attributes=userName&excludedAttributes=name"))[0] == 400


def test_3_4_2_4_pagination(machine):
    for number in range(5):
        machine.create(f"p{number}@page.example")
    seen = []
    for start in (1, 3, 5, 7):
        body = machine.get(f'/Users?filter=userName ew "@page.example"&startIndex={start}&count=2').json()
        assert body["totalResults"] == 5 and body["startIndex"] == start
        seen += [one["userName"] for one in body.get("Resources", [])]
    assert seen == [f"p{number}@page.example" for number in range(5)]
    nobody = machine.get("/Users?count=0").json()
    assert nobody["totalResults"] >= 5 and nobody["itemsPerPage"] == 0 and not nobody.get("Resources")
    assert machine.get("/Users?startIndex=-3&count=-1").json()["startIndex"] == 1
    assert error_of(machine.get("/Users?count=many"))[0] == 400


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ('userName eq "bjensen"', True),
        ('username EQ "BJENSEN"', True),
        ('urn:ietf:params:scim:schemas:core:2.0:User:userName sw "bj"', True),
        ('name.familyName co "ense"', True),
        ('name.familyName ew "sen"', True),
        ('externalId eq "bjensen"', True),
        ('externalId eq "BJENSEN"', False),
        ('emails eq "bjensen@lumiere.example"', True),
        ('emails.value eq "BJENSEN@lumiere.example"', True),
        ('emails[type eq "work" and value co "@lumiere.example"]', True),
        ('emails[type eq "home"]', False),
        ("title pr", False),
        ("userName pr", True),
        ("externalId pr", True),
        ("active eq true", True),
        ("active eq false", False),
        ("active ne false", True),
        ('userName ne "bjensen"', False),
        ('not (userName eq "bjensen")', False),
        ('userName eq "bjensen" and (title pr or emails co "lumiere")', True),
        ('title pr or userName eq "bjensen"', True),
        ('meta.lastModified gt "2011-05-13T04:42:34Z"', True),
        ('meta.created lt "2011-05-13T04:42:34Z"', False),
        ('userName gt "bjen" and userName lt "bjenz"', True),
        ('userName ge "bjensen" and userName le "bjensen"', True),
        (f'{ENTERPRISE}:department eq "x"', False),
        ("title eq null", True),
    ],
)
def test_3_4_2_2_filters(machine, bjensen, filter_, found):
    names = machine.names(filter_)
    assert ("bjensen" in names) is found


@pytest.mark.parametrize(
    "filter_",
    [
        "userName eq",
        'userName xx "a"',
        "(userName pr",
        'active gt "x"',
        'userName eq "a" and',
        "(" * 400,
        'a[b eq "c"',
        'unknown eq "x"',
    ],
)
def test_3_4_2_2_a_filter_that_is_none_is_refused(machine, filter_):
    from urllib.parse import urlencode

    status, kind = error_of(machine.get(f"/Users?{urlencode({'filter': filter_})}"))
    assert (status, kind) == (400, "invalidFilter")


def test_3_4_3_search_by_post(machine, bjensen):
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "attributes": ["displayName", "userName"], "filter": 'userName sw "bjen"', "startIndex": 1, "count": 10,
    }  # fmt: skip
    found = machine.send("POST", "/Users/.search", body).json()
    assert [one["userName"] for one in found["Resources"]] == ["bjensen"] and "name" not in found["Resources"][0]


# --- 3.5 modifying ----------------------------------------------------------------------------------------


def test_3_5_1_replacing_with_put(machine, bjensen):
    body = BJENSEN | {"id": bjensen["id"], "title": "Tour guide", "name": {"familyName": "King", "givenName": "B"}}
    answer = machine.send("PUT", f"/Users/{bjensen['id']}", body)
    assert answer.status_code == 200 and answer["ETag"] != bjensen["meta"]["version"]
    assert (answer.json()["title"], answer.json()["name"]["familyName"]) == ("Tour guide", "King")
    answer = machine.send("PUT", f"/Users/{bjensen['id']}", BJENSEN)
    assert "title" not in answer.json(), "what is left out is gone"
    assert error_of(machine.send("PUT", "/Users/2819c223-7f76-453a-919d-413861904646", BJENSEN))[0] == 404


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({"op": "replace", "path": "title", "value": "Prof"}, {"title": "Prof"}),
        ({"op": "Replace", "path": "title", "value": "Prof"}, {"title": "Prof"}),
        ({"op": "Add", "path": "name.givenName", "value": "B"}, {"name.givenName": "B"}),
        (
            {"op": "add", "value": {"title": "Prof", "name": {"givenName": "B"}}},
            {"title": "Prof", "name.givenName": "B"},
        ),
        (
            {"op": "Replace", "value": {"name.givenName": "B", "active": "False"}},
            {"name.givenName": "B", "active": False},
        ),
        ({"op": "Replace", "path": "active", "value": "False"}, {"active": False}),
        ({"op": "Replace", "path": "active", "value": False}, {"active": False}),
        (
            {"op": "replace", "path": 'emails[type eq "work"].value', "value": "b@x.example"},
            {"emails.0.value": "b@x.example"},
        ),
        (
            {"op": "Add", "path": 'emails[type eq "home"].value', "value": "h@x.example"},
            {"emails.1.value": "h@x.example"},
        ),
        ({"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Film"}, {f"{ENTERPRISE}.department": "Film"}),
        ({"op": "Add", "value": {f"{ENTERPRISE}:employeeNumber": "S1"}}, {f"{ENTERPRISE}.employeeNumber": "S1"}),
        ({"op": "remove", "path": "externalId"}, {"externalId": None}),
        ({"op": "replace", "path": 'phoneNumbers[type eq "work"].value', "value": "1"}, {"userName": "bjensen"}),
        ({"op": "Add", "path": f"{ENTERPRISE}:manager", "value": "x"}, {"userName": "bjensen"}),
    ],
)
def test_3_5_2_modifying_with_patch(machine, bjensen, operation, expected):
    answer = machine.patch(f"/Users/{bjensen['id']}", operation)
    assert answer.status_code == 200, answer.text
    body = machine.get(f"/Users/{bjensen['id']}").json()
    assert body == answer.json()
    for path, value in expected.items():
        found = body
        for step in path.replace(ENTERPRISE, "EXT").split("."):
            step = ENTERPRISE if step == "EXT" else step
            found = found[int(step)] if step.isdigit() else found.get(step)
        assert found == value, path


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "replace", "path": "groups", "value": []}, "mutability"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "remove", "path": "userName"}, None),
        ({"op": "replace", "path": "emails[", "value": "x"}, "invalidPath"),
        ({"op": "jump", "path": "title", "value": "x"}, None),
        ({"op": "replace", "path": "active", "value": {"a": 1}}, "invalidValue"),
        ({"op": "remove", "path": "active"}, "mutability"),
    ],
)
def test_3_5_2_a_wrong_patch_changes_nothing(machine, bjensen, operation, kind):
    answer = machine.patch(f"/Users/{bjensen['id']}", {"op": "replace", "path": "title", "value": "X"}, operation)
    status, found = error_of(answer)
    assert status == 400 and (kind is None or found == kind), answer.text
    assert machine.get(f"/Users/{bjensen['id']}").json() == bjensen, "all operations or none"


def test_3_5_2_2_a_removed_name_is_unassigned_and_nobody_is_nameless(machine, bjensen):
    path = f"/Users/{bjensen['id']}"
    machine.patch(path, {"op": "add", "path": "displayName", "value": "Babs"})
    assert machine.get(path).json()["name"]["formatted"] == "Ms. Barbara J Jensen III"
    machine.patch(path, {"op": "remove", "path": "displayName"})
    body = machine.patch(path, {"op": "remove", "path": "name"}).json()
    assert "name" not in body and "displayName" not in body and machine.get(path).json() == body
    assert User.objects.get(pk=bjensen["id"]).name == "Barbara Jensen"
    assert machine.names('name.familyName eq "Jensen"') == [] == machine.names('displayName pr and userName sw "bj"')
    body = machine.patch(path, {"op": "add", "path": "name.familyName", "value": "King"}).json()
    assert body["name"] == {"formatted": "King", "familyName": "King"}


def test_the_whole_name_follows_when_the_school_changes_a_part(machine, bjensen):
    User.objects.filter(pk=bjensen["id"]).update(family_name="King")
    name = machine.get(f"/Users/{bjensen['id']}").json()["name"]
    assert name == {"formatted": "Barbara King", "familyName": "King", "givenName": "Barbara"}


def test_the_whole_name_follows_when_the_provider_changes_a_part(machine, bjensen):
    path = f"/Users/{bjensen['id']}"
    name = machine.patch(path, {"op": "replace", "path": "name.familyName", "value": "King"}).json()["name"]
    assert name == {"formatted": "Barbara King", "familyName": "King", "givenName": "Barbara"}
    assert machine.get(path).json()["name"] == name and User.objects.get(pk=bjensen["id"]).name == "Barbara King"
    both = {"familyName": "Stone", "formatted": "Dr. Barbara Stone"}
    name = machine.patch(path, {"op": "replace", "path": "name", "value": both}).json()["name"]
    assert name["formatted"] == "Dr. Barbara Stone"


def test_3_5_1_a_replacement_that_says_nothing_of_the_state_leaves_it(machine, bjensen):
    path = f"/Users/{bjensen['id']}"
    machine.patch(path, {"op": "replace", "path": "active", "value": False})
    assert machine.send("PUT", path, BJENSEN | {"title": "X"}).json()["active"] is False
    assert machine.send("PUT", path, BJENSEN | {"active": True}).json()["active"] is True


def test_3_5_2_members_of_a_group(machine, bjensen):
    ada = machine.create("ada@lumiere.example")
    group = machine.group("Tour guides", bjensen)
    path = f"/Groups/{group['id']}"

    def people():
        return {one["value"] for one in machine.get(path).json().get("members", [])}

    machine.patch(path, {"op": "add", "path": "members", "value": [{"display": "Ada", "value": ada["id"]}]})
    assert people() == {ada["id"], bjensen["id"]}
    machine.patch(path, {"op": "remove", "path": f'members[value eq "{bjensen["id"]}"]'})
    assert people() == {ada["id"]}
    machine.patch(path, {"op": "Add", "path": "members", "value": [{"value": bjensen["id"]}]})
    machine.patch(path, {"op": "Remove", "path": "members", "value": [{"value": ada["id"]}]})
    assert people() == {bjensen["id"]}, "Entra names whom to remove in the value"
    machine.patch(path, {"op": "replace", "path": "members", "value": [{"value": ada["id"]}]})
    assert people() == {ada["id"]}
    machine.patch(path, {"op": "remove", "path": "members"})
    assert people() == set()
    assert machine.get(f"/Users/{ada['id']}").json().get("groups") is None


def test_3_6_deleting(machine, bjensen):
    answer = machine.send("DELETE", f"/Users/{bjensen['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert error_of(machine.get(f"/Users/{bjensen['id']}"))[0] == 404
    assert error_of(machine.send("DELETE", f"/Users/{bjensen['id']}"))[0] == 404
    assert machine.names('userName eq "bjensen"') == []
    assert machine.send("POST", "/Users", BJENSEN).status_code == 201, "the name is free again"


def test_3_14_versions(machine, bjensen):
    path, version = f"/Users/{bjensen['id']}", bjensen["meta"]["version"]
    assert machine.get(path, HTTP_IF_NONE_MATCH=version).status_code == 304
    change = {"op": "replace", "path": "title", "value": "Prof"}
    assert machine.patch(path, change, HTTP_IF_MATCH=version).status_code == 200
    assert error_of(machine.patch(path, change, HTTP_IF_MATCH=version))[0] == 412
    assert error_of(machine.send("DELETE", path, HTTP_IF_MATCH=version))[0] == 412
    User.objects.filter(pk=bjensen["id"]).update(family_name="Other")
    assert machine.get(path)["ETag"] not in (version, ""), "a change made in the school is a new version too"


# --- 4 discovery ------------------------------------------------------------------------------------------


def test_4_discovery(machine):
    config = machine.get("/ServiceProviderConfig").json()
    assert config["patch"]["supported"] and config["filter"]["supported"] and config["etag"]["supported"]
    assert not config["bulk"]["supported"] and not config["sort"]["supported"]
    types = machine.get("/ResourceTypes").json()
    assert {one["id"]: one["endpoint"] for one in types["Resources"]} == {"User": "/Users", "Group": "/Groups"}
    assert machine.get("/ResourceTypes/User").json()["schema"] == USER
    schemas = {one["id"] for one in machine.get("/Schemas").json()["Resources"]}
    assert schemas == {USER, GROUP, ENTERPRISE}
    assert machine.get(f"/Schemas/{GROUP}").json()["id"] == GROUP
    assert error_of(machine.get("/Schemas/urn:none"))[0] == 404
    assert error_of(machine.get('/Schemas?filter=id eq "x"'))[0] == 403
    assert error_of(machine.send("POST", "/Schemas", {}))[0] == 405
    assert error_of(machine.get("/Me"))[0] == 501 and error_of(machine.get("/Nowhere"))[0] == 404


# --- bodies that mean harm --------------------------------------------------------------------------------

BODIES = [
    b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 50_000, b'{"a":' * 5_000, b'{"userName": NaN}',
    b'{"x": 1e999}',
    b'{"userName": "a\\u0000b", "emails": [{"value": "a@b.fr"}]}', b'{"userName": "\\ud800"}',
    b'{"schemas": "x", "userName": 5}', b'{"userName": {"a": []}}', b'{"userName": null, "active": "maybe"}',
    b'{"schemas": [], "Operations": 5}', b'{"Operations": [{"op": "add", "path": "a[b eq 1].c.d", "value": {}}]}',
    b'{"Operations": [null, 5, "x"]}', b'{"members": [{"value": "no id"}], "displayName": "x"}',
    b'{"emails": [{"value": "x", "primary": true}, {"value": "y", "primary": true}], "userName": "z"}',
    b'{"userName": "' + b"a" * 5_000 + b'@b.fr"}', b'{"userName": 1' + b"0" * 5_000 + b"}",
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:40]))
def test_no_body_makes_the_server_fail(machine, bjensen, body):
    machine.client.raise_request_exception = False
    group = machine.group("G")
    for method, path in (
        ("POST", "/Users"), ("PUT", f"/Users/{bjensen['id']}"), ("PATCH", f"/Users/{bjensen['id']}"),
        ("POST", "/Groups"), ("PUT", f"/Groups/{group['id']}"), ("PATCH", f"/Groups/{group['id']}"),
        ("POST", "/Users/.search"), ("DELETE", "/Users"), ("POST", "/Bulk"),
    ):  # fmt: skip
        answer = machine.send(method, path, body)
        assert answer.status_code < 500 or answer.status_code == 501, (method, path, answer.text)
        assert answer.status_code in (200, 201) or error_of(answer)


def test_a_large_body_and_another_kind_of_body_are_refused(machine):
    assert error_of(machine.send("POST", "/Users", b"x" * 3_000_000))[0] == 413
    answer = machine.client.post(
        "/scim/v2/Users", "a=b", content_type="text/plain", HTTP_AUTHORIZATION=f"Bearer {machine.secret}"
    )
    assert error_of(answer)[0] == 415


@pytest.mark.parametrize("value", ["a\x00b", "9" * 5000, "\ud800".encode("utf-8", "replace"), "' OR 1=1 --", "%", "_"])
def test_no_parameter_makes_the_server_fail(machine, bjensen, value):
    machine.client.raise_request_exception = False
    for name in ("filter", "startIndex", "count", "attributes", "excludedAttributes", "sortBy"):
        answer = machine.client.get("/scim/v2/Users", {name: value}, HTTP_AUTHORIZATION=f"Bearer {machine.secret}")
        assert answer.status_code < 500, (name, answer.text)
    assert machine.names('userName eq "\\u0000"') == []
    assert machine.names('userName co "%"') == [], "signs of the database's patterns are plain letters"


def test_operations_are_limited(machine, bjensen):
    many = [{"op": "replace", "path": "title", "value": "x"}] * 1_001
    assert (
        error_of(machine.send("PATCH", f"/Users/{bjensen['id']}", {"schemas": [PATCH], "Operations": many}))[0] == 400
    )


def test_people_of_the_school_are_found_by_their_address(machine):
    user = person(email="grace@lumiere.example")
    assert machine.names('userName eq "grace@lumiere.example"') == ["grace@lumiere.example"]
    answer = machine.patch(f"/Users/{user.pk}", {"op": "add", "path": "externalId", "value": "g-1"})
    assert answer.json()["externalId"] == "g-1"
    assert error_of(machine.send("POST", "/Users", {"schemas": [USER], "userName": user.email})) == (409, "uniqueness")
