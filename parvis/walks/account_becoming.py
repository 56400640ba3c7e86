"""What findings became: the things that the thread links to them, and how these stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.text import capfirst

from parvis.thread.edges import Node
from parvis.thread.models import Event
from parvis.thread.register import kinds
from parvis.thread.steps import Row
from parvis.ui.words import NBSP


@dataclass(frozen=True)
class Thing:
    """A thing of the thread that this reader may see."""

    kind: str
    pk: int
    words: str  # "Signalement : Trou dans la route"
    url: str
    state: str  # in words
    done: bool
    ended: datetime | None


def became(links: Any) -> Any:
    """These links as (kind and id of the source, of the target, when the target last came to an
    end, when the source did)."""
    return links.order_by("at", "pk").values_list(
        "source_kind",
        "source_id",
        "target_kind",
        "target_id",
        _last_end("target"),
        _last_end("source"),
    )


def _last_end(side: str) -> Subquery:
    states = sorted({str(state) for kind in kinds().values() for state in kind.ended})
    ends = Event.objects.filter(
        thing_kind=OuterRef(f"{side}_kind"), thing_id=OuterRef(f"{side}_id"), new__in=states
    )
    return Subquery(ends.order_by("-at", "-pk").values("at")[:1])


def things_of(links: Iterable[tuple[Node, datetime | None]], rows: dict[Node, Row]) -> list[Thing]:
    """The linked things that stand in these rows, hence that their reader may see."""
    found = []
    for node, ended in links:
        row = rows.get(node)
        if row is None:
            continue
        kind = kinds()[row.kind]
        found.append(
            Thing(
                kind=row.kind,
                pk=row.id,
                words=f"{capfirst(kind.label)}{NBSP}: {row.title}",
                url=kind.url(row.id),
                state=kind.state_labels.get(row.state, row.state),
                done=row.state in kind.ended,
                ended=ended,
            )
        )
    return found
