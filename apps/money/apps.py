from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MoneyConfig(AppConfig):
    name = "apps.money"
    label = "money"
    verbose_name = _("Money")

    def ready(self) -> None:
        from . import purposes, records  # noqa: F401  # the purpose "other"; its tables
