"""What somebody who signs in wrote, for the export of their own account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from parvis.notices.keeping import Held
from parvis.partners.actors import Actor

AT_MOST = 5000  # of one kind, in one file


@dataclass(frozen=True)
class Written:
    """What a person wrote in a room. A room puts `WRITTEN` in its `holdings.py`; `find` is given
    who they may be today, one actor per mandate, and never gives what none of these may see."""

    code: str
    label: str
    find: Callable[[int, Sequence[Actor]], list[Held]]


def written_by(rows: Any, user_id: int, actors: Sequence[Actor], by: str = "by") -> Any:
    """The rows that this person wrote and may still see, as one of these actors at least; leaving
    an organisation ends what one reads there, one's own words included."""
    policy = rows.model.objects.all().policy
    seen = [policy.condition(actor, "see") for actor in actors]
    own = rows.filter(**{by: user_id})
    if not seen:
        return own.none()
    if not all(seen):  # an empty condition is every row, and `|` would drop it
        return own[:AT_MOST]
    return own.filter(reduce(or_, seen))[:AT_MOST]
