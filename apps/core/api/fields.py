"""What programs send and get: strict in what is read, exact in what is written.

`Input` refuses fields it does not know: what a caller cannot write must not look as if it had been written.
"""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

LARGEST_PAGE, PAGE = 200, 50
WRONG_TYPE = _("Send a value of the documented type.")


class Text(serializers.CharField):
    """A JSON string; a number is none."""

    default_error_messages = {"wrong_type": WRONG_TYPE}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("wrong_type")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """true or false; in an address "true" or "false"."""

    default_error_messages = {"wrong_type": WRONG_TYPE}

    def to_internal_value(self, data: Any) -> bool:
        known = {True: True, False: False, "true": True, "false": False}
        if not isinstance(data, bool | str) or data not in known:
            self.fail("wrong_type")
        return known[data]


class Whole(serializers.IntegerField):
    """A whole number; in an address its digits."""

    default_error_messages = {"wrong_type": WRONG_TYPE}

    def to_internal_value(self, data: Any) -> int:
        digits = isinstance(data, str) and data.isascii() and data.isdigit() and len(data) < 20
        if isinstance(data, bool) or not (isinstance(data, int) or digits):
            self.fail("wrong_type")
        return super().to_internal_value(data)


class Id(serializers.UUIDField):
    """A UUID as a string."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    """One of the listed words."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """A moment, written in UTC whatever the school's time zone is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class Input(serializers.Serializer):
    """What is sent: unknown fields are refused."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted({str(name) for name in data} - set(self.fields))):
            raise serializers.ValidationError({name: [_("There is no such field.")] for name in unknown[:20]})
        return super().to_internal_value(data)


class Output(serializers.Serializer):
    """What is answered: exactly these fields. Attributes of a row, keys of a mapping, or `get_<field>`."""


class NoQuery(Input):
    """An address without parameters."""


class Paging(Input):
    """Which part of a list."""

    cursor = Text(max_length=2000, required=False, default="", help_text="`next` or `previous` of another page.")
    limit = Whole(
        min_value=1, max_value=LARGEST_PAGE, required=False, default=PAGE, help_text="How many entries a page has."
    )


class Reason(Input):
    """Why, for the audit trail."""

    reason = Text(max_length=500, required=False, default="", allow_blank=True)


def checked(serializer: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    """What was sent, valid; raises ValidationError (422). A body that is no object is invalid too."""
    if data is None:
        raise serializers.ValidationError([_("Send a JSON object.")])
    form = serializer(data=data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def checked_query(serializer: type[serializers.Serializer], parameters: Any) -> dict[str, Any]:
    """The parameters of an address. Each may be given once: of two, nobody knows which one counts."""
    twice = sorted(name for name in parameters if len(parameters.getlist(name)) > 1)
    if twice:
        raise serializers.ValidationError({name: [_("Send this parameter once.")] for name in twice})
    return checked(serializer, parameters.dict())
