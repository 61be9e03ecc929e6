"""On the platform's host: what superadmins were told, and the log of the platform's own messages."""

from django.urls import path

from . import urls_both
from .views import log, previews, route

app_name = "notifications"
urlpatterns = [
    *urls_both.urlpatterns,
    path("sso/mail", route.approved, name="mail_approved"),
    path("messages/", log.platform_list, name="messages"),
    path("messages/<uuid:log_id>/", log.platform_detail, name="message"),
    path("messages/<uuid:log_id>/again/", log.platform_again, name="again"),
    path("messages/addresses/<uuid:address_id>/lift/", log.platform_lift, name="address_lift"),
    path("messages/texts/", previews.platform_kinds, name="kinds"),
    path("messages/texts/<slug:code>/", previews.platform_kind, name="kind"),
    path("messages/texts/<slug:code>/page/", previews.platform_kind_page, name="kind_page"),
]
