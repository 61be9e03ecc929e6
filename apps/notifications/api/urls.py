"""Below /api/v1/ on a school's host."""

from django.urls import path

from . import messages, urls_both

app_name = "notifications_api"
urlpatterns = [
    *urls_both.urlpatterns,
    path("messages", messages.message_list, name="messages"),
    path("messages/<uuid:message_id>", messages.message, name="message"),
    path("messages/<uuid:message_id>/again", messages.again, name="message_again"),
    path("suppressed-addresses", messages.suppressed, name="suppressed"),
    path("suppressed-addresses/<uuid:address_id>", messages.lift, name="lift"),
    path("message-kinds", messages.kind_list, name="kinds"),
    path("message-kinds/<slug:kind>/texts/<slug:language>", messages.text, name="text"),
    path("message-kinds/<slug:kind>/texts/<slug:language>/preview", messages.draft, name="text_preview"),
    path("mail-route", messages.way, name="mail_route"),
    path("mail-route/test", messages.way_test, name="mail_route_test"),
]
