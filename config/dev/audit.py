"""`make audit`: are there published vulnerabilities in what is pinned? (SEC-2)

Asks the OSV database (OSV_URL, for a mirror), so it needs the internet and is no part of `make check`: an advisory that
appears must not stop a release that has nothing to do with it, and a build machine may have no way out. Run it every
night and before a release. "Could not be asked" is never told as "nothing found".
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"
CLEAN, VULNERABLE, NOT_KNOWN = 0, 1, 2


def run(files: list[Path] | None = None) -> int:
    """0: nothing known. 1: something is; each is named with the version that mends it. 2: could not be asked."""
    worst = CLEAN
    for path in files or [REQUIREMENTS / "base.txt", REQUIREMENTS / "dev.txt"]:
        asked = _asked(path)
        if asked is None:
            return NOT_KNOWN
        skipped = [one["name"] for one in asked if "skip_reason" in one]
        found = [(one, advisory) for one in asked for advisory in one.get("vulns", [])]
        for package, advisory in found:
            mended = ", ".join(advisory["fix_versions"]) or "no version yet"
            print(f"  {path.name}: {package['name']} {package['version']} {advisory['id']}, mended in {mended}")
        print(
            f"{path.name}: {len(asked)} packages, {len(found)} advisories"
            + (f", not asked: {skipped}" if skipped else "")
        )
        worst = max(worst, VULNERABLE if found else CLEAN, NOT_KNOWN if skipped else CLEAN)
    return worst


def _asked(path: Path) -> list[dict[str, Any]] | None:
    command = [sys.executable, "-m", "pip_audit", "-r", str(path), "--disable-pip", "--require-hashes", "-f", "json"]
    command += ["--progress-spinner", "off", "-s", "osv"]
    if address := os.environ.get("OSV_URL"):
        command += ["--osv-url", address]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"The advisories could not be read, so nothing is known about {path.name}: {last[:300]}")
        print(
            "Check the way to the internet, or set OSV_URL to a mirror of the OSV database, and run `make audit` again."
        )
        return None
