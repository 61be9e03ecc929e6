"""The control pages: the same acts as the control API, for people."""

from sandbox.pages import groups, journal, mail, names, organisations, people, trouble

routes = [
    *organisations.routes,
    *people.routes,
    *groups.routes,
    *trouble.routes,
    *journal.routes,
    *mail.routes,
    *names.routes,
]
