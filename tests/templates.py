"""Compile every template of the house: `python -m tests.templates`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOMS = Path(__file__).resolve().parent.parent / "parvis"


def template_names() -> list[str]:
    """The name of every template of every room, as views write it."""
    return [
        str(path.relative_to(folder))
        for folder in sorted(ROOMS.glob("*/templates"))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".typ"
    ]


def faults() -> list[str]:
    """Those that do not compile, and why."""
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    found = []
    for name in template_names():
        try:
            get_template(name)
        except (TemplateSyntaxError, TemplateDoesNotExist) as error:
            found.append(f"{name}: {error}")
    return found


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.settings"
    os.environ["PARVIS_DEMO"] = "1"
    import django

    django.setup()
    found = faults()
    print("\n".join(found) or f"{len(template_names())} templates compile.")
    sys.exit(bool(found))
