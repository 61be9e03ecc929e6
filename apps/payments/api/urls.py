"""Below /api/v1/ on a school's host."""

from django.urls import path

from . import accounts, paying, subscriptions

app_name = "payments_api"
ACCOUNT = "payment-accounts/<uuid:account_id>"
urlpatterns = [
    path("payment-accounts", accounts.accounts, name="accounts"),
    path(ACCOUNT, accounts.account, name="account"),
    path(f"{ACCOUNT}/onboarding-links", accounts.link, name="link"),
    path(f"{ACCOUNT}/reading", accounts.reading, name="reading"),
    path(f"{ACCOUNT}/default", accounts.default, name="default"),
    path(f"{ACCOUNT}/approval", accounts.approval, name="approval"),
    path(f"{ACCOUNT}/disconnection", accounts.disconnection, name="disconnection"),
    path(f"{ACCOUNT}/payouts", accounts.payouts, name="payouts"),
    path("payment-policy", accounts.rules, name="rules"),
    path("orders/<uuid:order_id>/checkout", paying.start, name="checkout"),
    path("subscriptions", subscriptions.subscriptions, name="subscriptions"),
]
