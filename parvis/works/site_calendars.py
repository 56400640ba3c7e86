"""Worksites and announcements as dates for calendars: whole days."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.documents.calendars import Entry
from parvis.works import site_events as events
from parvis.works.models import WorksAnnouncement, Worksite, WorksitePhase


def entry_of(announcement: WorksAnnouncement) -> Entry:
    """The days of an announcement; called off when it is withdrawn or replaced by a correction."""
    later = getattr(announcement, "replaced_by", None)
    off = announcement.withdrawn_at is not None
    off = off or (later is not None and later.published_at is not None)
    words = [announcement.hours, announcement.what, announcement.changes, announcement.contact]
    return Entry(
        uid=f"announcement-{announcement.pk}",
        title=announcement.title,
        starts=announcement.starts_on,
        ends=announcement.ends_on,
        text="\n\n".join(filter(None, words)),
        url=events.announcement_url(announcement.pk),
        changed_at=announcement.changed_at,
        cancelled=off,
    )


def entries_of(
    worksite: Worksite, phases: Iterable[WorksitePhase], told: Iterable[WorksAnnouncement]
) -> list[Entry]:
    """A worksite as a feed: the days on which it and its phases begin, and its announcements.

    A whole phase would fill the calendar for months: its first day stands for it.
    """
    found = []
    for uid, title, one in [
        (f"worksite-{worksite.pk}", f"Début : {worksite.title}", worksite),
        *((f"site-phase-{one.pk}", f"Début de phase : {one.title}", one) for one in phases),
    ]:
        if one.first_day is not None:
            found.append(
                Entry(
                    uid=uid,
                    title=title,
                    starts=one.first_day,
                    ends=one.first_day,
                    place=worksite.place_label,
                    text=events.days_in_words(one.first_day, one.last_day),
                    url=events.worksite_url(worksite.pk),
                    changed_at=worksite.changed_at,
                )
            )
    return found + [entry_of(one) for one in told]
