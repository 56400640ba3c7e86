"""What of a report can be searched, and by whom; never a contact.

Two entries: one that everybody who sees the report may search (reference, category, place, and the
text once it is shown), one with the text and answers as they were written, for those who may read
them. Otherwise words that nobody has reviewed could be guessed by searching for them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.reports import access
from parvis.reports.models import Report
from parvis.search import index

KIND = "report"
WRITTEN = "report.written"
AT_ONCE = 500


def open_words(report: Report) -> str:
    """The text under which anybody who sees a report finds it."""
    words = [report.reference, report.category.label, report.place_label]
    return " ".join([*words, *([_written(report)] if report.text_shown else [])])


def _written(report: Report) -> str:
    return " ".join([report.text, *(str(answer) for answer in report.answers.values())])


def index_report(report: Report) -> None:
    """Index a report anew."""
    index_reports([report])


def index_reports(reports: Iterable[Report]) -> int:
    """Index many reports, some hundreds at a time; how many there were."""
    count = 0
    some: list[Report] = []
    for report in reports:
        some.append(report)
        count += 1
        if len(some) == AT_ONCE:
            _put(some)
            some = []
    _put(some)
    return count


def _put(reports: list[Report]) -> None:
    if not reports:
        return
    index.put_many(KIND, [(report.pk, open_words(report)) for report in reports])
    everything = [(report.pk, f"{open_words(report)} {_written(report)}") for report in reports]
    index.put_many(WRITTEN, everything)


def forget_report(pk: int) -> None:
    """Take a report out of the index."""
    index.drop(KIND, pk)
    index.drop(WRITTEN, pk)


def holding(actor: Actor, words: str) -> Q | None:
    """The reports that hold these words, as far as this actor may read them; None without words."""
    shown = index.matching(KIND, words)
    written = index.matching(WRITTEN, words)
    if shown is None or written is None:
        return None
    return Q(pk__in=shown) | (Q(pk__in=written) & access.REPORT.condition(actor, "read"))
