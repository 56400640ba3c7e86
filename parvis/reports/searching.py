"""What of a report can be searched: reference, category, place, text and answers; no contact."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.reports.models import Report
from parvis.search import index

KIND = "report"
AT_ONCE = 500


def words_of(report: Report) -> str:
    """The text under which a report is found."""
    return " ".join(
        [
            report.reference,
            report.category.label,
            report.place_label,
            report.text,
            *(str(answer) for answer in report.answers.values()),
        ]
    )


def index_report(report: Report) -> None:
    """Index a report anew; one query."""
    index.put(KIND, report.pk, words_of(report))


def index_reports(reports: Iterable[Report]) -> int:
    """Index many reports, some hundreds at a time; how many there were."""
    count = 0
    some: list[tuple[int, str]] = []
    for report in reports:
        some.append((report.pk, words_of(report)))
        count += 1
        if len(some) == AT_ONCE:
            index.put_many(KIND, some)
            some = []
    if some:
        index.put_many(KIND, some)
    return count
