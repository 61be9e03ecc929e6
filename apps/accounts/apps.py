from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        from apps.audit.rowchanges import track
        from apps.core.navigation import NavItem, register
        from apps.tenants import hooks as platform_news

        from . import announcements, deletion, messages, permissions, records, rules  # noqa: F401  # they declare what they hold
        from .models import Grant, Identity, User
        from .services import break_glass, lockouts, owners

        deletion.install()
        platform_news.school_provisioned.connect(owners.invite_first_owner)
        platform_news.owner_invitation_wanted.connect(owners.invite_first_owner)
        platform_news.break_glass_wanted.connect(break_glass.make_link)
        platform_news.lockout_lift_wanted.connect(lockouts.lift_for_platform)
        platform_news.school_figures.connect(owners.figures)

        for model in (User, Grant, Identity):
            track(model, exclude=("search",))
        register(
            NavItem(
                section="people",
                label=_("Invitations"),
                icon="mail-plus",
                url_name="accounts:invitations",
                permission=permissions.PEOPLE_INVITE,
                order=30,
            )
        )
        register(
            NavItem(
                section="people",
                label=_("Roles"),
                icon="shield-check",
                url_name="accounts:roles",
                permission=permissions.ROLES_VIEW,
                order=40,
            )
        )
        register(
            NavItem(
                section="control",
                label=_("Sign-in and Microsoft"),
                icon="key-round",
                url_name="accounts:sign_in_settings",
                permission=permissions.SCHOOL_LINK_MICROSOFT,
                order=60,
            )
        )
        register(
            NavItem(
                section="control",
                label=_("Locked sign-ins"),
                icon="lock",
                url_name="accounts:lockouts",
                permission=permissions.LOCKOUTS_LIFT,
                order=65,
            )
        )
        register(
            NavItem(
                section="control",
                label=_("Programs"),
                icon="plug",
                url_name="accounts:credentials",
                permission=permissions.CREDENTIALS_MANAGE,
                order=66,
            )
        )
        register(
            NavItem(
                section="control",
                label=_("Data protection"),
                icon="user-lock",
                url_name="accounts:erasures",
                permission=permissions.PEOPLE_ERASE,
                order=30,
            )
        )
