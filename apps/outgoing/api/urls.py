"""Below /api/v1/ on a school's host."""

from django.urls import path

from . import endpoints

app_name = "outgoing_api"
urlpatterns = [
    path("webhook-events", endpoints.event_types, name="event_types"),
    path("webhook-endpoints", endpoints.endpoints, name="endpoints"),
    path("webhook-endpoints/<uuid:endpoint_id>", endpoints.endpoint, name="endpoint"),
    path("webhook-endpoints/<uuid:endpoint_id>/pause", endpoints.pause, name="pause"),
    path("webhook-endpoints/<uuid:endpoint_id>/enabling", endpoints.enabling, name="enabling"),
    path("webhook-endpoints/<uuid:endpoint_id>/test", endpoints.test, name="test"),
    path("webhook-endpoints/<uuid:endpoint_id>/secrets", endpoints.secret_list, name="secrets"),
    path("webhook-endpoints/<uuid:endpoint_id>/deliveries", endpoints.deliveries, name="deliveries"),
    path("webhook-endpoints/<uuid:endpoint_id>/replay", endpoints.replay, name="replay"),
    path("webhook-endpoints/<uuid:endpoint_id>/drop", endpoints.drop, name="drop"),
    path("webhook-secrets/<uuid:secret_id>", endpoints.secret, name="secret"),
    path("webhook-endpoints/<uuid:endpoint_id>/deliveries/<slug:webhook_id>", endpoints.delivery, name="delivery"),
    path("webhook-endpoints/<uuid:endpoint_id>/deliveries/<slug:webhook_id>/again", endpoints.again, name="again"),
]
