"""A school with the usual list of documents, an association, and files of every sort."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.selectors import actor_for
from apps.documents.models import DocumentKind
from apps.documents.services import handing_in, kinds
from tests.associations.conftest import SCHOOL_SAYS, asked, club, lyon, student  # noqa: F401  # fixtures
from tests.files.conftest import as_person, storage  # noqa: F401  # fixtures

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pdf(words: str = "") -> bytes:
    return PDF.replace(b"Catalog>>", b"Catalog/Words(" + words.encode() + b")>>")


def packed(names: dict[str, bytes], *, stored: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in names.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **more})


def sent(data: bytes, name: str = "Statuts.pdf", content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type=content_type)


@pytest.fixture
def wanted(lumiere):
    """Makes one kind of document, the only one the school asks for."""

    def make(**fields) -> DocumentKind:
        return kinds.define_kind(actor=SCHOOL_SAYS, now=timezone.now(), **{"name": "Statuts", **fields})

    return make


@pytest.fixture
def hand_in():
    def send(user, association, kind=None, data=None, *, now=None, name="Statuts.pdf", **target):
        target = {"kind_id": kind.pk} if kind else target
        return handing_in.hand_in(
            actor=actor_for(user), association_id=association.pk, upload=sent(pdf() if data is None else data, name),
            now=now or timezone.now(), **target,
        )  # fmt: skip

    return send
