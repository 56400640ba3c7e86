"""Reminders: who receives, then their organisation; never a word of the content."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from parvis.notices.sending import send_due
from parvis.partners.leaving import end_mandate
from parvis.vigilance import orientation_acts as acts
from parvis.vigilance import orientation_chasing as chasing
from parvis.vigilance.models import Orientation
from tests.cast import Cast
from tests.vigilance.orienting import codes
from tests.vigilance.scene import SECRET, a_door, a_receiver, an_orientation

pytestmark = pytest.mark.django_db


def told(at: datetime) -> dict[str, str]:
    mail.outbox.clear()
    send_due(at + timedelta(hours=1))
    return {one.to[0]: f"{one.subject}\n{one.body}" for one in mail.outbox}


def test_who_receives_is_reminded_once_then_the_service_and_the_sender_is_told(cast: Cast) -> None:
    door = a_door(cast, phone="03 53 01 00 11")
    a_receiver(door, cast.sofia)
    one = an_orientation(cast, door)
    due = timezone.now() + timedelta(days=7)
    assert chasing.chase(due) == 0  # the last day is still in time
    late = due + timedelta(days=1)
    assert chasing.chase(late) == 1
    assert chasing.chase(late + timedelta(days=6)) == 0
    first = told(late)
    assert set(first) == {cast.sofia.email}
    assert chasing.chase(late + timedelta(days=7)) == 1
    second = told(late + timedelta(days=7))
    assert set(second) == {cast.town.email, cast.ines.email}
    assert "03 53 01 00 11" in second[cast.ines.email]
    words = "".join([*first.values(), *second.values()])
    assert one.code in words
    assert not [text for text in (*SECRET.values(), "énergie", "Anzin.") if text in words]
    assert chasing.chase(late + timedelta(days=60)) == 0
    assert codes(one) == ["written", "chased", "chased"]


def test_where_nobody_is_left_to_receive_the_service_is_told_at_once(cast: Cast) -> None:
    door = a_door(cast)
    receiver = a_receiver(door, cast.sofia)
    an_orientation(cast, door)
    end_mandate(receiver.mandate)
    late = timezone.now() + timedelta(days=8)
    assert chasing.chase(late) == 1
    assert set(told(late)) == {cast.town.email, cast.ines.email}


def test_what_was_answered_is_reminded_of_to_nobody(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    one = an_orientation(cast, door)
    acts.accept(one, actor=cast.actor(cast.sofia))
    assert chasing.chase(timezone.now() + timedelta(days=90)) == 0


@pytest.mark.parametrize(("hour", "count"), [(2, 0), (10, 1), (23, 0)])
def test_nobody_is_written_to_at_night(
    cast: Cast, hour: int, count: int, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    an_orientation(cast, door)
    late = timezone.localtime() + timedelta(days=9)
    monkeypatch.setattr(timezone, "now", lambda: late.replace(hour=hour))
    call_command("chase_orientations")
    assert f"{count} orientations relancées" in capsys.readouterr().out
    assert Orientation.objects.filter(chases=1).count() == count
