"""Objects, querysets and callbacks outlive the block that made them; what then happens is fixed here."""

import pytest
from django.db import ProgrammingError, connection, transaction

from apps.accounts.models import Grant, User
from apps.tenants import context, jobs
from apps.tenants.context import activated, platform
from apps.tenants.guard import CrossSchoolWrite
from tests.conftest import client_for
from tests.people import owner


def make(email):
    return User.objects.create_user(email, status="active", family_name="Martin")


@pytest.fixture
def outside(db):
    """No school is active."""
    token = context._selected.set(None)
    yield
    context._selected.reset(token)


# --- objects ----------------------------------------------------------------------------------------------


def test_an_object_is_not_written_in_another_school(lumiere, curie):
    user = make("one@lumiere.example")
    grant = Grant.objects.create(user=user, role="auditor", scope_kind="school")
    with activated(curie):
        with pytest.raises(CrossSchoolWrite, match="s_lumiere"):
            user.save()
        with pytest.raises(CrossSchoolWrite), transaction.atomic():
            grant.delete()
        with pytest.raises(CrossSchoolWrite):
            user.save(update_fields=["family_name"])
    user.family_name = "Durand"
    user.save()


def test_nor_on_the_platform(lumiere):
    user = make("one@lumiere.example")
    with platform(), pytest.raises(CrossSchoolWrite):
        user.save()


def test_without_the_guard_it_would_be(lumiere, curie):
    """The control: Django itself has no idea where an object came from."""
    from django.db.models.signals import pre_save

    from apps.tenants import guard

    user = make("one@lumiere.example")
    pre_save.disconnect(dispatch_uid="tenants.guard.save")
    try:
        with activated(curie), transaction.atomic():
            user.save(force_insert=True)
            assert User.objects.filter(email="one@lumiere.example").exists()
            transaction.set_rollback(True)
    finally:
        pre_save.connect(guard._check, dispatch_uid="tenants.guard.save")


def test_a_copy_made_on_purpose_is_allowed(lumiere, curie):
    with activated(curie):
        assert make("one@lumiere.example").pk


# --- querysets ----------------------------------------------------------------------------------------------


def test_a_lazy_queryset_reads_where_it_is_evaluated(lumiere, curie):
    """Known and unavoidable: a queryset is a question, not its answer. Evaluate it inside the block."""
    make("one@lumiere.example")
    question = User.objects.filter(email__startswith="one@")
    with activated(curie):
        assert list(question.all()) == []
    assert [user.email for user in question.all()] == ["one@lumiere.example"]


def test_a_lazy_queryset_outside_of_every_school_is_an_error(new_school):
    school = new_school()
    with activated(school):
        question = User.objects.all()
    with pytest.raises(ProgrammingError, match="does not exist"):
        list(question)


def test_an_evaluated_queryset_can_be_used_anywhere(lumiere, curie):
    make("one@lumiere.example")
    people = list(User.objects.filter(email__startswith="one@"))
    with activated(curie):
        assert [person.email for person in people] == ["one@lumiere.example"]


# --- after the commit ---------------------------------------------------------------------------------------


def test_a_callback_runs_where_the_commit_happens_not_where_it_was_asked_for(new_school):
    """Known: `transaction.on_commit` carries no school. `enqueue` does, and so should any other callback."""
    school, seen = new_school(), []
    with transaction.atomic(), activated(school):
        transaction.on_commit(lambda: seen.append(context.current_schema()))
    assert seen == [""]


def test_a_job_asked_for_inside_carries_its_school_although_the_commit_is_outside(new_school, monkeypatch):
    school, sent = new_school(), []
    monkeypatch.setattr(jobs, "_send", lambda name, arguments, headers: sent.append((name, headers["school"])))
    with transaction.atomic():
        with activated(school):
            jobs.enqueue("directory.sweep")
        assert sent == []
    assert sent == [("directory.sweep", school.schema_name)]


def test_the_connection_has_no_memory_of_a_school(new_school):
    school = new_school()
    with activated(school):
        list(User.objects.all())
    assert connection.tenant is None and connection.schema_name == ""


@pytest.mark.parametrize("meanwhile", ["another school", "nothing"])
def test_a_download_is_read_in_the_school_that_was_asked(lumiere, curie, meanwhile):
    """A server reads it after the request is over, when nothing or the next request's school is selected."""
    with activated(curie):
        owner(email="head@curie.example")
    client = client_for(lumiere)
    client.force_login(owner(email="head@lumiere.example"))
    answer = client.get("/people/export.csv")
    token = context._selected.set(context.tenancy_of(curie) if meanwhile == "another school" else None)
    try:
        text = b"".join(answer.streaming_content).decode()
    finally:
        context._selected.reset(token)
    assert "head@lumiere.example" in text and "curie.example" not in text
