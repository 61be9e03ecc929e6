"""The platform's mail server, through Django's backend."""

import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from ..models import Channel, CommunicationLog
from . import NotSent


class Smtp:
    code = Channel.SMTP.value

    def send(self, log: CommunicationLog) -> None:
        try:
            message_of(log).send()
        except (smtplib.SMTPException, OSError) as fault:
            raise NotSent(_wording(fault), final=_is_final(fault), bounced=_is_no_address(fault)) from None


def message_of(log: CommunicationLog) -> EmailMultiAlternatives:
    """The message, with an id of its row: should it ever leave twice, mail servers can tell."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        subject=log.subject,
        body=log.text,
        to=[log.to],
        headers={"Message-ID": f"<{log.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(log.html, "text/html")
    return message


def _is_final(fault: Exception) -> bool:
    """The mail server says that it will never accept this."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in fault.recipients.values())
    return isinstance(fault, smtplib.SMTPDataError | smtplib.SMTPSenderRefused) and 500 <= fault.smtp_code < 600


def _is_no_address(fault: Exception) -> bool:
    """5.1.x in RFC 3463: there is nobody at this address. A plain 550 may mean anything, so it is no bounce."""
    if not isinstance(fault, smtplib.SMTPRecipientsRefused):
        return False
    answers = list(fault.recipients.values())
    return bool(answers) and all(500 <= code < 600 and _text(said).startswith("5.1.") for code, said in answers)


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def _wording(fault: Exception) -> str:
    """The kind and code of a fault; a server's text may repeat the message."""
    code = getattr(fault, "smtp_code", "") or getattr(fault, "errno", "") or ""
    return f"{type(fault).__name__} {code}".strip()
