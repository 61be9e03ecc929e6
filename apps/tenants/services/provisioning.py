"""A school comes to life (TEN-3): one idempotent service behind superadmin, command line, API and sign-up."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid
from apps.tenants import acts, context, database, fleet, hooks, hosts
from apps.tenants.models import Host, School
from apps.tenants.names import RESERVED, schema_of
from apps.tenants.permissions import CREATE_SCHOOL
from apps.tenants.services import details

PROVISIONING = 7_245_102  # advisory lock class; the second key is the school


class SchoolExists(DomainError):
    """The short name is taken by another school."""

    code = "school-exists"


class PlatformNotMigrated(DomainError):
    """There is no template school to copy."""

    code = "platform-not-migrated"
    status = 503


def provision_school(
    *,
    actor: Actor,
    slug: str,
    name: str,
    owner_email: str,
    now: datetime,
    locale: str = School.Locale.FR,
    time_zone: str = "Europe/Paris",
    currency: str = "EUR",
    plan: str = "campus",
) -> School:
    """Create a school: record, schema, base data, first owner's invitation.

    Repeating it with the same short name and owner finishes what was begun and changes nothing when all is
    done; two callers at once end with one school and one invitation. Raises Invalid (fields), SchoolExists,
    Forbidden, PlatformNotMigrated.
    """
    CREATE_SCHOOL.require(actor)
    slug, name, owner_email = slug.strip().lower(), name.strip(), owner_email.strip().lower()
    fields = {"locale": locale, "time_zone": time_zone, "currency": currency, "plan": plan}
    _check(slug, owner_email, {"name": name, **fields})
    school = _record(actor, slug, name, owner_email, fields)
    create_schema(school)
    return _open(actor, school, now)


def _check(slug: str, owner_email: str, values: dict[str, str]) -> None:
    faults = details.faults_of(values)
    try:
        schema_of(slug)
    except ValueError:
        faults["slug"] = [_("Use 1 to 40 lowercase letters, digits and hyphens, beginning with a letter.")]
    if slug in RESERVED:
        faults["slug"] = [_("The platform keeps this name for itself. Choose another.")]
    try:
        validate_email(owner_email)
    except ValidationError:
        faults["owner_email"] = [_("Enter the e-mail address of the first owner.")]
    if faults:
        raise Invalid(fields=faults)


@transaction.atomic
def _record(actor: Actor, slug: str, name: str, owner_email: str, fields: dict[str, Any]) -> School:
    with context.platform():
        school, created = School.objects.get_or_create(
            slug=slug,
            defaults={"name": name, "schema_name": schema_of(slug), "owner_email": owner_email, **fields},
        )
        if school.owner_email != owner_email:
            raise SchoolExists(_("A school with this short name exists already. Choose another short name."))
        Host.objects.get_or_create(domain=hosts.host_of(slug), defaults={"tenant": school, "is_primary": True})
        if created:
            record(actor=actor, act=acts.SCHOOL_CREATED, target=school, data={"slug": slug, "owner": owner_email})
    return school


def create_schema(school: School) -> None:
    """The tables of a school, by replaying the template's SQL in one transaction. Safe to repeat and to race."""
    schema = school.schema_name
    with database.owner_connection() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [PROVISIONING, schema])
        known = connection.execute("SELECT 1 FROM public.tenants_fleetstate WHERE schema = %s", [schema]).fetchone()
        if known is None and not fleet.create_school(connection, schema):
            raise PlatformNotMigrated(
                _("The platform is not ready for new schools. Run `manage.py migrate_fleet` first.")
            )


@transaction.atomic
def _open(actor: Actor, school: School, now: datetime) -> School:
    """Base data and invitation, once, in the transaction that opens the school."""
    with context.platform():
        school = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    if school.owner_invited_at is None:
        with context.activated(school):
            record(actor=actor, act=acts.SCHOOL_CREATED, target=school, data={"owner": school.owner_email})
            hooks.school_provisioned.send(school=school, actor=actor, now=now)
        with context.platform():
            school.ready, school.owner_invited_at = True, now
            school.save(update_fields=["ready", "owner_invited_at"])
        transaction.on_commit(lambda: hosts.forget(school))
    return school
