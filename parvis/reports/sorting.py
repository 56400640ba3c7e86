"""In which order reports are listed, and how one page follows another: by key, never by offset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Q
from django.utils.translation import gettext_lazy

# Words that are said in the language of each page, though they are listed once.
_ = cast(Callable[[str], str], gettext_lazy)


def _moment(words: str) -> datetime:
    moment = datetime.fromisoformat(words)
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return moment


def _number(words: str) -> int:
    if not (words.isascii() and words.isdigit() and len(words) < 19):
        raise ValueError("not a number")
    return int(words)


@dataclass(frozen=True)
class Run:
    """Reports in the order of one column, those of the same value by falling id. With `without`,
    only those where that other column is empty."""

    column: str
    read: Callable[[str], Any]  # the column's value, from the address of a page
    rising: bool = False
    may_be_empty: bool = False
    without: str = ""

    @property
    def order(self) -> tuple[str, str]:
        """The columns that it sorts by."""
        return (self.column if self.rising else f"-{self.column}", "-pk")

    def rows(self, rows: Any) -> Any:
        """These reports of `rows`, in order."""
        if self.may_be_empty:
            rows = rows.filter(**{f"{self.column}__isnull": False})
        if self.without:
            rows = rows.filter(**{self.without: None})
        return rows.order_by(*self.order)

    def after(self, value: Any, pk: int) -> Q:
        """What follows the report of that value and id."""
        past, here = ("gt", "gte") if self.rising else ("lt", "lte")
        # The first condition says nothing more: it lets the database start there in its index.
        return Q(**{f"{self.column}__{here}": value}) & (
            Q(**{f"{self.column}__{past}": value}) | Q(pk__lt=pk)
        )


NEWEST = Run("at", _moment)


@dataclass(frozen=True)
class Sort:
    """An order that people may ask for: one run, or those that have a value and then the others."""

    label: str
    runs: tuple[Run, ...]

    def all(self, rows: Any) -> list[Any]:
        """Querysets that give every row in order, one after the other."""
        return [run.rows(rows) for run in self.runs]

    def page(self, rows: Any, after: str, size: int) -> list[Any]:
        """That many rows from the key on (from the start, when the key makes no sense); as many
        queries as the sort has runs, at most."""
        start, value, pk = self._key(after)
        found: list[Any] = []
        for number, run in enumerate(self.runs):
            if number < start or len(found) == size:
                continue
            some = run.rows(rows)
            if number == start and pk:
                some = some.filter(run.after(value, pk))
            found += some[: size - len(found)]
        return found

    def key(self, last: Any) -> str:
        """Where the page after this report starts: as many "~" as runs before its own, its value
        and its id."""
        number = next(
            number for number, run in enumerate(self.runs) if getattr(last, run.column) is not None
        )
        value = getattr(last, self.runs[number].column)
        words = str(value) if isinstance(value, int) else value.isoformat()
        return f"{'~' * number}{words}~{last.pk}"

    def _key(self, after: str) -> tuple[int, Any, int]:
        start = len(after) - len(after.lstrip("~"))
        value, _, pk = after[start:].partition("~")
        try:
            return start, self.runs[start].read(value), _number(pk)
        except (ValueError, IndexError):
            return 0, None, 0


SORTS = {
    "recents": Sort(_("Les plus récents"), (NEWEST,)),
    "echeance": Sort(
        _("Les plus urgents"),
        (
            Run("due_on", date.fromisoformat, rising=True, may_be_empty=True),
            Run("at", _moment, without="due_on"),
        ),
    ),
    "personnes": Sort(_("Les plus partagés"), (Run("voice_count", _number),)),
    "clos": Sort(
        _("Clos récemment"),
        (
            Run("closed_at", _moment, may_be_empty=True),
            Run("at", _moment, without="closed_at"),
        ),
    ),
}
USUAL = "recents"
