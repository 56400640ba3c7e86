"""Whatever fails between us and a gateway, each message rings once, in its order; none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.notices import outbox, sms
from parvis.notices.models import Bounce, Envelope, Message
from parvis.notices.outbox import Mail
from tests.notices.gateways import KEY, Gateway, gateway
from tests.notices.mailservers import PowerCut
from tests.notices.test_sending import at_once
from tests.notices.test_sms import LEA, OMAR, noon
from tests.walks.test_receiving_live import database

MOODS = ("well", "500", "500 after taking", "cut", "503", "429", "401", "killed", "killed before")


@pytest.fixture
def phones(settings) -> Iterator[Gateway]:
    with gateway() as found:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = found.url, KEY
        yield found


def number_of(text: str) -> int:
    return int(text.split()[1])


@pytest.mark.django_db
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    moods=st.lists(st.sampled_from(MOODS), max_size=14),
    lanes=st.lists(st.sampled_from(["report:1", "report:2"]), min_size=1, max_size=6),
    rounds=st.integers(1, 4),
)
def test_whatever_a_gateway_does_each_message_rings_once_and_in_order(
    phones: Gateway,
    monkeypatch: pytest.MonkeyPatch,
    moods: list[str],
    lanes: list[str],
    rounds: int,
) -> None:
    Message.objects.all().delete()
    phones.phones.clear()
    phones.keys.clear()
    fate = iter(moods[:9])  # more crashes than attempts would be given up, by design
    lane_of: dict[int, str] = {}

    def hand_over(key: str, to: str, text: str, mark: str) -> None:
        mood = next(fate, "well")
        if mood == "killed before":
            raise PowerCut
        phones.mood = lambda said: "well" if mood == "killed" else mood
        real(key, to, text, mark)
        if mood == "killed":
            raise PowerCut

    real = sms.send
    with monkeypatch.context() as patch:
        patch.setattr(sms, "send", hand_over)
        at = noon()
        for number, lane in enumerate(lanes):
            lane_of[number] = lane
            words = Mail(f"Étape {number}", "Texte")
            outbox.put(f"report.step:{number}", [LEA, OMAR], lambda who, w=words: w, lane=lane)
            for _ in range(rounds):
                with suppress(PowerCut):
                    outbox.send_due(at)
                at += timedelta(seconds=20)
        for _ in range(40):  # time passes; claims of the dead run out, pauses end
            at += timedelta(minutes=11)
            with suppress(PowerCut):
                outbox.send_due(at)
    assert Message.objects.exclude(sent_at=None).count() == 2 * len(lanes)
    assert not Envelope.objects.exists()
    assert Counter(to for to, _ in phones.phones) == dict.fromkeys(
        (LEA.address, OMAR.address), len(lanes)
    )
    for who in (LEA, OMAR):
        rung = [number_of(text) for text in phones.texts(who.address)]
        assert len(set(rung)) == len(lanes)
        for lane in set(lanes):
            mine = [number for number in rung if lane_of[number] == lane]
            assert mine == sorted(mine)
    assert not Bounce.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_between_the_gateway_s_yes_and_the_note_rings_once(
    phones: Gateway,
) -> None:
    outbox.put("a:1", [LEA], lambda who: Mail("Étape 1", "x"), wait=timedelta(), asked_for=True)
    taken = threading.Event()
    answer = threading.Event()

    def mood(said: dict[str, object]) -> str:
        phones.take(said)
        taken.set()
        answer.wait(20)  # the sender dies while it waits for our yes
        return "500"

    phones.mood = mood
    surroundings = os.environ | {
        "DATABASE_URL": database(),
        "DJANGO_SETTINGS_MODULE": "parvis.settings",
        "PARVIS_SMS_GATEWAY_URL": phones.url,
        "PARVIS_SMS_GATEWAY_KEY": KEY,
    }
    connection.close()
    sender = subprocess.Popen(
        [sys.executable, "-m", "parvis", "send_notices"], env=surroundings, stdout=subprocess.PIPE
    )
    try:
        assert taken.wait(60)
        sender.send_signal(signal.SIGKILL)
        assert sender.wait(20) == -signal.SIGKILL
    finally:
        answer.set()
        sender.kill()
        sender.communicate()
    message = Message.objects.get()
    assert (message.sent_at, message.attempts) == (None, 1)
    assert message.claimed_until is not None
    phones.mood = lambda said: "well"
    now = message.created_at
    assert outbox.send_due(now + timedelta(minutes=5)) == 0  # the dead one's claim still holds
    assert outbox.send_due(message.claimed_until + timedelta(seconds=1)) == 1
    assert phones.texts(LEA.address) == [f"Étape 1 {LEA.link}"]
    assert list(phones.keys.values()) == [2]  # told twice under one name, rung once


@pytest.mark.django_db(transaction=True)
def test_several_senders_keep_the_order_of_a_lane(phones: Gateway) -> None:
    for number in range(8):
        words = Mail(f"Étape {number}", "Texte")
        outbox.put(f"r:{number}", [LEA, OMAR], lambda who, w=words: w, lane="report:45")
    at = noon()

    def send() -> int:
        return sum(outbox.send_due(at) for _ in range(6))

    assert sum(at_once(3, send)) + outbox.send_due(at) == 16
    for who in (LEA, OMAR):
        assert [number_of(text) for text in phones.texts(who.address)] == list(range(8))
    assert set(phones.keys.values()) == {1}
