"""What the desk shows: findings by who manages their place, with their pictures and what became of
them. A fixed number of queries, however many findings there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, F, Q
from django.utils.text import capfirst

from parvis.partners.actors import Actor
from parvis.reports.searching import KIND as REPORT
from parvis.thread.models import Link
from parvis.thread.reading import rows_of
from parvis.thread.register import kind_of, kinds
from parvis.upkeep.themes import themes
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Observation, Picture, Walk
from parvis.walks.practice import severities
from parvis.walks.sorting import followed
from parvis.walks.workflow import MADE, Outcome

BY_PAGE = 40
LINKS_AT_MOST = 400  # of the findings of one page
TONES = {
    Outcome.TO_SORT: "mine",
    Outcome.TO_DECIDE: "soon",
    Outcome.REPORT: "done",
    Outcome.LINKED: "done",
    Outcome.ACTION: "done",
}
# How the list is cut down: by its code in the address, its words and its condition.
TO_SORT, ALL, STRENGTHS, ASIDE = "a-trier", "tous", "points-forts", "ecartes"
CUTS = {
    TO_SORT: ("À trier", Q(outcome=Outcome.TO_SORT)),
    ALL: ("Tous", Q()),
    STRENGTHS: ("Points forts", Q(strength=True)),
    ASIDE: ("Écartés ou réunis", Q()),
}


class Became(NamedTuple):
    """One thing that a finding led to, or the report that told of it before."""

    label: str
    title: str
    url: str
    state: str


@dataclass
class Line:
    """One finding of the list, in words."""

    finding: Observation
    severity: str
    noted_by: str
    tone: str
    pictures: list[Picture] = field(default_factory=list)
    became: list[Became] = field(default_factory=list)
    sortable: bool = False


@dataclass
class Tally:
    """How many findings are strengths, weaknesses and still to sort."""

    strengths: int = 0
    weaknesses: int = 0
    to_sort: int = 0
    strengths_to_sort: int = 0

    @property
    def all(self) -> int:
        """How many in all."""
        return self.strengths + self.weaknesses


@dataclass
class Group:
    """The findings of one manager (None: nobody answers) on this page, and its whole tally."""

    name: str | None
    tally: Tally
    lines: list[Line] = field(default_factory=list)


@dataclass
class Counts:
    """The tally of a walk, of each manager, and how many findings each theme has; one query."""

    whole: Tally
    managers: dict[int | None, Tally]
    themes: dict[str, int]

    @classmethod
    def of(cls, walk: Walk) -> Counts:
        """Count the findings of a walk that are followed."""
        rows = Observation.objects.filter(followed(walk)).order_by()
        counted = rows.values_list("manager", "theme_code", "strength", "outcome")
        whole, by_theme = Tally(), Counter[str]()
        managers: dict[int | None, Tally] = {}
        for manager, theme, strength, outcome, number in counted.annotate(number=Count("pk")):
            for tally in (whole, managers.setdefault(manager, Tally())):
                tally.strengths += number if strength else 0
                tally.weaknesses += 0 if strength else number
                if outcome == Outcome.TO_SORT:
                    tally.to_sort += number
                    tally.strengths_to_sort += number if strength else 0
            by_theme[theme] += number
        return cls(whole, managers, dict(by_theme))

    def theme_choices(self) -> list[tuple[str, str, int]]:
        """The themes that findings have: code, words and how many, in the order of the list."""
        known = [(code, one.label) for code, one in themes().items() if code in self.themes]
        older = [(code, code) for code in sorted(self.themes) if code not in themes()]
        return [(code, label, self.themes[code]) for code, label in known + older]


def findings_of(walk: Walk, cut: str, theme: str = "") -> Any:
    """The findings of a walk that the list shows, by manager, nobody's last; in each the weaknesses
    first, the heaviest first."""
    aside = Q(withdrawn_at__isnull=False) | Q(same_as__isnull=False)
    rows = Observation.objects.filter(CUTS[cut][1], aside if cut == ASIDE else followed())
    if theme:
        rows = rows.filter(theme_code=theme)
    return (
        rows.filter(walk=walk)
        .select_related("manager", "responsible", "organisation", "stop", "same_as")
        .order_by(
            F("manager__name").asc(nulls_last=True),
            "manager",
            "strength",
            F("severity").desc(nulls_last=True),
            "noted_at",
            "pk",
        )
    )


def grouped(lines: Iterable[Line], counts: Counts) -> list[Group]:
    """These lines by manager, in their order."""
    groups: dict[int | None, Group] = {}
    for line in lines:
        manager = line.finding.manager
        pk = manager.pk if manager else None
        if pk not in groups:
            tally = counts.managers.get(pk, Tally())
            groups[pk] = Group(manager.name if manager else None, tally)
        groups[pk].lines.append(line)
    return list(groups.values())


def lines_of(actor: Actor, findings: list[Observation]) -> list[Line]:
    """Findings with their pictures and what became of them; three queries."""
    pictures = pictures_of(actor, [one.pk for one in findings])
    became = became_of(actor, [one.pk for one in findings])
    return [
        Line(
            one,
            severity_of(one),
            noted_by(one),
            TONES.get(Outcome(one.outcome), ""),
            pictures.get(one.pk, []),
            became.get(one.pk, []),
            one.outcome not in MADE and one.withdrawn_at is None and one.same_as_id is None,
        )
        for one in findings
    ]


def severity_of(finding: Observation) -> str:
    """How much it weighs, in words; a strength weighs nothing."""
    return "" if finding.severity is None else severities().get(finding.severity, "")


def noted_by(finding: Observation) -> str:
    """For whom it was noted; who held the link of the walk is a participant."""
    return finding.organisation.name if finding.organisation else "un participant"


def pictures_of(actor: Actor, ids: list[int]) -> dict[int, list[Picture]]:
    """The pictures of these findings and of their doubles that this actor may see, by finding."""
    mine = Q(observation__in=ids) | Q(observation__same_as__in=ids)
    rows = Picture.objects.visible_to(actor).filter(mine).select_related("observation")
    found: dict[int, list[Picture]] = {}
    for one in rows.order_by("noted_at", "pk"):
        shown = one.observation
        if shown is None:
            continue
        for pk in {shown.pk, shown.same_as_id} & set(ids):
            found.setdefault(pk, []).append(one)
    return found


def became_of(actor: Actor, ids: list[int]) -> dict[int, list[Became]]:
    """What these findings led to and the reports that told of them before, as far as this actor
    sees them; two queries."""
    near = Q(source_kind=OBSERVATION, source_id__in=ids)
    near |= Q(source_kind=REPORT, target_kind=OBSERVATION, target_id__in=ids)
    pairs = []
    for link in Link.objects.filter(near).order_by("at", "pk")[:LINKS_AT_MOST]:
        source, target = (link.source_kind, link.source_id), (link.target_kind, link.target_id)
        pairs.append((source[1], target) if source[0] == OBSERVATION else (target[1], source))
    rows = rows_of(actor, {thing for _, thing in pairs})
    found: dict[int, list[Became]] = {}
    for pk, thing in pairs:
        if thing[0] not in kinds():
            continue
        kind, row = kind_of(thing[0]), rows.get(thing)
        if row is not None:
            words = kind.state_labels.get(row.state, row.state)
            one = Became(capfirst(kind.label), row.title, kind.url(row.id), words)
            found.setdefault(pk, []).append(one)
        elif kind.tells_existence:
            hidden = Became(capfirst(kind.label), "que vous ne voyez pas", "", "")
            found.setdefault(pk, []).append(hidden)
    return found
