"""Everything that is kept of one person, in words and as data: for the page and for the archive (IDN-12, L2)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from apps.core.components.formats import day, moment
from apps.core.records import TRACE, Party, Record, Subject, about_people
from apps.files.models import StoredFile

from ..models import Identity, User

SHOWN = 50  # rows of one part on the page; the archive has all


@dataclass(slots=True)
class Part:
    """The rows of one table in which the person plays one part."""

    record: Record
    party: Party
    columns: list[str]
    count: int
    rows: list[list[tuple[str, str]]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.record.purpose or self.record.model._meta.verbose_name_plural)

    @property
    def path(self) -> str:
        """Where it lies in the archive."""
        return f"data/{self.name}.json"

    @property
    def name(self) -> str:
        """A file name that says what is inside."""
        index = self.record.parties.index(self.party)
        return self.record.model_label.lower().replace(".", "-") + (f"-{index + 1}" if index else "")


def subject_of(user: User) -> Subject:
    keys = Identity.objects.filter(user=user).order_by("pk").values_list("tenant_id", "object_id")
    return Subject(user.pk, user.email, user.name, tuple(keys))


def parts(subject: Subject) -> list[Part]:
    """What there is, by part; those without rows are left out."""
    found = []
    for record in about_people():
        for party in record.parties:
            count = record.rows_of(subject, party).count()
            if count:
                found.append(Part(record, party, record.columns_for(party), count))
    return found


def readable(subject: Subject, most: int = SHOWN) -> list[tuple[str, list[Part]]]:
    """For the page: groups with their parts and the latest rows in words."""
    groups: dict[str, list[Part]] = {}
    found = parts(subject)
    for part in sorted(found, key=_place):
        rows = part.record.rows_of(subject, part.party).order_by("-pk")[:most]
        part.rows = [words for row in rows if (words := in_words(part, row))]
        groups.setdefault(str(part.record.group), []).append(part)
    return list(groups.items())


def _place(part: Part) -> int:
    """Who somebody is comes first, then what they have here, then the traces of what was done."""
    if part.record.model_label == "accounts.User":
        return 0
    return 2 if part.record.basis == TRACE else 1


def in_words(part: Part, row: models.Model) -> list[tuple[str, str]]:
    """(label, value) of what a row says to people. What only machines read is in the archive: ids, codes, counters."""
    shown = []
    for name in part.columns:
        column: Any = row._meta.get_field(name)
        label = part.record.label_of(column)
        if not label or isinstance(column, models.UUIDField):
            continue
        text = _words(part.record, row, column)
        if text:
            shown.append((_capital(label), text))
    return shown


def _words(record: Record, row: models.Model, column: Any) -> str:
    value = getattr(row, column.attname)
    if value in (None, "", [], {}):
        return ""
    if column.name in record.words:
        return str(record.words[column.name](value))
    if column.is_relation:
        if issubclass(column.related_model, User):
            return ""
        if issubclass(column.related_model, StoredFile):
            return _("A file, in the archive")
        return str(getattr(row, column.name) or "")
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return "" if isinstance(value, dict | list) else str(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def as_data(part: Part, row: models.Model) -> dict[str, Any]:
    """A row for machines: the columns by their names, as they are stored."""
    columns: list[Any] = [row._meta.get_field(name) for name in part.columns]
    return {column.name: getattr(row, column.attname) for column in columns}


def files_of(part: Part, subject: Subject) -> Iterator[StoredFile]:
    """The files that this part's rows point to; earlier archives are not put into a new one."""
    if part.record.model_label == "accounts.DataExport":
        return
    pointing = [
        column
        for column in part.record.model._meta.concrete_fields
        if column.is_relation and column.related_model is StoredFile and column.name in part.columns
    ]
    for column in pointing:
        ids = part.record.rows_of(subject, part.party).exclude(**{column.attname: None}).values(column.attname)
        yield from StoredFile.objects.filter(pk__in=ids)
