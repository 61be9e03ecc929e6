"""Numbers, money and dates in the reader's language. All filters accept None and show nothing for it."""

from datetime import date, datetime
from functools import wraps
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import (
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)
from babel.units import format_unit
from django import template
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from .. import richtext as markdown
from ..places import place_of

register = template.Library()
register.filter("place", place_of)
register.filter("richtext", markdown.render)
register.filter("plain", markdown.plain)


def active_locale() -> Locale:
    """Babel's locale for Django's language. English is European English: the day before the month."""
    language = translation.get_language() or "en"
    return Locale.parse("en_GB" if language.startswith("en") else language.replace("-", "_"))


def _blank_for_none(show):  # type: ignore[no-untyped-def]
    @wraps(show)
    def shown(value: Any, *args: Any) -> Any:
        return "" if value is None or value == "" else show(value, *args)

    return shown


@register.filter
@_blank_for_none
def money(minor_units: int, currency: str = "EUR") -> str:
    """Integer minor units (cents) of a currency."""
    precision = get_currency_precision(currency)
    return format_currency(minor_units / 10**precision, currency, locale=active_locale())


@register.filter
@_blank_for_none
def number(value: float) -> str:
    return format_decimal(value, locale=active_locale())


@register.filter
@_blank_for_none
def compact_number(value: float) -> str:
    """12,400 becomes 12K or 12 k."""
    return format_compact_decimal(value, locale=active_locale(), fraction_digits=0 if value < 1000 else 1)


@register.filter
@_blank_for_none
def percent(share: float) -> str:
    """0.125 becomes 12.5%; whole figures lose the zero."""
    return format_percent(round(share, 3), locale=active_locale(), decimal_quantization=False)


@register.filter
@_blank_for_none
def day(value: date) -> str:
    return format_date(_local(value), format="medium", locale=active_locale())


@register.filter
@_blank_for_none
def day_and_month(value: date) -> str:
    """Short, without the year: for the axes of charts."""
    return format_date(_local(value), "d MMM", locale=active_locale())


@register.filter
@_blank_for_none
def moment(value: datetime) -> str:
    """Day and time of day in the school's time zone."""
    local = _local(value)
    return format_datetime(local, "d MMM y, HH:mm", tzinfo=local.tzinfo, locale=active_locale())


@register.filter
@_blank_for_none
def ago(value: datetime) -> SafeString:
    """How long ago, with the exact moment behind it."""
    words = format_timedelta(value - timezone.now(), add_direction=True, locale=active_locale())
    if abs((timezone.now() - value).total_seconds()) < 45:
        words = translation.gettext("just now")
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), moment(value), words)


@register.filter
@_blank_for_none
def duration(seconds: float) -> str:
    return format_timedelta(round(seconds), threshold=2, format="short", locale=active_locale())


@register.filter
@_blank_for_none
def size(number_of_bytes: int) -> str:
    """Bytes as people read them: 2,400,000 becomes 2.4 MB or 2,4 Mo."""
    for unit, factor in (("gigabyte", 10**9), ("megabyte", 10**6), ("kilobyte", 10**3)):
        if number_of_bytes >= factor:
            rounded = round(number_of_bytes / factor, 1)
            return format_unit(rounded, f"digital-{unit}", length="short", locale=active_locale())
    return format_unit(number_of_bytes, "digital-byte", length="long", locale=active_locale())


@register.filter
@_blank_for_none
def initials(name: str) -> str:
    """Two letters for a picture that is not there: first and last word, or the first two letters."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    letters = words[0][:2] if len(words) == 1 else "".join(word[0] for word in (words[:1] + words[-1:]))
    return letters.upper()


@register.filter
@_blank_for_none
def sentence(value: str) -> str:
    return capfirst(str(value).replace("_", " ").replace("-", " "))


def _local(value: Any) -> Any:
    is_aware_moment = isinstance(value, datetime) and timezone.is_aware(value)
    return timezone.localtime(value) if is_aware_moment else value
