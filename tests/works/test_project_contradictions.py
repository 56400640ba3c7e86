"""What the dates of a project say against each other."""

from __future__ import annotations

from datetime import date

from parvis.works.models import Operation, ProjectPhase, Worksite
from parvis.works.project_contradictions import contradictions

TODAY = date(2026, 3, 15)


def phase(code: str, first: date, last: date | None = None, **more: date) -> ProjectPhase:
    return ProjectPhase(code=code, starts_on=first, ends_on=last, **more)


def said(*phases: ProjectPhase, operation: Operation, worksite: Worksite | None = None) -> set[str]:
    worksites = [(worksite.title, worksite, 1)] if worksite else []
    found = contradictions(
        {one.code: one for one in phases}, [(1, "La tour", operation)], worksites, TODAY
    )
    return {f"{one.where} : {one.text}" for one in found}


WORKS = phase("operationnel", date(2026, 4, 1), date(2027, 4, 1))
INSIDE = Operation(starts_on=date(2026, 5, 1), ends_on=date(2026, 9, 1))


def test_dates_that_agree_say_nothing() -> None:
    before = phase("convention", date(2026, 4, 1), date(2026, 9, 1))  # they may overlap
    assert said(before, WORKS, operation=INSIDE) == set()


def test_a_phase_that_starts_before_the_one_it_follows_is_said() -> None:
    before = phase("conception", date(2026, 5, 1))
    (found,) = said(before, WORKS, operation=INSIDE)
    assert found == "Phase travaux : Commence avant la phase conception, qui la précède."


def test_an_operation_outside_of_the_works_of_its_project_is_said() -> None:
    early = Operation(starts_on=date(2026, 3, 20), ends_on=date(2027, 5, 1))
    found = said(WORKS, operation=early)
    assert len(found) == 2
    assert all("la phase travaux du projet" in one for one in found)


def test_a_worksite_outside_of_its_operation_is_said() -> None:
    late = Worksite(title="Grue", starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 2))
    (found,) = said(WORKS, operation=INSIDE, worksite=late)
    assert found.startswith("Grue : Finit après l’opération « La tour »")


def test_real_dates_speak_before_planned_ones() -> None:
    begun = phase("operationnel", date(2026, 4, 1), date(2027, 4, 1), began_on=date(2026, 3, 1))
    early = Operation(starts_on=date(2026, 3, 20), ends_on=date(2026, 9, 1))
    assert said(begun, operation=early) == set()


def test_a_contradiction_of_its_own_is_said_with_its_name() -> None:
    late = Operation(starts_on=date(2026, 4, 2), ended_on=date(2026, 3, 1))
    assert any(one.startswith("La tour : La fin est constatée") for one in said(operation=late))
