"""By when a part is due: by the organisation's own published delay, else the category's; pauses."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.core.cache import cache

from parvis.places.workdays import add_working_days, is_working_day
from parvis.reports.counting import local_day
from parvis.reports.models import Category, Commitment, Part, Pause

KEPT = 60  # seconds: another process may count by an older commitment for so long


class Delay(NamedTuple):
    """How many working days, and the commitment that says so (None: the category's delay)."""

    days: int
    commitment_id: int | None = None


class _Promise(NamedTuple):
    pk: int
    category_id: int | None
    days: int
    starts_on: date
    ends_on: date | None


def delay_of(organisation_id: int | None, category: Category, on: date) -> Delay:
    """The delay of an organisation for a category on that day. From memory: no query once the
    organisation was looked up.

    Its commitment for the category comes before the one for the family, then the one for all.
    """
    wanted = (category.pk, category.parent_id, None)
    found = [
        one
        for one in _promises_of(organisation_id)
        if one.category_id in wanted
        and one.starts_on <= on
        and (one.ends_on is None or one.ends_on >= on)
    ]

    def precision(one: _Promise) -> tuple[bool, bool, date, int]:
        exact, some = one.category_id == category.pk, one.category_id is not None
        return exact, some, one.starts_on, one.pk

    best = max(found, key=precision, default=None)
    return Delay(best.days, best.pk) if best else Delay(category.delay_days)


def _promises_of(organisation_id: int | None) -> list[_Promise]:
    if organisation_id is None:
        return []
    found: list[_Promise] | None = cache.get(_key(organisation_id))
    if found is None:
        rows = Commitment.objects.filter(organisation_id=organisation_id).order_by("pk")
        found = [_Promise(*row) for row in rows.values_list(*_Promise._fields)]
        cache.set(_key(organisation_id), found, KEPT)
    return found


def forget(organisation_id: int) -> None:
    """The commitments of an organisation have changed: look them up again."""
    cache.delete(_key(organisation_id))


def _key(organisation_id: int) -> str:
    return f"reports:delays:{organisation_id}"


def expect(part: Part, category: Category, at: datetime) -> None:
    """Count a part's day from that moment, by its organisation's delay; the caller saves
    `due_on` and `commitment`."""
    day = local_day(at)
    delay = delay_of(part.organisation_id, category, day)
    part.due_on = add_working_days(day, delay.days)
    part.commitment_id = delay.commitment_id


def counted_from(part: Part) -> date:
    """The day from which a part's delay is counted."""
    return part.restarted_on or local_day(part.created_at)


def after_pause(due_on: date, pause: Pause, since: date) -> date:
    """The day due once the working days of a pause are left out. Days up to `since` were not
    counted, and those of a pause that starts after the due day come too late to matter."""
    if pause.starts_on > due_on:
        return due_on
    first = max(pause.starts_on, since + timedelta(days=1))
    length = (pause.ends_on - first).days + 1
    paused = sum(is_working_day(first + timedelta(days=n)) for n in range(length))
    return add_working_days(due_on, paused) if paused else due_on


def running_pause(part: Part, day: date) -> Pause | None:
    """The pause of a part that is not over on that day, begun or to come: one at a time."""
    return part.pauses.filter(ends_on__gte=day).first()


def stop_pause(part: Part, day: date) -> dict[str, Any] | None:
    """Days count again from that day on: cut the pause and bring `part.due_on` back (the caller
    saves it). Gives what `restore_pause` needs; None when there was no pause."""
    pause = running_pause(part, day)
    if pause is None:
        return None
    kept = {
        "starts_on": pause.starts_on.isoformat(),
        "ends_on": pause.ends_on.isoformat(),
        "due_before": pause.due_before.isoformat(),
        "reason": pause.reason,
        "by": pause.by_id,
    }
    if pause.starts_on >= day:
        pause.delete()
        part.due_on = pause.due_before
    else:
        pause.ends_on = day - timedelta(days=1)
        pause.save(update_fields=["ends_on"])
        part.due_on = after_pause(pause.due_before, pause, counted_from(part))
    return kept


def restore_pause(part: Part, kept: dict[str, Any]) -> None:
    """Put back a pause that `stop_pause` cut, for an undo."""
    part.pauses.update_or_create(
        starts_on=date.fromisoformat(kept["starts_on"]),
        defaults={
            "ends_on": date.fromisoformat(kept["ends_on"]),
            "due_before": date.fromisoformat(kept["due_before"]),
            "reason": kept["reason"],
            "by_id": kept["by"],
        },
    )


def expect_anew(part: Part, category: Category) -> None:
    """Count a part's day again from where its delay began, now that its category is another; its
    pauses are left out as before. The caller saves `due_on` and `commitment`."""
    since = counted_from(part)
    delay = delay_of(part.organisation_id, category, since)
    day = add_working_days(since, delay.days)
    for pause in part.pauses.filter(ends_on__gt=since).order_by("starts_on", "pk"):
        pause.due_before = day
        pause.save(update_fields=["due_before"])
        day = after_pause(day, pause, since)
    part.due_on, part.commitment_id = day, delay.commitment_id
