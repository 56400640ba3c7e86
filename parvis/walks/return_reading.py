"""Before and after: what an earlier walk found, beside what its return saw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, Value

from parvis.partners.actors import Actor
from parvis.ui.components import Bar, BarGroup, Chart
from parvis.ui.words import counted
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Answer, Check, Observation, Picture, Walk
from parvis.walks.return_checks import CONDITIONS, WORDS
from parvis.walks.workflow import Condition

UNLOOKED = "unlooked"
# Each state in the order of the page: its tone, what one and several are called.
STATES = {
    Condition.SETTLED.value: ("done", "réglé", "réglés"),
    Condition.STILL.value: ("soon", "toujours là", "toujours là"),
    Condition.WORSE.value: ("late", "pire", "pires"),
    UNLOOKED: ("", "pas regardé", "pas regardés"),
}
LABELS = {state: one for state, (_, one, _) in STATES.items()}
TONES = {state: tone for state, (tone, _, _) in STATES.items()}


@dataclass
class Compared:
    """One earlier finding, what the return saw of it, and a picture of each time."""

    finding: Observation
    state: str
    answers: list[Answer] = field(default_factory=list)  # the latest first, which counts
    before: Picture | None = None
    after: Picture | None = None

    @property
    def label(self) -> str:
        """What was seen, in French."""
        return LABELS[self.state]

    @property
    def tone(self) -> str:
        """The tone of its tag."""
        return TONES[self.state]

    @property
    def latest(self) -> Answer | None:
        """The answer that counts."""
        return self.answers[0] if self.answers else None

    @property
    def disagree(self) -> bool:
        """Whether two telephones noted different things."""
        return len({one.result for one in self.answers}) > 1


@dataclass(frozen=True)
class Comparison:
    """A return beside the walk before it."""

    rows: list[Compared]
    new: list[tuple[Observation, Picture | None]]
    counts: list[tuple[str, int, str]]  # tone, number, label in the plural as needed
    chart: Chart | None
    read: set[int]  # the findings whose note is for this reader; of others, the public text

    def words_of(self, finding: Observation) -> str:
        """What was noted of a finding, in the words that this reader may read."""
        return finding.note if finding.pk in self.read else finding.public_note


def compare(actor: Actor, walk: Walk, *, inside: bool) -> Comparison:
    """What this actor may read of a return: five queries, however many findings. `inside`: all of
    it, for partners; else what was reviewed of the two public accounts."""
    seen = Observation.objects.visible_to(actor).filter(withdrawn_at=None, same_as=None)
    # Who was called to the return alone reads of the walk before what everybody does.
    noted = Observation.objects.allowed(actor, "read").filter(pk=OuterRef("pk"))
    seen = seen.annotate(read=Exists(noted) if inside else Value(False))
    if not inside:
        seen = seen.filter(shown=True, walk__published_at__isnull=False)
    seen = seen.select_related("walk__gathering", "stop").defer("walk__gathering__summary")
    answers = _answers_by_finding(walk)
    asked = Check.objects.filter(stop__walk=walk, thing_kind=OBSERVATION).values("thing_id")
    earlier = Q(pk__in=asked) | Q(walk=walk.before_id, strength=False)
    findings = list(seen.filter(earlier).order_by("noted_at", "pk"))
    new = list(seen.filter(walk=walk).order_by("strength", "noted_at", "pk"))
    told = [one.pk for rows in answers.values() for one in rows]
    shown = [one.pk for one in (*findings, *new)]
    of_findings, of_answers = _pictures(actor, shown, told, inside=inside)
    rows = []
    for one in findings:
        said = answers.get(one.pk, [])
        state = CONDITIONS[said[0].result].value if said else UNLOOKED
        same = [answer for answer in said if answer.result == said[0].result]
        after = next((of_answers[answer.pk] for answer in same if answer.pk in of_answers), None)
        rows.append(Compared(one, state, said, of_findings.get(one.pk), after))
    order = list(STATES)
    rows.sort(key=lambda row: order.index(row.state))
    numbers = {state: len([row for row in rows if row.state == state]) for state in STATES}
    return Comparison(
        rows,
        [(one, of_findings.get(one.pk)) for one in new],
        [
            (tone, numbers[state], one if numbers[state] < 2 else many)
            for state, (tone, one, many) in STATES.items()
            if numbers[state]
        ],
        _chart(numbers),
        {one.pk for one in (*findings, *new) if one.read},
    )


def word_of(answer: Answer) -> str:
    """What one answer says of a finding, in French."""
    return WORDS[answer.result]


def _answers_by_finding(walk: Walk) -> dict[int, list[Answer]]:
    """What was answered on this walk about earlier findings, the latest first."""
    rows = Answer.objects.filter(about__stop__walk=walk, about__thing_kind=OBSERVATION)
    found: dict[int, list[Answer]] = {}
    for one in rows.select_related("about", "organisation").order_by("-noted_at", "-pk"):
        found.setdefault(one.about.thing_id, []).append(one)
    return found


def _pictures(
    actor: Actor, findings: Iterable[int], answers: Iterable[int], *, inside: bool
) -> tuple[dict[int, Picture], dict[int, Picture]]:
    """The first picture of each of these findings and answers that this actor may see."""
    rows: Any = Picture.objects.visible_to(actor).filter(
        Q(observation__in=list(findings)) | Q(answer__in=list(answers))
    )
    if not inside:
        rows = rows.filter(shown=True)
    of_findings: dict[int, Picture] = {}
    of_answers: dict[int, Picture] = {}
    for one in rows.order_by("noted_at", "pk"):
        if one.observation_id is not None:
            of_findings.setdefault(one.observation_id, one)
        else:
            of_answers.setdefault(one.answer_id, one)
    return of_findings, of_answers


def _chart(numbers: dict[str, int]) -> Chart | None:
    total = sum(numbers.values())
    if not total:
        return None
    groups = tuple(
        BarGroup(
            LABELS[state].capitalize(),
            (
                Bar(
                    label="",
                    percent=number / total * 100,
                    words=str(number),
                    second=state != Condition.SETTLED.value,
                ),
            ),
        )
        for state, number in numbers.items()
    )
    settled = numbers[Condition.SETTLED.value]
    return Chart(
        title="Ce que sont devenus les constats",
        text=f"{settled} sur {counted(total, 'constat', 'constats')} du diagnostic précédent "
        + ("est réglé." if settled < 2 else "sont réglés."),
        groups=groups,
        heads=("État", "Constats"),
        rows=tuple((LABELS[state].capitalize(), str(one)) for state, one in numbers.items()),
        ident="retour",
    )
