"""A migration does years later what it did on its first day: it uses the state it is given, not the code of today."""

import ast
from pathlib import Path

import pytest

MIGRATIONS = sorted(Path("apps").glob("*/migrations/[0-9]*.py"))
#: What a column is made of, by name: defaults and kinds of fields. It is kept for as long as a migration names it.
PARTS_OF_COLUMNS = {"apps.core.ids", "apps.tenants.encrypted", "apps.accounts.credentials"}
ENCRYPTS = "apps/notifications/migrations/0002_encrypt_waiting_mail.py"
EXCEPTIONS = {
    ENCRYPTS: ({"apps.core", "apps.tenants.context"}, "the form of what is encrypted is kept: it is bound to its place")
}


def project_imports(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return {name for name in found if name.startswith((".", "apps", "config", "sandbox", "tests"))}


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[1]}-{path.stem}")
def test_a_migration_imports_nothing_of_the_project(path):
    excused, _reason = EXCEPTIONS.get(str(path), (set(), ""))
    used = project_imports(path.read_text()) - PARTS_OF_COLUMNS - excused
    assert used == set(), "write what it needs into the migration itself; models come from `apps.get_model`"


@pytest.mark.parametrize(
    "line",
    ["from apps.campuses.models import Campus", "import apps.accounts.services.roles", "from ..models import User"],
)
def test_an_import_is_seen_wherever_it_stands(line):
    """A control."""
    assert project_imports(f"def forwards(apps, schema_editor):\n    {line}\n")


def test_nothing_is_allowed_that_no_migration_uses():
    used = set().union(*(project_imports(path.read_text()) for path in MIGRATIONS))
    assert used >= PARTS_OF_COLUMNS
    for path, (excused, _reason) in EXCEPTIONS.items():
        assert project_imports(Path(path).read_text()) >= excused
