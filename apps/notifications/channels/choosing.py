"""Which way the mail of the active school goes."""

from apps.microsoft.registration import is_configured
from apps.tenants.context import current, platform
from apps.tenants.models import ProviderBinding

from ..models import MailRoute
from . import Way
from .graph import MicrosoftMailbox
from .smtp import Smtp


def route() -> MailRoute:
    """The school's choice; the platform's mail server where nobody chose."""
    return MailRoute.objects.first() or MailRoute()


def ways(chosen: MailRoute) -> list[Way]:
    """The ways to try, in order: mail that the school's own mailbox cannot take does not wait for its repair."""
    if chosen.way != MailRoute.Way.MICROSOFT or not is_configured("MAIL"):
        return [Smtp()]
    tenant_id = organisation()
    return [MicrosoftMailbox(tenant_id, chosen.mailbox), Smtp()] if tenant_id else [Smtp()]


def organisation() -> str:
    """The Microsoft organisation of the active school, or ""."""
    school_id = current().id
    assert school_id is not None  # only the platform has none
    with platform():
        bindings = ProviderBinding.objects.filter(provider=ProviderBinding.Provider.MICROSOFT, school_id=school_id)
        return bindings.values_list("external_id", flat=True).first() or ""
