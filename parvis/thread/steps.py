"""From edges and rows to the steps that a page shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from parvis.thread.edges import Edges, Node
from parvis.thread.register import Kind

if TYPE_CHECKING:
    from parvis.ui.components import Step

# More steps of one kind than this become a count with its list.
SHOWN_ONE_BY_ONE = 5
HIDDEN_TITLE = "Étape non publique"
FRENCH = "fr"  # what rooms write of their things


class Row(NamedTuple):
    """One row of the register, in the order of `register.columns`."""

    kind: str
    id: int
    title: str
    who: str
    day: date | None
    amount: Decimal | None
    state: str


@dataclass(frozen=True)
class ThreadStep:
    """One step of a thread. A group (`count` above 0) holds its steps in `inside`."""

    title: str
    text: str = ""
    who: str = ""
    day: date | None = None
    amount: Decimal | None = None
    url: str = ""
    icon: str = ""
    here: bool = False
    future: bool = False
    hidden: bool = False
    count: int = 0
    kind: str = ""
    id: int = 0
    inside: tuple[ThreadStep, ...] = ()

    def step(self) -> Step:
        """This step as the component that draws it."""
        from parvis.ui.components import Step

        return Step(
            title=self.title,
            text=self.text,
            lang=FRENCH,
            text_lang=FRENCH,
            who=self.who,
            day=self.day,
            amount=self.amount,
            url=self.url,
            icon=self.icon,
            here=self.here,
            future=self.future,
            hidden=self.hidden,
            count=self.count,
            inside=tuple(one.step() for one in self.inside),
        )


def lay_out(
    start: Node, edges: Edges, rows: dict[Node, Row], kinds: dict[str, Kind], today: date
) -> list[ThreadStep]:
    """The steps by day: past, here, future. Nothing is reached through a step that is not shown."""
    if start not in rows:
        return []
    # Where each step stands: its day (or that of the step it was reached from), then its distance,
    # counted backwards for what led here.
    places: dict[Node, tuple[date, int]] = {start: (rows[start].day or today, 0)}
    for ways, sign in ((edges.up, -1), (edges.down, 1)):
        _walk(start, ways, sign, rows, edges.nodes, kinds, places)
    steps = [
        _step(node, node == start, place[0], rows, kinds, today)
        for node, place in sorted(places.items(), key=lambda item: (item[1], item[0]))
    ]
    return _grouped(steps, kinds)


def _walk(
    start: Node,
    ways: dict[Node, list[Node]],
    sign: int,
    rows: dict[Node, Row],
    known: set[Node],
    kinds: dict[str, Kind],
    places: dict[Node, tuple[date, int]],
) -> None:
    # Apart from `places`: on a cycle, what led here is also gone through on the way down.
    level, distance, seen = [start], 0, {start}
    while level:
        distance += 1
        following: list[Node] = []
        for node in level:
            for other in sorted(ways.get(node, ())):
                if other in seen or other not in known or not _may_pass(other, rows, kinds):
                    continue
                seen.add(other)
                following.append(other)
                row = rows.get(other)
                day = row.day if row and row.day else places[node][0]
                places.setdefault(other, (day, sign * distance))
        level = following


def _may_pass(node: Node, rows: dict[Node, Row], kinds: dict[str, Kind]) -> bool:
    kind = kinds.get(node[0])
    return kind is not None and (node in rows or kind.tells_existence)


def _step(
    node: Node,
    here: bool,
    day: date,
    rows: dict[Node, Row],
    kinds: dict[str, Kind],
    today: date,
) -> ThreadStep:
    kind = kinds[node[0]]
    row = rows.get(node)
    if row is None:
        # Neither its id nor its day: that it exists is all that may be told.
        return ThreadStep(
            HIDDEN_TITLE, icon="lock", hidden=True, future=day > today, kind=kind.code
        )
    return ThreadStep(
        title=row.title or kind.label,
        text=kind.state_labels.get(row.state, row.state),
        who=row.who or "",
        day=row.day,
        amount=row.amount,
        url=kind.url(row.id),
        icon=kind.icon,
        here=here,
        future=day > today and not here,
        kind=kind.code,
        id=row.id,
    )


def _grouped(steps: list[ThreadStep], kinds: dict[str, Kind]) -> list[ThreadStep]:
    """The same steps; a kind that has too many is one group, where its last step stood."""
    by_kind: dict[tuple[str, bool], list[ThreadStep]] = {}
    for step in steps:
        if not step.here:
            by_kind.setdefault((step.kind, step.hidden), []).append(step)
    shown: list[ThreadStep] = []
    for step in steps:
        group = by_kind.get((step.kind, step.hidden), [])
        if step.here or len(group) <= SHOWN_ONE_BY_ONE:
            shown.append(step)
        elif step is group[-1]:
            shown.append(_group(group, kinds[step.kind]))
    return shown


def _group(group: list[ThreadStep], kind: Kind) -> ThreadStep:
    count = len(group)
    if group[0].hidden:
        return replace(group[-1], title="Étapes non publiques", count=count)
    amounts = [step.amount for step in group if step.amount is not None]
    return ThreadStep(
        title=kind.plural[:1].upper() + kind.plural[1:],
        day=group[-1].day,
        amount=sum(amounts, Decimal()) if amounts else None,
        icon=kind.icon,
        future=all(step.future for step in group),
        count=count,
        kind=kind.code,
        inside=tuple(group),
    )
