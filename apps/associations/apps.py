from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssociationsConfig(AppConfig):
    name = "apps.associations"
    label = "associations"

    def ready(self) -> None:
        from apps.accounts import hooks
        from apps.core.navigation import NavItem, register
        from apps.core.ui import GOOD, INFO, NEUTRAL, WARN, register_status

        from . import announcements, messages, records, rules, selectors  # noqa: F401  # they declare
        from .permissions import ASSOCIATIONS_OVERSEE, ASSOCIATIONS_VIEW

        hooks.grant_sources.connect(selectors.held_by_mandate)
        hooks.role_sources.connect(selectors.role_sources)
        hooks.scope_choices.connect(selectors.association_scopes)
        for code, tone, label in (
            ("submitted", INFO, _("Submitted")),
            ("changes_requested", WARN, _("Changes requested")),
            ("approved", INFO, _("Approved")),
            ("dormant", NEUTRAL, _("Dormant")),
            ("dissolved", NEUTRAL, _("Dissolved")),
            ("frozen", WARN, _("Frozen")),
            ("member", GOOD, _("Member")),
            ("left", NEUTRAL, _("Left")),
        ):
            register_status(code, tone, label)
        register(
            NavItem(
                section="community",
                label=_("Associations"),
                icon="users-round",
                url_name="associations:oversight",
                permission=ASSOCIATIONS_OVERSEE,
                order=10,
            )
        )
        register(
            NavItem(
                section="community",
                label=_("Associations"),
                icon="users-round",
                url_name="associations:list",
                permission=ASSOCIATIONS_VIEW,
                order=10,
                layout="member",
            )
        )
