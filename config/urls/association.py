"""What an association's own domain answers: its public site, and nothing of the school behind it."""

from django.urls import include, path

from apps.accounts.views.sign_in import language
from apps.core import theme

urlpatterns = [
    path("", include("apps.sites.urls_own_domain")),
    path("", include(([path("language/", language, name="language")], "accounts"))),
    path("", include(([path("theme.css", theme.theme_css, name="theme")], "core"))),
]
handler404 = "apps.core.views.not_found"
handler400 = "apps.core.views.bad_request"
handler500 = "apps.core.views.server_error"
