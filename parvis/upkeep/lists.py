"""Loads this room's lists; `parvis load_lists` calls it. Running it again changes nothing."""

from __future__ import annotations

from django.db import transaction

from parvis.upkeep import themes
from parvis.upkeep.models import Theme


@transaction.atomic
def load() -> str:
    """Put the current list of themes in the database; earlier versions stay as they are."""
    rows = [
        Theme(
            code=theme.code,
            version=themes.version(),
            label=theme.label,
            domain=theme.domain,
            position=position,
        )
        for position, theme in enumerate(themes.themes().values(), start=1)
    ]
    Theme.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code", "version"],
        update_fields=["label", "domain", "position"],
    )
    return f"{len(rows)} thèmes, liste n° {themes.version()}"
