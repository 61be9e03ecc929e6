"""The kinds of messages of this app (apps.notifications.kinds)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import Category, kind

FEES = Category("fees", _("Your membership fees"), _("What you paid to associations, and when it ends."))
EXAMPLE = {"association": "Ciné-club Lumière", "tier": "Adhésion annuelle", "last_day": date(2027, 8, 31)}
PAID = kind("fee_paid", _("Your membership is paid"), FEES, in_app=True, example=EXAMPLE)
RENEW = kind("fee_renew", _("Renew your membership"), FEES, in_app=True, example={**EXAMPLE, "over": False})
