"""ContentType ids differ per school, but Django caches them in one dict per process: key it by school too."""

from functools import partial
from typing import Any

from django.db import connections, transaction

from . import context


class Committed(dict[Any, Any]):
    """Remembers a row when its transaction has committed: one that was rolled back must not be pointed to."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def __setitem__(self, key: Any, value: Any) -> None:
        remember = partial(super().__setitem__, key, value)
        if connections[self.alias].in_atomic_block:
            transaction.on_commit(remember, using=self.alias)
        else:
            remember()


class SchoolCache(dict[Any, Any]):
    """Stands in for ContentTypeManager._cache, whose keys are database aliases."""

    @staticmethod
    def _key(alias: Any) -> Any:
        return (alias, context.current_schema())

    def __getitem__(self, alias: Any) -> Any:
        return super().__getitem__(self._key(alias))

    def setdefault(self, alias: Any, default: Any = None) -> Any:
        return super().setdefault(self._key(alias), Committed(alias))

    def clear(self) -> None:
        for key in [key for key in list(self) if key[1] == context.current_schema()]:
            self.pop(key, None)


def install() -> None:
    """Replace the process-wide cache; called once from AppConfig.ready."""
    from django.contrib.contenttypes.models import ContentType

    cache = SchoolCache()
    managers = {ContentType.objects, ContentType._default_manager, *ContentType._meta.managers}
    for manager in (*managers, *ContentType._meta.local_managers):
        manager._cache = cache  # type: ignore[attr-defined]
