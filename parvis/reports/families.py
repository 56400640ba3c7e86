"""Categories as people choose them: by family."""

from __future__ import annotations

from collections.abc import Sequence

from parvis.reports.models import Category


def families_of(rows: Sequence[Category], *, inside: bool) -> list[tuple[Category, list[Category]]]:
    """Each family with what may be chosen in it (the family itself if it has no leaf); nothing when
    all of it needs a residence and none was chosen (`inside`)."""
    offered = [row for row in rows if inside or not row.inside_only]
    with_leaves = {row.parent_id for row in rows}
    found = []
    for family in (row for row in rows if row.parent_id is None):
        leaves = [row for row in offered if row.parent_id == family.pk]
        if family.pk not in with_leaves and family in offered:
            leaves = [family]
        found.append((family, leaves))
    return found
