"""What README and docs/ name exists: files, folders, links, commands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from bench.__main__ import names

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "sandbox" / "README.md"])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
FILE = re.compile(r"`((?:apps|bench|config|deploy|docs|locale|requirements|sandbox|static|templates|tests)/[\w./-]+)`")
MAKE = re.compile(r"`make ([a-z]+(?:-[a-z]+)?)\b")
MANAGE = re.compile(r"manage\.py ([a-z_]+)")
NOT_HERE = {
    "tests/races",
    "apps/events",
    "apps/duties",
    "apps/billing",
    "apps/m365",
}


def faults(text: str, folder: Path, targets: set[str]) -> list[str]:
    found = [f"link to {name}" for name in LINK.findall(text) if not (folder / name).exists()]
    found += [name for name in FILE.findall(text) if name not in NOT_HERE and not (ROOT / name).exists()]
    found += [f"make {name}" for name in MAKE.findall(text) if name not in targets]
    return found + [f"manage.py {name}" for name in MANAGE.findall(text) if name not in get_commands()]


@pytest.fixture(scope="module")
def targets() -> set[str]:
    found = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    return found | {f"bench-{name}" for name in names()}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_exists(path, targets):
    assert faults(path.read_text(), path.parent, targets) == []


def test_what_does_not_exist_is_found(targets):
    text = "[x](no.md) `apps/nowhere/` `make nothing` manage.py nonsense [y](README.md) `make test` `apps/core`"
    assert len(faults(text, ROOT, targets)) == 4


def test_a_benchmark_prints_its_ratio_and_refuses_another_name(capsys):
    from bench.measure import Times, WrongAnswer, interleaved, ratio

    ratio("fleet.noop.stock_to_ours", Times("stock", (3.0, 1.0, 2.0)), 0.5)
    assert capsys.readouterr().out == "ratio fleet.noop.stock_to_ours 4.00\n"
    with pytest.raises(WrongAnswer):
        interleaved({"ours": lambda: "nothing done"}, rounds=1, check=lambda name, answer: answer == "done")
    asked = subprocess.run([sys.executable, "-m", "bench", "nothing"], cwd=ROOT, capture_output=True, text=True)
    assert asked.returncode == 2 and "fleet" in asked.stderr and "provisioning" in asked.stderr
