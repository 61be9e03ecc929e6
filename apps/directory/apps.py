from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "apps.directory"
    label = "directory"

    def ready(self) -> None:
        from apps.campuses.hooks import membership_story
        from apps.campuses.permissions import CAMPUSES_VIEW
        from apps.campuses.services.campuses import campus_archived
        from apps.campuses.tabs import CampusTab
        from apps.campuses.tabs import register as register_tab
        from apps.core.navigation import NavItem, register
        from apps.core.ui import INFO, NEUTRAL, register_status
        from apps.integrations import contract
        from apps.tenants.hooks import school_figures

        from . import announcements, messages, records, rules  # noqa: F401  # they declare messages, settings and tables
        from .permissions import DIRECTORY_VIEW
        from .services import alerts
        from .services.mappings import pause_mappings_of
        from .services.subscriptions import MICROSOFT_GRAPH
        from .why import story_of

        contract.register(MICROSOFT_GRAPH)
        school_figures.connect(alerts.figures)
        campus_archived.connect(pause_mappings_of)
        membership_story.connect(story_of)
        register_tab(CampusTab("groups", _("Groups"), "directory:campus_groups", CAMPUSES_VIEW, order=20))
        register_status("reading", INFO, _("Reading"))
        register_status("planned", INFO, _("Planned"))
        register_status("applying", INFO, _("Applying"))
        register_status("verifying", INFO, _("Checking"))
        register_status("paused", NEUTRAL, _("Paused"))
        register(
            NavItem(
                section="organisation",
                label=_("Directory"),
                icon="refresh-cw",
                url_name="directory:overview",
                permission=DIRECTORY_VIEW,
                order=30,
            )
        )
