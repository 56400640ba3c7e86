"""Writing a worksite: its words, dates, perimeter, phases and nuisances; publishing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.places.models import Quartier, Residence
from parvis.thread.acts import record
from parvis.works import site_events as events
from parvis.works.dates import Dated
from parvis.works.models import (
    Nuisance,
    TimetableChange,
    WorksAnnouncement,
    Worksite,
    WorksitePhase,
)
from parvis.works.site_areas import keep_areas

KIND = events.WORKSITE
DATES = ("starts_on", "ends_on", "began_on", "ended_on")
BOX = ("outline", "west", "south", "east", "north")


class Overtaken(Refused):
    """Somebody has written since the page was opened."""

    def __init__(self) -> None:
        super().__init__("Quelqu’un a écrit en même temps que vous.")


def open_worksite(*, actor: Actor, now: datetime | None = None, **fields: Any) -> Worksite:
    """Write a new worksite, which its partners alone see until it is published.

    ValidationError when this actor would not be the one who writes it.
    """
    at = now or timezone.now()
    with transaction.atomic():
        worksite = Worksite(changed_at=at, **fields)
        worksite.full_clean(exclude=["outline"])
        worksite.save()
        _check_right(worksite, actor)
        record(actor, KIND, worksite.pk, "opened", public=False, at=at)
    return worksite


def rewrite_worksite(
    worksite: Worksite,
    *,
    actor: Actor,
    version: int,
    quartiers: Iterable[Quartier] | None = None,
    residences: Iterable[Residence] | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Worksite:
    """Change what is said of a worksite and where it is. Overtaken when somebody wrote since."""
    with transaction.atomic():
        fresh = hold(worksite, version)
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.full_clean(exclude=["outline"])
        if quartiers is not None:
            fresh.quartiers.set(quartiers)
        if residences is not None:
            fresh.residences.set(residences)
        _save(fresh, fields, now)
        _check_right(fresh, actor)
        keep_areas(fresh, timezone.localdate(now))
        record(actor, KIND, fresh.pk, "changed", public=False, at=now)
    return fresh


def draw_perimeter(
    worksite: Worksite,
    *,
    actor: Actor,
    version: int,
    outline: Mapping[str, Any],
    now: datetime | None = None,
) -> Worksite:
    """Say where the works go on; `outline` are the fields of an outlined place."""
    with transaction.atomic():
        fresh = hold(worksite, version)
        for name in BOX:
            setattr(fresh, name, outline[name])
        fresh.schematic = False
        _save(fresh, (*BOX, "schematic"), now)
        keep_areas(fresh, timezone.localdate(now))
        record(actor, KIND, fresh.pk, "perimeter", public=bool(fresh.published_at), at=now)
    return fresh


def date_worksite(
    worksite: Worksite,
    *,
    actor: Actor,
    version: int,
    reason: str = "",
    now: datetime | None = None,
    **dates: date | None,
) -> Worksite:
    """Say when it is planned, when it really began and ended. Once published, a change needs a
    reason, is kept and is told to those concerned."""
    with transaction.atomic():
        fresh = hold(worksite, version)
        before = _days(fresh)
        for name in DATES:
            setattr(fresh, name, dates.get(name))
        fresh.full_clean(exclude=["outline"])
        _save(fresh, DATES, now)
        keep_areas(fresh, timezone.localdate(now))
        _moved(fresh, actor, "Chantier", before, _days(fresh), reason, now)
    return fresh


def write_phase(
    worksite: Worksite,
    *,
    actor: Actor,
    version: int,
    phase: WorksitePhase | None = None,
    reason: str = "",
    now: datetime | None = None,
    **fields: Any,
) -> WorksitePhase:
    """Add a phase, or change one; moved dates as `date_worksite` does."""
    with transaction.atomic():
        fresh = hold(worksite, version)
        written = fresh.phases.get(pk=phase.pk) if phase else WorksitePhase(worksite=fresh)
        before = _days(written)
        for name, value in fields.items():
            setattr(written, name, value)
        written.full_clean()
        written.save()
        _save(fresh, (), now)
        if phase is not None:
            _moved(fresh, actor, _named(written), before, _days(written), reason, now)
        else:
            record(actor, KIND, fresh.pk, "changed", public=False, at=now)
    return written


def drop_phase(
    worksite: Worksite,
    *,
    actor: Actor,
    version: int,
    phase: WorksitePhase,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """Take a phase off the timetable; what it was stays among the changes."""
    with transaction.atomic():
        fresh = hold(worksite, version)
        gone = fresh.phases.get(pk=phase.pk)
        before = _days(gone)
        name = _named(gone)
        gone.delete()
        _save(fresh, (), now)
        _moved(fresh, actor, name, before, dict.fromkeys(DATES), reason, now)


def write_nuisance(
    worksite: Worksite,
    *,
    actor: Actor,
    version: int,
    nuisance: Nuisance | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Nuisance:
    """Add what the worksite disturbs and the measure taken, or change it."""
    with transaction.atomic():
        fresh = hold(worksite, version)
        written = fresh.nuisances.get(pk=nuisance.pk) if nuisance else Nuisance(worksite=fresh)
        for name, value in fields.items():
            setattr(written, name, value)
        written.full_clean()
        written.save()
        _save(fresh, (), now)
        keep_areas(fresh, timezone.localdate(now))
        record(actor, KIND, fresh.pk, "changed", public=False, at=now)
    return written


def drop_nuisance(
    worksite: Worksite,
    *,
    actor: Actor,
    version: int,
    nuisance: Nuisance,
    now: datetime | None = None,
) -> None:
    """The worksite does not disturb in that way after all."""
    with transaction.atomic():
        fresh = hold(worksite, version)
        fresh.nuisances.filter(pk=nuisance.pk).delete()
        _save(fresh, (), now)
        keep_areas(fresh, timezone.localdate(now))
        record(actor, KIND, fresh.pk, "changed", public=False, at=now)


def publish_worksite(worksite: Worksite, *, actor: Actor, now: datetime | None = None) -> Worksite:
    """Show it to everybody and tell who follows the place; a second time changes nothing.

    Refused while it says neither what is done nor when.
    """
    with transaction.atomic():
        fresh = hold(worksite)
        if not fresh.summary.strip():
            raise Refused("Dites d’abord, pour tous, ce qui est fait.")
        if fresh.first_day is None:
            raise Refused("Dites d’abord quand le chantier commence.")
        if fresh.published_at is None:
            fresh.published_at = now or timezone.now()
            _save(fresh, ("published_at",), now)
            keep_areas(fresh, timezone.localdate(now))
            event = record(actor, KIND, fresh.pk, "published", at=now)
            events.tell_opening(fresh, event)
    return fresh


def unpublish_worksite(
    worksite: Worksite, *, actor: Actor, now: datetime | None = None
) -> Worksite:
    """Take it back from the public; it answers for nothing any more.

    Refused while one of its announcements stands: what was published stays readable.
    """
    with transaction.atomic():
        fresh = hold(worksite)
        if WorksAnnouncement.objects.filter(
            worksite=fresh, published_at__isnull=False, withdrawn_at=None
        ).exists():
            raise Refused("Retirez d’abord ses annonces, en disant pourquoi.")
        if fresh.published_at is not None:
            fresh.published_at = None
            _save(fresh, ("published_at",), now)
            keep_areas(fresh, timezone.localdate(now))
            record(actor, KIND, fresh.pk, "unpublished", public=False, at=now)
            events.silence(fresh)
    return fresh


def hold(worksite: Worksite, version: int | None = None) -> Worksite:
    """The worksite as it stands, held until the end of the transaction; Overtaken when it is not
    the version that the writer has read."""
    fresh = Worksite.objects.select_for_update(of=("self",)).get(pk=worksite.pk)
    if version is not None and fresh.version != version:
        raise Overtaken
    return fresh


def _save(worksite: Worksite, names: Iterable[str], now: datetime | None) -> None:
    worksite.version += 1
    worksite.changed_at = now or timezone.now()
    worksite.save(update_fields=[*names, "version", "changed_at"])


def _check_right(worksite: Worksite, actor: Actor) -> None:
    if not Worksite.objects.allowed(actor, "edit").filter(pk=worksite.pk).exists():
        raise ValidationError(
            "Votre organisation doit être le maître d’ouvrage ou celle qui répond du chantier."
        )


def _days(dated: Dated) -> dict[str, date | None]:
    return {name: getattr(dated, name) for name in DATES}


def _named(phase: WorksitePhase) -> str:
    return f"Phase : {phase.title}"


def _moved(
    worksite: Worksite,
    actor: Actor,
    what: str,
    before: Mapping[str, date | None],
    after: Mapping[str, date | None],
    reason: str,
    now: datetime | None,
) -> None:
    """Keep a change of dates and tell it; a worksite that nobody reads yet changes freely."""
    if before == after or worksite.published_at is None:
        record(actor, KIND, worksite.pk, "changed", public=False, at=now)
        return
    if not reason.strip():
        raise ValidationError({"reason": "Dites pourquoi les dates changent : chacun le lira."})
    change = TimetableChange(
        worksite=worksite,
        what=what,
        starts_before=before["began_on"] or before["starts_on"],
        ends_before=before["ended_on"] or before["ends_on"],
        starts_on=after["began_on"] or after["starts_on"],
        ends_on=after["ended_on"] or after["ends_on"],
        reason=reason.strip(),
        at=now or timezone.now(),
        by_id=actor.organisation_id,
    )
    change.full_clean()
    change.save()
    event = record(actor, KIND, worksite.pk, "moved", at=now)
    events.tell_moved(worksite, change, event, actor)
