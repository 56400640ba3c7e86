"""Who answers now for reports that stand, by the rule that a new report follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from parvis.reports.models import Report
from parvis.upkeep.answers import NOBODY_ANSWERS, Answer, Asked, answers_for_all, landlords_of


def owners_of(reports: Sequence[Report], on: date) -> list[Answer]:
    """Who answers for each of these that day, in their order; for what concerns a dwelling its
    landlord, and nobody else. Four queries at most, as long as they come with their category."""
    homes = {one.pk: one.residence_id for one in reports if one.category.in_dwelling}
    let = {home for home in homes.values() if home is not None}
    landlords = landlords_of(let, on) if let else {}
    others = [one for one in reports if homes.get(one.pk) is None]
    answers = dict(zip(others, answers_for_all(_asked(others), on=on), strict=True))
    nobody = Answer(None, "", None, NOBODY_ANSWERS)
    return [answers.get(one) or landlords.get(one.residence_id, nobody) for one in reports]


def _asked(reports: Sequence[Report]) -> list[Asked]:
    through = Report.quartiers.through.objects.filter(report__in=reports)
    quartiers: dict[int, list[int]] = defaultdict(list)
    for report_id, quartier_id in through.order_by("pk").values_list("report_id", "quartier_id"):
        quartiers[report_id].append(quartier_id)
    return [
        Asked(
            theme_code=one.category.theme_code,
            latitude=one.latitude,
            longitude=one.longitude,
            commune_id=one.commune_id,
            quartier_ids=quartiers[one.pk],
            residence_id=one.residence_id,
            inside=one.inside,
            indoors=one.category.inside_only,
        )
        for one in reports
    ]
