"""`make sbom`: a bill of materials (CycloneDX) of what production installs, made from the pinned and hashed list alone.

So it says exactly what an image of this commit holds, and the same commit gives the same file. It names Python
packages only: of the scripts that browsers get, all but htmx are our own, and htmx comes with django-htmx.
"""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PINNED = ROOT / "requirements" / "base.txt"
TARGET = ROOT / "build" / "sbom.json"
BLOCK = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def run() -> int:
    TARGET.parent.mkdir(exist_ok=True)
    made = bill(PINNED)
    TARGET.write_text(json.dumps(made, indent=2) + "\n")
    print(f"{TARGET.relative_to(ROOT)}: {len(made['components'])} packages")
    return 0


def bill(path: Path) -> dict[str, Any]:
    """Name, version, package URL of each package, and the hashes of which one must fit what is installed."""
    components = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", path.read_text()):
        if pin := BLOCK.match(block):
            name, version = re.sub(r"[-_.]+", "-", pin[1]).lower(), pin[2]
            address = f"pkg:pypi/{name}@{version}"
            components.append(
                {
                    "type": "library",
                    "bom-ref": address,
                    "name": name,
                    "version": version,
                    "purl": address,
                    "hashes": [{"alg": "SHA-256", "content": one} for one in HASH.findall(block)],
                }
            )
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "campanile"}},
        "components": components,
    }
