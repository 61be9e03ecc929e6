from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "apps.notifications"
    label = "notifications"

    def ready(self) -> None:
        from apps.tenants.hooks import school_figures

        from . import records, selectors  # noqa: F401  # declares its table

        school_figures.connect(selectors.figures)
