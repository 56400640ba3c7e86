"""Writing a project, its phases, its money, its partners and its operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.acts import record
from parvis.works.dates import Dated
from parvis.works.models import (
    Operation,
    ProjectAmount,
    ProjectPartner,
    ProjectPhase,
    RenewalProject,
    TimetableChange,
)
from parvis.works.project_events import (
    OPERATION,
    PROJECT,
    days_of,
    page_url,
    span_of,
    tell_followers,
    tell_of_timetable,
)

DATES = ("starts_on", "ends_on", "began_on", "ended_on")
PLANNED = ("starts_on", "ends_on")
MANY = ("communes", "quartiers")
Rows = Sequence[Mapping[str, Any]]
WHY = "Ce projet est publié : dites pourquoi les dates changent. Chacun le lira."


def open_project(*, actor: Actor, now: datetime | None = None, **fields: Any) -> RenewalProject:
    """Write a new project, which partners alone see until it is published."""
    many = {name: fields.pop(name) for name in MANY if name in fields}
    project = RenewalProject(created_at=now or timezone.now(), **fields)
    project.full_clean()
    with transaction.atomic():
        project.save()
        for name, rows in many.items():
            getattr(project, name).set(rows)
        record(actor, PROJECT, project.pk, "written", public=False, at=now)
    return project


def rewrite_project(project: RenewalProject, *, actor: Actor, **fields: Any) -> RenewalProject:
    """Change what is said of a project: all but its dates, money and partners."""
    many = {name: fields.pop(name) for name in MANY if name in fields}
    with transaction.atomic():
        fresh = RenewalProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.full_clean()
        fresh.save(update_fields=[*fields])
        for name, rows in many.items():
            getattr(fresh, name).set(rows)
        record(actor, PROJECT, fresh.pk, "changed", public=False)
    return fresh


def publish_project(
    project: RenewalProject, *, actor: Actor, now: datetime | None = None
) -> RenewalProject:
    """Show it to everybody, with its operations; a second time changes nothing.

    ValidationError without a summary for everybody, or without any dated phase.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = RenewalProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if fresh.published_at is not None:
            return fresh
        lacking = []
        if not fresh.summary.strip():
            lacking.append("une présentation pour tous")
        if not fresh.phases.exclude(starts_on=None, began_on=None).exists():
            lacking.append("au moins une phase datée")
        if lacking:
            raise ValidationError(f"Avant de publier, il manque {' et '.join(lacking)}.")
        fresh.published_at = at
        fresh.save(update_fields=["published_at"])
        event = record(actor, PROJECT, fresh.pk, "published", at=at)
        tell_followers(
            fresh,
            f"{PROJECT}.published:{event.pk}",
            title=f"Projet : {fresh.title}",
            text=fresh.summary,
        )
    return fresh


def write_phases(
    project: RenewalProject,
    rows: Rows,
    *,
    actor: Actor,
    reason: str = "",
    now: datetime | None = None,
) -> list[TimetableChange]:
    """Write the dates of every phase at once: rows of a code and its dates. A phase without any
    date is no phase of the project. Once the project is published, planned dates that move ask for
    a reason, are kept and told; what moved comes back.

    ValidationError in words when dates contradict each other, or when the reason lacks.
    """
    at, reason = now or timezone.now(), reason.strip()
    with transaction.atomic():
        held = RenewalProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
        known = {one.code: one for one in held.phases.all()}
        moved: list[TimetableChange] = []
        touched = False
        for row in rows:
            dates = {name: row.get(name) for name in DATES}
            phase = known.get(row["code"]) or ProjectPhase(project=held, code=row["code"])
            if phase.pk is None and not any(dates.values()):
                continue
            change = _move(phase, dates, held, f"Phase : {phase.label}", reason, actor, at)
            if change is None and all(getattr(phase, name) == dates[name] for name in DATES):
                continue
            touched = True
            _write_dates(phase, dates)
            if change:
                moved.append(change)
        if moved and held.published_at:
            _keep(held, moved, reason, actor, (PROJECT, held.pk), at)
        elif touched:
            record(actor, PROJECT, held.pk, "dated", public=bool(held.published_at), at=at)
    return moved if held.published_at else []


def _move(
    thing: Dated,
    dates: Mapping[str, Any],
    project: RenewalProject,
    what: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> TimetableChange | None:
    """The change of planned dates, not saved; None when they stay."""
    before = [getattr(thing, name) for name in PLANNED]
    after = [dates[name] for name in PLANNED]
    if before == after:
        return None
    return TimetableChange(
        project=project,
        what=what[:160],
        starts_before=before[0],
        ends_before=before[1],
        starts_on=after[0],
        ends_on=after[1],
        reason=reason,
        at=at,
        by_id=actor.organisation_id,
    )


def _write_dates(phase: ProjectPhase, dates: Mapping[str, Any]) -> None:
    for name, value in dates.items():
        setattr(phase, name, value)
    if phase.pk is not None and not any(dates.values()):
        phase.delete()
        return
    try:
        phase.full_clean()
    except ValidationError as refused:
        words = " ".join(refused.messages)
        raise ValidationError(f"{phase.label.capitalize()} : {words}") from None
    phase.save()


def _keep(
    project: RenewalProject,
    moved: list[TimetableChange],
    reason: str,
    actor: Actor,
    thing: tuple[str, int],
    at: datetime,
) -> None:
    """Keep what moved, in one event, and tell it. Once a project is published dates do not move
    without a reason."""
    if not reason:
        raise ValidationError({"reason": WHY})
    TimetableChange.objects.bulk_create(moved)
    first = moved[0]
    code, old = "moved", span_of(first.starts_before, first.ends_before)
    new = span_of(first.starts_on, first.ends_on)
    if len(moved) > 1:
        code, old, new = "replanned", "", f"{len(moved)} phases ont d’autres dates"
    event = record(actor, *thing, code, old=old, new=new, at=at)
    lines = [
        f"{one.what} : {days_of(one.starts_on, one.ends_on)}"
        f" (avant : {days_of(one.starts_before, one.ends_before)})."
        for one in moved
    ]
    tell_of_timetable(project, event, lines, reason, page_url(*thing))


def set_amounts(project: RenewalProject, rows: Rows, *, actor: Actor) -> None:
    """Write the money of a project again, line by line."""
    made = [ProjectAmount(project=project, **row) for row in rows]
    for one in made:
        one.full_clean()
    with transaction.atomic():
        held = RenewalProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
        held.amounts.all().delete()
        ProjectAmount.objects.bulk_create(made)
        record(actor, PROJECT, held.pk, "funded", public=bool(held.published_at))


def set_partners(
    project: RenewalProject, rows: Iterable[tuple[Organisation, str]], *, actor: Actor
) -> None:
    """Write who takes part and what each does. ValidationError when one stands twice."""
    named = list(rows)
    if len({one.pk for one, _ in named}) < len(named):
        raise ValidationError("Une organisation est notée deux fois : gardez une seule ligne.")
    with transaction.atomic():
        held = RenewalProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
        held.partners.all().delete()
        ProjectPartner.objects.bulk_create(
            ProjectPartner(project=held, organisation=one, part=part) for one, part in named
        )
        record(actor, PROJECT, held.pk, "joined", public=bool(held.published_at))


def write_operation(
    project: RenewalProject,
    operation: Operation | None = None,
    *,
    actor: Actor,
    reason: str = "",
    now: datetime | None = None,
    **fields: Any,
) -> Operation:
    """Write a new operation, or change one. Once its project is published, planned dates that move
    ask for a reason, are kept and told."""
    at, reason = now or timezone.now(), reason.strip()
    residences = fields.pop("residences", None)
    with transaction.atomic():
        held = RenewalProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if operation is None:
            fresh, change = Operation(project=held, **fields), None
        else:
            fresh = Operation.objects.select_for_update(of=("self",)).get(pk=operation.pk)
            dates = {name: fields.get(name, getattr(fresh, name)) for name in PLANNED}
            change = _move(fresh, dates, held, f"Opération : {fresh.title}", reason, actor, at)
            for name, value in fields.items():
                setattr(fresh, name, value)
        fresh.full_clean()
        fresh.save(update_fields=[*fields] if operation else None)
        if residences is not None:
            fresh.residences.set(residences)
        public = bool(held.published_at)
        if change and public:
            _keep(held, [change], reason, actor, (OPERATION, fresh.pk), at)
        else:
            code = "changed" if operation else "written"
            record(actor, OPERATION, fresh.pk, code, public=False, at=at)
    return fresh
