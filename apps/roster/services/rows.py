"""One row of a file as facts about a person, or what is wrong with it, column by column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from apps.campuses.models import Campus, CampusRole, Promotion

from .columns import plain

LONGEST: Final = {
    "email": 254, "given_name": 100, "family_name": 100, "external_id": 120, "department": 120, "job_title": 120,
}  # fmt: skip
ROLE_WORDS: Final[dict[str, CampusRole]] = {
    word: role
    for role, words in {
        CampusRole.MEMBER: "student etudiant etudiante etudiants eleve apprenant apprenante member membre pupil "
        "apprenti apprentie",
        CampusRole.STAFF: "staff personnel enseignant enseignante professeur prof teacher employee salarie salariee "
        "intervenant faculty administratif",
        CampusRole.MANAGER: "manager responsable directeur directrice gestionnaire",
        CampusRole.ALUMNI: "alumni alumnus alumna ancien ancienne diplome diplomee graduate",
    }.items()
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field. The sentence is made where it is shown, in the language of who reads it."""

    field: str
    code: str
    value: str = ""

    def as_json(self) -> dict[str, str]:
        return {"field": self.field, "code": self.code, "value": self.value[:100]}


@dataclass(slots=True)
class Person:
    """What a row says. Fields that are not in the file are None: nothing is said about them."""

    row: int
    cells: list[str]
    email: str = ""
    external_id: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    department: str | None = None
    job_title: str | None = None
    campus_id: UUID | None = None
    role: str = ""
    promotion_id: UUID | None = None
    faults: list[Fault] = field(default_factory=list)

    def said(self) -> dict[str, str]:
        """The account's fields that the file has something to say about. An empty cell says nothing."""
        names = ("given_name", "family_name", "external_id", "department", "job_title")
        return {name: value for name in names if (value := getattr(self, name))}


class Reader:
    """Reads rows of one file: it knows the columns, the school's campuses and promotions, and the domain rules."""

    def __init__(
        self,
        *,
        columns: Sequence[str],
        domains: frozenset[str],
        campus_id: UUID | None = None,
        role: str = "",
        promotion_id: UUID | None = None,
    ) -> None:
        self._columns = {name: place for place, name in enumerate(columns) if name}
        self._domains = domains
        self._default = (campus_id, role, promotion_id)
        campuses = list(Campus.objects.filter(archived_at=None))
        self._campuses: Mapping[str, UUID] = _by_words(
            [(word, campus.pk) for campus in campuses for word in (campus.name, campus.code)]
        )
        self._default_roles = {campus.pk: campus.default_role for campus in campuses}
        self._promotions: Mapping[str, UUID] = _by_words([(p.name, p.pk) for p in Promotion.objects.all()])

    def read(self, row: int, cells: list[str]) -> Person:
        person = Person(row, cells)
        self._email(person)
        self._names(person)
        for name in ("external_id", "department", "job_title"):
            if name in self._columns:
                setattr(person, name, self._short(person, name))
        self._place(person)
        return person

    def _cell(self, person: Person, name: str) -> str:
        return person.cells[self._columns[name]] if name in self._columns else ""

    def _short(self, person: Person, name: str) -> str:
        text = self._cell(person, name)
        if len(text) > LONGEST[name]:
            person.faults.append(Fault(name, "too-long", text))
            return ""
        return text

    def _email(self, person: Person) -> None:
        text = self._cell(person, "email").lower()
        if not text:
            person.faults.append(Fault("email", "missing"))
            return
        try:
            validate_email(text)
        except ValidationError:
            person.faults.append(Fault("email", "not-an-address", text))
            return
        if len(text) > LONGEST["email"]:
            person.faults.append(Fault("email", "too-long", text))
        elif self._domains and text.rpartition("@")[2] not in self._domains:
            person.faults.append(Fault("email", "domain", text))
        else:
            person.email = text

    def _names(self, person: Person) -> None:
        for name in ("given_name", "family_name"):
            if name in self._columns:
                setattr(person, name, self._short(person, name))
        if "full_name" in self._columns:
            person.given_name, person.family_name = split_name(self._cell(person, "full_name"))

    def _place(self, person: Person) -> None:
        campus_id, role, promotion_id = self._default
        if text := self._cell(person, "campus"):
            campus_id = self._campuses.get(plain(text))
            if campus_id is None:
                person.faults.append(Fault("campus", "unknown-campus", text))
        if text := self._cell(person, "role"):
            role = str(ROLE_WORDS.get(plain(text), ""))
            if not role:
                person.faults.append(Fault("role", "unknown-role", text))
        if text := self._cell(person, "promotion"):
            promotion_id = self._promotions.get(plain(text))
            if promotion_id is None:
                person.faults.append(Fault("promotion", "unknown-promotion", text))
        if campus_id is None and (promotion_id or self._cell(person, "role")) and not person.faults:
            person.faults.append(Fault("campus", "no-campus"))
        person.campus_id, person.promotion_id = campus_id, promotion_id
        person.role = role or (self._default_roles.get(campus_id, "") if campus_id else "")


def split_name(text: str) -> tuple[str, str]:
    """“Marie CURIE SKLODOWSKA” or “CURIE Marie”: words in capitals are the family name, else the first is given."""
    words = text.split()
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if capitals and len(capitals) < len(words):
        others = [word for word in words if word not in capitals]
        return " ".join(others)[:100], " ".join(capitals)[:100]
    return (words[0][:100] if len(words) > 1 else ""), " ".join(words[1:] or words)[:100]


def _by_words(pairs: list[tuple[str, UUID]]) -> dict[str, UUID]:
    """By plain words; two that would be written alike are not guessed between."""
    found: dict[str, UUID | None] = {}
    for word, pk in pairs:
        key = plain(word)
        if key:
            found[key] = pk if found.get(key, pk) == pk else None
    return {key: pk for key, pk in found.items() if pk}
