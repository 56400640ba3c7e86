"""A page that a browser keeps, with the files it needs, to open it without a network.

The page is the same for everybody. It stands under a name made from its content and that of its
files, so that any change makes the browser fetch them all again; see `docs/offline.md`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.templatetags.static import static

from parvis.ui.branding import brand


@dataclass(frozen=True)
class KeptPage:
    """The files that a page needs, and the worker that serves them, by their static names."""

    files: tuple[str, ...]
    worker: str

    def addresses(self) -> list[str]:
        """Where the files are, by their hashed name and by the one that modules import."""
        plain = [settings.STATIC_URL + name for name in self.files]
        return sorted({*plain, *(static(name) for name in self.files), *_brand_files()})

    def version(self, page: str) -> str:
        """A short name of this page and of every file it needs, as they are now."""
        whole = f"{page}{_digest((*self.files, self.worker))}{self.addresses()}"
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    def script(self, page: str, address: str) -> HttpResponse:
        """The script that the browser runs beside the page (its html and where it is): what to
        keep, under which version, then the worker itself."""
        told = {"version": self.version(page), "page": address, "files": self.addresses()}
        return HttpResponse(
            f"self.parvis = {json.dumps(told)};\n"
            f"importScripts({json.dumps(static(self.worker))});\n",
            content_type="text/javascript; charset=utf-8",
            headers={"Cache-Control": "public, no-cache"},
        )


def _brand_files() -> list[str]:
    site = brand()
    found = ["/marque.css"] if site["recoloured"] else []
    return [*found, static(site["logo"])] if site["logo"] else found


@cache
def _digest(names: tuple[str, ...]) -> str:
    """Read once per process: files change with an update, and that is a new process."""
    whole = hashlib.sha256()
    for name in names:
        path = finders.find(name)
        assert path, name  # noqa: S101 - a test opens this page
        with open(path, "rb") as file:
            whole.update(file.read())
    return whole.hexdigest()
