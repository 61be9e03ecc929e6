"""What one school's host answers."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("apps.integrations.api.urls")),  # first: webhooks come by the thousand
    path("", include("apps.accounts.urls")),
    path("", include("apps.notifications.urls")),
    path("", include("apps.support.urls")),
    path("", include("apps.portal.urls")),
    path("", include("apps.campuses.urls")),
    path("associations/", include("apps.associations.urls")),
    path("", include("apps.sites.urls")),
    path("money/", include("apps.money.urls")),
    path("", include("apps.payments.urls")),
    path("", include("apps.devices.urls")),
    path("directory/", include("apps.directory.urls")),
    path("integrations/", include("apps.integrations.urls")),
    path("webhooks/", include("apps.outgoing.urls")),
    path("", include("apps.files.urls")),
    path("api/v1/", include("apps.accounts.api.urls")),
    path("api/v1/", include("apps.portal.api.urls")),
    path("api/v1/", include("apps.campuses.api.urls")),
    path("api/v1/", include("apps.sites.api.urls")),
    path("api/v1/", include("apps.associations.api.urls")),
    path("api/v1/", include("apps.directory.api.urls")),
    path("api/v1/", include("apps.roster.api.urls_v1")),
    path("api/v1/", include("apps.outgoing.api.urls")),
    path("api/v1/", include("apps.payments.api.urls")),
    path("api/v1/", include("apps.notifications.api.urls")),
    path("api/v1/", include("apps.money.api.urls")),
    path("api/v1/", include("apps.audit.api.urls")),
    path("api/v1/", include("apps.support.api.urls")),
    path("", include("apps.roster.urls")),
    path("scim/v2/", include("apps.roster.api.urls")),
    path("audit/", include("apps.audit.urls")),
    path("", include("apps.ops.urls")),
    path("api/v1/", include("apps.core.api.urls")),
    path("", include("apps.core.api.urls_nothing")),
    path("", include("apps.core.urls")),
]
handler404 = "apps.core.views.not_found"
handler400 = "apps.core.views.bad_request"
handler500 = "apps.core.views.server_error"
