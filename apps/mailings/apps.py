from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MailingsConfig(AppConfig):
    name = "apps.mailings"
    label = "mailings"

    def ready(self) -> None:
        from apps.associations import hooks as associations
        from apps.core.navigation import NavItem, register
        from apps.core.ui import BAD, GOOD, INFO, NEUTRAL, WARN, register_status
        from apps.notifications import hooks as notifications

        from . import announcements, links, messages, records, rules  # noqa: F401  # they declare
        from .permissions import MAILINGS_OVERSEE

        associations.association_tabs.connect(links.tabs)
        notifications.preference_links.connect(links.preferences)
        for code, tone, label in (
            ("approval", WARN, pgettext_lazy("announcement", "Waits for the school")),
            ("scheduled", INFO, pgettext_lazy("announcement", "Scheduled")),
            ("sending", INFO, pgettext_lazy("announcement", "Sending")),
            ("stopped", BAD, pgettext_lazy("announcement", "Stopped")),
            ("handed", GOOD, pgettext_lazy("recipient", "Handed over")),
            ("skipped", NEUTRAL, pgettext_lazy("recipient", "Skipped")),
        ):
            register_status(code, tone, label)
        register(
            NavItem(
                section="community",
                label=_("Announcements"),
                icon="megaphone",
                url_name="mailings:oversight",
                permission=MAILINGS_OVERSEE,
                order=20,
            )
        )
