"""People of the school: the list, a new one, one of them, and what ends and reopens an account."""

from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse

from apps.accounts.api import calls
from apps.accounts.api.shapes import LANGUAGES, Invite, Person
from apps.accounts.models import User
from apps.accounts.permissions import PEOPLE_CHANGE, PEOPLE_INVITE, PEOPLE_SUSPEND, PEOPLE_VIEW
from apps.accounts.selectors import get_person
from apps.accounts.services import lifecycle, profile
from apps.accounts.services.roles import GRANTABLE
from apps.campuses.models import MembershipSource
from apps.core.api.doors import ApiView, api_requires
from apps.core.api.fields import Choice, Id, Input, Paging, Reason, Text
from apps.core.api.operations import Call, operation
from apps.core.api.paging import page_of, page_type
from apps.core.api.versions import row

from ..people import SORTS, filtered_people

TAG = "People"
ORDERS = [name for name in SORTS if "seen" not in name]  # who never signed in has no place in that one


class PeopleQuery(Paging):
    q = Text(max_length=200, required=False, default="", help_text="Words of the name or address.")
    status = Choice(User.Status.choices, required=False)
    campus = Id(required=False, help_text="Who belongs to this campus.")
    source = Choice(  # type: ignore[assignment]  # the name of a parameter, not of the base class's option
        MembershipSource.choices, required=False, help_text="Why somebody belongs to a campus."
    )
    role = Choice(sorted(GRANTABLE), required=False)
    order = Choice(ORDERS, required=False, default="name")


class PersonChange(Input):
    given_name = Text(max_length=100, required=False, allow_blank=True)
    family_name = Text(max_length=100, required=False, allow_blank=True)
    department = Text(max_length=120, required=False, allow_blank=True)
    job_title = Text(max_length=120, required=False, allow_blank=True)
    language = Choice(LANGUAGES, required=False)


class PeopleView(ApiView):
    tag = TAG

    @operation("list_users", "People", query=PeopleQuery, answer=page_type(Person))
    def get(self, call: Call) -> Any:
        """The people you may see."""
        wanted = call.query
        found = filtered_people(actor=call.actor, wanted=wanted)
        if status := wanted.get("status"):
            found = found.filter(status=status)
        return page_of(found, wanted, SORTS[wanted["order"]])

    @operation(
        "create_user",
        "Make an account",
        body=Invite,
        answer=Person,
        status=201,
        example={"email": "camille@school.example", "given_name": "Camille", "family_name": "Martin"},
    )
    def post(self, call: Call) -> Any:
        """The account is pending until its person accepts the invitation that is mailed to them."""
        user = calls.invited(call).user
        call.created(reverse("portal_api:user", args=[user.pk]))
        return user


class PersonView(ApiView):
    tag = TAG

    @operation("get_user", "One person", answer=Person, versioned=True)
    def get(self, call: Call, user_id: UUID) -> Any:
        """Their roles, sessions and memberships have addresses below this one."""
        return get_person(call.actor, user_id)

    @operation(
        "update_user",
        "Correct a profile",
        body=PersonChange,
        answer=Person,
        versioned=True,
        example={"family_name": "Martin-Petit"},
    )
    def patch(self, call: Call, user_id: UUID) -> Any:
        """Only the fields that are sent change. Of people with rights that you lack nothing can be changed. The
        address is changed by the person only.
        """
        shown = partial(get_person, call.actor, user_id)
        shown()
        with call.unchanged(shown, row(User, user_id)):
            profile.change_person(actor=call.actor, user_id=user_id, values=_columns(call.body))
        return shown()

    @operation(
        "delete_user", "A person leaves", query=Reason, status=204, thing=Person, versioned=True, refusals=(409,)
    )
    def delete(self, call: Call, user_id: UUID) -> None:
        """The account is closed (`departed`), its sessions and memberships end at once. It can be reinstated, until
        the school's period for departed people is over.
        """
        shown = partial(get_person, call.actor, user_id)
        shown()
        with call.unchanged(shown, row(User, user_id)):
            lifecycle.depart_users(call.actor, [user_id], call.query["reason"], now=call.now)


class SuspensionView(ApiView):
    tag = TAG

    @operation("suspend_user", "Suspend a person", body=Reason, answer=Person)
    def post(self, call: Call, user_id: UUID) -> Any:
        """They are signed out everywhere and cannot sign in until they are reinstated. Twice changes nothing."""
        get_person(call.actor, user_id)
        lifecycle.suspend_users(call.actor, [user_id], call.body["reason"], now=call.now)
        return get_person(call.actor, user_id)


class ReinstatementView(ApiView):
    tag = TAG

    @operation("reinstate_user", "Let a person in again", body=Reason, answer=Person)
    def post(self, call: Call, user_id: UUID) -> Any:
        """Who was suspended or has left can sign in again; who never accepted an invitation is pending again."""
        get_person(call.actor, user_id)
        lifecycle.reinstate_users(call.actor, [user_id], call.body["reason"], now=call.now)
        return get_person(call.actor, user_id)


def _columns(sent: dict[str, Any]) -> dict[str, str]:
    return {("locale" if name == "language" else name): value for name, value in sent.items()}


users = api_requires(PEOPLE_VIEW, post=PEOPLE_INVITE)(PeopleView)
user = api_requires(PEOPLE_VIEW, patch=PEOPLE_CHANGE, delete=PEOPLE_SUSPEND)(PersonView)
suspension = api_requires(PEOPLE_SUSPEND)(SuspensionView)
reinstatement = api_requires(PEOPLE_SUSPEND)(ReinstatementView)
