"""The owner's side of breaking the glass: the link, the short session, and everybody who must know."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.audit.services import record
from apps.core.actor import Actor, Role
from apps.core.errors import DomainError, Invalid
from apps.notifications.services import send
from apps.tenants.context import current, platform
from apps.tenants.hosts import school_url
from apps.tenants.models import School

from .. import acts
from ..credentials import digest, new_secret
from ..models import BreakGlassLink, Grant, Session, User
from . import signing_in

GOOD_FOR = timedelta(minutes=15)


class GlassLinkInvalid(DomainError):
    code = "break-glass-invalid"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("This link was used, or is older than 15 minutes. Ask the platform for a new one."))


def make_link(*, school: School, actor: Actor, email: str, reason: str, now: datetime) -> str:
    """Runs inside the school, for `apps.tenants.services.break_glass`. Raises Invalid: nobody like that owns it."""
    owner = owners().filter(email=email.strip().lower()).first()
    if owner is None:
        raise Invalid(fields={"email": [_("No active owner of this school has this address.")]})
    BreakGlassLink.objects.filter(user=owner, used_at=None, expires_at__gt=now).update(expires_at=now)
    token = new_secret()
    link = BreakGlassLink.objects.create(
        user=owner, token_hash=digest(token), reason=reason, asked_by=actor.label[:200], expires_at=now + GOOD_FOR
    )
    tell_owners("break_glass_opened", link)
    return school_url(school, reverse("accounts:break_glass", args=[token], urlconf="config.urls.school"))


def owners() -> "QuerySet[User]":
    """The people who own the active school now."""
    today = timezone.localdate()
    grants = [grant for grant in Grant.objects.filter(role=Role.OWNER.value) if grant.is_current(today)]
    return User.objects.filter(pk__in=[grant.user_id for grant in grants], status=User.Status.ACTIVE)


def find_usable(token: str, now: datetime) -> BreakGlassLink:
    """The link of this address. Raises GlassLinkInvalid."""
    link = BreakGlassLink.objects.select_related("user").filter(token_hash=digest(token), used_at=None).first()
    if link is None or now >= link.expires_at or not owners().filter(pk=link.user_id).exists():
        raise GlassLinkInvalid
    return link


@transaction.atomic
def sign_in(request: HttpRequest, *, token: str, now: datetime) -> User:
    """Use the link, once: of two at once one succeeds. The session is marked and lives an hour, whatever is done in it.

    It takes the place of the first factor only: who has a second one, or must have one, is asked for it next.

    Raises GlassLinkInvalid.
    """
    link = find_usable(token, now)
    used = BreakGlassLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now)
    if not used:
        raise GlassLinkInvalid
    signing_in.start_session(request, link.user, way=Session.Way.BREAK_GLASS, now=now, proven=True)
    record(actor=request.actor, act=acts.BREAK_GLASS_USED, target=link.user, reason=link.reason)
    tell_owners("break_glass_used", link)
    slug = current().slug
    with platform():
        visitor = Actor(label=link.user.email, address=request.actor.address, request_id=request.actor.request_id)
        record(actor=visitor, act=acts.BREAK_GLASS_USED, target_label=slug, reason=link.reason, data={"school": slug})
    return link.user


def tell_owners(template: str, link: BreakGlassLink) -> None:
    """Every owner, also the one it is for; never the link itself."""
    for owner in owners():
        send(
            template=template,
            to=owner.email,
            context={
                "name": owner.given_name,
                "school_name": current().name,
                "person": link.user.name,
                "email": link.user.email,
                "reason": link.reason,
                "asked_by": link.asked_by,
                "minutes": int(GOOD_FOR.total_seconds() // 60),
                "url": school_url(current(), "/audit/"),
            },
            cause=f"{template}:{link.pk}:{owner.pk}",
            language=owner.locale,
            user_id=owner.pk,
            link="/audit/",
        )
