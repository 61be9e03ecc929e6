"""Addresses below /api/v1/ on a school's host."""

from django.urls import path

from . import views

app_name = "payments_api"
urlpatterns = [
    path("payment-accounts", views.accounts, name="accounts"),
    path("subscriptions", views.subscriptions, name="subscriptions"),
]
