"""What people change of themselves."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import DomainError, Invalid, NotVisible

from .. import acts
from ..models import User
from ..selectors import own_id


class NamesFromDirectory(DomainError):
    code = "names-from-directory"

    def __init__(self) -> None:
        super().__init__(
            _("Your name comes from your school's directory. Ask the administration of your school to correct it.")
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


@transaction.atomic
def change_names(*, actor: Actor, given_name: str, family_name: str) -> None:
    """One's own names. Raises NamesFromDirectory for people whose account is linked to the directory."""
    user = _own(actor)
    if user.identities.exists():
        raise NamesFromDirectory
    wanted = {"given_name": given_name.strip()[:100], "family_name": family_name.strip()[:100]}
    changes = {name: [getattr(user, name), value] for name, value in wanted.items() if getattr(user, name) != value}
    if not changes:
        return
    for name, value in wanted.items():
        setattr(user, name, value)
    user.save(update_fields=list(wanted))
    record(actor=actor, act=acts.PROFILE_CHANGED, target=user, changes=changes)


def _own(actor: Actor) -> User:
    user = User.objects.select_for_update().filter(pk=own_id(actor)).first()
    if user is None:
        raise NotVisible
    return user
