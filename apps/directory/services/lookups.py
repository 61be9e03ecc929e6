"""Questions to Microsoft while somebody waits: short patience, no writes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from apps.core.actor import Actor
from apps.core.errors import DomainError
from apps.microsoft.directory_objects import DirectoryGroup
from apps.microsoft.graph import Graph
from apps.microsoft.patience import Patience

from ..permissions import DIRECTORY_MANAGE
from ..selectors import linked_organisation

SOON = Patience(tries=2, longest=2.0, total=4.0)


class NotLinkedYet(DomainError):
    code = "directory-not-linked"


def search_groups(*, actor: Actor, words: str) -> list[DirectoryGroup]:
    """Groups of the linked organisation whose name holds the words. Raises GraphError or NotLinkedYet."""
    with _graph(actor) as graph:
        return graph.search_groups(words)


def find_group(*, actor: Actor, group_id: str) -> DirectoryGroup:
    with _graph(actor) as graph:
        return graph.group(group_id)


def count_group(*, actor: Actor, group_id: str, transitive: bool) -> int:
    with _graph(actor) as graph:
        return graph.count_members(group_id, transitive=transitive)


@contextmanager
def _graph(actor: Actor) -> Iterator[Graph]:
    DIRECTORY_MANAGE.require(actor)
    tenant_id = linked_organisation()
    if not tenant_id:
        raise NotLinkedYet(_("Link your school's Microsoft organisation first."))
    with Graph(tenant_id, patience=SOON, read_seconds=8.0) as graph:
        yield graph
