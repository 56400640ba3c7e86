"""What a browser keeps of the page on foot, so that a walk is held without a network.

One page (`/diagnostics/hors-ligne/`) and the files it needs, under a name made from their content:
any change makes the browser fetch them all again. What it holds of a walk is in its own database,
on that telephone alone; see `docs/offline.md`.
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
    "reports/photos.js",
    "walks/foot.js",
    "walks/foot-draft.js",
    "walks/foot-form.js",
    "walks/foot-kept.js",
    "walks/foot-outbox.js",
    "walks/foot-parts.js",
    "walks/foot-plan.js",
    "walks/foot-presence.js",
    "walks/foot-sending.js",
    "walks/foot-stops.js",
    "walks/foot-waiting.js",
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
    for name in (*FILES, "walks/foot-worker.js"):
        path = finders.find(name)
        assert path, name  # noqa: S101 - a test opens this page
        with open(path, "rb") as file:
            whole.update(file.read())
    return whole.hexdigest()
