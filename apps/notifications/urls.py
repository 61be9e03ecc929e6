"""On a school's host."""

from django.urls import path

from . import urls_both
from .views import log, previews, route

app_name = "notifications"
urlpatterns = [
    *urls_both.urlpatterns,
    path("messages/", log.message_list, name="messages"),
    path("messages/<uuid:log_id>/", log.message_detail, name="message"),
    path("messages/<uuid:log_id>/again/", log.message_again, name="again"),
    path("messages/addresses/<uuid:address_id>/lift/", log.address_lift, name="address_lift"),
    path("messages/texts/", previews.kind_list, name="kinds"),
    path("messages/texts/<slug:code>/", previews.kind_detail, name="kind"),
    path("messages/texts/<slug:code>/own/", previews.own_text, name="own_text"),
    path("messages/texts/<slug:code>/page/", previews.kind_page, name="kind_page"),
    path("settings/mail/", route.mail_route, name="mail_route"),
    path("settings/mail/test/", route.mail_test, name="mail_test"),
]
