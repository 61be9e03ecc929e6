"""What associations ask of the apps above. Connected in AppConfig.ready."""

from datetime import datetime
from typing import Any

from apps.core.actor import Actor
from apps.core.registry import Hook
from apps.core.ui import Tab

from .models import Association

# actor, association -> list[Tab]: pages of another app about this association, for who may open them.
association_tabs = Hook("association_tabs")
# association, actor, now -> None, or {"template": …, …}: a card on the page of an association.
page_parts = Hook("association_page_parts")


def parts_for(association: Association, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    return [part for part in page_parts.send(association=association, actor=actor, now=now) if part]


def tabs_for(association: Association, actor: Actor) -> list[Tab]:
    return [tab for found in association_tabs.send(association=association, actor=actor) for tab in found]
