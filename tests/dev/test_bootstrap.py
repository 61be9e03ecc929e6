"""The installation: with pip, with uv alone, and the sentence that helps when there is neither."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.dev import bootstrap

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_PIP = """#!/bin/sh
# Debian's Python without the package python3-venv
if [ "$2" = venv ]; then echo "ensurepip is not available"; exit 1; fi
exec {python} "$@"
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """bootstrap, working in an empty folder that wants one small package."""
    (tmp_path / "requirements").mkdir()
    for name in ("dev", "uv"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / ".venv" / "install.log")
    return tmp_path


@pytest.fixture
def python_without_pip(tmp_path, monkeypatch):
    program = tmp_path / "python-without-pip"
    program.write_text(WITHOUT_PIP.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setattr(bootstrap.sys, "executable", str(program))


def test_pip_makes_the_environment(project):
    assert bootstrap.main() == 0
    assert (project / ".venv" / ".stamp").exists()
    assert bootstrap.has_pip()


def test_uv_on_the_path_helps_where_pip_is_missing(project, python_without_pip, monkeypatch):
    monkeypatch.setenv("PATH", f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}")
    assert bootstrap.main() == 0
    assert bootstrap.works(bootstrap.PYTHON)
    assert not bootstrap.has_pip()


def test_without_both_the_missing_debian_package_is_named(project, python_without_pip, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    assert bootstrap.main() == 1
    assert f"apt-get install python3.{sys.version_info[1]}-venv" in capsys.readouterr().err
    assert not (project / ".venv").exists(), "half an environment would hide the problem the next time"


def test_a_package_that_cannot_be_had_shows_what_the_installer_said(project, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    wrong = "campanile-has-no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n"
    (project / "requirements" / "dev.txt").write_text(wrong)
    bootstrap.make_environment()
    environment_without_network(project)
    assert bootstrap.main() == 1
    error = capsys.readouterr().err
    assert "Is the package index reachable?" in error
    assert "campanile-has-no-such-package" in error
    assert not (project / ".venv" / ".stamp").exists()


def environment_without_network(project: Path) -> None:
    """The installers of this environment look into an empty folder only."""
    empty = project / "empty"
    empty.mkdir()
    (project / ".venv" / "pip.conf").write_text(f"[global]\nno-index = true\nfind-links = {empty}\n")


def test_a_broken_environment_is_made_again(project):
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    bootstrap.make_environment()
    assert bootstrap.works(bootstrap.PYTHON)


def test_help_lists_every_command_without_installing_anything(tmp_path):
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text())
    listed = subprocess.run(["make"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    for command in ("demo", "test", "check", "stop", "clean", "help", "requirements", "messages", "screenshots"):
        assert f"  {command} " in listed
    assert not (tmp_path / ".venv").exists()
