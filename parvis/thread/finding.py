"""Finding a thing of the thread by hand: by words of its title, or by the address of its page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from parvis.partners.actors import Actor
from parvis.search.words import fold
from parvis.thread.edges import Node
from parvis.thread.reading import rows_lying, rows_of
from parvis.thread.register import Where, kind_of, kinds
from parvis.thread.steps import Row

LOOKED_THROUGH = 3000  # the newest things of the place
FOUND_AT_MOST = 20
STEERED_AT_MOST = 200


@dataclass(frozen=True)
class Found:
    """A thing as a list of choices shows it."""

    value: str  # "report:12", as `thing_of` reads it
    title: str
    url: str
    icon: str
    words: str  # what it is, its state, who


def find_things(
    actor: Actor, text: str, where: Where, *, without: Collection[Node] = ()
) -> list[Found]:
    """The newest things of a place whose title or kind holds every word of this text, or the one
    whose address it is; as far as this actor sees them. One query."""
    node = thing_at(text)
    if node is not None:
        rows = list(rows_of(actor, {node}).values())
    else:
        wanted = fold(text).split()
        if not wanted:
            return []
        rows = [
            row
            for row in rows_lying(actor, where, limit=LOOKED_THROUGH)
            if all(word in fold(f"{kind_of(row.kind).label} {row.title}") for word in wanted)
        ]
    kept = [row for row in rows if (row.kind, row.id) not in without]
    return [shown(row) for row in kept[:FOUND_AT_MOST]]


def steered_things(actor: Actor) -> list[Found]:
    """What this actor sees of the things that an instance may steer, by title. One query a kind."""
    found = []
    for kind in kinds().values():
        if kind.steered:
            rows = kind.rows(actor).order_by("thing_title", "thing_pk")[:STEERED_AT_MOST]
            found += [shown(Row(*row)) for row in rows]
    return found


def shown(row: Row) -> Found:
    """A row of the register, with the words of its kind."""
    kind = kind_of(row.kind)
    words = (kind.label, kind.state_labels.get(row.state, row.state), row.who)
    return Found(
        value=f"{row.kind}:{row.id}",
        title=row.title,
        url=kind.url(row.id),
        icon=kind.icon,
        words=" · ".join(word for word in words if word),
    )


def thing_of(value: str) -> Node | None:
    """The thing that a choice names; None for anything else."""
    code, _, number = value.partition(":")
    if code in kinds() and number.isascii() and number.isdigit() and len(number) < 19:
        return (code, int(number))
    return None


def thing_at(text: str) -> Node | None:
    """The thing whose page has this address (with or without the site's name), or that people call
    by this reference."""
    text = text.strip()
    try:
        path = urlsplit(text).path
        match = resolve(path) if path.startswith("/") else None
    except (ValueError, Resolver404):
        return None
    name = str(next(iter(match.kwargs.values()), "")) if match else text
    for code, kind in kinds().items():
        number = kind.named(name) if kind.named else None
        if number is None and match and name.isascii() and name.isdigit() and len(name) < 19:
            number = int(name)
        if number is None:
            continue
        if match is None or resolve(kind.url(number)).view_name == match.view_name:
            return (code, number)
    return None
