from django.urls import path

from apps.core.web import requires, signed_in

from .permissions import PAYMENTS_CONNECT, PAYMENTS_GOVERN, PAYMENTS_VIEW
from .views import accounts, lists, paying

sees, connects, governs = requires(PAYMENTS_VIEW), requires(PAYMENTS_CONNECT), requires(PAYMENTS_GOVERN)
buys = signed_in("one's own order; the service shows it to its buyer and to the treasurer")
ACCOUNT = "payment-accounts/<uuid:account_id>/"

app_name = "payments"
urlpatterns = [
    path("subscriptions/", lists.subscription_list, name="subscriptions"),
    path("payment-accounts/", lists.account_list, name="accounts"),
    path("payment-accounts/connect/", connects(accounts.connect), name="connect"),
    path("payment-accounts/helloasso/", connects(accounts.helloasso_back), name="helloasso_back"),
    path("payment-accounts/rules/", sees(accounts.policy_page), name="policy"),
    path(ACCOUNT, sees(accounts.account_detail), name="account"),
    path(f"{ACCOUNT}onboarding/", connects(accounts.onboarding), name="onboarding"),
    path(f"{ACCOUNT}back/", connects(accounts.back), name="back"),
    path(f"{ACCOUNT}reading/", connects(accounts.read_again), name="read_again"),
    path(f"{ACCOUNT}default/", connects(accounts.make_default), name="make_default"),
    path(f"{ACCOUNT}approval/", governs(accounts.approve), name="approve"),
    path(f"{ACCOUNT}disconnection/", connects(accounts.disconnect), name="disconnect"),
    path("orders/<uuid:order_id>/card/", buys(paying.pay), name="pay"),
    path("orders/<uuid:order_id>/card/back/", buys(paying.waiting), name="waiting"),
]
