"""What stands under the caller's own bell, and what they want to hear of."""

from functools import partial
from typing import Any
from uuid import UUID

from apps.core.api.doors import ApiView, api_public
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.errors import NotVisible
from apps.core.permissions import require_oneself

from .. import kinds, selectors
from ..services import notices, preferences
from .shapes import HowManyRead, NoticeOut, NoticeQuery, PreferencesChange, PreferencesOut

TAG = "Your notifications"
OWN = "everybody who is signed in reads what was sent to themselves"


def oneself(call: Call) -> UUID:
    """Whose bell it is. Raises NotAuthenticated, NotWhileActing, NotVisible (a machine has none)."""
    actor = call.require_signed_in()
    require_oneself(actor)
    if actor.user_id is None:
        raise NotVisible
    return actor.user_id


class NoticesView(ApiView):
    tag = TAG

    @operation(
        "list_notifications", "Your notifications", query=NoticeQuery, answer=page_type(NoticeOut), refusals=(404,)
    )
    def get(self, call: Call) -> Any:
        """Unread ones first, then the newest."""
        oneself(call)
        found = selectors.own_notices(actor=call.actor)
        if "unread" in call.query:
            found = found.filter(unread=call.query["unread"])
        return page_of(found, call.query, selectors.UNREAD_FIRST)


class ReadingView(ApiView):
    tag = TAG

    @operation("read_notification", "Mark as read", answer=NoticeOut)
    def post(self, call: Call, notice_id: UUID) -> Any:
        """Twice changes nothing."""
        oneself(call)
        return notices.open_notice(actor=call.actor, notice_id=notice_id, now=call.now)


class ReadAllView(ApiView):
    tag = TAG

    @operation("read_all_notifications", "Mark all as read", answer=HowManyRead, refusals=(404,))
    def post(self, call: Call) -> Any:
        """How many were not."""
        oneself(call)
        return {"notifications": notices.read_all(actor=call.actor, now=call.now)}


class PreferencesView(ApiView):
    tag = TAG

    @operation(
        "get_notification_preferences", "What you want to hear of", answer=PreferencesOut, versioned=True,
        refusals=(404,),
    )  # fmt: skip
    def get(self, call: Call) -> Any:
        """Every category, also those that nobody chooses about."""
        return _wanted(oneself(call))

    @operation(
        "update_notification_preferences", "Change what you want to hear of", body=PreferencesChange,
        answer=PreferencesOut, versioned=True, refusals=(404,),
        example={"categories": [{"category": "operations", "email": "daily"}]},
    )  # fmt: skip
    def patch(self, call: Call) -> Any:
        """Only the categories and ways that are sent change."""
        user_id = oneself(call)
        shown = partial(_wanted, user_id)
        values: dict[str, dict[str, str]] = {}
        for one in call.body["categories"]:
            chosen = {way: one[name] for name, way in (("email", "email"), ("in_app", "in-app")) if name in one}
            values[one["category"]] = values.get(one["category"], {}) | chosen
        with call.unchanged(shown, partial(preferences.lock, user_id)):
            preferences.change(actor=call.actor, values=values)
        return shown()


def _wanted(user_id: UUID) -> dict[str, Any]:
    own = preferences.all_of(user_id)
    return {
        "categories": [
            {
                "category": one.code,
                "name": str(one.name),
                "optional": one.optional,
                "email": own[one.code]["email"],
                "in_app": own[one.code]["in-app"],
            }
            for one in kinds.categories()
        ]
    }


notice_list = api_public(OWN)(NoticesView)
reading = api_public(OWN)(ReadingView)
read_all = api_public(OWN)(ReadAllView)
wanted = api_public("everybody who is signed in chooses what they hear of themselves")(PreferencesView)
