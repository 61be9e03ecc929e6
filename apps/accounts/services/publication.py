"""Whether others may see a photo: never a minor's without a consent that counts (IDN-12, L6)."""

from datetime import date, datetime

from django.utils import timezone

from .. import rules
from ..models import User


def age_on(birth_date: date, day: date) -> int:
    """Full years. Somebody born on 29 February is a year older on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_minor(user: User, *, today: date) -> bool:
    """Younger than the age from which people consent for themselves. Without a birth date nobody is a minor."""
    return user.birth_date is not None and age_on(user.birth_date, today) < rules.value(rules.MINOR_AGE.key)


def is_published(user: User, *, now: datetime) -> bool:
    """Shown to those who may see the person: by consent where one is needed, and not after it was withdrawn."""
    needed = is_minor(user, today=timezone.localdate(now)) or rules.value(rules.PHOTO_CONSENT.key)
    return not needed
