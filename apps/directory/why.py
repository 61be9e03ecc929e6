"""Why somebody is at a campus, as far as the directory knows: for the page of the membership."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.campuses.hooks import Reason, Story
from apps.campuses.models import CampusMembership, MembershipSource, MembershipState
from apps.core.actor import Actor
from apps.core.plan import State
from apps.core.ui import GOOD, NEUTRAL, WARN

from .models import DirectoryChange, DirectoryRun, GroupMapping
from .permissions import DIRECTORY_MANAGE, DIRECTORY_VIEW
from .wording import reason_text

GIVES = ("add", "restore", "role")


def story_of(*, membership: CampusMembership, actor: Actor, run_ids: Iterable[UUID]) -> Story:
    """The groups that gave this membership, when it was last seen, and where its runs are shown."""
    runs: dict[UUID, str] = {}
    if DIRECTORY_VIEW.allows(actor):
        known = DirectoryRun.objects.filter(pk__in=set(run_ids)).values_list("pk", flat=True)
        runs = {pk: reverse("directory:run", args=[pk]) for pk in known}
    if membership.source != MembershipSource.DIRECTORY:
        return Story(run_urls=runs)
    return Story(reasons=_reasons(membership, actor), seen_at=_seen_at(membership), run_urls=runs)


def _seen_at(membership: CampusMembership):  # type: ignore[no-untyped-def]
    """An active membership of the directory was in every complete reading since: those write no row for it."""
    if membership.state != MembershipState.ACTIVE or membership.pinned:
        return None
    good = DirectoryRun.objects.filter(kind=DirectoryRun.Kind.FULL, state=State.DONE.value)
    return good.aggregate(at=Max("finished_at"))["at"]


def _reasons(membership: CampusMembership, actor: Actor) -> list[Reason]:
    changes = DirectoryChange.objects.filter(user_id=membership.user_id, campus_id=membership.campus_id)
    last = changes.filter(action__in=GIVES, overtaken=False).select_related("run").order_by("-id").first()
    if last is None:
        return []
    names = [name for name in str(last.after.get("groups", "")).split(", ") if name]
    mapped = {m.group_name: m for m in GroupMapping.objects.filter(campus_id=membership.campus_id)}
    found = [_of_group(name, mapped.get(name), actor) for name in names]
    if last.reason == "highest-role":
        found.append(Reason(reason_text(last.reason), icon="arrow-up-narrow-wide"))
    return found


def _of_group(name: str, mapping: GroupMapping | None, actor: Actor) -> Reason:
    if mapping is None:
        return Reason(name, _("This group is no longer mapped to the campus."), tone=WARN, icon="unlink")
    url = reverse("directory:mapping", args=[mapping.pk]) if DIRECTORY_MANAGE.allows(actor) else ""
    facts = {"campus": mapping.campus.name, "role": mapping.get_role_display()}
    text = _("Mapped to %(campus)s with the role %(role)s.") % facts
    if not mapping.active:
        return Reason(name, text + " " + _("The mapping is paused."), url=url, tone=NEUTRAL, icon="pause")
    return Reason(name, text, url=url, tone=GOOD)
