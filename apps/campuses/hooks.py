"""What campuses ask of the apps above. Each is connected in AppConfig.ready."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.core.registry import Hook
from apps.core.ui import NEUTRAL, Text


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that gives a membership now, or gave it when it last changed."""

    title: Text
    text: Text = ""
    url: str = ""
    icon: str = "users"
    tone: str = NEUTRAL


@dataclass(frozen=True, slots=True)
class Story:
    """What a source of memberships knows about one of them. `run_urls`: where its runs can be seen by this actor."""

    reasons: list[Reason] = field(default_factory=list)
    seen_at: datetime | None = None  # later than the row says, where an unchanged reading writes nothing
    run_urls: Mapping[UUID, str] = field(default_factory=dict)
    live_url: str = ""  # a fragment that asks the source itself


#: (membership, actor, run_ids) -> Story
membership_story = Hook("membership_story")
