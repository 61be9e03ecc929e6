"""Which tables belong where: shared apps in the platform's schema, school apps in each school's."""

from typing import Any

from django_tenants.routers import TenantSyncRouter

from . import context


class SchoolRouter(TenantSyncRouter):
    """django-tenants' rule for the application's connection and for the owner's (which runs migrations)."""

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        from django.conf import settings

        if db not in ("default", "owner"):
            return False
        here = settings.SHARED_APPS if context.current_schema() in ("", context.PUBLIC) else settings.TENANT_APPS
        return None if self.app_in_list(app_label, here) else False
