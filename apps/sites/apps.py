from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "apps.sites"
    label = "sites"

    def ready(self) -> None:
        from . import records  # noqa: F401  # it declares its table
