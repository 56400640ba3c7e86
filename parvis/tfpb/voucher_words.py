"""Telling a pay slip from an invoice: by its title, its file's name, or what a PDF's first pages
say when they can be read simply. Pay slips never come in: they hold the lives of people."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError

INSTEAD = (
    "Parvis ne reçoit aucun bulletin de paie : il contient la vie privée d’un salarié. Donnez "
    "plutôt un état récapitulatif signé par votre comptabilité : le poste, le nombre d’équivalents "
    "temps plein ou d’heures et le coût total, sans aucun nom."
)
_PAY = re.compile(r"\b(bulletins?|fiches?|feuilles?)( de| d)? (paies?|payes?)\b|\bsalaires?\b")
STREAMS_READ = 12  # the first pages of a PDF stand in its first streams of text
STREAMS_TRIED = 60
STREAM_AT_MOST = 400_000  # bytes, unpacked
READ_AT_MOST = 2_000_000  # bytes of the file: its first pages
LETTERS_AT_MOST = 10_000
# What a page is written with: a string, one in hexadecimal, an operator. Each byte is read once,
# whatever the file: what is opened and never closed is taken as it comes.
_TOKEN = re.compile(
    rb"\(((?:\\.|[^\\()])*+)(\))?|<([0-9A-Fa-f\s]*+)(>)?|([A-Za-z'\"*]++)", re.DOTALL
)
_SHOWS = (b"Tj", b"TJ", b"'", b'"')


def refuse_pay_slip(title: str, upload: Any) -> None:
    """ValidationError, with what to give instead, when this looks like a pay slip."""
    name = PurePosixPath(upload.name or "").stem
    if _speaks_of_pay(title) or _speaks_of_pay(name):
        raise ValidationError({"file": INSTEAD})
    start = upload.read()
    upload.seek(0)
    if start.startswith(b"%PDF-") and _speaks_of_pay(words_of_pdf(start)):
        raise ValidationError({"file": INSTEAD})


def _speaks_of_pay(text: str) -> bool:
    plain = (
        unicodedata.normalize("NFKD", text[:LETTERS_AT_MOST])
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    return bool(_PAY.search(re.sub(r"[^a-z]+", " ", plain)))


def words_of_pdf(content: bytes) -> str:
    """What the first pages of a PDF show, when their text is written plainly; else nothing."""
    found: list[str] = []
    for stream in islice(_streams(content[:READ_AT_MOST]), STREAMS_TRIED):
        if b"BT" not in stream or b"ET" not in stream:
            continue
        found.append(_shown(stream))
        if len(found) == STREAMS_READ:
            break
    return " ".join(found)


def _streams(content: bytes) -> Iterator[bytes]:
    """The streams of a PDF, unpacked, in one walk over its bytes."""
    here = content.find(b"stream")
    while here >= 0:
        end = content.find(b"endstream", here + len(b"stream"))
        if end < 0:
            return
        yield _unpacked(content[here + len(b"stream") : end].lstrip(b"\r\n"))
        here = content.find(b"stream", end + len(b"endstream"))


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream, STREAM_AT_MOST)
    except zlib.error:
        return stream[:STREAM_AT_MOST]


def _shown(stream: bytes) -> str:
    """The strings that a page shows, in their order; kerning within a word is not a space."""
    words: list[str] = []
    pieces: list[str] = []
    for token in _TOKEN.finditer(stream):
        plain, closed, hexed, hex_closed, operator = token.groups()
        if closed:
            pieces.append(_decoded(plain))
        elif hex_closed:
            pieces.append(_hexed(hexed))
        elif operator:
            if operator in _SHOWS:
                words.append("".join(pieces))
            pieces.clear()
    return " ".join(words)


def _decoded(text: bytes) -> str:
    text = re.sub(rb"\\([0-7]{1,3})", lambda one: bytes([int(one[1], 8) & 255]), text)
    return re.sub(rb"\\(.)", rb"\1", text).decode("cp1252", "replace")


def _hexed(text: bytes) -> str:
    digits = re.sub(rb"\s", b"", text)
    raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    wide = len(raw) > 1 and raw[0] == 0
    return raw.decode("utf-16-be" if wide else "cp1252", "replace")
