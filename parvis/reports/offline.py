"""What a browser keeps of the filing pages, so that a report is written without a network.

One page (`/signaler/hors-ligne/`) and the files it needs, under a name made from their content: any
change makes the browser fetch them all again. Nothing else is ever kept; see `docs/offline.md`.
"""

from __future__ import annotations

import hashlib
from functools import cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from parvis.ui.branding import brand

FILES = (
    "ui/ui.css",
    "ui/favicon.svg",
    "ui/shell.js",
    "reports/unconnected.js",
    "reports/kept.js",
    "reports/leaving.js",
    "reports/outbox.js",
    "reports/store.js",
    "reports/photos.js",
    "reports/proof.js",
    "reports/proof-worker.js",
    "reports/unfinished.js",
    "reports/offline.js",
)


def addresses() -> list[str]:
    """Where the files of the page are, by their hashed name and by the one that modules import."""
    plain = [settings.STATIC_URL + name for name in FILES]
    return sorted({*plain, *(static(name) for name in FILES), *_brand_files()})


def _brand_files() -> list[str]:
    site = brand()
    found = ["/marque.css"] if site["recoloured"] else []
    return [*found, static(site["logo"])] if site["logo"] else found


def version(page: str) -> str:
    """A short name of this page and of every file it needs, as they are now."""
    return hashlib.sha256(f"{page}{_files_digest()}{addresses()}".encode()).hexdigest()[:16]


@cache
def _files_digest() -> str:
    """Read once per process: files change with an update, and that is a new process."""
    whole = hashlib.sha256()
    for name in (*FILES, "reports/service-worker.js"):
        path = finders.find(name)
        assert path, name  # noqa: S101 - a test opens this page
        with open(path, "rb") as file:
            whole.update(file.read())
    return whole.hexdigest()
