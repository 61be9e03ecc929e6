from django.urls import path

from . import views

app_name = "payments"
urlpatterns = [
    path("subscriptions/", views.subscription_list, name="subscriptions"),
    path("payment-accounts/", views.account_list, name="accounts"),
]
