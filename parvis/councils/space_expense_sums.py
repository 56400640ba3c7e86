"""Sums of what members spent, to the cent, by what became of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from parvis.councils.workflow import ExpenseState

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def sums_by_state(rows: Any) -> dict[str, dict[str, Any]]:
    """How many of these expenses stand in each state, and how much they make; one query."""
    found = {
        row["state"]: row
        for row in rows.order_by().values("state").annotate(count=Count("pk"), total=Sum("amount"))
    }
    return {
        code: {
            "label": label,
            "count": found[code]["count"] if code in found else 0,
            "total": found[code]["total"].quantize(CENT) if code in found else ZERO,
        }
        for code, label in ExpenseState.choices
    }
