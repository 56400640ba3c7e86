"""What the dates of a project say against each other, as French sentences for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from parvis.ui.words import day_in_words
from parvis.works.dates import Dated
from parvis.works.project_models import ProjectPhase
from parvis.works.sorting import choices

WORKS = "operationnel"  # the phase in which operations are made


@dataclass(frozen=True)
class Said:
    """One contradiction: where, and what."""

    where: str
    text: str


def contradictions(
    phases: Mapping[str, ProjectPhase],
    operations: Sequence[tuple[int, str, Dated]],
    worksites: Iterable[tuple[str, Dated, int | None]],
    today: date,
    *,
    own_phases: bool = True,
) -> list[Said]:
    """Every contradiction of a project's dates that day. Operations are (id, title, dates),
    worksites (title, dates, id of their operation). `own_phases`: those of the phases too."""
    found: list[Said] = []
    if own_phases:
        ordered = [phases[code] for code in choices("phase") if code in phases]
        for phase in ordered:
            found += [Said(f"Phase {phase.label}", text) for text in phase.contradictions_on(today)]
        found += _out_of_order(ordered)
    works = phases.get(WORKS)
    by_id: dict[int, tuple[str, Dated]] = {}
    for pk, title, dated in operations:
        by_id[pk] = (title, dated)
        found += [Said(title, text) for text in dated.contradictions_on(today)]
        if works is not None:
            found += _outside(title, dated, works, f"la phase {works.label} du projet")
    for title, dated, operation_id in worksites:
        above = by_id.get(operation_id or 0)
        if above is not None:
            found += _outside(title, dated, above[1], f"l’opération « {above[0]} »")
    return found


def _out_of_order(phases: Sequence[ProjectPhase]) -> list[Said]:
    found: list[Said] = []
    dated = [(one, one.first_day) for one in phases if one.first_day]
    for (before, its_day), (after, day) in pairwise(dated):
        if its_day and day and day < its_day:
            text = f"Commence avant la phase {before.label}, qui la précède."
            found.append(Said(f"Phase {after.label}", text))
    return found


def _outside(title: str, inner: Dated, outer: Dated, name: str) -> list[Said]:
    found: list[Said] = []
    start, end = outer.first_day, outer.last_day
    if inner.first_day and start and inner.first_day < start:
        found.append(Said(title, f"Commence avant {name} ({day_in_words(start)})."))
    if inner.last_day and end and inner.last_day > end:
        found.append(Said(title, f"Finit après {name} ({day_in_words(end)})."))
    return found
