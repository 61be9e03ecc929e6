"""`python -m bench <name> [options]`. `make bench-<name>` starts the database for it first."""

import importlib
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
NO_BENCHMARKS = {"__init__", "__main__", "measure", "schools", "tenant_pages"}


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NO_BENCHMARKS)


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in names():
        print(f"Which benchmark? make bench-<name> with one of: {', '.join(names()) or 'none yet'}", file=sys.stderr)
        return 2
    if "DATABASE_URL" not in os.environ:
        print(
            "No database: use `make bench-<name>`, or set DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL.", file=sys.stderr
        )
        return 2
    os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get("BENCH_SETTINGS", "config.settings.test")
    import django

    django.setup()
    benchmark = importlib.import_module(f"bench.{sys.argv[1]}")
    return int(benchmark.main(sys.argv[2:]) or 0)


if __name__ == "__main__":
    sys.exit(main())
