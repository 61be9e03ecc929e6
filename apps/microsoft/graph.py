"""Reading Microsoft Graph: pages to the very end, or an error that says why not.

Nothing here returns a part as if it were the whole. The bearer token goes to the configured Graph address and
nowhere else, whatever a page names as its successor.
"""

import base64
import binascii
import json
import logging
import random
import re
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote, urlencode

import httpx

from apps.core.requestinfo import current_request_id
from apps.integrations import http

from .app_tokens import APP_TOKENS, AppTokens
from .directory_objects import (
    GROUP_FIELDS,
    ORGANISATION_FIELDS,
    PERSON_FIELDS,
    VALID_FROM,
    DirectoryGroup,
    DirectoryPerson,
    Organization,
    group_from,
    is_hidden,
    is_person,
    moment,
    object_id,
    organization_from,
    person_from,
)
from .errors import (
    GraphConfused,
    GraphError,
    GraphForbidden,
    GraphIncomplete,
    GraphNotFound,
    GraphUnavailable,
    error_of_status,
)
from .patience import Patience, Waiting
from .registration import MicrosoftApp, directory_app

logger = logging.getLogger(__name__)

PAGE_SIZE: Final = 999
IDS_PER_FILTER: Final = 15
CASTS: Final = frozenset({"$count", "$value", "microsoft.graph.user", "microsoft.graph.group"})
MOST_PAGES_WITHOUT_NEWS: Final = 25
LIMITS: Final = http.Limits(seconds=60.0, size=32 * 1024 * 1024, tries=1)
RULE: Final = http.Rule(minimum=10)  # one reading that gives up after its tries condemns nobody
PASSING: Final = frozenset({500, 502, 503, 504})
_CLAIMS = re.compile(r'\bclaims="([A-Za-z0-9+/=_-]{1,8000})"')
_IDENTIFIER = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `next_link` is where to continue from, also in another process, and None on the last page."""

    number: int
    items: tuple[dict[str, Any], ...]
    next_link: str | None
    delta_link: str | None
    count: int | None
    throttled_seconds: float

    @property
    def is_last(self) -> bool:
        return self.next_link is None

    def people(self) -> tuple[DirectoryPerson, ...]:
        """The people of this page; groups and devices among the members are left out."""
        return tuple(person_from(item) for item in self.items if is_person(item))


@dataclass(slots=True)
class Counts:
    """What a reading has cost so far."""

    requests: int = 0
    pages: int = 0
    throttles: int = 0
    retries: int = 0


class Progress:
    """Whether a reading still gets anywhere. A circle may show new addresses each time round, but no new contents."""

    def __init__(self) -> None:
        self._visited: set[str] = set()
        self._contents: set[int] = set()
        self._without_news = 0

    def visit(self, url: str) -> None:
        if url in self._visited:
            raise GraphConfused("the pages lead in a circle")
        self._visited.add(url)

    def read(self, items: tuple[dict[str, Any], ...]) -> None:
        """Microsoft may repeat entries and send empty pages: only a long row of pages without news is a circle."""
        before = len(self._contents)
        self._contents.update(hash(repr(item)) for item in items)
        self._without_news = 0 if len(self._contents) > before else self._without_news + 1
        if self._without_news >= MOST_PAGES_WITHOUT_NEWS:
            raise GraphConfused("page after page without anything new")


class Graph:
    """The directory of one organisation. Use it in a `with` block, in one thread.

    Raises GraphError subclasses only. `sleep`, `clock` and `chance` are for tests.
    """

    def __init__(
        self,
        tenant_id: str,
        app: MicrosoftApp | None = None,
        *,
        tokens: AppTokens = APP_TOKENS,
        patience: Patience | None = None,
        read_seconds: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.tenant_id = tenant_id
        self.app = app or directory_app()
        self.counts = Counts()
        self.waiting = Waiting(patience or Patience(), clock=clock, sleep=sleep, chance=chance)
        self._tokens = tokens
        self._read_seconds = read_seconds
        self._base = httpx.URL(self.app.graph_url)
        self._web: http.OutgoingClient | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._web is not None:
            self._web.close()
            self._web = None

    # What can be asked

    def organization(self) -> Organization:
        """The organisation itself: proof that consent was given, and that the token is for whom we think."""
        body = self._json(self.address("organization", **{"$select": ORGANISATION_FIELDS}))
        found = [organization_from(item) for item in _items(body)]
        if len(found) != 1 or found[0].tenant_id != self.tenant_id:
            raise GraphConfused("the answer is about another organisation")
        return found[0]

    def search_groups(self, words: str = "", *, most: int = 25) -> list[DirectoryGroup]:
        """Groups whose name holds the words, or the first ones by name."""
        query = {"$select": GROUP_FIELDS, "$top": str(most), "$count": "true"}
        wanted = "".join(letter for letter in words if letter.isprintable() and letter not in '"\\').strip()[:100]
        query |= {"$search": f'"displayName:{wanted}"'} if wanted else {"$orderby": "displayName"}
        return [group_from(item) for item in _items(self._json(self.address("groups", **query)))]

    def group(self, group_id: str) -> DirectoryGroup:
        return group_from(self._json(self.address("groups", group_id, **{"$select": GROUP_FIELDS})))

    def user(self, user_id: str) -> DirectoryPerson:
        return person_from(self._json(self.address("users", user_id, **{"$select": PERSON_FIELDS})))

    def photo_etag(self, user_id: str) -> str:
        """The mark of a person's photo, which changes with it; "" when there is none."""
        try:
            etag = self._json(self.address("users", user_id, "photo")).get("@odata.mediaEtag")
        except GraphNotFound:
            return ""
        return etag[:200] if isinstance(etag, str) else ""

    def photo(self, user_id: str) -> bytes | None:
        """A person's photo as Graph has it: the bytes of an outsider, unchecked. None: there is none."""
        try:
            return self._get(self.address("users", user_id, "photo", "$value")).content
        except GraphNotFound:
            return None

    def count_members(self, group_id: str, *, transitive: bool = True) -> int:
        """How many people Graph counts in the group: the cross-check of a complete reading."""
        answer = self._get(self.address("groups", group_id, _members(transitive), "microsoft.graph.user", "$count"))
        text = answer.content.decode("utf-8-sig", errors="replace").strip()
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise GraphConfused("a count that is no number")
        return int(text)

    def members_url(self, group_id: str, *, transitive: bool = True, page_size: int = PAGE_SIZE) -> str:
        """Where the reading of a group's people begins; give it to `pages`."""
        return self.address(
            "groups",
            group_id,
            _members(transitive),
            "microsoft.graph.user",
            **{"$select": PERSON_FIELDS, "$top": str(page_size), "$count": "true"},
        )

    def nested_groups(self, group_id: str) -> list[str]:
        """The ids of the groups inside a group, however deep."""
        query = {"$select": "id", "$top": str(PAGE_SIZE), "$count": "true"}
        url = self.address("groups", group_id, _members(True), "microsoft.graph.group", **query)
        return [object_id(item) for page in self.pages(url, ids_only=True) for item in page.items]

    def people(self, ids: Sequence[str]) -> list[DirectoryPerson]:
        """These people; who is not there (any more) is left out. A few requests: fifteen ids fit into one."""
        return [person for page in self._among(ids, PERSON_FIELDS) for person in page.people()]

    def sessions_valid_from(self, ids: Sequence[str]) -> dict[str, datetime]:
        """Since when sessions of these people count: what began before was revoked. Who is not told of is left out."""
        items = (item for page in self._among(ids, f"id,{VALID_FROM}") for item in page.items)
        return {object_id(item): since for item in items if (since := moment(item, VALID_FROM)) is not None}

    def _among(self, ids: Sequence[str], fields: str) -> Iterator[Page]:
        for start in range(0, len(ids), IDS_PER_FILTER):
            some = ids[start : start + IDS_PER_FILTER]
            if not all(_IDENTIFIER.fullmatch(one) for one in some):
                raise GraphConfused("an id with letters that no id has")
            among = ", ".join(f"'{one}'" for one in some)
            yield from self.pages(self.address("users", **{"$select": fields, "$filter": f"id in ({among})"}))

    def people_delta_url(self) -> str:
        """Where the reading of changes of people begins that come from now on."""
        return self.address("users", "delta", **{"$select": PERSON_FIELDS, "$deltatoken": "latest"})

    def groups_delta_url(self, group_ids: Sequence[str]) -> str:
        """Where the reading of changes of these groups' members begins that come from now on; at most fifty."""
        if not all(_IDENTIFIER.fullmatch(one) for one in group_ids):
            raise GraphConfused("an id with letters that no id has")
        among = " or ".join(f"id eq '{one}'" for one in group_ids)
        return self.address("groups", "delta", **{"$select": "id,members", "$filter": among, "$deltatoken": "latest"})

    def delta_link(self, url: str) -> str:
        """The link that remembers this moment, from an address of the two above."""
        link = None
        for page in self.changes(url, ids_only=True):
            link = page.delta_link
        assert link is not None
        return link

    def changes(self, url: str, *, number: int = 1, ids_only: bool = False) -> Iterator[Page]:
        """`pages` of a delta query. The last one carries the link for the next time, or the reading is not complete."""
        for page in self.pages(url, number=number, ids_only=ids_only):
            if page.is_last and not page.delta_link:
                raise GraphIncomplete("a delta reading without the link for the next one")
            yield page

    def pages(self, url: str, *, number: int = 1, ids_only: bool = False) -> Iterator[Page]:
        """Every page from `url` to the last. To continue, pass the last `next_link` and the next number.

        Ends without an error only after a page that names no successor. Links are followed to the letter.
        `ids_only` allows members without contents, which otherwise mean a missing permission.
        """
        progress = Progress()
        following: str | None = url
        while following is not None:
            progress.visit(following)
            page = self._page(following, number)
            if not ids_only and any(is_hidden(item) for item in page.items):
                raise GraphForbidden("members came without their contents")
            progress.read(page.items)
            self.counts.pages += 1
            yield page
            following, number = page.next_link, number + 1

    def address(self, *segments: str, **query: str) -> str:
        """An address below the Graph address. Segments are ids and fixed words, never text of people."""
        for segment in segments:
            if not _IDENTIFIER.fullmatch(segment) and segment not in CASTS:
                raise GraphConfused("an id with letters that no id has")
        path = "/".join(segments)
        return f"{self.app.graph_url}/{path}" + (f"?{urlencode(query, safe='$,:', quote_via=quote)}" if query else "")

    # How it is asked

    def _page(self, url: str, number: int) -> Page:
        before = self.waiting.throttled_seconds
        body = self._json(url)
        count = body.get("@odata.count")
        return Page(
            number=number,
            items=tuple(_items(body)),
            next_link=self._link(body, "@odata.nextLink"),
            delta_link=self._link(body, "@odata.deltaLink"),
            count=count if isinstance(count, int) and not isinstance(count, bool) else None,
            throttled_seconds=self.waiting.throttled_seconds - before,
        )

    def _link(self, body: dict[str, Any], name: str) -> str | None:
        """A link of the page, checked at once: a reading must not look complete for want of a usable link."""
        if name not in body:
            return None
        link = body[name]
        if not isinstance(link, str) or not link:
            raise GraphIncomplete("a link to the next page that is none")
        self._own(link)
        return link

    def _own(self, url: str) -> httpx.URL:
        """The address as it will be sent, if it is Graph's own: scheme, host, port, path, and no user."""
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, ValueError):
            raise GraphConfused("an address that is none") from None
        same_place = (target.scheme, target.host, target.port) == (
            self._base.scheme,
            self._base.host,
            self._base.port,
        )
        if not same_place or target.userinfo or target.fragment:
            raise GraphConfused("an address of another host")
        if not target.path.startswith(self._base.path.rstrip("/") + "/") or ".." in target.path.split("/"):
            raise GraphConfused("an address outside Graph")
        return target

    def _json(self, url: str) -> dict[str, Any]:
        """The object that Graph sent. A body that ends early is asked for again."""
        for attempt in range(1, self.waiting.patience.tries + 1):
            answer = self._get(url)
            if "json" not in answer.headers.get("content-type", ""):
                raise GraphConfused("an answer that is no JSON")
            try:
                body = json.loads(answer.content)
            except ValueError:
                if attempt < self.waiting.patience.tries:
                    self.counts.retries += 1
                    self.waiting.after_fault(attempt)
                continue
            if not isinstance(body, dict):
                raise GraphConfused("an answer that is no object")
            return body
        raise GraphIncomplete("an answer that ends before its end")

    def _get(self, url: str) -> httpx.Response:
        """A 200 answer, or a GraphError. Faults are limited in number, Microsoft's pauses in time."""
        target = self._own(url)
        claims: str | None = None
        renewed = False
        faults = throttles = 0
        while True:
            self.waiting.until_allowed()
            try:
                answer = self._send(target, claims)
            except http.CircuitOpen as open_circuit:  # waiting for it here would hold a page or a worker
                raise GraphUnavailable("the circuit breaker is open") from open_circuit
            except httpx.RequestError as broken:
                faults += 1
                self._after_fault(faults, _fault_of_transport(broken))
                continue
            claims = None
            if answer.status_code == 200:
                return answer
            if answer.status_code == 401 and not renewed:
                renewed, claims = True, claims_challenge(answer)
                self._tokens.forget(self.app, self.tenant_id)
            elif asks_for_patience(answer):
                throttles += 1
                self._throttled(answer, throttles)
            elif answer.status_code in PASSING:
                faults += 1
                self._after_fault(faults, error_of_status(answer.status_code, body_of(answer)))
            else:
                raise error_of_status(answer.status_code, body_of(answer))

    def _throttled(self, answer: httpx.Response, throttles: int) -> None:
        self.counts.throttles += 1
        self.waiting.throttled(answer, throttles)
        if answer.status_code != 429:
            self.close()

    def _after_fault(self, faults: int, fault: GraphError) -> None:
        """Wait before another try, on a new connection as Microsoft advises (another machine), or give up."""
        self.close()
        if faults >= self.waiting.patience.tries:
            raise fault
        self.counts.retries += 1
        self.waiting.after_fault(faults)

    def _send(self, target: httpx.URL, claims: str | None) -> httpx.Response:
        bearer = self._tokens.get(self.app, self.tenant_id, claims=claims)
        self.counts.requests += 1
        headers = {
            "authorization": f"Bearer {bearer}",
            "accept": "application/json",
            "consistencylevel": "eventual",
            "client-request-id": correlation_id(),
            "x-ms-throttle-priority": "low",
        }
        return self._connection().get(target, headers=headers, follow_redirects=False)

    def _connection(self) -> http.OutgoingClient:
        if self._web is None:
            self._web = http.client(
                "microsoft-graph", read_seconds=self._read_seconds, limits=LIMITS, rule=RULE, of_school=True
            )
        return self._web


def claims_challenge(answer: httpx.Response) -> str | None:
    """The claims that a 401 asks for (continuous access evaluation), as the JSON text msal wants."""
    for header in answer.headers.get_list("www-authenticate"):
        found = _CLAIMS.search(header) if "insufficient_claims" in header else None
        if found is None:
            continue
        encoded = found[1].replace("-", "+").replace("_", "/")
        try:
            decoded = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
            if isinstance(json.loads(decoded), dict):
                return decoded
        except (binascii.Error, ValueError):
            continue
    return None


def _members(transitive: bool) -> str:
    return "transitiveMembers" if transitive else "members"


def _items(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries of a list answer. A list that is missing is not an empty list."""
    value = body.get("value")
    if not isinstance(value, list):
        raise GraphIncomplete("a list answer without its list")
    if not all(isinstance(item, dict) for item in value):
        raise GraphConfused("a list of something else than objects")
    return value


def asks_for_patience(answer: httpx.Response) -> bool:
    return answer.status_code == 429 or (answer.status_code in {503, 504} and "retry-after" in answer.headers)


def _fault_of_transport(broken: httpx.RequestError) -> GraphError:
    cause = f"connection: {type(broken).__name__}"
    if isinstance(broken, httpx.RemoteProtocolError | httpx.ReadError | httpx.DecodingError):
        return GraphIncomplete(cause)
    return GraphUnavailable(cause)


def body_of(answer: httpx.Response) -> object:
    try:
        return json.loads(answer.content)
    except ValueError:
        return None


def correlation_id() -> str:
    """Our request id as a GUID, which Microsoft's support can search for; the same id gives the same GUID."""
    ours = current_request_id()
    try:
        return str(uuid.UUID(ours))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, ours) if ours else uuid.uuid4())
