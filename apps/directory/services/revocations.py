"""Who was signed out everywhere at Microsoft ("revoke sessions", a new password there) is signed out here (IDN-4).

Asked after every run, about the people who are signed in with Microsoft at that moment: a few requests. Microsoft's
front channel tells of a sign-out at once; of a revocation it tells nobody.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from apps.accounts.services import microsoft_sign_out
from apps.core.actor import Actor
from apps.microsoft.errors import GraphError
from apps.microsoft.graph import Graph

from ..selectors import linked_organisation

logger = logging.getLogger("campanile.directory")

MOST = 3_000  # people of one look, the latest first: 200 requests


def end_revoked(*, now: datetime, make_graph: Callable[..., Graph] = Graph) -> int:
    """End what was revoked; how many sessions. A directory that does not answer ends nothing: the next run asks."""
    tenant_id = linked_organisation()
    if not tenant_id:
        return 0
    living = microsoft_sign_out.living_sessions(tenant_id, now)
    people = list(dict.fromkeys(one.object_id for one in living))[:MOST]
    try:
        with make_graph(tenant_id) as graph:
            valid_from = graph.sessions_valid_from(people) if people else {}
    except GraphError as error:
        logger.warning("revoked sessions are not known", extra={"error": error.code})
        return 0
    actor = Actor.system("directory")
    return microsoft_sign_out.end_revoked(actor=actor, tenant_id=tenant_id, valid_from=valid_from, now=now)
