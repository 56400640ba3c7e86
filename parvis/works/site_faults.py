"""What a worksite leaves unsaid or says against itself, in French: shown, never hidden."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from parvis.ui.words import day_in_words
from parvis.works.site_models import Nuisance, WorksAnnouncement, Worksite, WorksitePhase


def faults_of(
    worksite: Worksite,
    phases: Iterable[WorksitePhase],
    nuisances: Iterable[Nuisance],
    announcements: Iterable[WorksAnnouncement],
    today: date,
) -> list[str]:
    """Dates of the worksite, phases and announcements outside of them, nuisances that nothing
    reduces."""
    found = worksite.contradictions_on(today)
    for phase in phases:
        found += [f"Phase « {phase.title} »\u00a0: {one}" for one in phase.contradictions_on(today)]
        found += _outside(worksite, f"La phase « {phase.title} »", phase.first_day, phase.last_day)
    for one in nuisances:
        if not one.measure.strip():
            found.append(f"Aucune mesure n’est prise contre cette nuisance\u00a0: {one.label}.")
        found += _outside(worksite, f"La nuisance « {one.label} »", one.starts_on, one.ends_on)
    for told in announcements:
        if told.withdrawn_at is None:
            found += _outside(worksite, f"L’annonce « {told.title} »", told.starts_on, told.ends_on)
    return found


def _outside(worksite: Worksite, name: str, start: date | None, end: date | None) -> list[str]:
    found = []
    first, last = worksite.first_day, worksite.last_day
    if start and first and start < first:
        found.append(f"{name} commence avant le chantier ({day_in_words(first)}).")
    if end and last and end > last:
        found.append(f"{name} finit après le chantier ({day_in_words(last)}).")
    return found
