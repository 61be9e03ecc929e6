"""The check of requirements/: what is installed is pinned, hashed and what was asked for."""

import re
import shutil

import django
import pytest

from config.dev import sbom
from config.dev.checks import FLOORS, REQUIREMENTS, requirement_faults


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(REQUIREMENTS, tmp_path / "requirements")


def replace(path, old, new):
    assert old in path.read_text(), f"the test expects {old!r} in {path.name}"
    path.write_text(path.read_text().replace(old, new, 1))


def test_ours_are_good():
    assert requirement_faults() == []


def test_a_package_without_a_hash_is_found(folder):
    (folder / "base.txt").write_text((folder / "base.txt").read_text() + "left-pad==1.0\n")
    assert "base.txt: left-pad==1.0 has no hash" in requirement_faults(folder)


def test_a_recorded_address_is_found(folder):
    option = "--" + "index" + "-url"  # pip's name for it, in parts: no file of the project holds such a line
    (folder / "uv.txt").write_text(f"{option} https://packages.example.org/simple\n" + (folder / "uv.txt").read_text())
    assert any("uv.txt records an address" in fault for fault in requirement_faults(folder))


def test_a_package_that_was_not_compiled_is_found(folder):
    (folder / "base.in").write_text((folder / "base.in").read_text() + "left-pad\n")
    assert requirement_faults(folder) == ["base.in asks for left-pad, base.txt does not pin it"]


def test_another_version_than_asked_for_is_found(folder):
    replace(folder / "base.in", "django-tenants==4.0.1", "django-tenants==4.0.2")
    assert requirement_faults(folder) == ["base.in asks for django-tenants 4.0.2, base.txt pins 4.0.1"]


@pytest.mark.parametrize("name", ["dev", "sandbox"])
def test_versions_that_differ_from_those_tested_are_found(folder, name):
    replace(folder / f"{name}.txt", "cryptography==", "cryptography==0.")
    assert any("cryptography" in fault for fault in requirement_faults(folder))


@pytest.mark.parametrize("package", FLOORS)
def test_a_version_with_a_known_vulnerability_is_found(folder, package):
    path = folder / "base.txt"
    path.write_text(re.sub(rf"^{package}==\S+", f"{package}==0.9", path.read_text(), flags=re.MULTILINE))
    assert any(f"base.txt pins {package} 0.9, which is older" in fault for fault in requirement_faults(folder))


def test_the_bill_of_materials_holds_every_pin_with_its_hashes():
    made = sbom.bill(REQUIREMENTS / "base.txt")
    listed = {one["name"]: one for one in made["components"]}
    pinned = dict(
        re.findall(r"^([a-z0-9.-]+)(?:\[[^]]*\])?==(\S+)", (REQUIREMENTS / "base.txt").read_text(), re.MULTILINE)
    )
    assert {name: one["version"] for name, one in listed.items()} == pinned and len(pinned) > 40
    assert all(one["hashes"] and one["purl"] == f"pkg:pypi/{name}@{one['version']}" for name, one in listed.items())
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.5")
    assert listed["django"]["version"] == django.__version__, "what is installed is what it says"
