from django.utils.translation import gettext_lazy as _

from apps.audit.acts import act

TREASURY_OPENED = act("money.treasury_opened", _("Account for money opened"))
TREASURY_FROZEN = act("money.treasury_frozen", _("Account for money frozen"))
TREASURY_UNFROZEN = act("money.treasury_unfrozen", _("Account for money released"))
ORDER_CREATED = act("money.order_created", _("Order made"))
ORDER_CANCELLED = act("money.order_cancelled", _("Order cancelled"))
ORDER_EXPIRED = act("money.order_expired", _("Order expired unpaid"))
ORDER_PAID = act("money.order_paid", _("Order paid"))
ORDER_GIVEN_BACK = act("money.order_refunded", _("Order refunded"))
PAYMENT_RECORDED = act("money.payment_recorded", _("Payment by hand recorded"))
REFUND_ASKED = act("money.refund_asked", _("Refund asked"))
REFUND_FAILED = act("money.refund_failed", _("Refund failed"))
DISPUTE_OPENED = act("money.dispute_opened", _("Payment disputed"))
MONEY_MOVED = act("money.moved", _("Money moved between accounts"))
MOVE_REVERSED = act("money.reversed", _("Movement of money reversed"))
ALARM_OPENED = act("money.alarm_opened", _("Alarm about money"))
ALARM_CLEARED = act("money.alarm_cleared", _("Alarm about money is over"))
