"""What the pages of a treasury share: the page they stand in, tabs, and what the actor may do."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.ui import Tab

from .. import holders
from ..models import Treasury
from ..permissions import MONEY_FREEZE, MONEY_MANAGE, MONEY_REFUND


def frame(request: HttpRequest, treasury: Treasury, *crumbs: tuple[Any, str]) -> dict[str, Any]:
    """The layout is that of the holder: the school's pages, or the workspace of an association."""
    layout = holders.layout_of(request, treasury)
    home = layout.crumbs or ((_("Accounts and orders"), reverse("money:home")),)
    overview = reverse("money:treasury", args=[treasury.pk])
    tabs = [
        Tab("overview", _("Overview"), url=overview),
        Tab("orders", _("Orders"), url=reverse("money:orders", args=[treasury.pk])),
        Tab("ledger", _("Ledger"), url=reverse("money:ledger", args=[treasury.pk])),
        Tab("statement", _("Statement"), url=reverse("money:statement", args=[treasury.pk])),
    ]
    return {
        **layout.context,
        "layout": layout.template,
        "treasury": treasury,
        "money_tabs": tabs,
        "crumbs": [*home, (treasury.name, overview if crumbs else ""), *crumbs],
        "can_manage": MONEY_MANAGE.allows(request.actor, treasury),
        "can_refund": MONEY_REFUND.allows(request.actor, treasury),
        "can_freeze": MONEY_FREEZE.allows(request.actor),
    }
