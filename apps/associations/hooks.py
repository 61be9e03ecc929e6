"""What associations ask of the apps above, and what these add to their pages. Connected in AppConfig.ready."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.core.actor import Actor
from apps.core.registry import Hook
from apps.core.ui import Tab

from .models import Association

# actor, association -> list[Tab]: pages of another app about this association, for who may open them.
association_tabs = Hook("association_tabs")
# association, actor, now -> None, or {"template": …, …}: a card on the page of an association.
page_parts = Hook("association_page_parts")
# association, now -> list[Check]: what a request needs besides before it is sent to the school.
request_checks = Hook("association_request_checks")
# association, now -> list[str]: what a renewal waits for besides, in words.
renewal_blocks = Hook("association_renewal_blocks")
# actor, associations, now -> list[Column]: columns of the table of those who oversee.
oversight_columns = Hook("association_oversight_columns")
# actor, associations, now -> dict[UUID, list[Flag]]: what those who oversee should look at.
oversight_flags = Hook("association_oversight_flags")
# actor, association -> list[tuple[label, url]]: what the school can do besides, on its page about an association.
school_links = Hook("association_school_links")
# () -> dict[UUID, UUID]: the logo of each association that has one.
association_logos = Hook("association_logos")


@dataclass(frozen=True, slots=True)
class Flag:
    """A risk, with a sentence that says what to do. `code` is for filters and programs."""

    code: str
    sentence: str
    tone: str = "bad"

    @property
    def label(self) -> Any:
        return FLAGS.get(self.code, self.code)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table of oversight: its name in files, its heading, and what it says of each association."""

    code: str
    label: Any
    cells: Mapping[UUID, str] = field(default_factory=dict)
    is_number: bool = False


#: code of a flag -> what it is called in the filter of the table
FLAGS: dict[str, Any] = {}
#: code -> (label, name of the route): what can be done to several associations of the table at once
BULK_ACTS: dict[str, tuple[Any, str]] = {}


def parts_for(association: Association, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    return [part for part in page_parts.send(association=association, actor=actor, now=now) if part]


def tabs_for(association: Association, actor: Actor) -> list[Tab]:
    return [tab for found in association_tabs.send(association=association, actor=actor) for tab in found]
