"""Reads. Who is shown the site of an association, and as what they are shown it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.rules import school_day
from apps.associations import selectors as associations
from apps.associations.models import Association, Joining, Mandate, MembershipState, Status, Visibility
from apps.associations.permissions import EDIT
from apps.core import richtext
from apps.core.actor import Actor
from apps.core.errors import NotVisible

from .models import Site
from .texts import Shown, shown


class Audience(StrEnum):
    """As what somebody reads a site, from the farthest to the nearest."""

    VISITOR = "visitor"
    SCHOOL = "school"
    MEMBER = "member"
    BOARD = "board"


AUDIENCES = {
    Audience.VISITOR: _("A visitor"),
    Audience.SCHOOL: _("Somebody of the school"),
    Audience.MEMBER: _("A member"),
}
#: How far a site of this visibility is shown once it is published.
FARTHEST = {
    Visibility.PUBLIC: Audience.VISITOR,
    Visibility.SCHOOL: Audience.SCHOOL,
    Visibility.CAMPUS: Audience.SCHOOL,
    Visibility.PROMOTION: Audience.SCHOOL,
    Visibility.MEMBERS: Audience.MEMBER,
    Visibility.BOARD: Audience.BOARD,
}
NEARNESS = list(Audience)


@dataclass(frozen=True, slots=True)
class Page:
    """A site as one reader gets it: nothing in it is for somebody else."""

    association: Association
    site: Site
    audience: Audience
    tagline: Shown
    about: Shown
    practical: Shown
    for_members: Shown
    board: tuple[Mandate, ...]
    may_join: bool
    members_have_more: bool  # there is something that only members read, and this reader is none

    @property
    def is_draft(self) -> bool:
        return not self.site.is_published


def public_associations(now: datetime) -> QuerySet[Association]:
    """Those that visitors may know of: open, for everybody, renewed in time."""
    day = school_day(now)
    rows = Association.objects.filter(status=Status.APPROVED, opens_on__lte=day, visibility=Visibility.PUBLIC)
    return rows.exclude(associations.delisted(day)).select_related("seat", "promotion")


def public_sites(now: datetime, words: str = "") -> QuerySet[Association]:
    """The list for visitors: public associations with a published site, by name."""
    published = Site.objects.filter(association=OuterRef("pk"), published_at__isnull=False)
    rows = public_associations(now).filter(Exists(published)).select_related("site").order_by("name", "pk")
    return associations.searched(rows, words=words)


def page_of(*, actor: Actor, now: datetime, slug: str = "", association_id: UUID | None = None) -> Page:
    """The site of one association, by its short name or its id. Raises NotVisible for whoever may not read it."""
    wanted = Q(pk=association_id) if association_id else Q(slug=slug)
    association = _readable(actor, now).filter(wanted).first()
    if association is None:
        raise NotVisible
    site = Site.objects.filter(association=association).first()
    audience = _audience(actor, association)
    if site is None or (not site.is_published and audience != Audience.BOARD):
        raise NotVisible
    site.association = association
    return _page(site, audience, now)


def preview(*, actor: Actor, association_id: UUID, audience: Audience, now: datetime) -> Page | None:
    """The site as that audience would get it, for its board. None: it would get nothing. Raises NotVisible."""
    association, site = editable(actor=actor, association_id=association_id, now=now)
    if NEARNESS.index(audience) < NEARNESS.index(FARTHEST[Visibility(association.visibility)]):
        return None
    return _page(site, audience, now)


def editable(*, actor: Actor, association_id: UUID, now: datetime) -> tuple[Association, Site]:
    """An association and its site, saved or not, for who may change it. Raises NotVisible, Forbidden."""
    association = associations.get_association(actor=actor, association_id=association_id, now=now)
    if association.is_request:
        raise NotVisible
    EDIT.require(actor, association)
    site = Site.objects.filter(association=association).first() or Site(association=association, version=0)
    site.association = association
    return association, site


def line_of(site: Site) -> str:
    """A site in one line, for lists: what its board put in one, or the beginning of what it says of itself."""
    return shown(site.said("tagline")).text or richtext.plain(shown(site.said("about")).text)


def _readable(actor: Actor, now: datetime) -> QuerySet[Association]:
    if actor.user_id is None:
        return public_associations(now)
    living = associations.visible_associations(actor=actor, now=now).filter(
        status__in=[Status.APPROVED, Status.DORMANT]
    )
    return Association.objects.filter(
        Q(pk__in=living.order_by().values("pk")) | Q(pk__in=public_associations(now).values("pk"))
    ).select_related("seat", "promotion")


def _audience(actor: Actor, association: Association) -> Audience:
    if EDIT.allows(actor, association):
        return Audience.BOARD
    if actor.user_id is None:
        return Audience.VISITOR
    own = associations.own_membership(association, actor)
    return Audience.MEMBER if own and own.state == MembershipState.MEMBER else Audience.SCHOOL


def _page(site: Site, audience: Audience, now: datetime) -> Page:
    association = site.association
    inside = NEARNESS.index(audience) >= NEARNESS.index(Audience.MEMBER)
    texts: dict[str, Any] = {name: shown(site.said(name)) for name in ("tagline", "about", "practical", "for_members")}
    hidden = bool(texts["for_members"]) and not inside
    if not inside:
        texts["for_members"] = Shown("")
    board = associations.board_on(association, associations.today_at(association, now)) if site.shows_board else []
    joinable = association.status == Status.APPROVED and not association.is_frozen
    return Page(
        association=association, site=site, audience=audience, board=tuple(board), members_have_more=hidden,
        may_join=joinable and association.joining != Joining.CLOSED and not inside, **texts,
    )  # fmt: skip
