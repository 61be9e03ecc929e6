"""How PostgreSQL is to work on statements over everybody of a school, in this transaction."""

from typing import Any

SETTINGS = (
    # Everything is compared with everything, and tables were empty a second ago: a nested loop chosen from a wrong
    # guess would take minutes.
    "SET LOCAL enable_nestloop = off",
    # Sorts and hashes of 50,000 people stay in memory; the default of 4 MB sends each of them to the disk.
    "SET LOCAL work_mem = '64MB'",
    # A page has 30 seconds, a whole directory needs more.
    "SET LOCAL statement_timeout = '10min'",
)


def over_everybody(cursor: Any) -> None:
    for setting in SETTINGS:
        cursor.execute(setting)
