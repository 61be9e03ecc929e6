"""The stock way, for controls: django-tenants' own backend on a connection of its own.

A promise is only proven where the same test finds the stock way breaking it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

ALIAS = "stock"


@contextmanager
def database(alias: str, **changes) -> Iterator[str]:
    """One more entry of DATABASES, like the owner's but for the changes, for the duration of a block."""
    connections.settings[alias] = {**connections["owner"].settings_dict, **changes}
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


@contextmanager
def stock_database(**changes) -> Iterator[str]:
    """The owner's database through django-tenants 4 as it comes."""
    with database(ALIAS, ENGINE="django_tenants.postgresql_backend", OPTIONS={}, **changes) as alias:
        yield alias
