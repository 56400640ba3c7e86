"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.councils.proposition_scene import a_project, an_expense, granted, proposed, published


def _of_expense(side: Any) -> dict[str, Any]:
    return {"pk": side.micro_project.pk, "expense": side.micro_expense.pk}


ARGUMENTS: dict[str, Any] = {
    "councils:export_propositions": lambda side: {"form": "csv"},
    "councils:remove_micro_expense": _of_expense,
    "councils:micro_voucher": _of_expense,
}
BY_RESOURCE: dict[str, Any] = {
    "councils.proposition": lambda side: {"pk": side.proposition.pk},
    "councils.microproject": lambda side: {"pk": side.micro_project.pk},
}
OBJECTS: dict[str, str] = {
    "councils.proposition": "proposition",
    "councils.microproject": "micro_project",
}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """This part's objects of one body, ours or the neighbour's, public or not."""
    quartier = body.quartiers.get()
    make = published if public else proposed
    proposition = make(cast, quartier=quartier)
    # What is granted is public; what is prepared, its body's alone.
    project = granted(cast, body)
    expense = an_expense(project)
    if not public:
        project = a_project(cast, body)
        expense.project = project
        expense.save()
    return {"proposition": proposition, "micro_project": project, "micro_expense": expense}
