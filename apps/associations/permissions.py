"""Who may do what with associations. An office gives those that make sense at an association, while it is held."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.core.actor import Role, Scope
from apps.core.permissions import declare

from .models import Association, Mandate, Membership, Office, Renewal

AT = ("school", "campus", "association")
OVERSEERS = frozenset({Role.ADMIN, Role.AUDITOR, Role.CAMPUS_MANAGER})
MANAGERS = frozenset({Role.ADMIN, Role.CAMPUS_MANAGER})


def association_of(target: object) -> Iterable[Scope]:
    """Where a thing of an association lies: there, and at the campus of its seat. A Scope stands for itself."""
    if isinstance(target, Scope):
        return (target,)
    if isinstance(target, Office | Membership | Renewal):
        target = target.association
    elif isinstance(target, Mandate):
        target = target.office.association
    if not isinstance(target, Association):
        return ()
    here = Scope("association", target.pk)
    return (here, Scope("campus", target.seat_id)) if target.seat_id else (here,)


ASSOCIATIONS_VIEW = declare(
    "associations.view", _("See the associations of the school and join them"), roles={Role.MEMBER, *OVERSEERS}
)
ASSOCIATIONS_ASK = declare("associations.ask", _("Ask for a new association"), roles={Role.MEMBER, Role.ADMIN})
ASSOCIATIONS_OVERSEE = declare(
    "associations.oversee", _("Oversee associations: their table, flags and requests"), roles=OVERSEERS,
    scope=association_of,
)  # fmt: skip
ASSOCIATIONS_DECIDE = declare(
    "associations.decide", _("Decide about requests for associations; freeze and dissolve them"), roles=MANAGERS,
    scope=association_of,
)  # fmt: skip
RENEWALS_MANAGE = declare(
    "associations.renewals", _("Start renewal campaigns, remind, and override"), roles={Role.ADMIN}
)
WORKSPACE = declare(
    "associations.workspace", _("See the inner pages of an association"), roles=OVERSEERS, scope=association_of,
    kinds=AT,
)  # fmt: skip
EDIT = declare(
    "associations.edit", _("Change the page and the details of an association"), roles=MANAGERS, scope=association_of,
    kinds=AT,
)  # fmt: skip
MEMBERS_MANAGE = declare(
    "associations.members", _("Admit, add and remove members of an association"), roles=MANAGERS,
    scope=association_of, kinds=AT,
)  # fmt: skip
APPOINT = declare(
    "associations.appoint", _("Define offices of an association and appoint to them"), roles=MANAGERS,
    scope=association_of, kinds=AT,
)  # fmt: skip

#: What the usual offices give. Further permissions, also of other apps, are added by the school or the president.
USUAL = {
    "president": (WORKSPACE, EDIT, MEMBERS_MANAGE, APPOINT),
    "treasurer": (WORKSPACE, MEMBERS_MANAGE),
    "secretary": (WORKSPACE, EDIT, MEMBERS_MANAGE),
}
CONFIRMS = frozenset({"president", "treasurer"})
#: All that is left of an office while its association is frozen, dormant or behind with its renewal.
KEPT_WHEN_LIMITED = frozenset({WORKSPACE.code})
