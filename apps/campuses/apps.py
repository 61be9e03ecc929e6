from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampusesConfig(AppConfig):
    name = "apps.campuses"
    label = "campuses"

    def ready(self) -> None:
        from apps.core.navigation import NavItem, register

        from .permissions import CAMPUSES_VIEW

        register(
            NavItem(
                section="organisation",
                label=_("Campuses"),
                icon="map-pin",
                url_name="campuses:list",
                permission=CAMPUSES_VIEW,
                order=20,
                shortcut="c",
            )
        )
