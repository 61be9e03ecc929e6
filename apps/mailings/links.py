"""What this app shows on pages of apps below."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from apps.associations.models import Association
from apps.associations.permissions import WORKSPACE
from apps.core.actor import Actor
from apps.core.ui import Tab


def tabs(*, association: Association, actor: Actor) -> list[Tab]:
    """Beside members and board, for who may see the inner pages."""
    if not WORKSPACE.allows(actor, association):
        return []
    return [Tab("announcements", _("Announcements"), url=reverse("mailings:list", args=[association.pk]))]


def preferences(*, actor: Actor) -> tuple[str, str, str] | None:
    """From one's preferences to the single associations. Superadmins have none."""
    try:
        address = reverse("mailings:subscriptions")
    except NoReverseMatch:  # the platform's host has no associations
        return None
    return _("Mail of single associations"), _("End the mail of one association, or have it again."), address
