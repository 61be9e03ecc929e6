"""Below /api/v1/ on every host: where services send their events."""

from django.urls import path

from . import views

urlpatterns = [
    path("webhooks/user-service", views.user_service, name="user_service"),
    path("webhooks/payment-service", views.payment_service, name="payment_service"),
    path("webhooks/communication-service", views.communication_service, name="communication_service"),
]
