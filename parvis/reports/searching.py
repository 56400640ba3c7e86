"""What of a report can be searched, and by whom; never a contact.

Two entries: one that everybody who sees the report may search (reference, category, place, and the
text once it is shown), one with the text and answers as they were written, for those who may read
them. Otherwise words that nobody has reviewed could be guessed by searching for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from parvis.partners.actors import Actor
from parvis.partners.rights import NOTHING
from parvis.reports import access
from parvis.reports.models import Part, Report
from parvis.search import index, spelling
from parvis.search.spelling import corrected
from parvis.search.words import words_of

KIND = "report"
WRITTEN = "report.written"
NUMBER = "report.number"  # of a part: its organisation's own number, for its members alone
AT_ONCE = 500
MANY = 2000  # reports; words that more of them hold are common
_REFERENCE = re.compile(r"\w+-[\w-]+$")


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
    # Only what is public may correct what people type: places of others may tell of somebody too.
    shown = [report for report in reports if report.public and report.withdrawn_at is None]
    spelling.learn(KIND, [open_words(report) for report in shown])


def forget_report(pk: int) -> None:
    """Take a report out of the index."""
    index.drop(KIND, pk)
    index.drop(WRITTEN, pk)


def index_numbers(parts: Iterable[Part]) -> None:
    """Index the organisations' own numbers of these parts anew."""
    numbered = [(part.pk, part.own_number) for part in parts]
    index.put_many(NUMBER, [(pk, number) for pk, number in numbered if number])
    for pk, number in numbered:
        if not number:
            index.drop(NUMBER, pk)


def _numbered(actor: Actor, words: str) -> list[int]:
    """Ids of the reports of which the actor's organisation has a part under such a number of its
    own; nearly always none."""
    found = index.matching(NUMBER, words)
    if actor.organisation_id is None or found is None:
        return []
    own = Part.objects.filter(organisation=actor.organisation_id, pk__in=found)
    return list(own.order_by("pk").values_list("report_id", flat=True)[:MANY])


@dataclass(frozen=True)
class Finding:
    """What was looked for: the words that were used, the reports that hold them, and whether they
    are few (some thousands) or too many to be counted."""

    words: str
    condition: Q
    few: bool = True
    many: bool = False


def find(actor: Actor, words: str, among: Any) -> Finding:
    """The reports of `among` (what this actor may see) that hold these words. When none does, each
    unknown word is replaced by the nearest one that public reports hold."""
    finding = look_for(actor, words)
    return _looked_up(finding, among) or nearest(actor, words, among) or Finding(words, NOTHING)


def look_for(actor: Actor, words: str) -> Finding:
    """The reports that hold these words, as far as this actor may read them; there may be none."""
    whole = Q(reference=words.upper())
    if _REFERENCE.match(words) and Report.objects.filter(whole).exists():
        return Finding(words, whole)
    # What is written holds what is open, and more.
    widest = WRITTEN if actor.is_partner or actor.bearer is not None else KIND
    held = index.matching(widest, words)
    if held is None:
        return Finding(words, NOTHING)
    first = list(held[: MANY + 1])
    few = len(first) <= MANY
    if not few and index.is_common(widest, words, MANY):  # and no organisation's own number
        return Finding(words, _common(actor, words, widest), few=False, many=True)
    # Few: the index is read once, and the database starts from them, not from the newest report.
    condition = Q(pk__in=first if few else held)
    if widest == WRITTEN:
        # Who reads all that they see needs no second look into the index.
        read = access.REPORT.condition(actor, "read")
        condition &= read | Q(pk__in=index.matching(KIND, words))
        if numbered := _numbered(actor, words):
            condition |= Q(pk__in=numbered)
    return Finding(words, condition, few=few)


def nearest(actor: Actor, words: str, among: Any) -> Finding | None:
    """The same for the nearest words that public reports hold, when that finds something."""
    better = corrected(KIND, words)
    # What was public once and is no more must not come back as a correction.
    return _looked_up(look_for(actor, better), among) if better else None


def _looked_up(finding: Finding, among: Any) -> Finding | None:
    """The same, looked up once for all that is made of it; None if nothing is found."""
    if finding.many:
        return finding
    held = among.filter(finding.condition).order_by().values_list("pk", flat=True)
    ids = list(held[: MANY + 1])
    if len(ids) > MANY:  # beginnings of words: whole, they are rare
        return finding
    return Finding(finding.words, Q(pk__in=ids)) if ids else None


def holding(actor: Actor, words: str) -> Q | None:
    """The reports that hold these words, as far as this actor may read them; None without words."""
    return look_for(actor, words).condition if words_of(words) else None


def _common(actor: Actor, words: str, widest: str) -> Q:
    """The reports that hold common words, looked for whole in one report after the other."""

    def holds(kind: str) -> Q:
        return Q(Exists(index.holds(kind, words, OuterRef("pk"))))

    if widest == KIND:
        return holds(KIND)
    return holds(WRITTEN) & (holds(KIND) | access.REPORT.condition(actor, "read"))
