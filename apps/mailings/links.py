"""What this app shows on pages of apps below."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from apps.associations.models import Association
from apps.core.actor import Actor
from apps.core.ui import Tab


def tab(*, association: Association, actor: Actor) -> Tab:
    """Beside members and board."""
    return Tab("announcements", _("Announcements"), url=reverse("mailings:list", args=[association.pk]))


def preferences(*, actor: Actor) -> tuple[str, str, str] | None:
    """From one's preferences to the single associations. Superadmins have none."""
    try:
        address = reverse("mailings:subscriptions")
    except NoReverseMatch:  # the platform's host has no associations
        return None
    return _("Mail of single associations"), _("End the mail of one association, or have it again."), address
