"""What is kept of people: one declaration for each table, read by everything that people's rights ask for (IDN-12).

    declare(Record(
        "accounts.Grant",
        group=_("Roles"),
        parties=(Party("user"), Party("granted_by_id", columns=("granted_by",), erase=BLANK)),
        plain=("role", "note"),
    ))

A row may speak of several people: each is a `Party`, with the columns that are theirs. "My data" and the export show
a person the rows in which they are a party: their own columns and the plain ones, never another party's. Erasure does
to each party's rows what is declared. Retention deletes rows that are older than their period. A table or a column of
text that nobody declared fails the build (tests/architecture/test_every_record_is_declared.py).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = object


def language_name(code: str) -> Text:
    """The name of a language, for `Record.words`."""
    return dict(settings.LANGUAGES).get(code, code)


# What allows keeping something (article 6 of the GDPR), in the words of the page.
CONTRACT: Final = _("Needed for the school's service to people")
SECURITY: Final = _("Legitimate interest: the security of accounts")
TRACE: Final = _("Legitimate interest: being able to show who did what")
CONSENT: Final = _("Your consent")
DUTY: Final = _("Legal duty")
WITH_ACCOUNT: Final = _("As long as the account")
WITH_SCHOOL: Final = _("As long as the school uses Campanile")
# Columns that many tables have, in the words of the page "your data"; anything else needs a name of its own.
COLUMN_WORDS: Final[Mapping[str, Text]] = {
    "actor": _("by"),
    "address": _("address"),
    "asked_by": _("asked by"),
    "campus": _("campus"),
    "changed_at": _("changed"),
    "changed_by": _("changed by"),
    "created_at": _("created"),
    "custom_role": _("role"),
    "decided_at": _("decided"),
    "decided_by": _("decided by"),
    "department": _("department"),
    "display_name": _("name"),
    "email": _("e-mail"),
    "emails": _("e-mail"),
    "ended_at": _("ended"),
    "expires_at": _("valid until"),
    "family_name": _("family name"),
    "given_name": _("given name"),
    "group": _("group"),
    "job_title": _("job title"),
    "last_seen_at": _("last seen"),
    "name": _("name"),
    "new_email": _("new e-mail"),
    "old_email": _("old e-mail"),
    "requested_by": _("requested by"),
    "set_at": _("set"),
    "upn": _("sign-in name at Microsoft"),
    "used_at": _("used"),
    "user_agent": _("browser"),
    "user_name": _("sign-in name"),
    "uploaded_by": _("uploaded by"),
}
DELETE: Final = "delete"
BLANK: Final = "blank"
KEEP: Final = "keep"

REGISTRY: dict[str, "Record"] = {}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data is meant, by everything that can name them. `keys`: (tenant id, object id) of a directory."""

    user_id: UUID
    email: str = ""
    name: str = ""
    keys: tuple[tuple[str, str], ...] = ()

    @property
    def object_ids(self) -> list[str]:
        return [object_id for _tenant, object_id in self.keys]


def nobody() -> Q:
    return Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Party:
    """A person in a row. `link`: the column that holds their id, or a function from a Subject to a condition.

    `columns`: what is theirs in the row. `erase`: delete the row, blank the columns (and the link), or keep it with
    `because`, the reason the law gives. `words`: how the person takes part, for the page ("granted by you").
    """

    link: str | Callable[[Subject], Q]
    columns: tuple[str, ...] = ()
    erase: str = DELETE
    because: Text = ""
    words: Text = ""

    def condition(self, subject: Subject) -> Q:
        if callable(self.link):
            return self.link(subject)
        return Q(**{self.link: subject.user_id})


def by_name(column: str) -> Callable[[Subject], Q]:
    """For rows that keep the name of a person and no id: who asked, who decided, who set it up."""
    return lambda subject: Q(**{column: subject.name}) if subject.name else Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Period:
    """How long rows are kept: `days` after `since`; the school may choose within the limits.

    `setting`: the key of the school's own number of days, "" where the period is fixed. `expired` narrows what
    `since` alone would take (only runs that ended). `parent`: rows that go with the row this foreign key names.
    """

    days: int = 0
    minimum: int = 0
    maximum: int = 0
    since: str = ""
    words: Text = ""
    expired: Callable[[datetime, int], Q] | None = None
    parent: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One table. `purpose` and `basis` are read by people: what it is for, and what allows keeping it."""

    model_label: str
    group: Text
    purpose: Text = ""
    basis: Text = ""
    parties: tuple[Party, ...] = ()
    plain: tuple[str, ...] = ()  # text columns that speak of nobody
    withheld: tuple[str, ...] = ()  # secrets and duplicates: never shown, not even to the person
    period: Period | None = None
    kept: Text = ""  # in words, when there is no period of its own: "as long as the account"
    # append-only tables: only the owner of the tables can change them, so the app that may do that brings the functions
    erase_rows: Callable[[Subject], int] | None = None
    remains_of: Callable[[Subject], int] | None = None
    doomed: Callable[[Subject], set[Any]] | None = None  # keys of the rows that `erase_rows` deletes, not only blanks
    purge: Callable[[datetime, int], Iterator[int]] | None = None  # deletes chunk by chunk, yields how many went
    late: bool = False  # erased just before the account: taking the other rows away writes here
    remove: Callable[[Any], int] | None = None  # takes the rows of a queryset away, where that is more than a DELETE
    labels: Mapping[str, Text] = field(default_factory=dict)
    words: Mapping[str, Callable[[Any], Text]] = field(default_factory=dict)  # column -> its code in people's words

    def label_of(self, column: Any) -> str:
        """What people read beside a value of this column; "" for what only machines read (it is in the archive)."""
        if column.name in self.labels:
            return str(self.labels[column.name])
        if isinstance(column._verbose_name, Promise):  # a name that somebody wrote for people, so it is translated
            return str(column._verbose_name)
        return str(COLUMN_WORDS.get(column.name, ""))

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.model_label)

    @property
    def is_about_people(self) -> bool:
        return bool(self.parties)

    def rows(self) -> QuerySet[Any]:
        return self.model._base_manager.all()

    def rows_of(self, subject: Subject, party: Party) -> QuerySet[Any]:
        return self.rows().filter(party.condition(subject)).order_by("pk")

    def columns_for(self, party: Party) -> list[str]:
        """What a party may read: their columns and what speaks of nobody."""
        foreign = {name for other in self.parties for name in other.columns if other is not party}
        foreign |= {str(other.link).split("__")[0] for other in self.parties if not callable(other.link)}
        hidden = (foreign - set(party.columns)) | set(self.withheld)
        names = [one.name for one in self.model._meta.concrete_fields]
        return [name for name in names if name not in hidden]

    def expired(self, now: datetime, days: int) -> QuerySet[Any]:
        """The rows that retention takes now."""
        period = self.period
        if period is None:
            return self.rows().none()
        if period.parent:
            parent = self.model._meta.get_field(period.parent).related_model
            record = REGISTRY[parent._meta.label]  # type: ignore[union-attr]
            return self.rows().filter(**{f"{period.parent}__in": record.expired(now, days).values("pk")})
        condition = period.expired(now, days) if period.expired else None
        if condition is None:
            condition = Q(**{f"{period.since}__lt": now - timedelta(days=days)})
        return self.rows().filter(condition)


def declare(record: Record) -> Record:
    """Register what a table holds. Twice is a programming error."""
    if record.model_label in REGISTRY:
        raise ValueError(f"the records of {record.model_label} are declared twice")
    REGISTRY[record.model_label] = record
    return record


def declare_plain(label: str, *, kept: Text, group: Text, plain: Iterable[str] = (), purpose: Text = "") -> Record:
    """A table that speaks of nobody."""
    return declare(Record(label, group=group, plain=tuple(plain), kept=kept, purpose=purpose))


def all_records() -> list[Record]:
    return list(REGISTRY.values())


def about_people() -> list[Record]:
    return [record for record in REGISTRY.values() if record.is_about_people]
