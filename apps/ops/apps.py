from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class OpsConfig(AppConfig):
    name = "apps.ops"
    label = "ops"

    def ready(self) -> None:
        from apps.core.navigation import NavItem, register
        from apps.core.ui import BAD, NEUTRAL, WARN, register_status
        from apps.integrations.hooks import alarm_raised, call_ended
        from apps.money.hooks import alarm_raised as money_alarm_raised
        from apps.outgoing.hooks import alarm_raised as endpoint_alarm_raised
        from apps.tenants.hooks import job_ended

        from . import alarms, records, retention, rules, sentry, services  # noqa: F401  # they declare tables and more
        from .permissions import PLATFORM_STATUS, SCHOOL_STATUS

        sentry.install()
        register_status("late", WARN, _("Late"))
        register_status("died", BAD, _("Broken off"))
        register_status("not-yet", NEUTRAL, _("Not yet"))
        job_ended.connect(_count_job)
        alarm_raised.connect(alarms.tell)
        endpoint_alarm_raised.connect(alarms.tell_of_endpoint)
        money_alarm_raised.connect(alarms.tell_of_money)
        call_ended.connect(services.note_call)
        call_ended.connect(_count_call)
        register(
            NavItem(
                section="control",
                label=_("Status"),
                icon="activity",
                url_name="ops:status",
                permission=SCHOOL_STATUS,
                order=90,
            )
        )
        register(
            NavItem(
                section="overview",
                label=_("Schools"),
                icon="school",
                url_name="admin:tenants_school_changelist",
                permission=PLATFORM_STATUS,
                order=10,
                layout="platform",
            )
        )
        register(
            NavItem(
                section="control",
                label=_("Status"),
                icon="activity",
                url_name="ops_platform:status_details",
                permission=PLATFORM_STATUS,
                order=90,
                layout="platform",
            )
        )


def _count_job(**news: Any) -> None:
    """Loads Prometheus's client only where figures are wanted."""
    if settings.METRICS_TOKEN:
        from . import metrics

        metrics.note_job(**news)


def _count_call(**news: Any) -> None:
    if settings.METRICS_TOKEN:
        from . import metrics

        metrics.note_outgoing(**news)
