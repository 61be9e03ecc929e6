"""How accounts at providers are shown."""

from django.utils.translation import gettext as _

from apps.core.ui import Step

from .models import ProviderAccount

State = ProviderAccount.State


def steps_of(account: ProviderAccount) -> list[Step]:
    """How far it is, as the provider says (PAY-1)."""
    given = account.state != State.PENDING
    ready = account.state == State.ACTIVE
    name = {"provider": account.provider_name}
    return [
        Step(_("The account is connected"), account.is_connected),
        Step(
            _("The holder is known to %(provider)s") % name, given,
            text=_("Name, address and bank account are given on the pages of %(provider)s, never here.") % name,
        ),
        Step(
            _("%(provider)s has checked everything") % name, ready,
            text=_("%(provider)s asks for more, or still looks at it.") % name if given and not ready else "",
        ),
        Step(_("Payments can be taken"), account.may_sell),
    ]  # fmt: skip
