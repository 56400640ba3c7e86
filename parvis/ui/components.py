"""What the shared templates are given: plain values, with no knowledge of any domain."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar


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
    lang: str = ""  # of its title, where people wrote it; else it is that of the page
    text_lang: str = ""
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
    items: tuple[()] = ()  # it is no group


@dataclass(frozen=True)
class MenuGroup:
    """Entries under one word: folded in the header's menu, a list of its own in the footer."""

    label: str
    items: tuple[MenuItem, ...]

    @property
    def current(self) -> bool:
        """Whether the page that is open is one of them."""
        return any(one.current for one in self.items)


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


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: whose it is, how long, and its figure in words."""

    label: str  # "3 mois"
    percent: float
    words: str  # "82 %"
    second: bool = False  # in the other colour; the label says the same


@dataclass(frozen=True)
class BarGroup:
    """The bars of one line of a chart, under its name."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Chart:
    """Bars (`ui/components/chart.html`), with the same figures as a table under them."""

    title: str
    text: str  # what is drawn, in a sentence
    groups: tuple[BarGroup, ...]
    heads: tuple[str, ...]  # of the table
    rows: tuple[tuple[str, ...], ...]
    ident: str = "graphique"  # on a page with several charts, one for each

    LINE: ClassVar[float] = 1.7  # heights, in the size of the letters

    @property
    def height(self) -> float:
        """The height of the drawing."""
        return round(sum(self.LINE * (len(one.bars) + 1.5) for one in self.groups), 2)

    @property
    def drawn(self) -> list[dict[str, Any]]:
        """Each group and bar with its place; 56 % of the width is a bar of a hundred percent."""
        found, top = [], 0.0
        for group in self.groups:
            bars = []
            for number, bar in enumerate(group.bars):
                y = top + self.LINE * (number + 1)
                width = max(0.0, min(100.0, bar.percent)) * 0.56
                place = {"y": round(y + 0.2, 2), "base": round(y + 1.05, 2)}
                bars.append({"bar": bar, "width": round(width, 1), **place})
            found.append({"label": group.label, "base": round(top + 1.1, 2), "bars": bars})
            top += self.LINE * (len(group.bars) + 1.5)
        return found

    @property
    def table(self) -> list[dict[str, Any]]:
        """The rows of the table, each cell with its head."""
        return [
            {"first": row[0], "cells": list(zip(self.heads[1:], row[1:], strict=True))}
            for row in self.rows
        ]
