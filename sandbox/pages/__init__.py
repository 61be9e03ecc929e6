"""The control pages: the same acts as the control API, for people."""

from sandbox.microsoft import sessions
from sandbox.pages import (
    authenticator,
    groups,
    journal,
    mail,
    names,
    organisations,
    payments,
    people,
    receivers,
    trouble,
)

routes = [
    *organisations.routes,
    *people.routes,
    *sessions.routes,
    *groups.routes,
    *trouble.routes,
    *journal.routes,
    *mail.routes,
    *names.routes,
    *receivers.routes,
    *payments.routes,
    *authenticator.routes,
]
