"""Views, API, tasks, commands, admin and middleware translate and call one service; they write nothing themselves."""

import ast
from pathlib import Path

import pytest

WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "update_or_create",
    "get_or_create",
}
DOOR_NAMES = {"views.py", "tasks.py", "admin.py", "middleware.py", "webhooks.py", "context_processors.py"}
NOT_THE_DATABASE = {
    "cache",
    "caches",
    "session",
    "translations",
    "headers",
    "digest",
    "form",
    "context",
    "params",
    "query",
    "data",
}


def doors() -> list[Path]:
    def is_door(path: Path) -> bool:
        return path.name in DOOR_NAMES or not {"api", "views", "management"}.isdisjoint(path.parts)

    return sorted(path for path in Path("apps").rglob("*.py") if is_door(path))


def writes_of(source: str) -> list[int]:
    """Lines where something is written: an attribute call of WRITES on what may be a model or manager."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            receiver = ast.unparse(node.func.value).split(".")[-1].split("(")[0].split("[")[0]
            if receiver not in NOT_THE_DATABASE:
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("path", doors(), ids=str)
def test_no_door_writes(path):
    assert not writes_of(path.read_text()), f"{path}: move the write into a service"


@pytest.mark.parametrize("line", ["User.objects.create(email=e)", "user.save()", "people.filter(x=1).update(y=2)"])
def test_the_guard_sees_a_write(line):
    """A control: without it the rule above could pass by finding nothing."""
    assert writes_of(line) == [1]
