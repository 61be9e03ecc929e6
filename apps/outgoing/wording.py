"""What codes mean, for people."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.ui import Text

from .models import EndpointAlarm, WebhookEndpoint

ADDRESSES: Final[dict[str, Text]] = {
    "scheme": gettext_lazy("The address must begin with https://."),
    "port": gettext_lazy("Only the ports 443 and 8443 are called."),
    "credentials": gettext_lazy("Leave name and password out of the address: what we send is signed."),
    "number": gettext_lazy("Write the name of the server, not its number."),
    "name": gettext_lazy("This name does not lead to a server on the internet."),
    "long": gettext_lazy("This address is too long."),
}
FAULTS: Final[dict[str, Text]] = {
    "timeout": gettext_lazy("No answer within 15 seconds"),
    "no-connection": gettext_lazy("No connection: is the server running?"),
    "tls": gettext_lazy("Its certificate is not valid"),
    "broken-off": gettext_lazy("The connection was broken off"),
    "answer-too-large": gettext_lazy("The answer was larger than 64 KiB"),
    "address-refused": gettext_lazy("The address leads into a network that we do not call"),
}


def address_text(reason: str) -> str:
    """Why an address is refused, and what to write instead."""
    return str(ADDRESSES.get(reason, _("This is no complete address. Example: https://example.org/webhooks")))


def answer_text(status: int | None, fault: str) -> str:
    """What became of an attempt."""
    if fault:
        return str(FAULTS.get(fault, fault))
    if status is None:
        return ""
    if 200 <= status < 300:
        return _("Accepted (%(status)d)") % {"status": status}
    if 300 <= status < 400:
        return _("Redirects are not followed (%(status)d)") % {"status": status}
    if status == 410:
        return _("Wants nothing more (410)")
    return _("Refused (%(status)d)") % {"status": status}


def alarm_title(alarm: EndpointAlarm) -> str:
    name = {"name": alarm.endpoint.name}
    if alarm.kind == EndpointAlarm.Kind.DISABLED:
        return _("Webhooks to “%(name)s” were switched off") % name
    return _("Webhooks to “%(name)s” do not get through") % name


def alarm_text(alarm: EndpointAlarm) -> str:
    endpoint = alarm.endpoint
    if alarm.kind != EndpointAlarm.Kind.DISABLED:
        return _("Every attempt has failed for an hour or longer. Look at the last answers and tell the operator.")
    if endpoint.because == WebhookEndpoint.Because.GONE:
        return _("Its receiver wants nothing more (410). Delete the endpoint, or mend the receiver and enable it.")
    return _("Nothing could be delivered for five days. What happened waits for 30 days: mend it and enable it.")
