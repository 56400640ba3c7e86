"""What an import did, told row by row; and the refusal of a whole file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class FileRefused(Exception):  # noqa: N818 - what happened, told to a person
    """The file cannot be used at all; nothing was imported. The message is for the person."""

    def __init__(self, message: str, faults: list[Fault] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.faults = faults or []


class RowRefused(Exception):  # noqa: N818 - what happened, told to a person
    """One row cannot be used; the others may."""


class Fault(NamedTuple):
    """A row left aside: its number in the file (from 1), its code when it has one, and why."""

    number: int
    code: str
    reason: str


@dataclass
class Outcome:
    """Counts by code, rows left aside, and what the person should know of the others."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    communes_created: int = 0
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what else was done, told at the end
    untold: int = 0  # rows left aside beyond those that are told one by one
    dry_run: bool = False

    @property
    def faulty(self) -> int:
        """How many rows were left aside."""
        return len(self.faults) + self.untold
