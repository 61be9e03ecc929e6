"""Whether others may see a photo: never a minor's without a consent that counts (IDN-12, L6)."""

from datetime import date, datetime

from django.utils import timezone

from .. import rules
from ..models import ConsentRecord, User
from ..purposes import PHOTO


def age_on(birth_date: date, day: date) -> int:
    """Full years. Somebody born on 29 February is a year older on 1 March."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_minor(user: User, *, today: date) -> bool:
    """Younger than the age from which people consent for themselves. Without a birth date nobody is a minor."""
    return user.birth_date is not None and age_on(user.birth_date, today) < rules.value(rules.MINOR_AGE.key)


def is_published(user: User, *, now: datetime) -> bool:
    """Shown to those who may see the person: by consent where one is needed, and not after it was withdrawn.

    The yes of a minor counts when a guardian confirmed it; the yes of before, when somebody comes of age, stays.
    """
    latest = ConsentRecord.objects.filter(user=user, purpose=PHOTO.code).order_by("-at", "-id").first()
    if latest is not None:
        return latest.given and latest.confirmed
    return not (is_minor(user, today=timezone.localdate(now)) or rules.value(rules.PHOTO_CONSENT.key))


def refresh(user: User, *, now: datetime) -> None:
    """Bring the account's mark up to date, from which pages decide whether to link to the photo."""
    wanted = is_published(user, now=now)
    User.objects.filter(pk=user.pk).exclude(photo_published=wanted).update(photo_published=wanted)


def refresh_all(*, now: datetime) -> int:
    """Every night: people come of age, and rules change. Returns how many marks changed."""
    changed = 0
    for user in User.objects.exclude(photo=None).iterator(chunk_size=500):
        wanted = is_published(user, now=now)
        changed += User.objects.filter(pk=user.pk).exclude(photo_published=wanted).update(photo_published=wanted)
    return changed
