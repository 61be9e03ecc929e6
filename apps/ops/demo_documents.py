"""Documents of the demonstration: accepted, waiting, to be changed, overdue, missing; small PDFs made here."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from apps.accounts.rules import school_day
from apps.accounts.selectors import actor_for
from apps.associations.models import Association, Mandate, Status
from apps.core.actor import Actor
from apps.documents.models import DocumentKind, Version
from apps.documents.services import asking, handing_in, kinds, reviewing

CHANGES = "La signature de la trésorière manque en dernière page."


def make(boss: Actor, now: datetime) -> None:
    """What is missing of it. Repeating it is harmless."""
    kinds.adopt_usual(actor=boss, now=now - timedelta(days=90))
    if Version.objects.exists():
        return
    wanted = {one.code: one for one in DocumentKind.objects.all()}
    living = Association.objects.filter(status=Status.APPROVED).order_by("name")
    for number, association in enumerate(living):
        first = Mandate.objects.filter(office__association=association).order_by("office__position").first()
        if first is None:
            continue
        for place, code in enumerate(("statuts", "bureau", "assurance", "rapport", "rib")):
            if (number + place) % 5 == 4:
                continue  # missing
            then = now - timedelta(days=40 - 6 * place)
            version = _handed_in(actor_for(first.user, surface="command"), association, wanted[code], then)
            if (number + place) % 7 == 3:
                words = CHANGES
                reviewing.ask_changes(actor=boss, version_id=version.pk, comment=words, now=then + timedelta(days=2))
            elif (number + place) % 6 != 5:
                reviewing.accept(actor=boss, version_id=version.pk, now=then + timedelta(days=1))
    _overdue(boss, living.first(), wanted["pv-ag"], now)


def _handed_in(actor: Actor, association: Association, kind: DocumentKind, then: datetime) -> Version:
    lines = [kind.name, association.name, f"{school_day(then):%d/%m/%Y}"]
    upload = ContentFile(small_pdf(lines), name=f"{kind.name} - {association.name}.pdf")
    return handing_in.hand_in(actor=actor, association_id=association.pk, upload=upload, kind_id=kind.pk, now=then)


def _overdue(boss: Actor, association: Association | None, kind: DocumentKind, now: datetime) -> None:
    if association is None:
        return
    then = now - timedelta(days=20)
    asking.ask(
        actor=boss, association_ids=[association.pk], kind_ids=[kind.pk], due_on=school_day(now) - timedelta(days=6),
        words="Nous en avons besoin pour la subvention.", now=then,
    )  # fmt: skip


def small_pdf(lines: list[str]) -> bytes:
    """A page with a few lines, in one of the fonts that every reader has."""
    plain = [
        line.encode("cp1252", "replace").replace(b"\\", b"").replace(b"(", b"[").replace(b")", b"]") for line in lines
    ]
    text = b"BT /F 18 Tf 72 760 Td 28 TL " + b" ".join(b"(" + line + b") Tj T*" for line in plain) + b" ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length " + str(len(text)).encode() + b">>stream\n" + text + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += str(number).encode() + b" 0 obj" + part + b"endobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    size = str(len(parts) + 1).encode()
    return (
        out + b"xref\n0 " + size + b"\n0000000000 65535 f \n" + table + b"trailer<</Size " + size
        + b"/Root 1 0 R>>\nstartxref\n" + str(len(out)).encode() + b"\n%%EOF\n"
    )  # fmt: skip
