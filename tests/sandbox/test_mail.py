"""Mail that is sent to the simulator arrives, is found by recipient, and shows its links."""

import smtplib
from email.message import EmailMessage


def send(simulator, to: str, subject: str = "Bienvenue à l’École") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Campanile <no-reply@campanile.example>", to, subject
    message.set_content("Bonjour,\nhttp://lumiere.campanile.localhost:8000/invitation/abc.\nÀ bientôt")
    message.add_alternative(
        '<p>Bonjour <a href="http://lumiere.campanile.localhost:8000/invitation/abc?a=1&amp;b=2">ici</a></p>', "html"
    )
    with smtplib.SMTP("127.0.0.1", simulator.smtp_port, timeout=10) as smtp:
        smtp.send_message(message)


def test_a_message_arrives(fresh_sandbox):
    send(fresh_sandbox, "helene@lumiere.example")
    send(fresh_sandbox, "marc@lumiere.example")
    [message] = fresh_sandbox.mail(to="helene@lumiere.example")
    assert message["subject"] == "Bienvenue à l’École"
    assert message["sender"] == "no-reply@campanile.example"
    assert message["text"].startswith("Bonjour,")
    assert message["links"] == [
        "http://lumiere.campanile.localhost:8000/invitation/abc?a=1&b=2",
        "http://lumiere.campanile.localhost:8000/invitation/abc",
    ]
    assert len(fresh_sandbox.mail()) == 2
    fresh_sandbox.clear_mail()
    assert fresh_sandbox.mail() == []


def test_waiting_for_mail_ends(fresh_sandbox):
    assert fresh_sandbox.mail(to="nobody", wait=0.1) == []
