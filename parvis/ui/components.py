"""What the shared templates are given: plain values, with no knowledge of any domain."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Step:
    """One step of a thread (`ui/components/thread.html`)."""

    title: str
    text: str = ""
    who: str = ""
    day: datetime.date | None = None
    amount: Decimal | int | None = None
    url: str = ""
    icon: str = ""  # a Lucide name
    here: bool = False  # the page that one is reading
    future: bool = False
    hidden: bool = False  # exists, but this reader may not see it
    count: int = 0  # several things of one kind, told as one step
    inside: tuple[Step, ...] = ()  # these things one by one, under a disclosure


@dataclass(frozen=True)
class Item:
    """One line of a board; `action_url` is posted to by a button of its own."""

    title: str
    url: str
    soft: str = ""
    action_url: str = ""
    action_label: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a board (`ui/components/board.html`); `total` may exceed the items shown."""

    title: str
    tone: str = ""  # "late", "soon" or ""
    items: list[Item] = field(default_factory=list)
    total: int = 0
    more_url: str = ""
    empty: str = "Rien pour le moment."


@dataclass(frozen=True)
class Moment:
    """One thing that happens on a day of a calendar strip."""

    title: str
    url: str
    icon: str = ""  # a Lucide name
    soft: str = ""  # hour and place
    cancelled: bool = False


@dataclass(frozen=True)
class StripDay:
    """One day of a calendar strip (`ui/components/strip.html`)."""

    day: datetime.date
    moments: tuple[Moment, ...] = ()
    today: bool = False


@dataclass(frozen=True)
class MenuItem:
    """One entry of the header's menu, of its tools or of the footer."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    post: bool = False  # a button that posts, such as signing out
    strong: bool = False  # drawn as a button


@dataclass(frozen=True)
class Choice:
    """One thing that one may act for."""

    value: str
    label: str
    soft: str = ""
    current: bool = False


@dataclass(frozen=True)
class Switch:
    """The "Agir pour" menu of the header: each choice posts `name=value` to `url`."""

    label: str  # what one acts for now
    url: str
    choices: list[Choice] = field(default_factory=list)
    name: str = "mandate"
    title: str = "Agir pour"
