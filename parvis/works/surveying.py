"""What residents answered: shares by question, side by side, and never fewer people than the
setting says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from parvis.ui.components import Bar, BarGroup, Chart
from parvis.ui.words import NBSP, counted
from parvis.works.acts.surveys import MARKS, fewest
from parvis.works.handover_models import Survey, SurveyAnswer
from parvis.works.sorting import lines

FAVOURABLE = (3, 4)


@dataclass(frozen=True)
class Line:
    """What was answered to one question: how many gave each mark, from 1 to 4."""

    counts: tuple[int, ...]

    @property
    def answered(self) -> int:
        return sum(self.counts)

    @property
    def share(self) -> int | None:
        """How many in a hundred rather say yes; None when too few answered to tell."""
        if self.answered < fewest():
            return None
        favourable = sum(self.counts[mark - 1] for mark in FAVOURABLE)
        return round(100 * favourable / self.answered)


@dataclass(frozen=True)
class Result:
    """One survey and what may be read of it: coming, open, few (closed with too few answers) or
    shown."""

    survey: Survey
    state: str
    answers: int = 0
    paper: int = 0
    lines: dict[str, Line] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """« 3 mois »."""
        return f"{self.survey.months}{NBSP}mois"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each question with how many gave each mark; questions that too few answered are left
        out."""
        asked = lines("question")
        return [
            {
                "label": asked[code]["label"],
                "counts": list(zip(MARKS.values(), line.counts, strict=True)),
            }
            for code, line in self.lines.items()
            if line.share is not None
        ]


def results_of(surveys: Iterable[Survey], *, today: date | None = None) -> list[Result]:
    """What may be read of these surveys, in one query; marks stay hidden until a survey is closed
    and enough people answered."""
    day, wanted = today or timezone.localdate(), list(surveys)
    given: dict[int, list[tuple[str, Any]]] = {one.pk: [] for one in wanted}
    rows = SurveyAnswer.objects.filter(survey__in=given).order_by("pk")
    for survey_id, channel, marks in rows.values_list("survey_id", "channel", "marks"):
        given[survey_id].append((channel, marks))
    return [_result(one, given[one.pk], day) for one in wanted]


def _result(survey: Survey, given: list[tuple[str, Any]], day: date) -> Result:
    state = survey.state_on(day)
    paper = sum(channel == SurveyAnswer.Channel.PAPER for channel, _ in given)
    if state == "closed":
        state = "shown" if len(given) >= fewest() else "few"
    if state != "shown":
        return Result(survey, state, len(given), paper)
    found = {}
    for code in lines("question"):
        marks = [one.get(code) for _, one in given]
        found[code] = Line(tuple(marks.count(mark) for mark in MARKS))
    return Result(survey, state, len(given), paper, found)


def in_words(line: Line) -> str:
    """« 82 % (9 réponses) », or that too few answered."""
    if line.share is None:
        return f"moins de {fewest()}{NBSP}réponses"
    return f"{line.share}{NBSP}% ({counted(line.answered, 'réponse', 'réponses')})"


def difference(first: Line, last: Line) -> str:
    """By how many points a share moved between two surveys, signed; empty when it is unknown."""
    if first.share is None or last.share is None:
        return ""
    moved = last.share - first.share
    sign = "+" if moved > 0 else "−" if moved < 0 else ""
    return f"{sign}{counted(abs(moved), 'point', 'points')}"


def chart_of(results: Iterable[Result], title: str) -> Chart | None:
    """How many rather say yes to each question, one bar for each survey that is shown."""
    shown = [one for one in results if one.state == "shown"]
    if not shown:
        return None
    asked = lines("question")
    groups, rows = [], []
    for code, question in asked.items():
        bars = []
        for number, one in enumerate(shown):
            share = one.lines[code].share
            words = "trop peu" if share is None else f"{share}{NBSP}%"
            bars.append(Bar(one.label, share or 0, words, second=number == 1))
        groups.append(BarGroup(question.get("short", question["label"]), tuple(bars)))
        row = [question["label"], *(in_words(one.lines[code]) for one in shown)]
        if len(shown) > 1:
            row.append(difference(shown[0].lines[code], shown[-1].lines[code]))
        rows.append(tuple(row))
    heads = ["Question", *(f"À {one.label}" for one in shown)]
    return Chart(
        title=title,
        text="Part des personnes qui répondent plutôt oui ou tout à fait à chaque question.",
        groups=tuple(groups),
        heads=tuple([*heads, "Écart"] if len(shown) > 1 else heads),
        rows=tuple(rows),
    )
