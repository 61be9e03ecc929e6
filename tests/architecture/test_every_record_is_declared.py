"""Every table and every column that can speak of somebody is declared: what it is, whose it is, how long it is kept.

A new model: write a `Record` in the `records.py` of its app (docs/adding-a-table.md).
"""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.accounts.models import User
from apps.core.records import BLANK, DELETE, KEEP, REGISTRY

GO_TOGETHER = {
    ("accounts.SignInFlow", "invitation"): "lives for a day, an invitation for at least a week after its end",
    ("directory.DirectoryRun", "undoes"): "a run waits for the one that took it back",
    ("roster.RosterPlan", "undoes"): "a plan waits for the one that took it back",
    ("integrations.EventPlan", "undoes"): "a decision waits for the one that took it back",
    ("directory.StagedPerson", "reading"): "the same rows as by the run",
    ("directory.StagedChange", "reading"): "the same rows as by the run",
}
SPEAKING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.UUIDField,
    models.GenericIPAddressField,
    models.BinaryField,
    models.FileField,
    ArrayField,
)
SCHOOL_MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if not model._meta.proxy and apps.get_app_config(model._meta.app_label).name in settings.TENANT_APPS
]


def has_to_be_declared(column) -> bool:
    """Text, ids without a foreign key, addresses, JSON; and foreign keys to people."""
    if column.is_relation:
        return issubclass(column.related_model, User)
    if column.primary_key and isinstance(column, models.UUIDField) or getattr(column, "generated", False):
        return False
    return isinstance(column, SPEAKING) and not column.choices


@pytest.mark.parametrize("model", SCHOOL_MODELS, ids=lambda model: model._meta.label)
def test_every_table_of_a_school_is_declared(model):
    label = model._meta.label
    assert label in REGISTRY, f"{label}: declare what it keeps in the records.py of its app"
    record = REGISTRY[label]
    assert record.period or record.kept, f"{label}: say how long its rows are kept (period, or kept in words)"
    assert record.purpose or not record.parties, f"{label}: say what it is for; people read it"
    assert record.basis or not record.parties, f"{label}: say what allows keeping it"


@pytest.mark.parametrize("model", SCHOOL_MODELS, ids=lambda model: model._meta.label)
def test_every_column_that_can_speak_of_somebody_is_declared(model):
    record = REGISTRY[model._meta.label]
    links = {party.link.split("__")[0] for party in record.parties if isinstance(party.link, str)}
    declared = {*record.plain, *record.withheld, *links, *(name for one in record.parties for name in one.columns)}
    missing = [column.name for column in model._meta.concrete_fields if has_to_be_declared(column)]
    missing = sorted(set(missing) - declared)
    assert not missing, f"{model._meta.label}: whose are the columns {missing}? A party's, plain, or withheld"


@pytest.mark.parametrize("record", REGISTRY.values(), ids=lambda record: record.model_label)
def test_what_is_declared_exists(record):
    names = {column.name for column in record.model._meta.concrete_fields}
    for party in record.parties:
        assert set(party.columns) <= names, set(party.columns) - names
        assert party.erase in (DELETE, BLANK, KEEP)
        assert party.erase != KEEP or party.because, f"{record.model_label}: say why the law keeps it"
    assert {*record.plain, *record.withheld} <= names, {*record.plain, *record.withheld} - names


@pytest.mark.parametrize("record", REGISTRY.values(), ids=lambda record: record.model_label)
def test_rows_that_go_with_others_say_so(record):
    """Retention lists what it deletes: a cascade it does not know of would delete more than the dry run said."""
    if record.period is None or record.model is User:
        return
    for relation in record.model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and relation.on_delete is models.CASCADE:
            child = REGISTRY[relation.related_model._meta.label]
            if (child.model_label, relation.field.name) in GO_TOGETHER:
                continue
            assert child.period and child.period.parent == relation.field.name, (
                f"{child.model_label}: its rows go with those of {record.model_label}: Period(parent=...)"
            )


def test_the_guard_sees_a_column():
    """A control: a column of text, an id of a person and a foreign key to one are all asked for."""
    found = {column.name for column in User._meta.concrete_fields if has_to_be_declared(column)}
    assert {"email", "given_name", "own_fields"} <= found
    grant = {
        column.name for column in apps.get_model("accounts.Grant")._meta.concrete_fields if has_to_be_declared(column)
    }
    assert {"user", "granted_by_id", "granted_by"} <= grant
