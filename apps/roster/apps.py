from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RosterConfig(AppConfig):
    name = "apps.roster"
    label = "roster"

    def ready(self) -> None:
        from apps.core.navigation import NavItem, register
        from apps.integrations import contract
        from apps.integrations.wording import add_words

        from . import records  # noqa: F401  # declares its tables
        from .permissions import ROSTER_VIEW
        from .services.events import USER_SERVICE
        from .wording import EVENT_DID, EVENT_WOULD

        contract.register(USER_SERVICE)
        add_words(EVENT_DID, EVENT_WOULD)

        register(
            NavItem(
                section="people", label=_("Imports"), icon="file-up", url_name="roster:imports",
                permission=ROSTER_VIEW, order=40,
            )
        )  # fmt: skip
        register(
            NavItem(
                section="organisation", label=_("School year"), icon="graduation-cap", url_name="roster:year",
                permission=ROSTER_VIEW, order=25,
            )
        )  # fmt: skip
        register(
            NavItem(
                section="organisation", label=_("Provisioning"), icon="plug", url_name="roster:provisioning",
                permission=ROSTER_VIEW, order=35,
            )
        )  # fmt: skip
