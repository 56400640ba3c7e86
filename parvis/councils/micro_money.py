"""What small projects were granted and spent: sums to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from parvis.councils.body_models import Body
from parvis.councils.models import MicroExpense, MicroProject
from parvis.councils.proposition_access import DECIDED
from parvis.councils.sorting import label_of, lines

NOTHING = Decimal("0.00")


def ceiling_of(fund: str) -> Decimal | None:
    """The most that a fund gives to one project; None when it sets none."""
    most = lines("fund").get(fund, {}).get("most")
    return None if most is None else Decimal(str(most)).quantize(Decimal("0.01"))


def with_spent(rows: Any) -> Any:
    """These projects, each with the sum of what it spent, as `spent`."""
    mine = MicroExpense.objects.filter(project=OuterRef("pk")).order_by().values("project")
    total = Subquery(mine.annotate(total=Sum("amount")).values("total"))
    nothing = Value(NOTHING, output_field=DecimalField(max_digits=11, decimal_places=2))
    return rows.annotate(spent=Coalesce(total, nothing))


def spent_of(project: MicroProject) -> Decimal:
    """What a project spent."""
    return sum((one.amount for one in project.expenses.only("amount")), NOTHING)


def left_of(project: MicroProject) -> Decimal:
    """What is left of what a project was granted."""
    return (project.granted or NOTHING) - spent_of(project)


@dataclass
class BudgetLine:
    """What a fund gave in a year: to how many projects, how much, how much of it was spent."""

    year: int | None
    fund: str
    projects: int = 0
    granted: Decimal = NOTHING
    spent: Decimal = NOTHING

    @property
    def left(self) -> Decimal:
        """What is left to spend."""
        return self.granted - self.spent

    @property
    def label(self) -> str:
        """What the fund is called."""
        return label_of("fund", self.fund)


def budget_of(body: Body) -> list[BudgetLine]:
    """Granted, spent and left by year of the decision and fund, the newest year first; one query.
    Only what was granted counts: what a body prepares is its own."""
    rows = with_spent(MicroProject.objects.filter(body=body, state__in=DECIDED))
    found: dict[tuple[int, str], BudgetLine] = {}
    for day, fund, granted, spent in rows.order_by("-decided_on", "fund", "pk").values_list(
        "decided_on", "fund", "granted", "spent"
    ):
        line = found.setdefault((day.year, fund), BudgetLine(day.year, fund))
        line.projects += 1
        line.granted += granted
        line.spent += spent
    return sorted(found.values(), key=lambda one: (-(one.year or 0), one.label))


def total_of(lines_of_budget: Iterable[BudgetLine]) -> BudgetLine:
    """The sums at the foot of the budget."""
    total = BudgetLine(None, "")
    for one in lines_of_budget:
        total.projects += one.projects
        total.granted += one.granted
        total.spent += one.spent
    return total
