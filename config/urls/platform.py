"""What the platform's own host answers: landing, console, Django admin, the sign-in callback, status."""

from django.urls import include, path

from apps.tenants.admin import site

urlpatterns = [
    path("admin/", site.urls),
    path("", include("apps.accounts.urls_platform")),
    path("", include("apps.portal.urls_platform")),
    path("", include("apps.support.urls_platform")),
    path("", include("apps.tenants.urls_platform")),
    path("", include("apps.directory.urls_platform")),
    path("", include("apps.ops.urls_platform")),
    path("", include("apps.core.urls")),
]
