"""Files handed over that would act by themselves, or unfold to fill the machine."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from parvis.documents import inspecting, pdf
from parvis.documents.files import FileField

PLAIN = b"%PDF-1.7\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n"


def with_objects(
    objects: bytes, description: bytes = b"/Type /ObjStm /Filter /FlateDecode"
) -> bytes:
    """A PDF that keeps its objects folded in a stream, as most programs write them."""
    folded = zlib.compress(objects)
    head = b"5 0 obj\n<<%s /N 1 /First 4 /Length %d>>\nstream\n" % (description, len(folded))
    return PLAIN + head + folded + b"\nendstream\nendobj\n%%EOF"


@pytest.mark.parametrize(
    "acting",
    [
        b"<</S /JavaScript /JS (app.alert\\(1\\))>>",
        b"<</S/Launch/F(cmd.exe)>>",
        b"<</S /SubmitForm /F (http://a.test)>>",
        b"<</Subtype /RichMedia>>",
        b"<</S /#4aava#53cript /#4A#53 4 0 R>>",
    ],
)
def test_a_pdf_that_acts_is_refused_folded_or_not(acting: bytes) -> None:
    assert (
        inspecting.pdf_fault(PLAIN + b"3 0 obj\n" + acting + b"\nendobj") == inspecting.ACTIVE_PDF
    )
    assert inspecting.pdf_fault(with_objects(b"3 0 " + acting)) == inspecting.ACTIVE_PDF
    written = b"/#54ype /#4fbjStm /Filter /FlateDecode"
    assert inspecting.pdf_fault(with_objects(b"3 0 " + acting, written)) == inspecting.ACTIVE_PDF


@pytest.mark.parametrize("before", [b"% stream\n", b"(stream\n) ", b"<<>>\nstream\n"])
def test_nothing_hides_behind_the_word_stream(before: bytes) -> None:
    """A reader passes over a comment; whoever believes it would pass over what follows."""
    acting = b"3 0 obj <</S /JavaScript /JS (app.alert\\(1\\))>> endobj\n% endstream\n"
    assert inspecting.pdf_fault(PLAIN + before + acting) == inspecting.ACTIVE_PDF
    folded = with_objects(b"3 0 <</S /JavaScript /JS 4 0 R>>").removeprefix(PLAIN)
    assert inspecting.pdf_fault(PLAIN + before + folded) == inspecting.ACTIVE_PDF


def test_what_is_folded_goes_to_its_own_end() -> None:
    folder = zlib.compressobj(level=0)
    folded = folder.compress(b"3 0 <</A (endstream)>>") + folder.flush(zlib.Z_FULL_FLUSH)
    other = zlib.compressobj(wbits=-15)
    hidden = b"<</S /JavaScript /JS 4 0 R>>" * 9
    folded += other.compress(hidden) + other.flush()
    folded += zlib.adler32(b"3 0 <</A (endstream)>>" + hidden).to_bytes(4)
    head = b"5 0 obj <</Type /ObjStm /Filter /FlateDecode>>\nstream\n"
    assert b"JavaScript" not in folded
    assert inspecting.pdf_fault(PLAIN + head + folded + b"\nendstream") == inspecting.ACTIVE_PDF


def test_a_form_that_brings_its_own_scripts_is_refused() -> None:
    form = b"3 0 obj <</AcroForm <</XFA 4 0 R>>>> endobj"
    assert inspecting.pdf_fault(PLAIN + form) == inspecting.ACTIVE_PDF


def test_a_pdf_whose_objects_cannot_be_read_is_refused() -> None:
    locked = with_objects(b"3 0 <<>>") + b"trailer <</Encrypt 9 0 R>>"
    assert inspecting.pdf_fault(locked) == inspecting.LOCKED_PDF
    broken = PLAIN + b"5 0 obj <</Type /ObjStm>>\nstream\nnot folded\nendstream"
    assert inspecting.pdf_fault(broken) == inspecting.DAMAGED


def test_objects_that_unfold_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "MOST_OBJECTS", 1_000_000)
    assert inspecting.pdf_fault(with_objects(b"\x00" * 3_000_000)) == inspecting.DAMAGED


def test_words_and_pictures_are_no_programs() -> None:
    """What stands in the text of a page or in the points of a picture is never read as a name."""
    page = zlib.compress(b"BT (/JS /JavaScript /Launch) Tj ET")
    text = PLAIN + b"6 0 obj <</Length 9>>\nstream\n" + page + b"\nendstream\nendobj"
    assert inspecting.pdf_fault(text) == ""
    picture = PLAIN + b"7 0 obj <</Subtype /Image>>\nstream\n\xff/JS \xff\nendstream"
    assert inspecting.pdf_fault(picture) == ""
    assert inspecting.pdf_fault(with_objects(b"3 0 <</JSType /Launcher>>")) == ""


def test_our_own_papers_are_taken() -> None:
    members = {"main.typ": b'#set document(title: "a")\n= Titre', "data.json": b"{}"}
    assert inspecting.pdf_fault(pdf._compile(members)) == ""


def archive(**entries: bytes) -> zipfile.ZipFile | io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    out.seek(0)
    return out


ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content_dot_xml": b"<a/>"}


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ({}, ""),
        ({"Basic__script-lc_dot_xml": b""}, inspecting.MACROS),
        ({"Scripts__python__a_dot_py": b""}, inspecting.MACROS),
        ({"Object__a_dot_exe": b""}, inspecting.HOLDS_PROGRAMS),
        ({"inner_dot_zip": b""}, inspecting.HOLDS_PROGRAMS),
        ({".._dot_.__etc__passwd": b""}, inspecting.DAMAGED),
        ({"..__outside": b""}, inspecting.DAMAGED),
        ({"__etc__passwd": b""}, inspecting.DAMAGED),
        ({"a\\b": b""}, inspecting.DAMAGED),
        ({"big": b"\x00" * (21 * 1024 * 1024)}, inspecting.SWELLS),
        ({f"e{n}": b"" for n in range(5001)}, inspecting.SWELLS),
    ],
    ids=["plain", "basic", "scripts", "program", "archive", "up", "outside", "from the root",
         "backslash", "swells", "many"],
)  # fmt: skip
def test_an_office_file_that_is_more_than_a_text_is_refused(
    entries: dict[str, bytes], fault: str
) -> None:
    entries = {
        name: content for name, content in entries.items() if name != ".._dot_.__etc__passwd"
    }
    if not entries and fault:
        entries = {"..__..__etc": b""}
    assert inspecting.archive_fault("odt", archive(**ODT, **entries)) == fault


def test_a_file_that_is_another_than_its_name_says_is_refused() -> None:
    assert inspecting.archive_fault("ods", archive(**ODT)) == inspecting.DAMAGED
    assert inspecting.archive_fault("docx", archive(**ODT)) == inspecting.DAMAGED
    word = {"[Content_Types]_dot_xml": b"", "word__document_dot_xml": b""}
    assert inspecting.archive_fault("docx", archive(**word)) == ""
    assert inspecting.archive_fault("docx", archive(**word, word__vbaProject_dot_bin=b"")) == (
        inspecting.MACROS
    )


@given(st.binary(max_size=400), st.sampled_from(["pdf", "odt", "docx", "xlsx"]))
def test_any_bytes_are_taken_or_refused_with_words(data: bytes, ending: str) -> None:
    for start in (b"", b"%PDF-1.7 1 0 obj<</Type/ObjStm>>stream\n", b"PK\x03\x04"):
        assert isinstance(inspecting.fault_of(ending, start + data), str)


def test_the_field_says_why_and_keeps_the_file_readable() -> None:
    field = FileField()
    acting = SimpleUploadedFile("a.pdf", PLAIN + b"<</S /JavaScript>>")
    with pytest.raises(ValidationError, match="contient un programme"):
        field.clean(acting)
    taken = field.clean(SimpleUploadedFile("a.pdf", PLAIN))
    assert taken.read() == PLAIN
