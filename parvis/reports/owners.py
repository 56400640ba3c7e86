"""Who answers for a report, new or standing: one rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from parvis.reports.dwellings import NOBODY
from parvis.reports.models import Category, Report
from parvis.upkeep.answers import Answer, Asked, answers_for_all, landlords_of


def owners_at(places: Sequence[tuple[Category, Asked]], on: date) -> list[Answer]:
    """Who answers that day for each subject at its place, in their order; for what concerns a
    dwelling its landlord, and nobody else. Three queries at most."""
    homes = [place.residence_id if category.in_dwelling else None for category, place in places]
    let = {home for home in homes if home is not None}
    landlords = landlords_of(let, on) if let else {}
    others = [place for home, (_, place) in zip(homes, places, strict=True) if home is None]
    answers = iter(answers_for_all(others, on=on) if others else [])
    return [next(answers) if home is None else landlords.get(home, NOBODY) for home in homes]


def owners_of(reports: Sequence[Report], on: date) -> list[Answer]:
    """Who answers for each of these that day, in their order. Four queries at most, as long as
    they come with their category."""
    through = Report.quartiers.through.objects.filter(report__in=reports)
    quartiers: dict[int, list[int]] = defaultdict(list)
    for report_id, quartier_id in through.order_by("pk").values_list("report_id", "quartier_id"):
        quartiers[report_id].append(quartier_id)
    return owners_at([(one.category, _asked(one, quartiers[one.pk])) for one in reports], on)


def _asked(report: Report, quartier_ids: list[int]) -> Asked:
    return Asked(
        theme_code=report.category.theme_code,
        latitude=report.latitude,
        longitude=report.longitude,
        commune_id=report.commune_id,
        quartier_ids=quartier_ids,
        residence_id=report.residence_id,
        inside=report.inside,
        indoors=report.category.inside_only,
    )
