"""Damaged and hostile files, as they come through the form: each one is cleaned, or answered by
what to do; the photos and words sent with it are never lost."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from parvis.documents import photos
from parvis.reports.models import Photo, Report
from tests.cast import Cast
from tests.documents.pictures import (
    BLUE,
    RED,
    bomb,
    file_of,
    heic_that_says,
    scene,
    told_everything,
)
from tests.reports.pages import picture, send, text_of

PAGE = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def bytes_of(image: Any, kind: str = "JPEG", **options: Any) -> bytes:
    return bytes(file_of(image, kind, **options).getvalue())


def sideways() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return bytes_of(scene(), exif=exif.tobytes())


def palette_with_a_hole() -> bytes:
    image = Image.new("P", (100, 100), 1)
    image.putpalette([0, 0, 0, *RED])
    return bytes_of(image, "PNG", transparency=0)


def words_that_unfold() -> bytes:
    """A small PNG whose comment unfolds to a hundred megabytes."""
    image = bytes_of(scene(40, 20), "PNG")
    text = b"zTXt" + b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9)
    size, check = struct.pack(">I", len(text) - 4), struct.pack(">I", zlib.crc32(text))
    return image[:33] + size + text + check + image[33:]


def without_its_end() -> bytes:
    return bytes_of(Image.effect_noise((300, 200), 90).convert("RGB"))[:6000]


def wrong_sums() -> bytes:
    image = bytearray(bytes_of(scene(), "PNG"))
    image[29] ^= 0xFF  # the sum of its header
    return bytes(image)


CLEANED: dict[str, Callable[[], bytes]] = {
    "a PNG called .jpg": lambda: bytes_of(scene(), "PNG"),
    "a photo with a web page behind": lambda: bytes_of(scene()) + PAGE,
    "a photo with an archive behind": lambda: bytes_of(scene()) + b"PK\x03\x04" + bytes(400),
    "a page written in the comment of a photo": lambda: bytes_of(scene(), comment=PAGE),
    "a photo that tells where it was taken": lambda: bytes(told_everything().getvalue()),
    "a photo taken sideways": sideways,
    "inks instead of colours": lambda: bytes_of(scene(mode="CMYK")),
    "one point": lambda: bytes_of(scene(1, 1)),
    "one row of points": lambda: bytes_of(scene(9000, 1)),
    "sixteen bits": lambda: bytes_of(Image.new("I;16", (100, 100), 32768), "PNG"),
    "a palette with a transparent colour": palette_with_a_hole,
    "a photo that moves": lambda: bytes_of(
        scene(), "PNG", save_all=True, append_images=[scene(mode="L").convert("RGB")]
    ),
    "an iPhone photo called .jpg": lambda: bytes_of(scene(), "HEIF"),
    "a broken Exif block": lambda: bytes_of(scene(), exif=b"Exif\0\0MM\0*\xff\xff\xff garbage"),
}
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a photo cut on its way": (without_its_end, photos.DAMAGED),
    "a PNG whose sums are wrong": (wrong_sums, photos.DAMAGED),
    "an iPhone photo cut on its way": (
        lambda: bytes_of(Image.effect_noise((300, 300), 90).convert("RGB"), "HEIF")[:4000],
        photos.DAMAGED,
    ),
    "an iPhone photo that lies on its size": (
        lambda: heic_that_says(40, 30),
        photos.DAMAGED,
    ),
    "huge by what it says": (lambda: bomb().getvalue(), photos.TOO_LARGE),
    "a HEIC bomb": (lambda: heic_that_says(30_000, 30_000), photos.TOO_LARGE),
    "a moving GIF": (
        lambda: bytes_of(scene(), "GIF", save_all=True, append_images=[scene(mode="L")]),
        photos.OTHER_IMAGE,
    ),
    "a drawing with a script": (lambda: SVG, photos.DRAWING),
    "a drawing declared as XML": (lambda: b'<?xml version="1.0"?>' + SVG, photos.DRAWING),
    "a page that begins like a GIF": (lambda: b"GIF89a/*" + PAGE + b"*/", photos.OTHER_IMAGE),
    "a PDF": (lambda: b"%PDF-1.7\n" + bytes(300), photos.PDF),
    "a video": (lambda: b"\0\0\0\x18ftypmp42" + bytes(300), photos.VIDEO),
    "a text": (lambda: "Bonjour à tous".encode(), photos.NO_PHOTO),
    "a program": (lambda: b"MZ" + bytes(300), photos.NO_PHOTO),
    "nothing but zeros": (lambda: bytes(3000), photos.NO_PHOTO),
}


@pytest.fixture
def town(cast: Cast, settings: Any, tmp_path: Path) -> Cast:
    from parvis.reports.lists import load

    settings.MEDIA_ROOT = tmp_path / "media"
    load()
    return cast


def upload(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("IMG_0001.jpg", data, "image/jpeg")


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("name", CLEANED)
def test_what_shows_something_is_cleaned_and_kept(town: Cast, client: Client, name: str) -> None:
    assert send(client, text="Un trou", photos=[upload(CLEANED[name]())]).status_code == 302
    kept = Photo.objects.get()
    for path in (Path(kept.file.path), Path(kept.thumbnail.path)):
        data = path.read_bytes()
        for hidden in (b"script", b"Secret", b"Exif", b"PK\x03\x04"):
            assert hidden not in data
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            assert (image.format, image.mode) == ("JPEG", "RGB")


@pytest.mark.parametrize("name", REFUSED)
def test_what_shows_nothing_is_named_with_what_to_do_and_the_rest_stays(
    town: Cast, client: Client, name: str
) -> None:
    make, said = REFUSED[name]
    page = send(client, text="Un trou profond", photos=[picture("bonne.jpg"), upload(make())])
    words = text_of(page)
    assert page.status_code == 200
    assert "« IMG_0001.jpg »" in words
    assert " ".join(said.replace("\u00a0", " ").split()) in words
    assert "Un trou profond" in words
    assert "Photos gardées" in words  # the good one, which need not be chosen again
    assert not Report.objects.exists()


def test_an_empty_file_is_said_to_be_empty(town: Cast, client: Client) -> None:
    page = send(client, text="Un trou", photos=[upload(b"")])
    assert page.status_code == 200
    assert "vide" in text_of(page)
    assert not Report.objects.exists()


def test_a_file_that_is_too_heavy_is_said_to_be(town: Cast, client: Client) -> None:
    heavy = bytes_of(scene()) + bytes(photos.MAX_BYTES)
    page = send(client, text="Un trou", photos=[upload(heavy)])
    assert "15 Mo" in text_of(page)
    assert not Report.objects.exists()


def test_a_comment_that_unfolds_fills_no_memory(town: Cast, client: Client) -> None:
    page = send(client, text="Un trou", photos=[upload(words_that_unfold())])
    assert page.status_code in (200, 302)
    assert page.status_code == 302 or "IMG_0001.jpg" in text_of(page)


def test_blue_is_still_blue(town: Cast, client: Client) -> None:
    send(client, text="Un trou", photos=[upload(CLEANED["inks instead of colours"]())])
    with Image.open(Photo.objects.get().file.path) as image:
        colour = image.getpixel((350, 100))
    assert isinstance(colour, tuple)
    assert all(abs(a - b) < 40 for a, b in zip(colour, BLUE, strict=True))
