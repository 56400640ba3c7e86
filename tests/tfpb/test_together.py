"""Two people on one programme: one sends while the other types. Nothing is lost, nothing changes
once it is sent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from threading import Barrier
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from parvis.tfpb.circuit_acts import advance_programme
from parvis.tfpb.circuit_dialogue import give_opinion
from parvis.tfpb.holding import held, refuse_sent
from parvis.tfpb.models import Line, Passage, Programme, SentVersion
from parvis.tfpb.snapshot import sheet_of, snapshot_of
from tests.cast import Cast
from tests.tfpb.circuit_scene import a_draft, a_sent_one
from tests.tfpb.scene import a_line

HANDS, LINES = 6, 8


def type_lines(programme: Programme, hand: int) -> tuple[int, str]:
    """Write lines one after the other, as every act of this room does, the programme in hand
    first; how many were written, and what was told when the programme was sent meanwhile."""
    for number in range(LINES):
        try:
            with transaction.atomic():
                fresh = held(programme)
                refuse_sent(fresh)
                sleep(0.01)  # the time for somebody else to send it, were it not in hand
                a_line(fresh, title=f"Ligne {hand}.{number}", valued=Decimal(number))
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
    works: list[Callable[[], object]] = [partial(type_lines, programme, n) for n in range(HANDS)]
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
