"""Writing a school's own settings: validated, audited, seen by the next request."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act
from apps.audit.services import record
from apps.core.actor import Actor
from apps.core.errors import Invalid, NotVisible
from apps.tenants import context, features, hosts
from apps.tenants.models import School

RULES_CHANGED = act("school.rules_changed", _("School rules changed"))
Changes = dict[str, list[Any]]


@transaction.atomic
def change_rules(*, actor: Actor, school_id: UUID, values: Mapping[str, Any]) -> Changes:
    """Store the school's own values; None goes back to the plan's default. What stays the same is not recorded.

    All or nothing. Raises Invalid (fields: the keys at fault, unknown ones among them), Forbidden, NotVisible.
    """
    for key in values:
        declared = features.REGISTRY.get(key)
        if declared is not None and declared.on_page:
            declared.permission.require(actor)
    changes = store(school_id=school_id, values=values, only_on_page=True)
    if changes:
        record(actor=actor, act=RULES_CHANGED, changes=changes)
    return changes


@transaction.atomic
def store(*, school_id: UUID, values: Mapping[str, Any], only_on_page: bool = False) -> Changes:
    """The one place that writes School.settings. For services that have asked for permission and record the act.

    Returns the changes in what holds. Raises Invalid, NotVisible.
    """
    if faults := _faults(values, only_on_page):
        raise Invalid(fields=faults)
    with context.platform():
        school = School.objects.select_for_update(no_key=True).filter(pk=school_id).first()
        if school is None:
            raise NotVisible(_("School not found."))
        before = {key: features.value(key, school) for key in values}
        for key, given in values.items():
            school.settings = _with(school.settings, features.known(key), given)
        school.save(update_fields=["settings"])
    transaction.on_commit(lambda: hosts.forget(school))
    after = {key: features.value(key, school) for key in values}
    return {key: [before[key], after[key]] for key in values if before[key] != after[key]}


def _faults(values: Mapping[str, Any], only_on_page: bool) -> dict[str, list[object]]:
    faults: dict[str, list[object]] = {}
    for key, given in values.items():
        declared = features.REGISTRY.get(key)
        if declared is None or (only_on_page and not declared.on_page):
            faults[key] = [_("There is no such setting.")]
        elif given is not None and (fault := declared.fault(given)):
            faults[key] = [fault]
    return faults


def _with(stored: Any, declared: features.Setting, given: Any) -> dict[str, Any]:
    """The stored settings with this one put in or taken out; everything else stays as it is."""
    settings = dict(stored) if isinstance(stored, dict) else {}
    group = settings.get(declared.group)
    group = dict(group) if isinstance(group, dict) else {}
    group.pop(declared.name, None)
    if given is not None:
        group[declared.name] = given
    settings[declared.group] = group
    if not group:
        del settings[declared.group]
    return settings
