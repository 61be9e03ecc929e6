"""mypy: what our middleware puts on every request, which Django's type stubs cannot know."""

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, Var
from mypy.plugin import ClassDefContext, Plugin
from mypy.types import AnyType, TypeOfAny

# apps.core, apps.tenants and apps.accounts middleware; django_htmx
ADDED = (
    "actor",
    "desk",
    "client_address",
    "host_campus_id",
    "host_association_id",
    "htmx",
    "may_write",
    "place",
    "place_ended",
    "request_id",
    "school",
    "session",
    "session_ended",
    "support",
    "tenancy",
    "tenant",
)


class RequestPlugin(Plugin):
    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return _add if fullname == "django.http.request.HttpRequest" else None


def _add(context: ClassDefContext) -> None:
    info = context.cls.info
    for name in ADDED:
        if name not in info.names or name == "session":  # ours has the row of the family
            attribute = Var(name, AnyType(TypeOfAny.explicit))
            attribute.info = info
            attribute._fullname = f"{info.fullname}.{name}"
            info.names[name] = SymbolTableNode(MDEF, attribute)


def plugin(_version: str) -> type[Plugin]:
    return RequestPlugin
