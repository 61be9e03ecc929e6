"""The campus home of one person: what is theirs, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from apps.accounts.models import User
from apps.campuses.models import Campus, CampusMembership, CampusRole, MembershipState, Place

MANAGERS_SHOWN = 6


@dataclass(slots=True)
class CampusCard:
    """A campus as its members see it."""

    campus: Campus
    role: str
    since: object
    managers: list[User] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def own_account(*, user_id: UUID) -> User:
    return User.objects.defer("password", "search").get(pk=user_id)


def campus_cards(*, user_id: UUID, first: UUID | None = None) -> list[CampusCard]:
    """The campuses where this person is active, with whom to ask there. Three queries however many there are.

    `first`: the campus whose own host this is; it leads when the person is there.
    """
    memberships = CampusMembership.objects.filter(
        user_id=user_id, state=MembershipState.ACTIVE, campus__archived_at=None
    )
    cards = {
        one.campus_id: CampusCard(one.campus, one.get_role_display(), one.first_seen_at)
        for one in memberships.select_related("campus").order_by("campus__name")
    }
    for campus_id, manager in _managers(cards):
        if len(cards[campus_id].managers) < MANAGERS_SHOWN:
            cards[campus_id].managers.append(manager)
    for place in Place.objects.filter(campus_id__in=list(cards)).order_by("name"):
        cards[place.campus_id].places.append(place)
    return sorted(cards.values(), key=lambda card: card.campus.pk != first)


def _managers(campus_ids: Iterable[UUID]) -> list[tuple[UUID, User]]:
    rows = CampusMembership.objects.filter(
        campus_id__in=list(campus_ids),
        state=MembershipState.ACTIVE,
        role=CampusRole.MANAGER,
        user__status=User.Status.ACTIVE,
    )
    rows = rows.select_related("user").order_by("user__family_name", "user__given_name", "pk")
    return [(row.campus_id, row.user) for row in rows]
