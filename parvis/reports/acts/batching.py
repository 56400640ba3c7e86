"""One action on several reports: the same acts and rights, row by row, and undone as a whole.

Each row is a transaction of its own, so that one that is refused leaves the others done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.reports import access
from parvis.reports.acts.chasing import Chased, chase_parts, undo_chases
from parvis.reports.acts.entrusting import NO_ORPHAN, Entrusted, find_owners, orphans_of
from parvis.reports.acts.handling import advance_part, undo_part
from parvis.reports.acts.sharing import give_part, undo_give
from parvis.reports.models import Part, Report
from parvis.reports.wordings import filled
from parvis.reports.workflow import OPEN, Forbidden

AT_MOST = 100  # rows of one batch
# Each action, and the right that it asks for on a part.
RIGHTS = {
    "take": "handle",
    "schedule": "handle",
    "give": "assign",
    "entrust": "assign",
    "chase": "chase",
    "settle": "handle",
    "drop": "handle",
}
NO_PART = "aucune part ouverte que vous puissiez faire avancer"
SEVERAL = "plusieurs organisations ont une part : confiez-la depuis sa page"
CHASED = "déjà relancée aujourd’hui"
NOBODY = "personne à relancer"
CHANGED = "cette part a changé depuis"


@dataclass(frozen=True)
class Line:
    """What became of one row; `why` says why it was left."""

    reference: str
    why: str = ""

    @property
    def done(self) -> bool:
        return not self.why


@dataclass
class Batch:
    """What was done, row by row, and what undoing it needs: ids and days only."""

    action: str
    at: datetime
    lines: list[Line] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    chased: list[Chased] = field(default_factory=list)


def actions_of(actor: Actor) -> list[str]:
    """The actions that this actor's role may do somewhere; no query."""
    return [
        action
        for action, right in RIGHTS.items()
        if any(row.grants(actor, right) for row in access.PART.rows)
    ]


def run_batch(
    action: str,
    references: Sequence[str],
    *,
    actor: Actor,
    due_on: date | None = None,
    reason: str = "",
    answer: str = "",
    organisation: Organisation | None = None,
    now: datetime | None = None,
) -> Batch:
    """Do one action with each of these reports, and tell what became of each.

    Placeholders of `answer` are filled in for each report. Raises ValidationError for too many.
    """
    if len(references) > AT_MOST:
        raise ValidationError(f"Choisissez {AT_MOST} signalements au plus.")
    batch = Batch(action, now or timezone.now())
    if action == "entrust":
        _entrust(batch, references, actor)
        return batch
    parts = _parts_by_report(actor, action, references)
    if action == "chase":
        _chase(batch, references, parts, actor)
        return batch

    def step(part: Part) -> None:
        words = filled(answer, part.report, organisation=actor.organisation_name, part=part)
        advance_part(
            part,
            action,
            actor=actor,
            due_on=due_on,
            reason=reason,
            answer=words,
            now=batch.at,
        )

    def give(part: Part) -> None:
        if organisation is None:
            raise ValidationError("Choisissez une organisation.")
        give_part(part, actor=actor, organisation=organisation, reason=reason, now=batch.at)

    for reference in references:
        found = parts.get(reference, [])
        part, why = _one_to_give(found) if action == "give" else _own(found)
        if part is not None:
            why = _try(give if action == "give" else step, part)
            if not why:
                batch.parts.append(part.pk)
        batch.lines.append(Line(reference, why))
    return batch


def _parts_by_report(actor: Actor, action: str, references: Sequence[str]) -> dict[str, list[Part]]:
    """The open parts on which this actor has the right, in one query; its own come first."""
    rows = (
        Part.objects.allowed(actor, RIGHTS[action])
        .filter(
            report__in=Report.objects.visible_to(actor).filter(reference__in=references),
            state__in=OPEN,
        )
        .select_related("report__category", "organisation")
        .order_by("created_at", "pk")
    )
    found: dict[str, list[Part]] = {}
    for part in sorted(rows, key=lambda one: one.organisation_id != actor.organisation_id):
        found.setdefault(part.report.reference, []).append(part)
    return found


def _own(parts: list[Part]) -> tuple[Part | None, str]:
    return (parts[0], "") if parts else (None, NO_PART)


def _one_to_give(parts: list[Part]) -> tuple[Part | None, str]:
    """The part that nobody owns, else the only one: which of several to give is not guessed."""
    orphans = [part for part in parts if part.organisation_id is None]
    if not parts:
        return None, NO_PART
    if len(parts) > 1 and not orphans:
        return None, SEVERAL
    return (orphans or parts)[0], ""


def _try(act: Callable[[Part], object], part: Part) -> str:
    """Why it was refused; "" when it is done."""
    try:
        act(part)
    except IntegrityError:  # somebody did the same at this instant
        return CHANGED
    except Forbidden as refused:
        return _soft(str(refused))
    except ValidationError as refused:
        return _soft(" ".join(refused.messages))
    return ""


def _soft(words: str) -> str:
    """A sentence as the end of another."""
    return words[:1].lower() + words[1:].removesuffix(".") if words else CHANGED


def _chase(
    batch: Batch, references: Sequence[str], parts: dict[str, list[Part]], actor: Actor
) -> None:
    """One mail for each organisation, whatever the number of its parts."""
    others: dict[int, list[Part]] = {}
    for part in (part for found in parts.values() for part in found):
        if part.organisation_id not in (None, actor.organisation_id):
            others.setdefault(part.organisation_id or 0, []).append(part)
    told: dict[str, str] = {}
    for found in others.values():
        days: dict[int, date | None] = {}
        try:
            chased = chase_parts(found, actor=actor, now=batch.at)
        except Forbidden:
            pass
        else:
            batch.chased.append(chased)
            days = chased.days
        for part in found:
            if part.pk in days:
                told[part.report.reference] = ""
            else:
                told.setdefault(part.report.reference, CHASED)
    batch.lines = [Line(reference, told.get(reference, NOBODY)) for reference in references]


def foresee(references: Sequence[str], *, actor: Actor) -> dict[str, Entrusted]:
    """To whom the part of each of these reports that nobody owns would go; a report without one
    that this actor may give is left out."""
    rows = orphans_of(actor).filter(report__reference__in=references).order_by("created_at", "pk")
    first: dict[str, Part] = {}
    for part in rows:
        first.setdefault(part.report.reference, part)
    return dict(zip(first, find_owners(list(first.values())), strict=True))


def _entrust(batch: Batch, references: Sequence[str], actor: Actor) -> None:
    """Give each part that nobody owns to whoever answers for it now."""
    foreseen = foresee(references, actor=actor)
    for reference in references:
        one = foreseen.get(reference)
        if one is None or one.organisation is None:
            batch.lines.append(Line(reference, one.why if one else NO_ORPHAN))
            continue
        give = partial(
            give_part, actor=actor, organisation=one.organisation, reason=one.reason, now=batch.at
        )
        why = _try(give, one.part)
        if not why:
            batch.parts.append(one.part.pk)
        batch.lines.append(Line(reference, why))


def undo_batch(batch: Batch, *, actor: Actor, now: datetime | None = None) -> list[Line]:
    """Take a whole batch back, row by row: what somebody moved meanwhile is left as it is."""
    ids = [*batch.parts, *(pk for chased in batch.chased for pk in chased.days)]
    rows = Part.objects.allowed(actor, RIGHTS[batch.action]).filter(pk__in=ids)
    held = {part.pk: part for part in rows.select_related("report__category", "organisation")}
    act: Any = undo_give if batch.action in ("give", "entrust") else undo_part
    lines = []
    for pk in batch.parts:
        part = held.get(pk)
        if part is None or part.moved_at != batch.at:
            why = CHANGED
        else:
            why = _try(lambda one: act(one, actor=actor, now=now), part)
        lines.append(Line(part.report.reference if part else "", why))
    for chased in batch.chased:
        lines += _undo_chased(chased, [held[pk] for pk in chased.days if pk in held], actor, now)
    return lines


def _undo_chased(
    chased: Chased, parts: Iterable[Part], actor: Actor, now: datetime | None
) -> list[Line]:
    parts = list(parts)
    why = ""
    try:
        undo_chases(chased, parts, actor=actor, now=now)
    except Forbidden as refused:
        why = _soft(str(refused))
    return [Line(part.report.reference, why) for part in parts]
