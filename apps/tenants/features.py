"""What a school can set for itself (TEN-1): declared once with type, range and default, stored as data.

    HOLD_PERCENT = setting("directory.hold_percent", type=int, default=10, minimum=1, maximum=100, label=_("..."), ...)
    value("directory.hold_percent")            # of the active school, read from the database
    value("directory.hold_percent", school)    # of a school at hand, from what was read with it

A key is `<group>.<name>` and lives in School.settings[group][name]. Absent there: the plan's default.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.core.permissions import Permission

from . import context
from .models import School

Text = str | Promise
REGISTRY: dict[str, "Setting"] = {}


class UnknownSetting(LookupError):
    """Nobody declared this key."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting. `plans` maps a plan to its own default; `on_page=False`: changed elsewhere."""

    key: str
    type: type[int] | type[bool] | type[str]
    default: Any
    label: Text
    permission: Permission
    help_text: Text = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: Mapping[str, Text] = field(default_factory=dict)  # what a text may be, with its label
    plans: Mapping[str, Any] = field(default_factory=dict)
    on_page: bool = True

    @property
    def group(self) -> str:
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        return self.key.partition(".")[2]

    def default_of(self, plan: str) -> Any:
        return self.plans.get(plan, self.default)

    def fault(self, given: Any) -> str:
        """What is wrong with a value, as a sentence; "" for a good one."""
        if type(given) is not self.type:  # a bool is an int to isinstance
            expected = {int: _("Enter a whole number."), bool: _("Choose yes or no.")}
            return expected.get(self.type, _("Choose one of the values of the list."))
        if self.type is str and given not in self.choices:
            return _("Choose one of the values of the list.")
        if isinstance(given, str):
            return ""
        if self.minimum is not None and given < self.minimum:
            return _("Enter at least %(number)d.") % {"number": self.minimum}
        if self.maximum is not None and given > self.maximum:
            return _("Enter at most %(number)d.") % {"number": self.maximum}
        return ""


def setting(key: str, **facts: Any) -> Setting:
    """Declare a setting; every app declares its own in `ready`. Twice, or with a bad default, is an error."""
    declared = Setting(key=key, **facts)
    if key in REGISTRY:
        raise ValueError(f"the setting {key!r} is declared twice")
    if not (declared.group and declared.name):
        raise ValueError(f"a setting is called <group>.<name>, not {key!r}")
    for default in (declared.default, *declared.plans.values()):
        if declared.fault(default):
            raise ValueError(f"the setting {key!r} does not accept its own default {default!r}")
    REGISTRY[key] = declared
    return declared


def known(key: str) -> Setting:
    """The declared setting of this key. Raises UnknownSetting."""
    try:
        return REGISTRY[key]
    except KeyError:
        raise UnknownSetting(key) from None


def value(key: str, school: School | None = None) -> Any:
    """What holds for this school, or for the active one: its own value, else the default of its plan.

    A stored value that is not acceptable any more counts as none. Raises UnknownSetting, NoSchool.
    """
    declared = known(key)
    stored, plan = (school.settings, school.plan) if school else _read()
    own = own_value(declared, stored)
    return declared.default_of(plan) if own is None else own


def own_value(declared: Setting, stored: Any) -> Any:
    """The school's own value in its stored settings, or None."""
    group = stored.get(declared.group) if isinstance(stored, dict) else None
    own = group.get(declared.name) if isinstance(group, dict) else None
    return None if own is None or declared.fault(own) else own


def _read() -> tuple[Any, str]:
    school_id = context.current().id
    with context.platform():
        found = School.objects.filter(pk=school_id).values_list("settings", "plan").first()
    if found is None:
        raise context.NoSchool("the active school has no row")
    return found


def on_page() -> Iterable[Setting]:
    """What the page of rules offers, in the order of declaration."""
    return [declared for declared in REGISTRY.values() if declared.on_page]
