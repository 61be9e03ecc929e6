"""Values of .env.example and of the demonstration, which production refuses: nobody chose them."""

import re
from email.utils import parseaddr
from typing import Any

from config.env import is_weak

#: Names that belong to nobody (RFC 2606, RFC 6761). The machine itself may be a mail server: plain `localhost`.
NOBODYS = re.compile(r"(?:^|\.)(?:example(?:\.(?:org|com|net))?|invalid)$|\.localhost$", re.IGNORECASE)
SIMULATORS_CLIENTS = "aaaaaaaa-0000-4000-8000-"


def fault_of_address(value: str) -> str:
    """What is wrong with a host, or a mail address, that has to be somebody's; empty for a good one."""
    host = parseaddr(value)[1].rpartition("@")[2]
    return f"is the value of an example: {value}" if NOBODYS.search(host) else ""


def fault_of_client_id(value: str) -> str:
    """The simulator's applications are known to everybody."""
    return "is the simulator's: register one at Microsoft" if value.startswith(SIMULATORS_CLIENTS) else ""


def fault_of_database(entry: dict[str, Any]) -> str:
    """Over a network, a password stands before the data of every school. A socket or a certificate needs none."""
    host, options = str(entry.get("HOST", "")), entry.get("OPTIONS", {})
    if not host or host.startswith("/") or not {"sslcert", "passfile"}.isdisjoint(options):
        return ""
    password = str(entry.get("PASSWORD", ""))
    if not password:
        return "holds no password"
    return "holds a default, short or repeated password" if is_weak(password) else ""
