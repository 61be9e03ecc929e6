from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesConfig(AppConfig):
    name = "apps.sites"
    label = "sites"

    def ready(self) -> None:
        from apps.associations.hooks import association_tabs
        from apps.core.ui import GOOD, register_status

        from . import records  # noqa: F401  # it declares its table

        association_tabs.connect(tab_of)
        register_status("published", GOOD, _("Published"))


def tab_of(*, actor: Any, association: Any) -> list[Any]:
    from django.urls import reverse

    from apps.associations.permissions import EDIT
    from apps.core.ui import Tab

    if association.is_request or not EDIT.allows(actor, association):
        return []
    return [Tab("site", _("Site"), url=reverse("sites:edit", args=[association.pk]))]
