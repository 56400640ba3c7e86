"""Money of this room: euros to the cent, shares that never lose one, ratios that say nothing of
nothing. Never a float."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


def euros(label: str, **more: Any) -> Any:
    """An amount in euros, to the cent."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


def to_cents(amount: Decimal) -> Decimal:
    """Rounded to the cent, half up: the one rounding of this room."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def share_out(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """That total parted by these weights, to the cent; the parts always sum to the total.

    Each part is cut down to the cent; the cents left over go one by one to the parts that lost
    most, the first of equals first. ValueError for a negative amount, or without any weight.
    """
    whole = sum(weights, Decimal(0))
    if total < 0 or any(weight < 0 for weight in weights) or not whole:
        raise ValueError("a total and its weights are not negative, and something weighs")
    cents = int(to_cents(total) * 100)
    exact = [cents * weight / whole for weight in weights]
    parts = [int(one) for one in exact]
    lost = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in lost[: cents - sum(parts)]:
        parts[place] += 1
    return [Decimal(part) / 100 for part in parts]


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """How many per cent `part` is of `whole`, to a tenth (half up); None without a whole."""
    if part is None or not whole:
        return None
    return (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def times(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """How many times `whole` goes into `part`, to a hundredth (half up); None without a whole."""
    if part is None or not whole:
        return None
    return (part / whole).quantize(CENT, ROUND_HALF_UP)


def each(amount: Decimal | None, number: int | None) -> Decimal | None:
    """An amount for each of `number` things, to the cent; None without a thing."""
    if amount is None or not number:
        return None
    return to_cents(amount / number)
