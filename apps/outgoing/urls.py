"""On a school's host, below /webhooks/."""

from django.urls import path

from apps.core.web import requires

from .permissions import WEBHOOKS_MANAGE, WEBHOOKS_OPERATE, WEBHOOKS_VIEW
from .views import deliveries, endpoints

sees, operates, manages = requires(WEBHOOKS_VIEW), requires(WEBHOOKS_OPERATE), requires(WEBHOOKS_MANAGE)

DELIVERY = "<uuid:endpoint_id>/deliveries/<slug:webhook_id>/"

app_name = "outgoing"
urlpatterns = [
    path("", sees(endpoints.endpoint_list), name="list"),
    path("events/", sees(endpoints.catalogue), name="catalogue"),
    path("new/", manages(endpoints.endpoint_create), name="create"),
    path("<uuid:endpoint_id>/", sees(deliveries.endpoint_detail), name="endpoint"),
    path("<uuid:endpoint_id>/change/", manages(endpoints.endpoint_change), name="change"),
    path("<uuid:endpoint_id>/pause/", operates(endpoints.endpoint_pause), name="pause"),
    path("<uuid:endpoint_id>/enabling/", operates(endpoints.endpoint_enable), name="enable"),
    path("<uuid:endpoint_id>/removal/", manages(endpoints.endpoint_delete), name="delete"),
    path("<uuid:endpoint_id>/test/", operates(endpoints.endpoint_test), name="test"),
    path("<uuid:endpoint_id>/secrets/", sees(endpoints.secret_list), name="secrets"),
    path("<uuid:endpoint_id>/secrets/new/", manages(endpoints.secret_rotate), name="secret_rotate"),
    path("secrets/<uuid:secret_id>/end/", manages(endpoints.secret_end), name="secret_end"),
    path("<uuid:endpoint_id>/again/", operates(deliveries.replay_many), name="replay_many"),
    path("<uuid:endpoint_id>/dropping/", operates(deliveries.drop_waiting), name="drop"),
    path(DELIVERY, sees(deliveries.delivery_detail), name="delivery"),
    path(f"{DELIVERY}content/", sees(deliveries.delivery_content), name="delivery_content"),
    path(f"{DELIVERY}again/", operates(deliveries.delivery_replay), name="delivery_replay"),
]
