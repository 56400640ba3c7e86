"""Days as paper says them: with their year, since paper is read years later."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format

from parvis.ui.words import local_day


def full_day(value: date | datetime) -> str:
    """« 1er mars 2026 »."""
    day = local_day(value)
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first} {date_format(day, 'F Y')}"
