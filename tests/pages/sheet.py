"""How a page of the site is named for the walks over all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

STRANGER, COORDINATION, NO_MANDATE = "", "claire", "theo"


@dataclass(frozen=True)
class Sheet:
    """One page: `path` is filled with the names of the world; `arrive` goes on from there."""

    template: str
    path: str
    who: str = STRANGER
    pieces: tuple[str, ...] = ()  # templates that it includes and that must show
    main: bool = False  # one of the ten main pages, looked at in six combinations
    status: int = 200
    arrive: Callable[[Any], None] | None = field(default=None, compare=False)


def press(name: str) -> Callable[[Any], None]:
    """Arrive by pressing that button."""

    def pressed(page: Any) -> None:
        with page.expect_navigation():
            page.get_by_role("main").get_by_role("button", name=name).click()

    return pressed
