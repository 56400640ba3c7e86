"""Packages of sheets: honest ones, and those that somebody tampered with."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from parvis.toolbox.swap_export import export
from parvis.toolbox.swap_keys import public_key, sign

ELSEWHERE = "the-secret-key-of-another-installation-far-away-from-here"


@contextmanager
def elsewhere() -> Iterator[None]:
    """In another installation, with its own key and its own address."""
    with override_settings(
        SECRET_KEY=ELSEWHERE,
        SITE_URL="https://ailleurs.exemple.test",
        BRAND={"name": "Parvis d’ailleurs"},
    ):
        yield


def package_of(sheet: Any) -> bytes:
    """The package that another installation gives of a sheet."""
    with elsewhere():
        return export(sheet)


def members_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(members: dict[str, bytes] | list[tuple[Any, bytes]]) -> bytes:
    """A package of these members, by their names or with all that an archive says of them."""
    out = io.BytesIO()
    pairs = members.items() if isinstance(members, dict) else members
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in pairs:
            package.writestr(name, content)
    return out.getvalue()


def signed(members: dict[str, bytes]) -> dict[str, bytes]:
    """The members, signed again by the other installation as they are now: it is the sender that is
    hostile."""
    with elsewhere():
        text = members["sheet.json"]
        seal = {"algorithm": "ed25519", "key": public_key(), "signature": sign(text)}
    return {**members, "signature.json": json.dumps(seal).encode()}


def rewritten(package: bytes, change: Callable[[Any], None]) -> bytes:
    """The package with another text, signed by the other installation all the same."""
    members = members_of(package)
    said = json.loads(members["sheet.json"])
    change(said)
    members["sheet.json"] = json.dumps(said).encode()
    return packed(signed(members))


def send(client: Client, package: bytes) -> Any:
    upload = SimpleUploadedFile("un nom.zip", package, "application/zip")
    return client.post(reverse("toolbox:swap"), {"package": upload})
