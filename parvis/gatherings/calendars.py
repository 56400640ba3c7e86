"""A gathering as a date for calendars."""

from __future__ import annotations

from parvis.documents.calendars import Entry
from parvis.gatherings.events import page_url
from parvis.gatherings.models import Gathering


def entry_of(gathering: Gathering, url: str = "") -> Entry:
    """The date of a gathering; `url` when another page than its own shows it."""
    return Entry(
        uid=f"gathering-{gathering.pk}",
        title=gathering.title,
        starts=gathering.starts_at,
        ends=gathering.ends_at,
        place=gathering.place_label or gathering.online_url,
        text=gathering.summary,
        url=url or page_url(gathering.pk),
        changed_at=gathering.changed_at,
        cancelled=gathering.cancelled_at is not None,
    )
