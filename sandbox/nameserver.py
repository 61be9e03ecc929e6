"""The DNS of the simulated world: TXT records over UDP, as somebody's registrar would publish them."""

import asyncio
from typing import TYPE_CHECKING, Any

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from sandbox.microsoft.directory import Refused

if TYPE_CHECKING:
    from sandbox.state import State

OUTAGES = {
    "servfail": "Answers that it cannot answer",
    "refused": "Refuses every question",
    "silent": "Says nothing at all",
}
TTL = 60  # seconds
LONGEST = 255  # bytes in one string of a record


class Names:
    """Records by name (lower case, without the last dot), and what is wrong with the server, if anything."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.outage = ""
        self.asked: list[str] = []  # names, oldest first

    def put(self, name: Any, values: Any) -> None:
        """Set the TXT records of a name; none removes it."""
        if not isinstance(name, str) or not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise Refused("a record is a name and a list of texts")
        key = name.strip().lower().rstrip(".")
        if not key or not key.isascii() or any(not 0 < len(label) <= 63 for label in key.split(".")):
            raise Refused(f"{name!r} is no name of the DNS")
        if values:
            self.records[key] = values
        else:
            self.records.pop(key, None)

    def set_outage(self, kind: Any) -> None:
        if kind and kind not in OUTAGES:
            raise Refused(f"no outage is called {kind!r}; there are: {', '.join(OUTAGES)}")
        self.outage = kind or ""

    def exists(self, name: str) -> bool:
        """A name exists when it or something below it has a record."""
        return any(known == name or known.endswith(f".{name}") for known in self.records)


def answer(names: Names, raw: bytes) -> bytes | None:
    """The answer to one packet; None for silence."""
    try:
        question = dns.message.from_wire(raw)
    except dns.exception.DNSException:
        return None
    if names.outage == "silent" or question.flags & dns.flags.QR or len(question.question) != 1:
        return None
    reply = dns.message.make_response(question, recursion_available=True)
    asked = question.question[0]
    name = asked.name.to_text(omit_final_dot=True).lower()
    names.asked = [*names.asked[-499:], name]
    if names.outage:
        reply.set_rcode(dns.rcode.SERVFAIL if names.outage == "servfail" else dns.rcode.REFUSED)
    elif asked.rdtype == dns.rdatatype.TXT and (values := names.records.get(name)):
        texts = [_quoted(value) for value in values]
        reply.answer.append(dns.rrset.from_text_list(asked.name, TTL, dns.rdataclass.IN, "TXT", texts))
    elif not names.exists(name):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return reply.to_wire()


def _quoted(value: str) -> str:
    """As a zone file writes it: strings of at most 255 bytes, everything unusual as a number."""
    raw = value.encode()
    parts = [raw[start : start + LONGEST] for start in range(0, len(raw), LONGEST)] or [b""]
    return " ".join('"' + "".join(f"\\{byte:03d}" for byte in part) + '"' for part in parts)


class NameServer(asyncio.DatagramProtocol):
    def __init__(self, state: "State"):
        self._state = state
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if (reply := answer(self._state.names, data)) is not None:
            self._transport.sendto(reply, addr)
