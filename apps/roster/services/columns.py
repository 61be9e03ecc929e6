"""What the columns of a file mean: guessed from their headings, chosen by people, remembered for the next time."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Invalid

from ..models import RememberedColumn

Text = str | Promise
FIELDS: Final[dict[str, Text]] = {
    "email": _("E-mail"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "full_name": _("Full name"),
    "external_id": _("Student or staff number"),
    "campus": _("Campus"),
    "role": _("Role"),
    "promotion": _("Promotion"),
    "department": _("Department"),
    "job_title": _("Job title"),
}
#: Headings as schools write them, after `plain`.
SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "email": (
        "email", "e mail", "mail", "courriel", "adresse email", "adresse e mail", "adresse mail",
        "adresse electronique",
        "email address", "mail address", "e mail address", "email ecole", "mail ecole", "email etudiant", "login",
        "email institutionnel", "mail institutionnel", "primary email", "work email", "user principal name", "upn",
    ),
    "given_name": ("given name", "first name", "firstname", "forename", "prenom", "prenoms", "prenom usuel"),
    "family_name": ("family name", "last name", "lastname", "surname", "nom", "nom de famille", "nom usuel", "name"),
    "full_name": ("full name", "nom complet", "nom et prenom", "prenom et nom", "nom prenom", "display name"),
    "external_id": (
        "external id", "id", "identifiant", "student id", "student number", "numero etudiant", "n etudiant",
        "no etudiant", "num etudiant", "matricule", "ine", "numero ine", "employee id", "employee number",
        "code apprenant",
    ),
    "campus": ("campus", "site", "ecole", "etablissement", "campus code", "code campus", "ville", "lieu", "location"),
    "role": ("role", "statut", "profil", "type", "fonction campus", "categorie", "user type", "population"),
    "promotion": (
        "promotion", "promo", "annee", "annee d etude", "annee d etudes", "niveau", "classe", "cohorte", "year",
        "study year", "year of study", "class", "cohort", "level", "formation",
    ),
    "department": ("department", "departement", "service", "filiere", "specialite", "programme", "program"),
    "job_title": ("job title", "title", "titre", "poste", "fonction", "intitule de poste"),
}  # fmt: skip
_WORDS = re.compile(r"[^a-z0-9]+")


def plain(heading: str) -> str:
    """A heading without case, accents and punctuation."""
    text = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return _WORDS.sub(" ", text).strip()[:100]


_MEANING = {heading: field for field, headings in SYNONYMS.items() for heading in headings}


def guess(header: Sequence[str]) -> list[str]:
    """A field, or "", for each column: what this school used last, else what the heading says. No field twice."""
    headings = [plain(heading) for heading in header]
    remembered = dict(
        RememberedColumn.objects.filter(heading__in=[h for h in headings if h]).values_list("heading", "field")
    )
    chosen: list[str] = []
    for heading in headings:
        field = remembered.get(heading, _MEANING.get(heading, ""))
        chosen.append(field if field in FIELDS and field not in chosen else "")
    if "full_name" in chosen and ("given_name" in chosen or "family_name" in chosen):
        chosen = ["" if field == "full_name" else field for field in chosen]
    return chosen


def checked(header: Sequence[str], chosen: Sequence[str]) -> list[str]:
    """The chosen fields, one a column. Raises Invalid when the e-mail is missing or a field is chosen twice."""
    if len(chosen) != len(header) or any(field and field not in FIELDS for field in chosen):
        raise Invalid(_("Choose from the list."))
    used = [field for field in chosen if field]
    twice = {str(FIELDS[field]) for field in used if used.count(field) > 1}
    if twice:
        raise Invalid(_("Two columns cannot be the same field: %(fields)s.") % {"fields": ", ".join(sorted(twice))})
    if "email" not in used:
        raise Invalid(_("Choose the column with the e-mail addresses: people are found by them."))
    return list(chosen)


def remember(header: Sequence[str], chosen: Sequence[str]) -> None:
    """Keep the choice for the next file with such headings. A column that was left out is remembered as such."""
    found: Mapping[str, str] = {plain(heading): field for heading, field in zip(header, chosen, strict=True)}
    RememberedColumn.objects.bulk_create(
        [RememberedColumn(heading=heading, field=field) for heading, field in found.items() if heading],
        update_conflicts=True, unique_fields=["heading"], update_fields=["field"],
    )  # fmt: skip
