"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.vigilance.models import DwellingSignal
from parvis.vigilance.quarters import finished
from tests.cast import Cast


def _quarter(side: Any) -> dict[str, Any]:
    return {"quarter": finished(timezone.localdate(), 1)[0].code}


def _table(side: Any) -> dict[str, Any]:
    return {**_quarter(side), "form": "csv"}


ARGUMENTS: dict[str, Any] = {
    "vigilance:unpaid_quarter": _quarter,
    "vigilance:unpaid_import": _quarter,
    "vigilance:unpaid_table": _table,
    "vigilance:quarter_figures": _quarter,
    "vigilance:figures_table": _table,
}
BY_RESOURCE: dict[str, Any] = {
    "vigilance.dwellingsignal": lambda side: {"pk": side.dwelling_signal.pk}
}
OBJECTS: dict[str, str] = {"vigilance.dwellingsignal": "dwelling_signal"}


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """Damp that our town signals, or the neighbour; `public` changes nothing: it never is."""
    signal = DwellingSignal.objects.create(
        what="damp" if public else "heating",
        commune=cast.anzin if ours else cast.raismes,
        organisation=cast.town if ours else cast.other_town,
        month=timezone.localdate().replace(day=1),
    )
    return {"dwelling_signal": signal}
