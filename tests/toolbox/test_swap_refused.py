"""Packages that are not taken: nothing is written, and the coordination is told why."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from parvis.toolbox import swap_format as form
from parvis.toolbox.models import Package, Paper, Picture, Sheet
from parvis.toolbox.swap_format import PackageRefused
from parvis.toolbox.swap_package import open_package
from tests.cast import Cast
from tests.toolbox.booklet_scene import DOCX, full_sheet, office_file
from tests.toolbox.swap_scene import members_of, package_of, packed, rewritten, send, signed

pytestmark = pytest.mark.django_db


MADE: list[bytes] = []


@pytest.fixture
def package(request: pytest.FixtureRequest) -> bytes:
    """The package of a full sheet, made once: only its bytes are changed."""
    if not MADE:
        MADE.append(package_of(full_sheet(request.getfixturevalue("cast"))))
    return MADE[0]


def named(name: str, *, mode: int = 0o600 | stat.S_IFREG) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def a_name(members: dict[str, bytes], ending: str) -> str:
    return next(name for name in members if name.endswith(ending))


def with_more(name: str, mode: int = 0o600 | stat.S_IFREG) -> Callable[[bytes], bytes]:
    def change(package: bytes) -> bytes:
        pairs: list[tuple[Any, bytes]] = list(members_of(package).items())
        return packed([*pairs, (named(name, mode=mode), b"#!/bin/sh")])

    return change


def with_a_zero_byte(package: bytes) -> bytes:
    """A name that libraries read only up to its zero byte."""
    return with_more("files/x.txt_.odt")(package).replace(b"x.txt_.odt", b"x.txt\0.odt")


def text_changed(package: bytes) -> bytes:
    members = members_of(package)
    members["sheet.json"] = members["sheet.json"].replace(b"Regarder", b"Regarde ")
    return packed(members)


def file_changed(package: bytes) -> bytes:
    members = members_of(package)
    members[a_name(members, ".odt")] = b"PK\x03\x04 un autre texte"
    return packed(members)


def file_missing(package: bytes) -> bytes:
    members = members_of(package)
    del members[a_name(members, ".odt")]
    return packed(members)


def not_signed(package: bytes) -> bytes:
    return packed({**members_of(package), "signature.json": b"{}"})


def twice_the_same(package: bytes) -> bytes:
    pairs: list[tuple[Any, bytes]] = list(members_of(package).items())
    with pytest.warns(UserWarning, match="Duplicate name"):
        return packed([*pairs, ("sheet.json", b"{}")])


def a_bomb(package: bytes) -> bytes:
    members = members_of(package)
    return packed({**members, "files/bombe.txt": b"0" * (20 * form.MB)})


def too_many(package: bytes) -> bytes:
    more = {f"files/f{number}.txt": b"x" for number in range(form.MOST_FILES + 1)}
    return packed({**members_of(package), **more})


def a_liar(package: bytes) -> bytes:
    """An archive whose directory declares a member smaller than it is."""
    raw = bytearray(packed({**members_of(package), "files/menteur.txt": b"0" * 500_000}))
    place = raw.rfind(b"PK\x01\x02")
    raw[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(raw)


def cut(package: bytes) -> bytes:
    return package[: len(package) // 2]


def deep(package: bytes) -> bytes:
    members = members_of(package)
    members["sheet.json"] = b"[" * 5_000 + b"]" * 5_000
    return packed(signed(members))


def said(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    return lambda package: rewritten(package, change)


def in_sheet(key: str, value: Any) -> Callable[[bytes], bytes]:
    return said(lambda text: text["sheet"].__setitem__(key, value))


def in_text(key: str, value: Any) -> Callable[[bytes], bytes]:
    return said(lambda text: text.__setitem__(key, value))


Wrong = tuple[tuple[Callable[[bytes], bytes], str], ...]
ARCHIVES: Wrong = (
    (text_changed, "modifié après sa signature"),
    (file_changed, "modifié après sa signature"),
    (file_missing, "modifié après sa signature"),
    (with_more("files/ajout.txt"), "modifié après sa signature"),
    (not_signed, "pas signé"),
    (twice_the_same, "deux fichiers du même nom"),
    (with_more("../../etc/cron.d/x"), "dont le nom"),
    (with_more("/etc/passwd"), "dont le nom"),
    (with_more("files/../sheet.json"), "dont le nom"),
    (with_more("files\\x.txt"), "dont le nom"),
    (with_a_zero_byte, "dont le nom"),
    (with_more("files/"), "dont le nom"),
    (with_more("files/lien.txt", 0o777 | stat.S_IFLNK), "autre chose que des fichiers"),
    (a_bomb, "beaucoup trop de données"),
    (too_many, "plus de 60 fichiers"),
    (a_liar, ""),
    (cut, "abîmé"),
    (deep, "pas un paquet"),
    (lambda package: b"bonjour", "pas un paquet"),
    (lambda package: packed({"sheet.json": b"{}"}), "pas un paquet"),
)
TEXTS: Wrong = (
    (in_text("version", 2), "version du format"),
    (in_text("format", "autre"), "pas un paquet"),
    (in_text("files", [{"name": "files/../../x.odt"}]), "mal fait"),
    (in_sheet("kind", "page"), "mal fait"),
    (in_sheet("title", ""), "mal fait"),
    (in_sheet("title", ["x"]), "mal fait"),
    (in_sheet("licence", "tous-droits-réservés"), "licence"),
    (in_sheet("cost_from", "-3"), "mal fait"),
    (in_sheet("cost_from", float("nan")), "pas un paquet"),
    (in_sheet("expires_on", "demain"), "mal fait"),
    (in_sheet("body", [{"type": "html", "value": "<script>"}]), "mal fait"),
    (in_sheet("body", [{"type": "picture", "value": {"file": "files/rien.jpg"}}]), "mal fait"),
    (in_text("origin", {"name": "X", "url": "javascript:alert(1)"}), "mal fait"),
)


def assert_refused(package: bytes, wrong: Wrong) -> None:
    for place, (change, why) in enumerate(wrong):
        with pytest.raises(PackageRefused) as refused:
            open_package(change(package))
        assert why in refused.value.messages[0], (place, why)


def test_a_package_whose_archive_was_tampered_with_is_refused(package: bytes) -> None:
    assert_refused(package, ARCHIVES)


def test_a_package_whose_text_is_ill_made_is_refused_whoever_signed_it(package: bytes) -> None:
    assert_refused(package, TEXTS)


def with_file(name: str, kind: str, content: bytes) -> Callable[[bytes], bytes]:
    """A file more, named and summed as it should be: the sender means harm, not the way."""
    import hashlib

    def change(package: bytes) -> bytes:
        members = {**members_of(package), name: content}
        text = json.loads(members["sheet.json"])
        digest = hashlib.sha256(content).hexdigest()
        text["files"].append(
            {"name": name, "kind": kind, "title": "X", "sha256": digest, "bytes": len(content)}
        )
        members["sheet.json"] = json.dumps(text).encode()
        return packed(signed(members))

    return change


def huge_picture() -> bytes:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    return out.getvalue()


HOSTILE: Wrong = (
    (with_file("files/page.html", "paper", b"<script>alert(1)</script>"), "genre de document"),
    (with_file("files/dessin.svg", "paper", b"<svg onload='x'/>"), "genre de document"),
    (with_file("files/macro.docm", "paper", b"PK\x03\x04"), "genre de document"),
    (with_file("files/faux.pdf", "paper", b"<html>"), "pas ce que dit son nom"),
    (with_file("files/faux.csv", "paper", b"\x7fELF\0\xff"), "pas ce que dit son nom"),
    (with_file("files/page.txt", "paper", b"<script>alert(1)</script>"), "pas ce que dit son nom"),
    (
        with_file("files/m.docx", "paper", office_file(**DOCX, **{"word/vbaProject.bin": b"x"})),
        "des macros",
    ),
    (
        with_file(
            "files/m.odt",
            "paper",
            office_file(
                mimetype=b"application/vnd.oasis.opendocument.text",
                **{"Basic/Standard/Module1.xml": b"x"},
            ),
        ),
        "des macros",
    ),
    (with_file("files/dessin.jpg", "picture", b"<svg onload='x'/>"), "dessin SVG"),
    (with_file("files/immense.png", "picture", huge_picture()), "image de ce paquet"),
    (text_changed, "modifié après sa signature"),
)


def test_nothing_is_written_of_what_is_refused(cast: Cast, package: bytes) -> None:
    client = Client()
    client.force_login(cast.bruno)
    counts = [kind.objects.count() for kind in (Sheet, Paper, Picture)]
    media = Path(settings.MEDIA_ROOT)
    before = {path for path in media.rglob("*") if path.is_file()}
    for change, why in HOSTILE:
        assert why in send(client, change(package)).content.decode(), why
    assert [kind.objects.count() for kind in (Sheet, Paper, Picture)] == counts
    assert not Package.objects.exists()
    assert {path for path in media.rglob("*") if path.is_file()} == before
