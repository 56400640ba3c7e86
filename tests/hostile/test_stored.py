"""Hostile words already in the database, in every column that people fill: pages, files and feeds
of the whole house show them as the words that they are."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests import guards
from tests.access.test_every_url import Worlds
from tests.hostile import planting
from tests.hostile.readers import answer_faults
from tests.hostile.strings import HOSTILE, MARK
from tests.hostile.walking import Stop, once_each, opened, stops

READ = {
    "text/html", "text/csv", "text/calendar", "application/json", "application/pdf",
    "application/geo+json", "application/atom+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip


@pytest.fixture(autouse=True)
def people_may_write_braces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere template code in a page is a fault of ours; here somebody wrote it."""
    monkeypatch.setattr(guards._InlineFinder, "handle_data", lambda finder, data: None)


def plant_everywhere(turn: int) -> int:
    """Each row of each column takes one of the hostile texts, another one at each turn."""
    texts = list(HOSTILE.values())
    planted = 0
    for at, (model, field) in enumerate(planting.text_columns()):
        planted += planting.plant(
            model, field, lambda rank, at=at: texts[(at + rank + turn) % len(texts)]
        )
    return planted


def walk(worlds: Worlds, walked: Iterable[Stop]) -> tuple[list[str], dict[str, int]]:
    """What is not inert, and how many answers of each kind showed the words."""
    wrong: list[str] = []
    showing: dict[str, int] = {}
    for stop in walked:
        try:
            response, content = opened(worlds, stop.who, stop.url)
        except Exception as error:
            wrong.append(
                f"{stop.name} {stop.who} ({stop.whose}): {type(error).__name__} {error}"[:400]
            )
            continue
        if response.status_code not in (200, 404):
            continue
        try:
            faults = answer_faults(response, content)
        except Exception as error:  # what a reader could not read
            faults = [f"{type(error).__name__}: {error}"]
        wrong += [f"{stop.name} {stop.who} ({stop.whose}): {fault}" for fault in faults]
        if MARK.encode() in content or content[:2] in (b"PK", b"%P"):
            kind = response.get("Content-Type", "").partition(";")[0]
            showing[kind] = showing.get(kind, 0) + 1
    return wrong, showing


@pytest.mark.django_db
def test_what_people_wrote_is_words_on_every_page_and_in_every_file(worlds: Worlds) -> None:
    assert plant_everywhere(0) > 500
    wrong, showing = walk(worlds, once_each(worlds))
    assert not wrong, "\n".join(wrong)
    assert showing["text/html"] > 100
    assert set(showing) >= READ, "each kind of file must have been read"


@pytest.mark.drill
@pytest.mark.django_db
@pytest.mark.parametrize("turn", range(1, len(HOSTILE)))
def test_each_text_in_each_column(worlds: Worlds, turn: int) -> None:
    plant_everywhere(turn)
    wrong, _ = walk(worlds, stops(worlds, everybody=False))
    assert not wrong, "\n".join(wrong)
