"""Writing to everybody who may do something about it: alarms and the like."""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from apps.core.permissions import Permission
from apps.core.ui import Text
from apps.notifications.services import send
from apps.tenants.context import PUBLIC, current, current_schema
from apps.tenants.hosts import platform_url, school_url
from apps.tenants.zones import zone_of_school

from ..models import User
from ..selectors import people_who_may


def tell_who_may(
    permission: Permission,
    *,
    template: str,
    cause: UUID | str,
    path: str,
    title: Callable[[], Text],
    text: Callable[[], Text],
) -> int:
    """One message for each who holds it for the whole school, in their language and with the hours of the school.

    `title` and `text` are called once the language is chosen. The same cause again writes to nobody twice. On the
    platform the superadmins are told. How many were written to.
    """
    if current_schema() == PUBLIC:
        people, name, url, zone = _superadmins(), "Campanile", platform_url(path), timezone.get_default_timezone()
    else:
        school = current()
        people, name, url, zone = people_who_may(permission), school.name, school_url(school, path), zone_of_school()
    with timezone.override(zone):
        for user in people:
            send(
                template=template,
                to=user.email,
                context={"name": user.given_name, "school_name": name, "title": title, "text": text, "url": url},
                cause=f"{template.replace('_', '-')}:{cause}:{user.pk}",
                language=user.locale,
                user_id=user.pk,
                link=path,
            )
    return len(people)


def _superadmins() -> list[User]:
    return list(User.objects.filter(is_superuser=True, status=User.Status.ACTIVE).order_by("pk"))
