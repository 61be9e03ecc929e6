"""Identity comes from Microsoft, rights never do: whatever the directory says of somebody, only a mapping counts."""

from django.utils import timezone

from apps.accounts import rights
from apps.accounts.models import Grant
from apps.accounts.rules import school_day
from apps.accounts.selectors import actor_for

TITLES = ["Owner", "owner", "Administrator", "Global Administrator", "superadmin", "campus-manager", "auditor"]
ATTRIBUTES = ("jobTitle", "department", "displayName", "companyName", "officeLocation", "employeeType")


def held(world, object_id):
    user = world.user(object_id)
    return set(actor_for(user).held), rights.effective(user, school_day(timezone.now()))


def test_no_attribute_and_no_group_changes_what_somebody_may_do(world):
    world.standard(students=4, staff=2)
    assert world.run().state == "done"
    someone = world.students[0]
    before, rows = held(world, someone), list(Grant.objects.order_by("pk").values())
    for number, title in enumerate(TITLES):
        known = set(next(p for p in world.sim.people(world.tid) if p["id"] == someone))
        world.change(someone, **{name: title for name in ATTRIBUTES if name in known})
        world.group(f"{title} {number}", [someone])  # a group of that name, mapped to nothing
        assert world.run().state == "done"
        assert held(world, someone) == before, title
    assert list(Grant.objects.order_by("pk").values()) == rows


def test_control_a_mapped_group_does(world):
    world.standard(students=4, staff=2)
    world.run()
    someone = world.students[0]
    before = held(world, someone)
    managers = world.group("Managers", [someone])
    world.map(managers, world.paris, "manager")
    world.run()
    assert held(world, someone) != before
    assert world.membership(someone).role == "manager"
