"""A preview says who would be added, changed, deactivated and left out, and changes nothing (DIR-1)."""

from apps.accounts.models import User
from tests.directory.test_a_partial_reading_removes_nobody import everything


def test_a_preview_before_the_first_run(world):
    world.standard()
    world.add(world.g_paris, world.person(givenName="G", surname="Uest", userType="Guest"))
    run = world.run(preview=True)
    assert run.state == "done" and run.is_preview
    assert world.reasons(run) == {("added", "listed"): 12, ("skipped", "guest"): 1}
    assert not User.objects.filter(identities__isnull=False).exists()
    assert run.members_after is None, "a preview is no point of the chart"


def test_a_preview_of_a_change_lists_it_and_the_run_does_exactly_that(world):
    world.standard(students=20)
    world.run()
    world.remove(world.g_paris, *world.students[:9])
    world.change(world.staff[0], surname="Renommée")
    before = everything()
    preview = world.run(preview=True)
    assert everything() == before
    assert (preview.state, preview.affected) == ("done", 9), "a preview is never held: it only tells"
    run = world.run()
    assert run.state == "held"
    told = [(c.kind, c.reason, c.object_id, c.before, c.after) for c in world.changes(preview)]
    assert [(c.kind, c.reason, c.object_id, c.before, c.after) for c in world.changes(run)] == told
