"""Below /api/v1/ on the platform's host."""

from . import urls_both

app_name = "accounts_api"
urlpatterns = urls_both.urlpatterns
