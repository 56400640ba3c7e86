"""Looking into files that people hand over, before they are kept: what acts by itself is refused.

What this does not catch: a fault of the program with which a reader opens the file (a font or a
picture made to break it), what a text persuades its reader to do, and a link to elsewhere.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

ACTIVE_PDF = (
    "Ce PDF contient un programme ou ouvre autre chose. Imprimez-le dans un nouveau PDF, puis "
    "envoyez celui-ci."
)
LOCKED_PDF = "Ce PDF est protégé : enregistrez-le sans mot de passe, puis envoyez-le."
DAMAGED = "Ce fichier est abîmé, ou n’est pas ce que dit son nom."
MACROS = (
    "Ce document contient des macros (des programmes). Enregistrez-le sans elles, puis envoyez-le."
)
SWELLS = (
    "Ce fichier prend une place démesurée une fois ouvert. Enregistrez-le de nouveau, ou "
    "envoyez-en un PDF."
)
HOLDS_PROGRAMS = (
    "Ce document contient d’autres fichiers qui sont des programmes. Retirez-les d’abord."
)

MOST_ENTRIES = 5_000
MOST_UNFOLDED = 300 * 1024 * 1024  # bytes, of the whole archive
MOST_AT_ONCE = 20 * 1024 * 1024  # bytes of an entry from which its ratio matters
HIGHEST_RATIO = 200
MOST_OBJECTS = 64 * 1024 * 1024  # bytes of the objects that a PDF keeps folded

OPEN_DOCUMENTS = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
OFFICE_FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
PROGRAMS = {
    "exe", "dll", "scr", "com", "bat", "cmd", "ps1", "js", "jse", "vbs", "vbe", "wsf", "hta", "lnk",
    "jar", "msi", "zip", "rar", "7z", "docm", "xlsm", "pptm", "dotm", "xlam", "html", "htm", "svg",
}  # fmt: skip

_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)(.*?)endstream", re.DOTALL)
_BEGINS = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
# Names by which a PDF runs a script, starts a program, sends what is typed or plays a film. The
# long ones are in no picture by chance.
_LONG = rb"JavaScript|Launch|RichMedia|SubmitForm|ImportData"
_ACTS_ANYWHERE = re.compile(rb"/(?:%s)(?![A-Za-z0-9_.-])" % _LONG)
_ACTS = re.compile(rb"/(?:%s|JS|XFA)(?![A-Za-z0-9_.-])" % _LONG)
_AT_A_TIME = 65_536  # bytes that are unfolded at once
_HEAD_OF_A_STREAM = 4_000  # bytes before a stream in which its description stands


def pdf_fault(data: bytes) -> str:
    """Why a PDF is not taken, in words for people; nothing when it only shows something.

    Names are looked for everywhere, the short ones outside the streams alone, and in streams that
    hold objects, wherever the word « stream » stands: in a comment it hides nothing. A PDF whose
    objects cannot be read (a password, another way to fold) is refused.
    """
    unfolded = 0
    for begin in _BEGINS.finditer(data):
        head = _names(data[max(0, begin.start() - _HEAD_OF_A_STREAM) : begin.start()])
        if b"/ObjStm" not in head[head.rfind(b" obj") + 1 :]:
            continue
        if b"/Encrypt" in data:
            return LOCKED_PDF
        content = _unfold(data, begin.end(), MOST_OBJECTS - unfolded)
        if content is None:
            return DAMAGED
        unfolded += len(content)
        if _ACTS.search(_names(content)):
            return ACTIVE_PDF
    acts = _ACTS_ANYWHERE.search(_names(data)) or _ACTS.search(_names(_STREAM.sub(b" ", data)))
    return ACTIVE_PDF if acts else ""


def _names(data: bytes) -> bytes:
    """The same with the signs of names that were written by their number (« /#4aS » is /JS)."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def _unfold(data: bytes, start: int, most: int) -> bytes | None:
    """What is folded from there on, to its own end: « endstream » may stand inside. None when it
    is no such thing, or more than `most` bytes."""
    opener, found = zlib.decompressobj(), bytearray()
    for place in range(start, len(data), _AT_A_TIME):
        try:
            left = max(1, most - len(found))
            found += opener.decompress(data[place : place + _AT_A_TIME], left)
        except zlib.error:
            return None
        if opener.unconsumed_tail:
            return None
        if opener.eof:
            return bytes(found)
    return None


def archive_fault(ending: str, file: IO[bytes]) -> str:
    """Why a file of an office suite is not taken, in words for people; nothing when it is what its
    name says, holds no program and unfolds to no more than such files do."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if fault := _size_fault(entries):
                return fault
            names = [one.filename for one in entries]
            if not _is_what_it_says(ending, archive, names):
                return DAMAGED
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, ValueError,
            EOFError, zlib.error):  # fmt: skip
        return DAMAGED
    if any("vbaproject" in one.lower() for one in names):
        return MACROS
    if any(one.lower().startswith(("basic/", "scripts/")) for one in names):
        return MACROS
    if any(PurePosixPath(one.lower()).suffix.lstrip(".") in PROGRAMS for one in names):
        return HOLDS_PROGRAMS
    return ""


def _size_fault(entries: list[zipfile.ZipInfo]) -> str:
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNFOLDED:
        return SWELLS
    for one in entries:
        name = one.filename
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name:
            return DAMAGED
        if one.file_size > MOST_AT_ONCE and one.file_size > HIGHEST_RATIO * one.compress_size:
            return SWELLS
    return ""


def _is_what_it_says(ending: str, archive: zipfile.ZipFile, names: list[str]) -> bool:
    if ending in OPEN_DOCUMENTS:
        with archive.open("mimetype") as told:
            return told.read(100).strip() == OPEN_DOCUMENTS[ending]
    folder = OFFICE_FOLDERS[ending]
    return "[Content_Types].xml" in names and any(one.startswith(folder) for one in names)


def fault_of(ending: str, data: bytes) -> str:
    """Why a PDF or a file of an office suite is not taken; nothing when it is."""
    if ending == "pdf":
        return pdf_fault(data)
    return archive_fault(ending, io.BytesIO(data))
