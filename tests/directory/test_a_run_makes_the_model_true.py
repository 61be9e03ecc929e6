"""After a complete run the database says what the directory says; a second run writes nothing."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import Identity, User
from apps.campuses.models import MembershipEvent
from apps.campuses.services import memberships
from apps.directory.services import requests
from tests.directory.world import ADMIN
from tests.people import person


def test_the_first_run_creates_people_with_identity_and_place(world):
    world.standard()
    run = world.run()
    assert run.state == "done"
    assert world.places() == world.model()
    person = world.user(world.students[0])
    assert person.status == "active"
    assert not person.has_usable_password()
    assert person.identities.get().tenant_id == world.tid
    assert run.counts == {"added": 12}
    assert run.members_after == 12
    assert run.pages == 5


def test_the_numbers_before_and_after_count_the_same_people(world):
    """Whoever has a place, also by hand: with nothing to do, nothing seems to have happened."""
    memberships.add_member(
        actor=ADMIN, user_id=person("by-hand@lumiere.example").pk, campus_id=world.paris.pk, now=timezone.now()
    )
    world.standard()
    first, same = world.run(), world.run()
    assert (first.members_before, first.members_after) == (1, 13)
    assert (same.state, same.members_before, same.members_after) == ("done", 13, 13)
    world.remove(world.g_paris, world.students[0])
    fewer = world.run()
    assert (fewer.members_before, fewer.members_after) == (13, 12)
    taken_back = world.carry_out(requests.request_undo(actor=ADMIN, run_id=fewer.pk, now=timezone.now()))
    assert taken_back.members_before is None, "nothing is applied before somebody says so"
    taken_back = world.approve(taken_back)
    assert (taken_back.members_before, taken_back.members_after) == (12, 13)


def test_every_new_account_has_a_password_of_its_own_that_nobody_can_type(world):
    world.standard()
    world.run()
    passwords = list(User.objects.filter(identities__isnull=False).values_list("password", flat=True))
    assert len(set(passwords)) == len(passwords) == 12


def test_added_renamed_moved_and_removed_people(world):
    world.standard()
    world.run()
    newcomer = world.person(givenName="Ada", surname="Nouvelle")
    world.add(world.g_paris, newcomer, world.staff[0])
    world.remove(world.g_lyon, world.staff[0])
    world.remove(world.g_paris, world.students[0])
    world.change(world.students[1], surname="Renommée", department="Physique")
    run = world.run()
    assert run.state == "done"
    assert world.places() == world.model()
    assert world.user(world.students[1]).family_name == "Renommée"
    assert world.user(world.students[0]).status == "departed"
    assert world.user(world.staff[0]).status == "active", "somebody who moves keeps the account"
    assert run.counts == {"added": 2, "updated": 1, "moved": 1, "deactivated": 1}


def rows_written():
    """Rows inserted, updated and deleted by this transaction in the tables of people."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE schemaname = current_schema() AND relname = ANY(%s)",
            [["accounts_user", "accounts_identity", "campuses_campusmembership", "campuses_membershipevent"]],
        )
        return dict(cursor.fetchall())


def test_a_second_run_of_the_same_directory_writes_no_row(world):
    world.standard()
    world.run()
    before = rows_written()
    run = world.run()
    assert rows_written() == before
    assert run.counts == {}
    assert run.to_apply == 0


def test_the_count_of_written_rows_sees_a_write(world):
    """A control for the test above."""
    world.standard()
    before = rows_written()
    world.run()
    assert rows_written() != before


@pytest.mark.parametrize("seed", range(6))
def test_order_duplicates_and_empty_pages_change_nothing(world, seed):
    """Random directories read in random order with repeats give the same rows as the model."""
    dice = random.Random(seed)
    world.standard(students=dice.randint(1, 14), staff=dice.randint(1, 9))
    everybody = world.students + world.staff
    world.sim.change_organisation(world.tid, shuffle=True)
    for _round in range(3):
        world.add(world.g_paris, *dice.sample(everybody, dice.randint(0, 3)), *world.people(dice.randint(0, 3)))
        world.remove(world.g_lyon, *dice.sample(everybody, dice.randint(0, 2)))
        for kind in ("duplicates", "shuffled", "empty_page"):
            world.sim.fault(kind, tid=world.tid, page=dice.randint(1, 4), times=2, count=dice.randint(1, 3))
        run = world.run(chunk=dice.randint(1, 7))
        if run.state == "held":
            run = world.approve(run)
        assert run.state == "done", run.error_code
        assert world.places() == world.model()
        world.sim.clear_faults()


def test_of_two_groups_the_higher_role_counts_and_is_shown(world):
    world.standard()
    tutors = world.group("Tutors", world.students[:2])
    world.map(tutors, world.paris, "staff")
    run = world.run()
    rules = (*world.rules(), (tutors, world.paris, "staff"))
    assert world.places() == world.model(*rules)
    assert world.reasons(run)["added", "highest-role"] == 2
    world.remove(tutors, world.students[0])
    run = world.run()
    assert world.places() == world.model(*rules)
    (change,) = world.changes(run)
    assert (change.kind, change.before["role"], change.after["role"]) == ("moved", "staff", "member")


def test_nested_groups_count_unless_the_mapping_says_no(world):
    inner = world.people(4)
    direct = world.people(2)
    outer = world.group("All", [*direct, world.group("Inner", inner)])
    world.map(outer, world.paris)
    world.map(outer, world.lyon, transitive=False)
    world.run()
    at = {name: {person for person, campus, _role in world.places() if campus == name} for name in ("Paris", "Lyon")}
    assert at["Paris"] == {*inner, *direct}
    assert at["Lyon"] == set(direct)


def test_two_people_swap_their_addresses(world):
    world.standard()
    world.run()
    one, two = world.students[:2]
    addresses = {p["id"]: p["mail"] for p in world.sim.people(world.tid)}
    world.change(one, mail=addresses[two])
    world.change(two, mail=addresses[one])
    run = world.run()
    assert run.state == "done"
    assert (world.user(one).email, world.user(two).email) == (addresses[two], addresses[one])
    assert not User.objects.filter(email__contains="moving.invalid").exists()


def test_a_freed_address_can_go_to_a_newcomer_in_the_same_run(world):
    world.standard()
    world.run()
    old = world.user(world.students[0]).email
    world.change(world.students[0], mail="married.name@lumiere.example")
    newcomer = world.person(givenName="New", surname="Person", mail=old)
    world.add(world.g_paris, newcomer)
    assert world.run().state == "done"
    assert world.user(newcomer).email == old
    assert world.places() == world.model()


def test_the_history_says_what_happened_and_which_run_did_it(world):
    world.standard()
    first = world.run()
    world.remove(world.g_paris, world.students[0])
    second = world.run()
    events = MembershipEvent.objects.filter(membership__user=world.user(world.students[0])).order_by("id")
    assert [(e.from_state, e.to_state, e.cause, e.run_id) for e in events] == [
        ("", "active", "listed", first.pk),
        ("active", "ended", "removed", second.pk),
    ]


def test_another_school_sees_nothing_of_it(world, curie):
    from apps.tenants.context import activated

    world.standard()
    world.run()
    with activated(curie):
        assert not Identity.objects.filter(tenant_id=world.tid).exists()
        assert not User.objects.filter(email__endswith="@lumiere.example").exists()


def statements_of(world) -> int:
    with CaptureQueriesContext(connection) as sent:
        run = world.run()
    assert run.state == "done"
    return len(sent)


def test_the_number_of_statements_does_not_grow_with_the_people(world):
    """Set-based: 120 newcomers, and their renaming, cost no more statements than three (DIR-6)."""
    world.standard()
    world.sim.change_organisation(world.tid, page_size=999)  # pages have statements of their own
    world.run()

    def newcomers(number: int) -> list[str]:
        people = [world.person(givenName="N", surname=f"Ew {number} {n}", mail=f"n{number}-{n}@lumiere.example")
                  for n in range(number)]  # fmt: skip
        world.add(world.g_paris, *people)
        return people

    counts = {}
    for number in (3, 120):
        people = newcomers(number)
        arriving = statements_of(world)
        for one in people:
            world.change(one, surname="Renamed")
        counts[number] = (arriving, statements_of(world))
    assert counts[120] == counts[3], counts
