"""No rights of its own: who edits an association's page sets its fees up, who manages its money sells at the desk."""

from apps.associations.permissions import ASSOCIATIONS_VIEW, EDIT, MEMBERS_MANAGE, WORKSPACE
from apps.money.permissions import MONEY_MANAGE, MONEY_VIEW

__all__ = ["ASSOCIATIONS_VIEW", "EDIT", "MEMBERS_MANAGE", "MONEY_MANAGE", "MONEY_VIEW", "WORKSPACE"]
