"""Below /api/v1/ on the platform's host: what superadmins were told, and the platform's own messages."""

from django.urls import path

from . import messages, urls_both

app_name = "notifications_api"
urlpatterns = [
    *urls_both.urlpatterns,
    path("messages", messages.platform_list, name="messages"),
    path("messages/<uuid:message_id>", messages.platform_message, name="message"),
    path("messages/<uuid:message_id>/again", messages.platform_again, name="message_again"),
    path("suppressed-addresses", messages.platform_suppressed, name="suppressed"),
    path("suppressed-addresses/<uuid:address_id>", messages.platform_lift, name="lift"),
    path("message-kinds", messages.platform_kinds, name="kinds"),
    path("message-kinds/<slug:kind>/texts/<slug:language>", messages.platform_text, name="text"),
]
