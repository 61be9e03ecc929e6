"""The three demo organisations. Named people and groups have fixed ids, listed in sandbox/README.md."""

import random
from typing import Any

from sandbox.microsoft.directory import DIRECTORY_PERMISSIONS, GLOBAL_ADMINISTRATOR, Organisation, slug
from sandbox.seed.names import name

CLIENT_ID = "aaaaaaaa-0000-4000-8000-000000000001"
MAIL_CLIENT_ID = "aaaaaaaa-0000-4000-8000-000000000002"
LUMIERE = "11111111-1111-4111-8111-111111111111"
CURIE = "22222222-2222-4222-8222-222222222222"
AMPERE = "33333333-3333-4333-8333-333333333333"

STAFF_JOBS = [
    ("Teaching", "Lecturer"), ("Teaching", "Senior lecturer"), ("Teaching", "Professor"), ("Registry", "Registrar"),
    ("Student life", "Student life officer"), ("Finance", "Accountant"), ("Communication", "Communication officer"),
    ("Information systems", "Systems engineer"), ("International", "Exchange coordinator"), ("Library", "Librarian"),
]  # fmt: skip


def person_id(tid: str, number: int) -> str:
    """Fixed ids of the named people: eeeeeeee-<first four of the tid>-4000-8000-0000000000NN."""
    return f"eeeeeeee-{tid[:4]}-4000-8000-{number:012d}"


def group_id(tid: str, number: int) -> str:
    return f"99999999-{tid[:4]}-4000-8000-{number:012d}"


class Builder:
    """Fills one organisation with people, the same way each time."""

    def __init__(self, organisation: Organisation, student_domain: str):
        self.organisation = organisation
        self.student_domain = student_domain
        self.chance = random.Random(organisation.tid)

    def named(self, number: int, given: str, surname: str, **fields: Any) -> str:
        student = fields.pop("student", False)
        local = f"{slug(given)}.{slug(surname)}"
        domain = self.student_domain if student else self.organisation.domain
        person = self.organisation.add_person(
            id=person_id(self.organisation.tid, number),
            givenName=given,
            surname=surname,
            userPrincipalName=f"{local}@{domain}",
            **fields,
        )
        return person["id"]

    def students(self, count: int, *, department: str, city: str, year: int) -> list[str]:
        return [self._student(department, city, year) for _ in range(count)]

    def _student(self, department: str, city: str, year: int, **more: Any) -> str:
        given, surname = name(self.chance)
        upn = self._upn(given, surname, self.student_domain)
        person = self.organisation.add_person(
            givenName=given, surname=surname, userPrincipalName=upn, department=department, jobTitle="Student",
            officeLocation=city, createdDateTime=f"{year}-09-01T07:30:00Z", **more,
        )  # fmt: skip
        return person["id"]

    def staff(self, count: int, *, city: str) -> list[str]:
        ids = []
        for _ in range(count):
            given, surname = name(self.chance)
            department, job = self.chance.choice(STAFF_JOBS)
            person = self.organisation.add_person(
                givenName=given, surname=surname, department=department, jobTitle=job, officeLocation=city,
                userPrincipalName=self._upn(given, surname, self.organisation.domain),
            )  # fmt: skip
            ids.append(person["id"])
        return ids

    def guests(self, count: int, domain: str = "partner.example") -> list[str]:
        """People of another organisation who were invited: another domain, `#EXT#` in the name."""
        ids = []
        for _ in range(count):
            given, surname = name(self.chance)
            mail = self._upn(given, surname, domain)
            external = mail.replace("@", "_")
            person = self.organisation.add_person(
                givenName=given, surname=surname, mail=mail, userType="Guest", externalUserState="Accepted",
                creationType="Invitation", userPrincipalName=f"{external}#EXT#@{self.organisation.domain}",
            )  # fmt: skip
            ids.append(person["id"])
        return ids

    def disabled(self, count: int, *, department: str, city: str) -> list[str]:
        return [self._student(department, city, 2022, accountEnabled=False) for _ in range(count)]

    def foreign(self, count: int, *, department: str, city: str, domain: str = "mail.example") -> list[str]:
        """Students whose mail address is not of the school."""
        ids = []
        for _ in range(count):
            id_ = self._student(department, city, 2024)
            person = self.organisation.people[id_]
            person["mail"] = person["userPrincipalName"].split("@")[0] + f"@{domain}"
            ids.append(id_)
        return ids

    def _upn(self, given: str, surname: str, domain: str) -> str:
        return self.organisation.free_upn(f"{slug(given)}.{slug(surname)}", domain)

    def group(self, number: int, title: str, members: list[str], **fields: Any) -> str:
        group = self.organisation.add_group(title, members, id=group_id(self.organisation.tid, number), **fields)
        return group["id"]

    def promotions(self, first: int, campus: str, sizes: dict[tuple[str, int], int]) -> list[str]:
        """A group for each department and year, to be nested in the campus group."""
        ids = []
        for offset, ((department, year), size) in enumerate(sizes.items()):
            people = self.students(size, department=department, city=campus, year=year)
            ids.append(self.group(first + offset, f"Promo {department} {year} – {campus}", people))
        return ids


MOST_PHOTOS = 160


def _photos(organisation: Organisation) -> Organisation:
    """Some people have a photo: the first ones, who are named, and whoever comes next."""
    for person_id in list(organisation.people)[:MOST_PHOTOS]:
        organisation.photos[person_id] = ""  # drawn when it is asked for
    return organisation


def _consent(organisation: Organisation) -> None:
    organisation.consents[CLIENT_ID] = list(DIRECTORY_PERMISSIONS)
    organisation.consents[MAIL_CLIENT_ID] = ["Mail.Send"]


def lumiere() -> Organisation:
    school = Organisation(LUMIERE, "École Lumière", "lumiere.example", "Paris")
    _consent(school)
    make = Builder(school, "etu.lumiere.example")
    admin = make.named(1, "Hélène", "Marchand", roles=[GLOBAL_ADMINISTRATOR],
                       department="Information systems", jobTitle="Director of information systems")  # fmt: skip
    student = make.named(2, "Camille", "Moreau", student=True, department="Cinema", jobTitle="Student")
    manager = make.named(3, "Julien", "Fabre", department="Student life", jobTitle="Head of student life")
    lyon_student = make.named(4, "Inès", "Haddad", student=True, department="Sound", jobTitle="Student",
                              officeLocation="Lyon")  # fmt: skip
    registrar = make.named(5, "Marc", "Aubert", department="Registry", jobTitle="Registrar")
    president = make.named(6, "Louise", "Perrin", student=True, department="Photography", jobTitle="Student")
    paris = make.promotions(10, "Paris", {("Cinema", 2024): 64, ("Cinema", 2025): 62, ("Photography", 2025): 48})
    lyon = make.promotions(20, "Lyon", {("Sound", 2024): 55, ("Sound", 2025): 52, ("Animation", 2025): 44})
    free = make.students(14, department="Preparatory year", city="Paris", year=2026)
    guests = make.guests(5)
    gone = make.disabled(7, department="Cinema", city="Paris")
    staff = make.staff(62, city="Paris")
    make.group(1, "Campus Paris – Étudiants", [student, president, *free, *gone, *guests[:3], *paris],
               description="Students of the Paris campus")  # fmt: skip
    make.group(2, "Campus Lyon – Étudiants", [lyon_student, *guests[3:], *lyon],
               description="Students of the Lyon campus")  # fmt: skip
    make.group(3, "Personnel", [admin, manager, registrar, *staff], description="Everyone employed by the school")
    make.group(4, "BDE", [president, student, *free[:9]], description="Students' union",
               mail="bde@lumiere.example", mailEnabled=True, groupTypes=["Unified"])  # fmt: skip
    make.group(5, "Ciné-club", [student, *free[5:12]], groupTypes=["Unified"], mailEnabled=True)
    return _photos(school)


def curie() -> Organisation:
    school = Organisation(CURIE, "Institut Curie-Sklodowska", "curie.example", "Strasbourg")
    _consent(school)
    make = Builder(school, "etu.curie.example")
    admin = make.named(1, "Katarzyna", "Nowak", roles=[GLOBAL_ADMINISTRATOR], department="Information systems",
                       jobTitle="Head of information systems")  # fmt: skip
    student = make.named(2, "Élise", "Weber", student=True, department="Chemistry", jobTitle="Student")
    manager = make.named(3, "Thomas", "Klein", department="Student life", jobTitle="Campus manager")
    promos = make.promotions(10, "Strasbourg", {("Chemistry", 2024): 38, ("Physics", 2024): 36, ("Physics", 2025): 34})
    guests = make.guests(2)
    gone = make.disabled(3, department="Physics", city="Strasbourg")
    staff = make.staff(35, city="Strasbourg")
    make.group(1, "Campus Strasbourg – Étudiants", [student, *gone, *guests, *promos])
    make.group(3, "Personnel", [admin, manager, *staff])
    return _photos(school)


def ampere() -> Organisation:
    """Not linked yet: nobody has consented. 2,400 people and more, for the journey."""
    school = Organisation(AMPERE, "Académie Ampère", "ampere.example", "Nantes")
    make = Builder(school, "etu.ampere.example")
    admin = make.named(1, "Nathalie", "Lecomte", roles=[GLOBAL_ADMINISTRATOR], department="Information systems",
                       jobTitle="Director of information systems")  # fmt: skip
    student = make.named(2, "Hugo", "Lambert", student=True, department="Engineering", jobTitle="Student",
                         officeLocation="Nantes")  # fmt: skip
    manager = make.named(3, "Sophie", "Garnier", department="Student life", jobTitle="Head of student life")
    lille_student = make.named(4, "Manon", "Leclercq", student=True, department="Design", jobTitle="Student",
                               officeLocation="Lille")  # fmt: skip
    years = [2023, 2024, 2025]
    nantes = make.promotions(10, "Nantes", {(d, y): 165 for d in ("Engineering", "Business") for y in years})
    lille = make.promotions(30, "Lille", {(d, y): 160 for d in ("Design", "Business") for y in years})
    workshop = make.students(180, department="Engineering", city="Nantes", year=2026)
    preparatory = make.students(190, department="Design", city="Lille", year=2026)
    guests = make.guests(12)
    gone = make.disabled(25, department="Engineering", city="Nantes")
    away = make.foreign(18, department="Business", city="Lille")
    staff = make.staff(120, city="Nantes")
    make.group(1, "Campus Nantes", [student, *workshop, *gone, *guests[:7], *nantes],
               description="Everyone who studies in Nantes")  # fmt: skip
    make.group(2, "Campus Lille", [lille_student, *preparatory, *away, *guests[7:], *lille],
               description="Everyone who studies in Lille")  # fmt: skip
    make.group(3, "Personnel", [admin, manager, *staff])
    make.group(4, "BDE", [student, *workshop[:20]], groupTypes=["Unified"], mailEnabled=True)
    return school


def organisations() -> list[Organisation]:
    return [lumiere(), curie(), ampere()]
