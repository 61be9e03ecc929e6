"""The clock of the jobs: its schedule lives in the platform's schema."""

from typing import Any

from django_celery_beat.schedulers import DatabaseScheduler

from apps.tenants.context import enter_platform


class PlatformScheduler(DatabaseScheduler):
    """Reads its tables as soon as it exists, before Celery's `beat_init` signal: so it enters the platform itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        enter_platform()
        super().__init__(*args, **kwargs)
