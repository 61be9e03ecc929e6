"""Which school is being worked for. The only module that selects one; everything else enters it here.

The selection lives in a ContextVar: each thread, async task and Celery job has its own, and leaving a block
restores what was before in that same context. Outside of every block nothing is selected, and the database
shows no table at all (see apps.tenants.backend).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from .models import School

PUBLIC = "public"


class NoSchool(RuntimeError):
    """Work that belongs to a school was started outside of one."""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """What travels in the context: enough to address a school, never its data."""

    schema: str
    id: UUID | None = None
    slug: str = ""
    name: str = ""
    language: str = ""  # what is written for the school by nobody in particular

    @property
    def is_platform(self) -> bool:
        return self.schema == PUBLIC

    # django-tenants reads these two from whatever it takes for a tenant
    @property
    def schema_name(self) -> str:
        return self.schema

    @property
    def pk(self) -> UUID | None:
        return self.id


PLATFORM = Tenancy(schema=PUBLIC)
_selected: ContextVar[Tenancy | None] = ContextVar("tenancy", default=None)


def selected() -> Tenancy | None:
    """The school or the platform, or None when nothing is selected."""
    return _selected.get()


def current() -> Tenancy:
    """The active school. Raises NoSchool on the platform and outside of every block."""
    tenancy = _selected.get()
    if tenancy is None or tenancy.is_platform:
        raise NoSchool("no school is active here: enter one with apps.tenants.context.activated")
    return tenancy


def current_schema() -> str:
    """The schema name statements go to, or "" when nothing is selected."""
    tenancy = _selected.get()
    return tenancy.schema if tenancy else ""


def tenancy_of(school: "School | Tenancy") -> Tenancy:
    if isinstance(school, Tenancy):
        return school
    return Tenancy(schema=school.schema_name, id=school.pk, slug=school.slug, name=school.name, language=school.locale)


@contextmanager
def activated(school: "School | Tenancy") -> Iterator[Tenancy]:
    """Work for one school inside the block. Evaluate querysets before leaving it."""
    tenancy = tenancy_of(school)
    token = _selected.set(tenancy)
    try:
        yield tenancy
    finally:
        _selected.reset(token)


@contextmanager
def platform() -> Iterator[Tenancy]:
    """Work on the platform's own tables (schools, hosts, superadmins) inside the block."""
    with activated(PLATFORM) as tenancy:
        yield tenancy


def enter_platform() -> None:
    """Select the platform for the rest of this process's context: for command lines and beat only."""
    _selected.set(PLATFORM)


def make_cache_key(key: str, key_prefix: str, version: int) -> str:
    """CACHES[...]["KEY_FUNCTION"]: every key names its school, right in threads and on the event loop."""
    return f"{current_schema() or 'nowhere'}:{key_prefix}:{version}:{key}"
