"""What the scripts of our pages say, for the pages that are not in French.

Scripts say their words through `said("…")` of `ui/said.js`, in French. A page in another language
carries their translations, read here from the scripts themselves and from the catalogue.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils.translation import get_language, gettext

SAID = re.compile(r'\bsaid\(\s*"((?:[^"\\]|\\.)+)"')


@cache
def script_words() -> tuple[str, ...]:
    """Every message of the scripts, in French; files change with an update, a new process."""
    found: set[str] = set()
    for room in apps.get_app_configs():
        if room.name in settings.ROOMS:
            for path in sorted((Path(room.path) / "static").rglob("*.js")):
                found.update(SAID.findall(path.read_text(encoding="utf-8")))
    return tuple(sorted(found))


def spoken() -> dict[str, str]:
    """Each message of the scripts and how it is said in the language of the page."""
    language = get_language() or settings.LANGUAGE_CODE
    return {} if language == settings.LANGUAGE_CODE else _spoken(language)


@cache
def _spoken(language: str) -> dict[str, str]:
    return {words: gettext(words) for words in script_words()}
