"""What a job calls itself in the audit trail is translated where people read it (I18-1)."""

import ast
from pathlib import Path

from django.utils import translation
from django.utils.functional import Promise

from apps.accounts.wording import GROUPS
from apps.core.components.actors import SYSTEM_NAMES, actor_name
from apps.core.permissions import REGISTRY

APPS = Path(__file__).resolve().parents[2] / "apps"


def names_of_jobs() -> dict[str, str]:
    """The first part of every `Actor.system("name · ...")` outside of commands, which are called as they are typed."""
    found = {}
    for path in APPS.rglob("*.py"):
        if "management" in path.parts or "demo" in path.name:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "Actor.system" and node.args):
                continue
            texts = [
                one.value
                for one in ast.walk(node.args[0])
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value[0].isalpha()
            ]
            found |= {text.partition(" · ")[0]: f"{path.name}:{node.lineno}" for text in texts}
    return found


def test_every_job_has_a_name_in_words():
    found = names_of_jobs()
    assert len(found) > 8, "the control: they are found"
    assert {name: where for name, where in found.items() if name not in SYSTEM_NAMES} == {}


def test_it_is_read_in_the_readers_language():
    with translation.override("fr"):
        assert actor_name("directory run · Hélène Marchand") == "synchronisation de l’annuaire · Hélène Marchand"
        assert actor_name("Hélène Marchand") == "Hélène Marchand"


def test_every_permission_stands_under_a_heading():
    ours = {code: one for code, one in REGISTRY.items() if isinstance(one.label, Promise)}  # other tests declare some
    codes = {code.partition(".")[0] for code, one in ours.items() if one.is_for_schools}
    assert len(codes) > 12, "the control: they are found"
    assert codes <= set(GROUPS)
