"""Two people on one programme: one sends while the other types. Nothing is lost, nothing changes
once it is sent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from parvis.partners.actors import Actor
from parvis.tfpb.circuit_acts import advance_programme
from parvis.tfpb.circuit_dialogue import give_opinion
from parvis.tfpb.models import Line, Passage, Programme, SentVersion
from parvis.tfpb.programme_acts import new_line
from parvis.tfpb.snapshot import sheet_of, snapshot_of
from tests.cast import Cast
from tests.tfpb.circuit_scene import a_draft, a_sent_one

HANDS, LINES = 6, 8


def type_lines(programme: Programme, actor: Actor, hand: int) -> tuple[int, str]:
    """Write lines one after the other; how many were written, and what was told when the programme
    was sent meanwhile."""
    for number in range(LINES):
        try:
            wanted = {"title": f"Ligne {hand}.{number}", "axis": "dechets", "valued": "12.00"}
            new_line(programme, wanted, actor=actor)
        except ValidationError as refused:
            return number, " ".join(refused.messages)
    return LINES, ""


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """Each of these in a thread of its own, begun together; what it gave, or what it was told."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            start.wait()
            return work()
        except ValidationError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.django_db(transaction=True)
def test_one_sends_while_others_type(cast: Cast) -> None:
    programme, luc = a_draft(cast), cast.actor(cast.luc)
    works: list[Callable[[], object]] = [
        partial(type_lines, programme, luc, n) for n in range(HANDS)
    ]
    works.insert(HANDS // 2, partial(advance_programme, programme, "send", actor=luc))
    told = [one for one in at_once(works) if isinstance(one, tuple)]
    # Each line was written, or its author was told that it was not.
    assert Line.objects.count() == 1 + sum(written for written, _ in told)
    assert all("n’a pas été enregistré" in words for written, words in told if written < LINES)
    # What was sent is what stands: nobody wrote after it.
    sent = SentVersion.objects.get()
    fresh = Programme.objects.get()
    assert fresh.state == "sent"
    assert len(sheet_of(sent.content).lines) == Line.objects.count()
    assert sheet_of(sent.content) == sheet_of(snapshot_of(fresh))


@pytest.mark.django_db(transaction=True)
def test_a_step_is_taken_once_by_whoever_comes_first(cast: Cast) -> None:
    programme, claire = a_sent_one(cast), cast.actor(cast.claire)
    told = at_once([lambda: advance_programme(programme, "analyse", actor=claire)] * 6)
    assert sum(isinstance(one, Programme) for one in told) == 1
    assert Passage.objects.filter(new="analysed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_is_read_or_taken_back_never_both(cast: Cast) -> None:
    programme = a_sent_one(cast)
    luc, karim = cast.actor(cast.luc), cast.actor(cast.karim)
    told = at_once(
        [
            lambda: advance_programme(programme, "take_back", actor=luc),
            lambda: give_opinion(programme, actor=karim, number=1, verdict="for"),
        ]
    )
    assert sum(isinstance(one, ValidationError) for one in told) == 1
    fresh = Programme.objects.get()
    assert (fresh.state == "draft") is not fresh.opinions.exists()
