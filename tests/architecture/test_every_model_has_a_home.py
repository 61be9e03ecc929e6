"""Every model lives in the platform's schema, in each school's, or on purpose in both."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

BOTH = {
    "contenttypes": "django-auditlog names models by content type, in every schema of its own",
    "messages": "has no tables",
    "auditlog": "row changes of superadmins and of people of a school",
    "accounts": "superadmins live in the platform's schema, people in their school's",
    "audit": "acts of the platform and acts of a school",
    "files": "photos: of people of a school, and the column of superadmins",
    "outgoing": "people of both schemas are announced by the same triggers; the platform has no endpoints",
    "integrations": "events for a school, and events that belong to the platform or to no school yet",
    "notifications": "mail to superadmins and to people",
}
MODELS = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]


def homes(model) -> set[str]:
    name = apps.get_app_config(model._meta.app_label).name
    return {
        home
        for home, listed in (("platform", settings.SHARED_APPS), ("school", settings.TENANT_APPS))
        if name in listed
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_has_a_home(model):
    assert homes(model), f"{model._meta.label}: add its app to SHARED_APPS or TENANT_APPS"
    if len(homes(model)) == 2:
        assert model._meta.app_label in BOTH, f"{model._meta.label}: in both schemas; say why in BOTH"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_row_of_a_school_points_into_another_schema(model):
    """A foreign key from a school's table to a table that exists only in the platform cannot be exported or purged."""
    if "school" not in homes(model):
        return
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey):
            assert "school" in homes(field.related_model), f"{model._meta.label}.{field.name} leaves the school"


@pytest.mark.parametrize(
    "model", [m for m in MODELS if m.__module__.startswith("apps.")], ids=lambda model: model._meta.label
)
def test_ids_mean_nothing_in_another_school(model):
    """Small integers collide between schools; a UUID of one school finds nothing in another."""
    key = model._meta.pk
    random = isinstance(key, models.UUIDField | models.OneToOneField | models.CharField)
    internal = model._meta.label in WITHOUT_ADDRESS
    assert random or internal, f"{model._meta.label}: use apps.core.ids.new_id"


WITHOUT_ADDRESS: set[str] = {
    "integrations.InboundEvent",  # its address carries a part of its hash: a number alone finds nothing
    "integrations.EventChange",
    "integrations.DrainSlot",
    # rows that no URL, message or signed value ever names: numbered, because their order is their meaning
    "campuses.MembershipEvent",
    "associations.RequestEvent",
    "associations.Association_campuses",
    "outgoing.OutgoingEvent",  # addresses name its random event_id
    "outgoing.Delivery",  # addresses name the endpoint and the event
    "outgoing.Attempt",
    "payments.PaymentPolicy",  # one row
    "money.LedgerEntry",
    "directory.DirectoryChange",
    "directory.StagedPerson",
    "directory.StagedChange",
    "roster.FailedRow",
    "roster.RosterChange",
    "roster.ProvisionedMember",
    "tenants.FleetMigration",
}
