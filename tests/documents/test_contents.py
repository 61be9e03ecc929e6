"""What people send is told by its contents; what could be two kinds of file is refused."""

import pytest

from apps.core.pictures import TooManyPixels
from apps.documents import contents
from apps.documents.contents import HasMacros, NotADocument, clean_name, examined
from tests.documents.conftest import PDF, docx, packed
from tests.files.pictures import picture as jpeg

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def test_documents_are_told_by_their_contents():
    odt = packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<c/>"}, stored="mimetype")
    assert examined(PDF).extension == "pdf"
    assert examined(docx()).extension == "docx"
    assert examined(packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""})).extension == "xlsx"
    assert examined(odt).content_type == "application/vnd.oasis.opendocument.text"


def test_a_picture_is_written_anew_and_nothing_behind_it_survives():
    found = examined(jpeg() + b"PK\x03\x04" + HTML)
    assert (found.extension, found.content_type) == ("webp", "image/webp")
    assert b"script" not in found.data


@pytest.mark.parametrize(
    "data",
    [
        b"", HTML, SVG, b"MZ\x90\0", b"\xd0\xcf\x11\xe0 old word", b"just words", b"\xff\xd8\xff broken picture",
        packed({"a.txt": b"an archive of anything"}),
        packed({"[Content_Types].xml": b"", "page.html": HTML}),
    ],
)  # fmt: skip
def test_anything_else_is_refused(data):
    with pytest.raises(NotADocument):
        examined(data)


@pytest.mark.parametrize(
    "data",
    [
        HTML + PDF, b"\n" + PDF, PDF + HTML, PDF[:-7], PDF + docx(), docx() + HTML, docx() + PDF, b"GIF89a" + docx(),
        PDF[:-6] + docx() + b"\n%%EOF\n",
        docx()[:-2] + len(HTML).to_bytes(2, "little") + HTML,
    ],
)  # fmt: skip
def test_what_could_be_two_kinds_of_file_is_refused(data):
    with pytest.raises((NotADocument, TooManyPixels)):
        examined(data)


@pytest.mark.parametrize(
    "data",
    [
        PDF.replace(b"Catalog", b"Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
        PDF.replace(b"Catalog", b"Catalog/A<</S/Launch>>"),
        docx(**{"word/vbaProject.bin": b"x"}),
        docx(**{"word/activeX/one.bin": b"x"}),
    ],
)
def test_what_can_run_is_refused(data):
    with pytest.raises(HasMacros):
        examined(data)


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(contents, "MOST_UNPACKED", 1000)
    with pytest.raises(NotADocument):
        examined(docx(**{"word/big.xml": b"0" * 2000}))


def test_a_picture_of_too_many_pixels_says_so(monkeypatch):
    monkeypatch.setattr("apps.core.pictures.MOST_PIXELS", 10)
    with pytest.raises(TooManyPixels):
        examined(jpeg())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Statuts 2026.pdf", "Statuts 2026.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\RIB.PDF", "RIB.pdf"),
        ("facture.pdf.exe", "facture.pdf.pdf"),
        ("evil\u202efdp.exe", "evilfdp.pdf"),
        ("a\0b\r\nc.pdf", "abc.pdf"),
        ("", "document.pdf"),
        (".htaccess", "document.pdf"),
        ("CON.pdf", "document.pdf"),
        ("a<b>:c.pdf", "a-b-c.pdf"),
        ("Procès-verbal de l’assemblée.pdf", "Procès-verbal de l’assemblée.pdf"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
    ],
)
def test_names_are_cleaned(given, kept):
    assert clean_name(given, "pdf") == kept
