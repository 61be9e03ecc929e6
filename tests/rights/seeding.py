"""A canary in every column that speaks of a person, put there by looking at the models: a new column gets one too."""

import itertools
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from apps.accounts.models import User
from apps.core.records import REGISTRY, Party, Record
from tests.people import person

_numbers = itertools.count(1)


@dataclass
class Seeded:
    """What was put where for one person: canary -> where it stands."""

    user: User
    canaries: dict[str, str] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)


#: How a row is made whose party is found by something else than a foreign key or an id.
FOUND_BY: dict[tuple[str, int], Any] = {
    ("accounts.SignInFlow", 0): lambda user: {"user": user, "claims": {"oid": "", "name": "{canary}"}},
    ("accounts.BreakGlassLink", 1): lambda user: {"asked_by": user.name},
    ("accounts.CustomRole", 0): lambda user: {"created_by": user.name},
    ("payments.Subscription", 0): lambda user: {"user": user, "currency": "EUR"},
    ("payments.SubscriptionPayment", 0): lambda user: {
        "subscription": make("payments.Subscription", user=user, currency="EUR")
    },
    ("money.OrderLine", 0): lambda user: {"order": order_of(user)},
    ("money.Payment", 0): lambda user: {"order": order_of(user)},
    ("money.Refund", 0): lambda user: refund_of(user),
    ("money.Document", 0): lambda user: {"order": order_of(user), "number": 1, "year": 2027},
    ("integrations.InboundEvent", 0): lambda user: {"about": user.email},
    ("outgoing.WebhookEndpoint", 0): lambda user: {"created_by": user.name},
    ("outgoing.Delivery", 0): lambda user: {"event": make("outgoing.OutgoingEvent", person_id=user.pk)},
    ("outgoing.Attempt", 0): lambda user: {
        "delivery": make("outgoing.Delivery", event=make("outgoing.OutgoingEvent", person_id=user.pk))
    },
    ("payments.ProviderPayment", 0): lambda user: {"payment": _payment_of(user)},
    ("payments.PayoutPart", 0): lambda user: {"payment": _payment_of(user)},
    ("outgoing.EndpointSecret", 0): lambda user: {"created_by": user.name},
    ("integrations.WebhookSecret", 0): lambda user: {"created_by": user.name},
    ("integrations.EventPlan", 0): lambda user: {"requested_by": user.name, "state": "done"},
    ("integrations.EventPlan", 1): lambda user: {"decided_by": user.name, "state": "done"},
    ("integrations.EventChange", 0): lambda user: {"email": user.email},
    ("associations.Renewal", 0): lambda user: {"settled_by": user.name},
    ("sites.Site", 0): lambda user: {"changed_by": user.name},
    ("associations.RenewalCampaign", 0): lambda user: {"started_by": user.name},
    ("audit.AuditEvent", 1): lambda user: {"target_id": str(user.pk), "target_type": "accounts.user"},
    ("auditlog.LogEntry", 1): lambda user: {
        "object_pk": str(user.pk),
        "content_type": ContentType.objects.get_for_model(User),
        "action": 1,
    },
    ("campuses.MembershipEvent", 0): lambda user: {"membership": make("campuses.CampusMembership", user=user)},
    ("campuses.MembershipEvent", 1): lambda user: {"actor": user.name},
    ("directory.DirectoryRun", 0): lambda user: {"requested_by": user.name, "state": "done"},
    ("directory.DirectoryRun", 1): lambda user: {"decided_by": user.name, "state": "done"},
    ("directory.DirectoryChange", 0): lambda user: {"user_id": user.pk},
    ("directory.StagedPerson", 0): lambda user: {"email": user.email},
    ("directory.StagedChange", 0): lambda user: {"email": user.email},
    ("directory.ConflictDecision", 0): lambda user: {"email": user.email},
    ("directory.ConflictDecision", 1): lambda user: {"decided_by": user.name},
    ("devices.Device", 0): lambda user: {"created_by": user.name},
    ("directory.DirectorySchedule", 0): lambda user: {"changed_by": user.name},
    ("directory.DirectoryPhoto", 0): lambda user: {"identity": make("accounts.Identity", user=user)},
    ("notifications.CommunicationLog", 0): lambda user: {"user_id": user.pk},
    ("notifications.SuppressedAddress", 0): lambda user: {"address": user.email.lower()},
    ("roster.RosterPlan", 0): lambda user: {"requested_by": user.name, "state": "done"},
    ("roster.RosterPlan", 1): lambda user: {"decided_by": user.name, "state": "done"},
    ("roster.RosterChange", 0): lambda user: {"user_id": user.pk},
    ("roster.ImportFile", 0): lambda user: {"sample": [[user.email]]},
    ("roster.FailedRow", 0): lambda user: {"cells": [user.email]},
}


def order_of(user: User) -> models.Model:
    return make("money.Order", buyer=user)


def refund_of(user: User) -> dict[str, Any]:
    order = order_of(user)
    return {"order": order, "payment": make("money.Payment", order=order)}


#: Columns whose value decides about a constraint.
FIXED: dict[str, dict[str, Any]] = {
    "accounts.Grant": {"scope_kind": "school", "scope_id": None, "role": "member"},
    "accounts.Invitation": {"scope_kind": "school", "scope_id": None, "revoked_at": timezone.now()},
    "accounts.ErasureCase": {"state": "done"},
    "associations.RenewalCampaign": {"deadline": date(2026, 11, 30), "delisted_on": date(2026, 12, 30)},
    "accounts.DataExport": {"state": "done"},
    "money.Treasury": {"currency": "EUR"},
    "money.Order": {"currency": "EUR"},
    "devices.Device": {"scope_kind": "school", "scope_id": None, "state": "desk"},
    "directory.DirectoryRun": {"state": "done"},
    "roster.RosterPlan": {"state": "done"},
    "integrations.EventPlan": {"state": "done"},
    "roster.ImportFile": {},
    "payments.ProviderAccount": {"state": "active"},
    "payments.Payout": {"currency": "EUR", "state": "paid"},
}
ONE_ROW = {"directory.DirectorySchedule"}


def make(label: str, **given: Any) -> models.Model:
    """A row with something acceptable in every column that must have a value."""
    record = REGISTRY[label]
    values = {**FIXED.get(label, {}), **given}
    for column in record.model._meta.concrete_fields:
        if column.name in values or column.attname in values or getattr(column, "generated", False):
            continue
        if column.has_default() or column.null or column.primary_key and not column.is_relation:
            continue
        values[column.name] = acceptable(column)
    return record.model._base_manager.create(**values)


def _payment_of(user: User) -> models.Model:
    return make("money.Payment", order=order_of(user))


def acceptable(column: Any) -> Any:
    number = next(_numbers)
    if column.is_relation:
        if issubclass(column.related_model, User):
            return person()
        if column.related_model is ContentType:
            return ContentType.objects.get_for_model(User)
        return make(column.related_model._meta.label)
    if column.choices:
        return column.choices[0][0]
    if isinstance(column, models.EmailField):
        return f"n{number}@nobody.example"
    if isinstance(column, models.DateTimeField):
        return timezone.now()
    if isinstance(column, models.DateField):
        return timezone.localdate()
    if isinstance(column, models.BooleanField):
        return False
    if isinstance(column, models.IntegerField):
        return number % 10_000 + 1
    if isinstance(column, models.UUIDField):
        return uuid.uuid4()
    if isinstance(column, models.JSONField):
        return {}
    if isinstance(column, models.BinaryField):
        return b""
    return f"n{number}"[: column.max_length or None]


def canary_for(column: Any, seeded: Seeded, place: str, *, withheld: bool) -> Any:
    """A value for the column that nothing else holds; None for a column that cannot hold one."""
    number = next(_numbers)
    text = f"Kanari{number:06d}x"
    if column.is_relation or column.choices or column.primary_key:
        return None
    value: Any
    if isinstance(column, models.EmailField):
        text = value = f"kanari{number:06d}@vogel.example"
    elif isinstance(column, models.GenericIPAddressField):
        text = value = f"2001:db8::{number:x}:1"
    elif isinstance(column, models.JSONField):
        value = {"said": text}
    elif isinstance(column, ArrayField):
        value = [text]
    elif isinstance(column, models.BinaryField):
        value = text.encode()
    elif isinstance(column, models.CharField | models.TextField):
        value = text[: column.max_length or None]
    else:
        return None
    (seeded.withheld if withheld else seeded.canaries)[text] = place
    return value


def seed_account() -> Seeded:
    """A person with a canary in every column of the account."""
    user = person()
    seeded = Seeded(user)
    seed_row(seeded, REGISTRY["accounts.User"], REGISTRY["accounts.User"].parties[0], user)
    user.refresh_from_db()
    return seeded


def seed_row(seeded: Seeded, record: Record, party: Party, row: models.Model, keep: tuple[str, ...] = ()) -> None:
    """Write canaries into the party's columns of a row, past what would be checked or recorded."""
    values = {}
    for name in party.columns:
        column = row._meta.get_field(name)
        if name in keep:
            continue
        value = canary_for(column, seeded, f"{record.model_label}.{name}", withheld=name in record.withheld)
        if value is not None:
            values[name] = value
    if record.erase_rows is None and values:
        type(row)._base_manager.filter(pk=row.pk).update(**values)


def seed_everything(seeded: Seeded) -> None:
    """A row in every table for every part the person can play."""
    user = seeded.user
    for record in REGISTRY.values():
        if record.model_label == "accounts.User":
            continue
        for index, party in enumerate(record.parties):
            given = given_for(record, index, party, user)
            if record.model_label in ONE_ROW and record.rows().exists():
                continue
            if record.erase_rows is not None:  # append-only: the canaries go in with the row
                for name in party.columns:
                    column = record.model._meta.get_field(name)
                    value = canary_for(column, seeded, f"{record.model_label}.{name}", withheld=name in record.withheld)
                    if value is not None and name not in given:
                        given[name] = value
                make(record.model_label, **given)
                continue
            row = make(record.model_label, **given)
            seed_row(seeded, record, party, row, keep=tuple(given))


def given_for(record: Record, index: int, party: Party, user: User) -> dict[str, Any]:
    if (record.model_label, index) in FOUND_BY:
        return FOUND_BY[record.model_label, index](user)
    assert isinstance(party.link, str) and "__" not in party.link, (
        f"{record.model_label}, party {index}: say in FOUND_BY how a row is made that is found this way"
    )
    column = record.model._meta.get_field(party.link)
    return {column.name: user if column.is_relation else user.pk}
