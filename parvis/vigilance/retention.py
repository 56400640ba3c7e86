"""Erasing the content of orientations on time, as the register promises."""

from __future__ import annotations

from datetime import datetime

from parvis.notices.keeping import Due, Retention, due_among, due_together
from parvis.vigilance.orientation_erasing import due_at, erase_old, served_entries


def _due(now: datetime) -> Due:
    return due_together(
        [due_among(due_at(now), "written_at"), due_among(served_entries(now), "at")]
    )


def _erase(now: datetime) -> int:
    return erase_old(now).total


RETENTIONS = (Retention("orientations", "orientations et leur journal", _due, _erase),)
