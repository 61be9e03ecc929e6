"""Which school an account at a payment provider belongs to (PAY-8): the only way in and out of that table.

Inside a school for its own accounts, on the platform for any school. One account is never two schools': the database
refuses the second, whoever asks at the same moment.
"""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.tenants import acts, context
from apps.tenants.models import ProviderBinding, School
from apps.tenants.permissions import BIND_ACCOUNTS, SCHOOL_ACCOUNTS

Provider = ProviderBinding.Provider
#: How each provider writes its accounts.
SHAPES: Final = {
    Provider.STRIPE: re.compile(r"acct_[A-Za-z0-9]{1,100}"),
    Provider.HELLOASSO: re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?"),
    Provider.BRIDGE: re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}


class AccountTaken(DomainError):
    """The account belongs to another school; which one is nobody's business here."""

    code = "account-taken"

    def __init__(self) -> None:
        super().__init__(_("This account belongs to another school. It must be released there first."))


def normal_account(provider: str, text: str) -> str:
    """The id of an account as the provider writes it. Raises Invalid."""
    shape = SHAPES.get(provider)  # type: ignore[call-overload]
    if shape is None:
        raise Invalid(fields={"provider": [_("Choose a payment provider.")]})
    account = text.strip() if provider == Provider.STRIPE else text.strip().lower()
    if not shape.fullmatch(account):
        raise Invalid(
            fields={
                "account": [
                    _("This is not how %(provider)s writes an account.") % {"provider": Provider(provider).label}
                ]
            }
        )
    return account


def bind_account(
    *, actor: Actor, school_id: UUID, provider: str, account: str, is_live: bool = True, name: str = "", now: datetime
) -> ProviderBinding:
    """From now on what the provider says of this account goes to this school. Safe to repeat.

    Raises Forbidden, StepUpRequired, NotVisible, Invalid, AccountTaken.
    """
    _require(actor, school_id)
    account = normal_account(provider, account)
    with transaction.atomic():
        school = _school(school_id)
        try:
            with transaction.atomic(), context.platform():
                binding = ProviderBinding.objects.create(
                    provider=provider, is_live=is_live, external_id=account, school=school, name=name.strip()[:200]
                )
        except IntegrityError:
            return _held_already(school_id, provider, account, is_live)
        _tell(actor, acts.ACCOUNT_BOUND, binding, school, {"account": [None, account]}, now)
    return binding


@transaction.atomic
def release_account(
    *, actor: Actor, school_id: UUID, provider: str, account: str, is_live: bool = True, now: datetime
) -> bool:
    """Whether it was the school's until now. What the provider says of it next fits no school, and is kept aside.

    Safe to repeat. Raises Forbidden, StepUpRequired, NotVisible, Invalid.
    """
    _require(actor, school_id)
    account = normal_account(provider, account)
    school = _school(school_id)
    with context.platform():
        rows = ProviderBinding.objects.select_for_update().filter(school=school)
        binding = rows.filter(provider=provider, is_live=is_live, external_id=account).first()
        if binding is None:
            return False
        ProviderBinding.objects.filter(pk=binding.pk).delete()
    _tell(actor, acts.ACCOUNT_RELEASED, binding, school, {"account": [account, None]}, now)
    return True


def school_of(provider: str, account: str, *, is_live: bool) -> School | None:
    """The school that has this account, whatever the state of the school."""
    with context.platform():
        found = ProviderBinding.objects.select_related("school").filter(
            provider=provider, is_live=is_live, external_id=account
        )
        binding = found.first()
    return binding.school if binding else None


def providers_of(school_id: UUID) -> set[str]:
    """At which providers a school has an account."""
    with context.platform():
        return set(ProviderBinding.objects.filter(school_id=school_id).values_list("provider", flat=True))


def _require(actor: Actor, school_id: UUID) -> None:
    tenancy = context.selected()
    if tenancy is None or tenancy.is_platform:
        BIND_ACCOUNTS.require(actor)
        return
    SCHOOL_ACCOUNTS.require(actor)
    if tenancy.id != school_id:
        raise NotVisible


def _school(school_id: UUID) -> School:
    with context.platform():
        school = School.objects.filter(pk=school_id).first()
    if school is None:
        raise NotVisible
    return school


def _held_already(school_id: UUID, provider: str, account: str, is_live: bool) -> ProviderBinding:
    with context.platform():
        held = ProviderBinding.objects.filter(provider=provider, is_live=is_live, external_id=account).first()
    if held is None or held.school_id != school_id:
        raise AccountTaken
    return held


def _tell(
    actor: Actor,
    act: str,
    binding: ProviderBinding,
    school: School,
    changes: dict[str, list[str | None]],
    now: datetime,
) -> None:
    """In the trail of the school, and of the platform when it was done there."""
    data = {"provider": binding.provider, "live": binding.is_live, "school": school.slug}
    facts = {"actor": actor, "act": act, "target_label": str(binding), "changes": changes, "data": data, "at": now}
    if context.current_schema() == context.PUBLIC:
        record(**facts)  # type: ignore[arg-type]
    if school.ready:
        with context.activated(school):
            record(**facts)  # type: ignore[arg-type]
