"""A mailbox of the school at Microsoft 365."""

from apps.microsoft.errors import GraphError, GraphThrottled
from apps.microsoft.mail import Mail, send_mail
from apps.microsoft.registration import NotConfigured

from ..models import Channel, CommunicationLog
from . import NotSent


class MicrosoftMailbox:
    code = Channel.GRAPH.value

    def __init__(self, tenant_id: str, mailbox: str) -> None:
        self.tenant_id = tenant_id
        self.mailbox = mailbox

    def send(self, log: CommunicationLog) -> None:
        """What asks for patience is tried here again; every other refusal closes this way for now, and mail goes on."""
        mail = Mail(to=log.to, subject=log.subject, html=log.html, message_id=str(log.pk))
        try:
            send_mail(self.tenant_id, self.mailbox, mail)
        except GraphThrottled as fault:
            raise NotSent(fault.code, after=fault.after) from None
        except GraphError as fault:
            raise NotSent(f"{fault.code}: {fault.cause}"[:60], elsewhere=not fault.retry) from None
        except NotConfigured as fault:
            raise NotSent(fault.code, elsewhere=True) from None
