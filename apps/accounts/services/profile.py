"""What people change of themselves: the parts of their profile that the school leaves to them (IDN-11)."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible
from apps.tenants.context import selected

from .. import acts
from ..models import User
from ..permissions import PEOPLE_CHANGE
from ..rules import COLUMNS_OF_RULE, may_edit
from ..selectors import own_id
from . import lifecycle


class NamesFromDirectory(DomainError):
    code = "names-from-directory"

    def __init__(self) -> None:
        super().__init__(
            _("This comes from your school's directory. Ask the administration of your school to correct it.")
        )


@transaction.atomic
def change_language(*, actor: Actor, language: str) -> None:
    """The language Campanile speaks to this person, on pages and in mail. The same again changes nothing."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid(fields={"language": [_("Choose a language from the list.")]})
    user = _own(actor)
    if user.locale == language:
        return
    before, user.locale = user.locale, language
    user.save(update_fields=["locale"])
    record(actor=actor, act=acts.PROFILE_CHANGED, target=user, changes={"locale": [before, language]})


def editable_columns(user: User) -> list[str]:
    """The columns of the profile that this person may change now. The platform has no rules of a school, nor a
    directory: its people change their names.
    """
    tenancy = selected()
    if tenancy is None or tenancy.is_platform:
        return list(COLUMNS_OF_RULE["names"])
    is_linked = user.identities.exists()
    return [
        column for rule, columns in COLUMNS_OF_RULE.items() if may_edit(rule, is_linked=is_linked) for column in columns
    ]


@transaction.atomic
def change_profile(*, actor: Actor, values: Mapping[str, str]) -> None:
    """One's own names, department, job title. Raises NamesFromDirectory for what the school keeps to itself.

    What stays the same is neither written nor recorded.
    """
    user = _own(actor)
    allowed = editable_columns(user)
    if set(values) - set(allowed):
        raise NamesFromDirectory
    longest = {"department": 120, "job_title": 120}
    wanted = {name: value.strip()[: longest.get(name, 100)] for name, value in values.items()}
    changes = {name: [getattr(user, name), value] for name, value in wanted.items() if getattr(user, name) != value}
    if not changes:
        return
    for name, (_before, after) in changes.items():
        setattr(user, name, after)
    user.own_fields = sorted({*user.own_fields, *changes})
    user.save(update_fields=[*changes, "own_fields"])
    record(actor=actor, act=acts.PROFILE_CHANGED, target=user, changes=changes)


CORRECTABLE = {"given_name": 100, "family_name": 100, "department": 120, "job_title": 120, "locale": 5}


@transaction.atomic
def change_person(*, actor: Actor, user_id: UUID, values: Mapping[str, str]) -> User:
    """Correct the profile of somebody else: names, department, job title, language. The directory may say otherwise
    at its next run. What stays the same is neither written nor recorded.

    Raises Forbidden, NotVisible, NotYours (somebody with rights that the actor lacks), Invalid.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotVisible
    PEOPLE_CHANGE.require(actor, user)
    lifecycle.outrank(actor, [user])
    if unknown := set(values) - set(CORRECTABLE):
        raise Invalid(fields={name: [_("There is no such field.")] for name in sorted(unknown)})
    if values.get("locale", "") not in ("", *dict(settings.LANGUAGES)):
        raise Invalid(fields={"locale": [_("Choose a language from the list.")]})
    wanted = {name: value.strip()[: CORRECTABLE[name]] for name, value in values.items()}
    changes = {name: [getattr(user, name), value] for name, value in wanted.items() if getattr(user, name) != value}
    if changes:
        for name, (_before, after) in changes.items():
            setattr(user, name, after)
        user.save(update_fields=[*changes])
        record(actor=actor, act=acts.PROFILE_CHANGED, target=user, changes=changes)
    return user


def _own(actor: Actor) -> User:
    user = User.objects.select_for_update().filter(pk=own_id(actor)).first()
    if user is None:
        raise NotVisible
    return user
