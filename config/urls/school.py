"""What one school's host answers."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.accounts.urls")),
    path("", include("apps.support.urls")),
    path("", include("apps.portal.urls")),
    path("", include("apps.campuses.urls")),
    path("", include("apps.devices.urls")),
    path("directory/", include("apps.directory.urls")),
    path("", include("apps.files.urls")),
    path("api/v1/", include("apps.accounts.api.urls")),
    path("", include("apps.roster.urls")),
    path("scim/v2/", include("apps.roster.api.urls")),
    path("audit/", include("apps.audit.urls")),
    path("", include("apps.ops.urls")),
    path("", include("apps.core.urls")),
]
