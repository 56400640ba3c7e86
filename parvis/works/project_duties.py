"""What a project owes to residents, by the rules of data/duties.toml: when, whether it is done."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from parvis.works.project_models import Operation, ProjectPhase
from parvis.works.resident_models import ResidentStep

FILE = Path(__file__).parent / "data" / "duties.toml"


@dataclass(frozen=True)
class Duty:
    """One rule; the file says what each field means."""

    code: str
    label: str
    applies: str
    reference: str
    confirmed: bool
    days: int
    phase: str = ""
    at: str = "start"
    kinds: tuple[str, ...] = ()
    rents: bool = False
    subject: str = ""
    evidence: str = ""
    since: str = ""
    usage: bool = False

    def concerns(self, operation: Operation) -> bool:
        """Whether this operation owes it."""
        if self.applies != "operation" or (self.rents and not operation.changes_rents):
            return False
        return not self.kinds or operation.kind in self.kinds


@cache
def duties() -> dict[str, Duty]:
    """Every rule by its code, in the order of the file."""
    lines = tomllib.loads(FILE.read_text(encoding="utf-8"))["duty"]
    found = (Duty(**{**line, "kinds": tuple(line.get("kinds", ()))}) for line in lines)
    return {one.code: one for one in found}


def duties_of(operation: Operation) -> list[Duty]:
    """What this operation owes."""
    return [duty for duty in duties().values() if duty.concerns(operation)]


def project_duties() -> list[Duty]:
    """What every project owes."""
    return [duty for duty in duties().values() if duty.applies == "project"]


@dataclass(frozen=True)
class DueStep:
    """A step owed to residents: when it is due, and since when it is done, as somebody said or as
    what exists shows."""

    duty: Duty
    due_on: date | None
    done_on: date | None = None
    how: str = ""
    step: ResidentStep | None = None
    operation: Operation | None = None

    @property
    def done(self) -> bool:
        return self.done_on is not None

    @property
    def tardy(self) -> bool:
        """Done, but after its day."""
        return self.done_on is not None and self.due_on is not None and self.done_on > self.due_on

    def late(self, today: date) -> bool:
        """Not done, though its day is past."""
        return not self.done and self.due_on is not None and self.due_on < today

    def tone(self, today: date) -> str:
        """done, late, soon (within sixty days) or nothing."""
        if self.done:
            return "done"
        if self.late(today):
            return "late"
        near = self.due_on is not None and self.due_on <= today + timedelta(days=60)
        return "soon" if near else ""


@dataclass(frozen=True)
class Facts:
    """What exists of a project and shows that a step is done: the first day a house that is open
    today opened, and the days of public meetings that were held."""

    house_since: date | None = None
    met: tuple[date, ...] = ()


def steps_of_project(
    phases: Mapping[str, ProjectPhase], steps: Iterable[ResidentStep], facts: Facts
) -> list[DueStep]:
    """The steps that the project itself owes, in the order of the rules."""
    said = {one.code: one for one in steps if one.operation_id is None}
    found = []
    for duty in project_duties():
        step = said.get(duty.code)
        done_on, how = (step.done_on, step.note) if step else _shown(duty, phases, facts)
        found.append(DueStep(duty, _due_in(duty, phases), done_on, how, step))
    return found


def steps_of_operation(
    operation: Operation,
    steps: Iterable[ResidentStep],
    consulted: Mapping[str, tuple[date | None, date | None]],
) -> list[DueStep]:
    """The steps that an operation owes. `consulted`: by subject, the day tenants met and the day
    the balance was sent."""
    said = {one.code: one for one in steps if one.operation_id == operation.pk}
    found = []
    for duty in duties_of(operation):
        start = operation.first_day
        due_on = start + timedelta(days=duty.days) if start else None
        step = said.get(duty.code)
        met_on, sent_on = consulted.get(duty.subject, (None, None))
        done_on = {"met": met_on, "balance": sent_on}.get(duty.evidence)
        how = "d’après la concertation des locataires" if done_on else ""
        if step:
            done_on, how = step.done_on, step.note
        found.append(DueStep(duty, due_on, done_on, how, step, operation))
    return found


def _due_in(duty: Duty, phases: Mapping[str, ProjectPhase]) -> date | None:
    phase = phases.get(duty.phase)
    day = (phase.first_day if duty.at == "start" else phase.last_day) if phase else None
    return day + timedelta(days=duty.days) if day else None


def _shown(duty: Duty, phases: Mapping[str, ProjectPhase], facts: Facts) -> tuple[date | None, str]:
    """What exists and shows that it is done: nobody is asked twice."""
    if duty.evidence == "house" and facts.house_since:
        return facts.house_since, "une maison du projet est ouverte"
    if duty.evidence == "meeting":
        phase = phases.get(duty.since)
        since = phase.first_day if phase else None
        held = [day for day in facts.met if since is None or day >= since]
        if held:
            return min(held), "une réunion publique s’est tenue"
    return None, ""
