"""What comes into the office as a file, and what of it is kept."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from parvis.documents.inspecting import MACROS
from parvis.toolbox.edit_files import drawn_anew, paper_fault
from parvis.toolbox.models import Paper, Picture
from parvis.toolbox.office import desk_of
from parvis.toolbox.sheet_text import PICTURE_SIZE
from tests.cast import Cast
from tests.toolbox.edit_scene import a_photo, inside
from tests.toolbox.scene import a_paper, a_picture, a_sheet

XHR: Any = {"headers": {"x-requested-with": "XMLHttpRequest"}}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in members.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text", content_dot_xml=b"<x/>")


def test_a_picture_is_kept_without_what_its_camera_wrote(cast: Cast, media: Path) -> None:
    desk = desk_of(cast.town)
    photo = a_photo()
    assert b"Appareil" in photo
    answer = inside(cast.sofia).post(
        reverse("wagtailimages:add"),
        {
            "title": "Le hall",
            "collection": desk.collection.pk,
            "description": "Le hall vide",
            "file": SimpleUploadedFile("hall.jpg", photo, "image/jpeg"),
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    picture = Picture.objects.get()
    assert picture.collection == desk.collection
    picture.get_rendition("width-60")
    for kept in media.rglob("*"):
        if kept.is_file():
            assert b"Appareil" not in kept.read_bytes(), kept
            with Image.open(kept) as image:
                assert not image.getexif()


def test_a_picture_is_seen_in_a_draft_before_anything_is_published(cast: Cast) -> None:
    client = inside(cast.sofia)
    client.post(
        reverse("wagtailimages:add"),
        {
            "title": "Le hall",
            "collection": desk_of(cast.town).collection.pk,
            "file": SimpleUploadedFile("hall.jpg", a_photo(), "image/jpeg"),
        },
    )
    drawn = Picture.objects.get().renditions.get(filter_spec=PICTURE_SIZE)
    address = reverse("toolbox:picture", args=[drawn.pk])
    assert client.get(address).status_code == 200
    assert Client().get(address).status_code == 404


def test_one_drawn_already_is_kept_to_the_byte(cast: Cast) -> None:
    once = drawn_anew("hall.jpg", io.BytesIO(a_photo()))
    data = once.read()
    assert drawn_anew("hall.jpg", io.BytesIO(data)).read() == data
    hidden = data + b"GPS 50.37 3.51"
    assert b"GPS" not in drawn_anew("hall.jpg", io.BytesIO(hidden)).read()


@pytest.mark.parametrize(
    ("name", "data"), [("dessin.svg", SVG), ("dessin.png", SVG), ("film.jpg", b"\x00\x00\x00ftyp")]
)
def test_a_drawing_or_a_film_is_no_picture(cast: Cast, name: str, data: bytes) -> None:
    sent = SimpleUploadedFile(name, data, "image/png")
    inside(cast.karim).post(
        reverse("wagtailimages:add"),
        {"title": "x", "collection": desk_of(cast.town).collection.pk, "file": sent},
    )
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "taken"),
    [
        ("a.pdf", b"%PDF-1.7 ...", True),
        ("a.pdf", SVG, False),
        ("a.odt", ODT, True),
        ("a.ods", ODT, False),
        ("a.docx", ODT, False),
        (
            "a.docx",
            archive(**{"[Content_Types]_dot_xml": b"", "word__document_dot_xml": b""}),
            True,
        ),
        ("a.xlsx", b"PK\x03\x04 broken", False),
        ("a.csv", b"nom;nombre\n", True),
        ("a.csv", b"\x00\x01", False),
        ("a.txt", b"<script>", False),
    ],
)
def test_a_document_is_what_its_name_says(name: str, data: bytes, taken: bool) -> None:
    assert (not paper_fault(name, data)) == taken


def test_a_document_with_programs_is_refused() -> None:
    types = {"[Content_Types]_dot_xml": b"", "word__document_dot_xml": b""}
    assert paper_fault("a.docx", archive(**types, word__vbaProject_dot_bin=b"")) == MACROS


def test_the_office_says_why_it_does_not_take_a_document(cast: Cast, settings: Any) -> None:
    karim, desk = inside(cast.karim), desk_of(cast.town)

    def send(name: str, data: bytes) -> str:
        sent = SimpleUploadedFile(name, data)
        fields = {"title": "x", "collection": desk.collection.pk, "file": sent}
        return karim.post(reverse("wagtaildocs:add"), fields).content.decode()

    assert "pas ce que dit son nom" in send("grille.pdf", SVG)
    send("grille.exe", b"MZ")
    assert not Paper.objects.exists()
    send("grille.pdf", b"%PDF-1.7")
    assert Paper.objects.get().collection == desk.collection


def test_the_original_of_a_picture_has_no_address(cast: Cast) -> None:
    sheet = a_sheet(cast)
    picture = Picture.objects.create(
        title="Le hall",
        collection=desk_of(cast.town).collection,
        file=SimpleUploadedFile("hall.jpg", a_photo(), "image/jpeg"),
    )
    client = inside(cast.karim)
    for address in (f"/{picture.file.name}", f"/media/{picture.file.name}", picture.file.url):
        assert client.get(address).status_code == 404, address
    assert sheet.pk


def test_a_file_that_is_published_is_not_replaced_without_being_read(cast: Cast) -> None:
    sheet = a_sheet(cast)
    paper, picture = a_paper(sheet, shown=True), a_picture(sheet, shown=True)
    draft = a_paper(sheet, shown=False, title="Brouillon")
    karim = inside(cast.karim)

    def replace(kind: str, row: Any, name: str, data: bytes) -> Any:
        fields = {
            "title": row.title,
            "collection": row.collection_id,
            "file": SimpleUploadedFile(name, data),
        }
        return karim.post(reverse(f"{kind}:edit", args=[row.pk]), fields)

    unread = b"%PDF-1.7 que personne n'a relu"
    assert "relu par personne" in replace("wagtaildocs", paper, "a.pdf", unread).content.decode()
    answer = replace("wagtailimages", picture, "a.jpg", a_photo())
    assert "relu par personne" in answer.content.decode()
    assert replace("wagtaildocs", draft, "b.pdf", unread).status_code == 302
    with Paper.objects.get(pk=paper.pk).file.open("rb") as kept:
        assert kept.read() == b"%PDF-1.7"
    # Its other lines are mended as before.
    words = {"title": "Grille, 2026", "collection": paper.collection_id}
    assert karim.post(reverse("wagtaildocs:edit", args=[paper.pk]), words).status_code == 302


def test_a_file_that_is_published_is_not_deleted(cast: Cast) -> None:
    sheet = a_sheet(cast)
    paper, picture = a_paper(sheet, shown=True), a_picture(sheet, shown=True)
    draft = a_paper(sheet, shown=False, title="Brouillon")
    karim = inside(cast.karim)
    for kind, row in (("wagtaildocs", paper), ("wagtailimages", picture), ("wagtaildocs", draft)):
        karim.post(reverse(f"{kind}:delete", args=[row.pk]))
        karim.post(reverse(f"{kind}:delete_multiple", args=[row.pk]), **XHR)
    assert Paper.objects.get() == paper
    assert Picture.objects.get() == picture
    assert "ne s’efface pas" in karim.get(reverse("wagtailadmin_home")).content.decode()
