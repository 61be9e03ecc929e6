"""`make check` holds the import contracts; here: no app is missing in them, which would free it of all rules."""

import tomllib
from pathlib import Path

CONTRACTS = {
    contract["type"]: contract
    for contract in tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    if "containers" not in contract
}
INSIDE = next(
    contract
    for contract in tomllib.loads(Path("pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    if "containers" in contract
)
APPS = {f"apps.{folder.parent.name}" for folder in Path("apps").glob("*/apps.py")}
WITHOUT_DOORS = {
    "apps.core": "the words that all share; its two views show components and translate refusals",
    "apps.microsoft": "the wire to Microsoft, no page and no table",
}


def test_every_app_has_its_layer():
    layers = {name.strip() for line in CONTRACTS["layers"]["layers"] for name in line.split("|")}
    assert layers - {"config"} == APPS


def test_only_the_tenants_app_may_know_django_tenants():
    """Control: apps.support was missing here, and could have switched schools by itself."""
    assert set(CONTRACTS["forbidden"]["source_modules"]) == APPS - {"apps.tenants"}


def test_doors_services_and_models_are_layers_in_every_app():
    assert set(INSIDE["containers"]) == APPS - set(WITHOUT_DOORS)
