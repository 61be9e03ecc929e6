"""What the platform's own host answers: landing, console, Django admin, the sign-in callback, status."""

from django.urls import include, path

from apps.tenants.admin import site

urlpatterns = [
    path("admin/", site.urls),
    path("", include("apps.accounts.urls_platform")),
    path("", include("apps.portal.urls_platform")),
    path("", include("apps.notifications.urls_platform")),
    path("", include("apps.support.urls_platform")),
    path("", include("apps.tenants.urls_platform")),
    path("", include("apps.directory.urls_platform")),
    path("integrations/", include("apps.integrations.urls_platform")),
    path("", include("apps.ops.urls_platform")),
    path("api/v1/", include("apps.integrations.api.urls_platform")),
    path("api/v1/", include("apps.accounts.api.urls_platform")),
    path("api/v1/", include("apps.tenants.api.urls_platform")),
    path("api/v1/", include("apps.notifications.api.urls_platform")),
    path("api/v1/", include("apps.support.api.urls_platform")),
    path("api/v1/", include("apps.core.api.urls")),
    path("", include("apps.core.api.urls_nothing")),
    path("", include("apps.core.urls")),
]
handler404 = "apps.core.views.not_found"
handler400 = "apps.core.views.bad_request"
handler500 = "apps.core.views.server_error"
