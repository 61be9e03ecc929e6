from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampusesConfig(AppConfig):
    name = "apps.campuses"
    label = "campuses"

    def ready(self) -> None:
        from apps.accounts import hooks
        from apps.core.navigation import NavItem, register

        from . import announcements, records, selectors  # noqa: F401  # they declare events and tables
        from .permissions import CAMPUSES_VIEW
        from .services.memberships import place_invited

        hooks.grant_sources.connect(selectors.held_by_membership)
        hooks.role_sources.connect(selectors.role_sources)
        hooks.places_of_person.connect(selectors.places_of)
        hooks.people_at_campuses.connect(selectors.people_at)
        hooks.shown_to.connect(selectors.manages)
        hooks.email_domain_allowed.connect(selectors.is_approved_address)
        hooks.scope_choices.connect(selectors.campus_scopes)
        hooks.invitation_accepted.connect(place_invited)
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
