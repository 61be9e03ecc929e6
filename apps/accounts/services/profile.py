"""What people change of themselves: the parts of their profile that the school leaves to them (IDN-11)."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible

from .. import acts
from ..models import User
from ..rules import COLUMNS_OF_RULE, may_edit
from ..selectors import own_id


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
    """The columns of the profile that this person may change now."""
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


def _own(actor: Actor) -> User:
    user = User.objects.select_for_update().filter(pk=own_id(actor)).first()
    if user is None:
        raise NotVisible
    return user
