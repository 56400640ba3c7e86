"""Opening a package that somebody sent: each check is made in memory, before anything is kept."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from parvis.toolbox import swap_format as form
from parvis.toolbox.swap_format import PackageRefused
from parvis.toolbox.swap_keys import is_signed
from parvis.toolbox.swap_reading import FileSaid, SheetSaid, read_sheet

NOT_A_PACKAGE = "Ce fichier n’est pas un paquet de fiche."
DAMAGED = "Ce paquet est abîmé : demandez-le de nouveau."
CHANGED = (
    "Ce paquet a été modifié après sa signature : il n’est pas pris. Demandez-le de nouveau à son "
    "auteur, par un chemin sûr."
)


@dataclass(frozen=True)
class Opened:
    """A package that holds together: its text is as it was signed, its files as the text says."""

    said: SheetSaid
    files: dict[str, bytes]  # by the names that the text uses
    key: str  # of whoever signed it
    sha256: str


def open_package(content: bytes) -> Opened:
    """What a package holds; PackageRefused, with words for people, when anything is wrong."""
    if len(content) > form.LARGEST_PACKAGE:
        raise PackageRefused("Ce paquet pèse plus de 30 Mo.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = _members(package)
            text = _unfold(package, members[form.SHEET], form.LARGEST_TEXT)
            seal = _json(_unfold(package, members[form.SIGNATURE], 4096))
            key = _signer(text, seal)
            said = read_sheet(_json(text))
            files = _files(package, members, said)
    except PackageRefused:
        raise
    except KeyError:
        raise PackageRefused(NOT_A_PACKAGE) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
            ValueError, OverflowError):  # fmt: skip
        raise PackageRefused(DAMAGED if content[:2] == b"PK" else NOT_A_PACKAGE) from None
    return Opened(said, files, key, hashlib.sha256(content).hexdigest())


def _members(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The members by name: few, plain, of known names, each once, none that unfolds too far."""
    infos = package.infolist()
    if len(infos) > form.MOST_FILES + 2:
        raise PackageRefused(f"Ce paquet contient plus de {form.MOST_FILES} fichiers.")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        # What the archive wrote, not what the library makes of it (it cuts a name at a zero byte).
        name = info.orig_filename
        if name != info.filename or not _may_be_called(name):
            raise PackageRefused("Ce paquet contient un fichier dont le nom n’est pas admis.")
        if name in found:
            raise PackageRefused("Ce paquet contient deux fichiers du même nom.")
        mode = info.external_attr >> 16
        if mode and not (stat.S_ISREG(mode) or stat.S_IFMT(mode) == 0):
            raise PackageRefused("Ce paquet contient autre chose que des fichiers.")
        if info.flag_bits & 0x1:
            raise PackageRefused("Ce paquet contient un fichier chiffré.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise PackageRefused(DAMAGED)
        if info.file_size > form.STEEPEST * max(info.compress_size, 100):
            raise PackageRefused("Ce paquet se déplie en beaucoup trop de données.")
        found[name] = info
    if sum(info.file_size for info in infos) > form.LARGEST_WHOLE:
        raise PackageRefused("Ce paquet pèse plus de 60 Mo une fois ouvert.")
    return found


def _may_be_called(name: str) -> bool:
    return name in (form.SHEET, form.SIGNATURE) or form.FILE.fullmatch(name) is not None


def _unfold(package: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of a member, never more than that, whatever it declares."""
    with package.open(info) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise PackageRefused("Un fichier de ce paquet est trop lourd.")
    return content


def _json(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise PackageRefused(NOT_A_PACKAGE) from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _signer(text: bytes, seal: Any) -> str:
    """The key that signed this text."""
    if not isinstance(seal, dict) or seal.get("algorithm") != "ed25519":
        raise PackageRefused("Ce paquet n’est pas signé.")
    key, signature = seal.get("key"), seal.get("signature")
    if not (isinstance(key, str) and isinstance(signature, str) and len(key) <= 64):
        raise PackageRefused("Ce paquet n’est pas signé.")
    if not is_signed(text, signature, key):
        raise PackageRefused(CHANGED)
    return key


def _files(
    package: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], said: SheetSaid
) -> dict[str, bytes]:
    """The files that the text names, each as it was when the text was signed."""
    named = {file.name: file for file in said.files}
    if set(members) - {form.SHEET, form.SIGNATURE} != set(named):
        raise PackageRefused(CHANGED)
    return {name: _checked(package, members[name], file) for name, file in named.items()}


def _checked(package: zipfile.ZipFile, info: zipfile.ZipInfo, file: FileSaid) -> bytes:
    content = _unfold(package, info, form.LARGEST_FILE)
    if len(content) != file.bytes or hashlib.sha256(content).hexdigest() != file.sha256:
        raise PackageRefused(CHANGED)
    return content
