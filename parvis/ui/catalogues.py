"""The catalogues of translated words, compiled when they are missing or older than their source.

`parvis/locale/<language>/LC_MESSAGES/django.po` is the source; what Django reads goes into the
data folder. Babel does it, so that no gettext tool is needed where Parvis is installed. When
nothing is to be done this costs two looks at the time of a file for each language.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

SOURCES = Path(settings.BASE_DIR) / "parvis" / "locale"


def compile_catalogues() -> list[Path]:
    """Compile what changed; the files that were written."""
    written = []
    for source in sorted(SOURCES.glob("*/LC_MESSAGES/django.po")):
        target = settings.COMPILED_LOCALE / source.relative_to(SOURCES).with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns == source.stat().st_mtime_ns:
            continue
        _compile(source, target)
        written.append(target)
    return written


def _compile(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3])
    target.parent.mkdir(parents=True, exist_ok=True)
    # Written aside, then moved: another process that starts reads a whole one.
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    told = source.stat().st_mtime_ns
    os.utime(draft, ns=(told, told))
    draft.replace(target)
