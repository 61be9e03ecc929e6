"""Walks the URL tables: every leaf with its view, and a path that reaches it."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

SAMPLES = {
    "uuid": "018f3b5e-0000-7000-8000-000000000000",
    "int": "1",
    "slug": "nobody",
    "str": "nobody",
    "path": "nowhere",
}
CONVERTER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Route:
    host: str  # "school", "platform" or "association"
    name: str
    pattern: str
    view: Any

    @property
    def path(self) -> str:
        """A syntactically right address of a thing that does not exist."""
        return "/" + CONVERTER.sub(lambda match: SAMPLES[match["kind"] or "str"], self.pattern)

    @property
    def has_object(self) -> bool:
        return bool(CONVERTER.search(self.pattern))

    def __str__(self) -> str:
        return f"{self.host}:/{self.pattern}"


def _walk(resolver: URLResolver, prefix: str, namespace: str):
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from _walk(entry, path, inner)
        elif isinstance(entry, URLPattern):
            assert isinstance(entry.pattern, RoutePattern) or "admin" in path, f"{path}: use path(), not re_path()"
            yield path, f"{namespace}:{entry.name}" if namespace else str(entry.name), entry.callback


def routes(host: str) -> list[Route]:
    found = _walk(get_resolver(f"config.urls.{host}"), "", "")
    return [Route(host, name, pattern, view) for pattern, name, view in found]


def is_admin(route: Route) -> bool:
    """Django's admin guards its own views (superadmins only); tests/tenants/test_admin*.py shows it."""
    return route.pattern.startswith("admin/")


ALL = [route for host in ("school", "platform", "association") for route in routes(host) if not is_admin(route)]
SCHOOL = [route for route in ALL if route.host == "school"]
PLATFORM = [route for route in ALL if route.host == "platform"]
NOBODY = uuid.UUID(SAMPLES["uuid"])
