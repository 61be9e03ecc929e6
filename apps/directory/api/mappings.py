"""Which Microsoft group leads to which campus, and when the directory is read."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Paging
from apps.core.api.operations import Call, operation
from apps.core.api.paging import envelope, page_of, page_type
from apps.core.api.versions import row

from ..models import DirectorySchedule, GroupMapping
from ..permissions import DIRECTORY_MANAGE, DIRECTORY_VIEW
from ..selectors import get_mapping, visible_mappings
from ..services import lookups, schedules
from ..services import mappings as services
from .shapes import (
    GroupOut,
    GroupQuery,
    MappingChange,
    MappingInput,
    MappingOut,
    ScheduleChange,
    ScheduleOut,
)

TAG = "Directory"
MICROSOFT = (409, 502)  # not linked; Microsoft does not answer
EXAMPLE = {"group_id": "0b6a…", "campus_id": "018f3b5e-0000-7000-8000-000000000000", "role": "member"}


class GroupsView(ApiView):
    tag = TAG

    @operation("search_groups", "Groups at Microsoft", query=GroupQuery, answer=page_type(GroupOut), refusals=MICROSOFT)
    def get(self, call: Call) -> Any:
        """Asked of Microsoft now; the first ones whose name holds the words."""
        return envelope(lookups.search_groups(actor=call.actor, words=call.query["q"]))


class MappingsView(ApiView):
    tag = TAG
    calls_out = True  # the group is looked up at Microsoft

    @operation("list_mappings", "Mapped groups", query=Paging, answer=page_type(MappingOut))
    def get(self, call: Call) -> Any:
        """By the names of the groups."""
        return page_of(visible_mappings(actor=call.actor), call.query, ("group_name", "id"))

    @operation(
        "create_mapping",
        "Map a group to a campus",
        body=MappingInput,
        answer=MappingOut,
        status=201,
        refusals=MICROSOFT,
        example=EXAMPLE,
    )
    def post(self, call: Call) -> Any:
        """The name is Microsoft's own. The same group and campus again changes the mapping. The next run acts on it."""
        sent = call.body
        group = lookups.find_group(actor=call.actor, group_id=sent["group_id"])
        made = services.add_mapping(
            actor=call.actor,
            group_id=group.object_id,
            group_name=group.name,
            campus_id=sent["campus_id"],
            role=sent["role"],
            transitive=sent["transitive"],
            now=call.now,
        )
        call.created(reverse("directory_api:mapping", args=[made.pk]))
        return made


class MappingView(ApiView):
    tag = TAG

    @operation("get_mapping", "One mapped group", answer=MappingOut, versioned=True)
    def get(self, call: Call, mapping_id: UUID) -> Any:
        """With the number of people in the last complete reading."""
        return get_mapping(actor=call.actor, mapping_id=mapping_id)

    @operation("update_mapping", "Change a mapping", body=MappingChange, answer=MappingOut, versioned=True)
    def patch(self, call: Call, mapping_id: UUID) -> Any:
        """Only the fields that are sent change. The people of a paused mapping are not removed."""
        shown = partial(get_mapping, actor=call.actor, mapping_id=mapping_id)
        shown()
        with call.unchanged(shown, row(GroupMapping, mapping_id)):
            mapping = shown()
            values = {name: getattr(mapping, name) for name in ("role", "transitive", "active")} | call.body
            services.change_mapping(actor=call.actor, mapping_id=mapping_id, now=call.now, **values)
        return shown()

    @operation("delete_mapping", "Remove a mapping", status=204, thing=MappingOut, versioned=True)
    def delete(self, call: Call, mapping_id: UUID) -> None:
        """The next run ends the memberships that only this group gave, and asks first when they are many."""
        shown = partial(get_mapping, actor=call.actor, mapping_id=mapping_id)
        shown()
        with call.unchanged(shown, row(GroupMapping, mapping_id)):
            services.remove_mapping(actor=call.actor, mapping_id=mapping_id, now=call.now)


class ScheduleView(ApiView):
    tag = TAG

    @operation("get_schedule", "When runs start by themselves", answer=ScheduleOut, versioned=True)
    def get(self, call: Call) -> Any:
        """Off, every few hours, or daily on the school's clock."""
        return schedules.schedule_of()

    @operation(
        "update_schedule",
        "Change when runs start",
        body=ScheduleChange,
        answer=ScheduleOut,
        versioned=True,
        example={"mode": "daily", "daily_at": "04:00"},
    )
    def patch(self, call: Call) -> Any:
        """Only the fields that are sent change. A time that has passed today begins tomorrow."""
        with call.unchanged(schedules.schedule_of, row(DirectorySchedule, "directory")):
            now = schedules.schedule_of()
            values = {name: getattr(now, name) for name in schedules.FIELDS} | call.body
            schedules.change_schedule(actor=call.actor, now=call.now, **values)
        return schedules.schedule_of()


groups = api_requires(DIRECTORY_MANAGE)(GroupsView)
mappings = api_requires(DIRECTORY_VIEW, post=DIRECTORY_MANAGE)(MappingsView)
mapping = api_requires(DIRECTORY_VIEW, patch=DIRECTORY_MANAGE, delete=DIRECTORY_MANAGE)(MappingView)
schedule = api_requires(DIRECTORY_VIEW, patch=DIRECTORY_MANAGE)(ScheduleView)
