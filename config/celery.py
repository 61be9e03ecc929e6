"""The Celery application. Every task says in which school it runs: see apps.tenants.jobs."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("campanile", task_cls="apps.tenants.jobs:SchoolTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _log_as_the_rest(**_: object) -> None:
    """Django's LOGGING already applies; Celery must not replace it."""
