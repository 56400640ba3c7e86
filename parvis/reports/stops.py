"""The "stop" messages: what must not wait for a report to be read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "stops.toml"


@dataclass(frozen=True)
class Number:
    """A telephone number to call now, and where it was read."""

    number: str
    label: str
    kind: str
    source: str

    @property
    def href(self) -> str:
        """The number as a telephone dials it; by text for 114."""
        digits = self.number.replace(" ", "")
        return f"sms:{digits}" if digits == "114" else f"tel:{digits}"


@dataclass(frozen=True)
class Stop:
    """What to do at once, and whom to call."""

    code: str
    title: str
    text: str
    numbers: tuple[Number, ...]


@cache
def stops() -> dict[str, Stop]:
    """Every "stop" message by its code."""
    with FILE.open("rb") as file:
        data = tomllib.load(file)
    numbers = {code: Number(**row) for code, row in data.pop("numbers").items()}
    return {
        code: Stop(
            code, row["title"], row["text"], tuple(numbers[number] for number in row["numbers"])
        )
        for code, row in data.items()
    }


def stop_of(code: str) -> Stop | None:
    """The message of a category's code, if it has one."""
    return stops().get(code)
