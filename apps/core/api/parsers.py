"""REST_FRAMEWORK["DEFAULT_PARSER_CLASSES"]: JSON, and nothing that only looks like it."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJson(JSONParser):
    """Refuses what Python's parser takes on top of JSON, and what is nested too deeply to be read at all."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError from None
