"""What a row of a table of bilan adds to what is already spent on its line: one entry of the year,
under the same rules as one that is typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.tfpb.bilan_models import Spending
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.spending_acts import check_spending

_AMOUNTS = {
    "spent": "amount",
    "spent_own": "own_funding",
    "spent_other": "other_funding",
    "spent_valued": "valued",
    "done_quantity": "quantity",
}


def entry_of(line: Line, before: dict[str, Any], values: dict[str, Any]) -> Spending | None:
    """What the file says beyond what stands; None when that is nothing. Without a column for it,
    the landlord paid what others did not."""
    more = {
        column: (values[code] or 0) - (before[code] or 0)
        for code, column in _AMOUNTS.items()
        if code in values
    }
    if not any(more.values()):
        return None
    more["quantity"] = more.get("quantity") or None
    given = {"amount": Decimal(0), "other_funding": Decimal(0), **more}
    given.setdefault("own_funding", max(given["amount"] - given["other_funding"], Decimal(0)))
    year = line.programme.year
    return Spending(
        line=line,
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        source=Spending.Source.IMPORTED,
        note="complément venu du tableau de bilan",
        at=timezone.now(),
        **given,
    )


def wrong_with(programme: Programme, entry: Spending | None) -> dict[str, str]:
    """Why this entry may not be kept, by field of the table; nothing when it may."""
    if entry is None:
        return {}
    try:
        check_spending(programme, entry)
    except ValidationError as wrong:
        named = {column: code for code, column in _AMOUNTS.items()}
        return {
            named.get(column, "title"): " ".join(told)
            for column, told in wrong.message_dict.items()
        }
    return {}
