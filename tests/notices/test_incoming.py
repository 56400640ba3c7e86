"""Text messages that come in: who may bring them, what is done, who is answered."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from parvis.notices import incoming, outbox, sms
from parvis.notices.models import Envelope, Message, ReceivedText
from parvis.notices.outbox import Mail, Recipient
from tests.notices.gateways import KEY
from tests.notices.gateways import gateway as phone_gateway
from tests.notices.test_sms import noon

pytestmark = pytest.mark.django_db
URL, SECRET = "/textos/entrants/", "un-secret-de-passerelle"
LEA, OMAR = "+33612345678", "+33712345678"


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.SMS_INCOMING_SECRET = SECRET
    settings.SMS_GATEWAY_URL = "https://passerelle.test/envoi"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What a room that answers « bonjour » was given."""
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(incoming, "_registered", {})

    def answer(number: str, words: str) -> str:
        said.append((number, words))
        return "Bonjour !"

    incoming.register_answer("bonjour", answer, help="BONJOUR : on vous salue.")
    return said


def bring(
    client: Client, text: str, *, identity: str = "m1", sender: str = LEA, **wrong: Any
) -> Any:
    """One message as the gateway brings it; `wrong` spoils the request."""
    body = wrong.get("body", json.dumps({"id": identity, "from": sender, "text": text}).encode())
    at = timezone.now() + wrong.get("late", timedelta())
    stamp = wrong.get("stamp", str(int(at.timestamp())))
    signature = wrong.get("signature", incoming.sign(SECRET, stamp, body))
    return client.post(
        URL,
        body,
        content_type="application/json",
        headers={"X-Parvis-Timestamp": stamp, "X-Parvis-Signature": signature},
    )


def answers(number: str = LEA) -> list[str]:
    rows = Envelope.objects.filter(address=number, message__event__startswith="text.answer:")
    return list(rows.order_by("pk").values_list("text", flat=True))


def tell(number: str, event: str = "report.taken:1") -> int:
    who = [Recipient("voice:1", number, channel="sms")]
    return outbox.put(event, who, lambda who: Mail("Pris en charge", "Pris en charge"))


def test_a_signed_message_reaches_the_room_and_is_answered(
    client: Client, heard: list[tuple[str, str]]
) -> None:
    assert bring(client, " Bonjour,  vous tous ").status_code == 200
    assert heard == [(LEA, "vous tous")]
    assert answers() == ["Bonjour !"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"late": timedelta(minutes=-6)},
        {"late": timedelta(minutes=6)},
        {"stamp": "demain"},
        {"stamp": "9" * 30},
    ],
)
def test_what_is_not_signed_now_is_refused(
    client: Client, heard: list[tuple[str, str]], wrong: dict[str, Any]
) -> None:
    assert bring(client, "bonjour", **wrong).status_code == 401
    assert heard == []
    assert not ReceivedText.objects.exists()


def test_the_signature_holds_the_body(client: Client, heard: list[tuple[str, str]]) -> None:
    stamp = str(int(timezone.now().timestamp()))
    signature = incoming.sign(SECRET, stamp, b'{"id": "m1", "from": "+33612345678", "text": "a"}')
    assert bring(client, "bonjour", stamp=stamp, signature=signature).status_code == 401


def test_a_replay_is_refused_and_does_nothing(client: Client, heard: list[tuple[str, str]]) -> None:
    assert [bring(client, "bonjour").status_code for _ in range(3)] == [200, 409, 409]
    assert len(heard) == len(answers()) == 1


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"id": "m1"}', b'{"id": "", "from": "x", "text": "y"}', b"\xff"]
)
def test_what_is_no_message_is_refused(client: Client, body: bytes) -> None:
    assert bring(client, "", body=body).status_code == 400


def test_a_message_that_is_too_long_is_refused(client: Client) -> None:
    assert bring(client, "a" * incoming.BODY_AT_MOST).status_code == 413


def test_without_a_secret_the_door_is_shut(client: Client, settings: Any) -> None:
    settings.SMS_INCOMING_SECRET = ""
    assert bring(client, "bonjour").status_code == 401
    assert client.get(URL).status_code == 405


def test_anything_else_gets_a_help_text(client: Client, heard: list[tuple[str, str]]) -> None:
    bring(client, "quoi ?")
    (said,) = answers()
    assert "BONJOUR" in said
    assert "STOP" in said


def test_a_number_is_answered_five_times_an_hour(
    client: Client, heard: list[tuple[str, str]]
) -> None:
    for number in range(9):
        bring(client, "bonjour", identity=f"m{number}")
    bring(client, "bonjour", identity="other", sender=OMAR)
    assert len(heard) == 10
    assert len(answers()) == incoming.ANSWERS_AN_HOUR
    assert len(answers(OMAR)) == 1


def test_an_hour_later_it_is_answered_again(heard: list[tuple[str, str]]) -> None:
    now = timezone.now()
    for number in range(6):
        incoming.take(f"m{number}", LEA, "bonjour", now=now)
    incoming.take("later", LEA, "bonjour", now=now + timedelta(minutes=61))
    assert len(answers()) == incoming.ANSWERS_AN_HOUR + 1


def test_stop_takes_back_what_waits_and_is_confirmed_once(client: Client) -> None:
    assert tell(LEA) == 1
    assert tell(OMAR, "report.taken:2") == 1
    bring(client, "Stop.", identity="m1")
    bring(client, "STOP", identity="m2")
    assert answers() == [incoming.STOPPED]
    assert outbox.stopped_among([LEA, OMAR]) == {LEA}
    left = Envelope.objects.exclude(message__event__startswith="text.answer:")
    assert set(left.values_list("address", flat=True)) == {OMAR}


def test_after_stop_nothing_more_leaves(client: Client, settings: Any) -> None:
    with phone_gateway() as phones:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = phones.url, KEY
        bring(client, "arrêt")
        tell(LEA)
        outbox.send_due(noon())
        assert phones.texts(LEA) == [sms.plain(incoming.STOPPED)]
        bring(client, "reprendre", identity="m2")
        tell(LEA, "report.taken:2")
        outbox.send_due(noon(days=1))
        assert len(phones.texts(LEA)) == 3  # that it begins again, and what was told since


def test_stop_is_confirmed_even_to_who_was_answered_too_often(
    client: Client, heard: list[tuple[str, str]]
) -> None:
    for number in range(7):
        bring(client, "bonjour", identity=f"m{number}")
    bring(client, "STOP", identity="stop")
    assert answers()[-1] == incoming.STOPPED


@pytest.mark.parametrize("sender", ["36180", "INFO", "+33327000000", ""])
def test_machines_are_not_answered(
    client: Client, heard: list[tuple[str, str]], sender: str
) -> None:
    assert bring(client, "bonjour", sender=sender).status_code == 200
    assert heard == []
    assert not Message.objects.exists()


def test_neither_number_nor_words_are_kept_or_logged(
    client: Client, heard: list[tuple[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bring(client, "bonjour je suis Marguerite")
    kept = str(list(ReceivedText.objects.values())) + str(list(Message.objects.values()))
    for secret in (LEA, LEA[3:], "Marguerite"):
        assert secret not in kept
        assert secret not in caplog.text


def test_what_came_is_forgotten_after_two_days(heard: list[tuple[str, str]]) -> None:
    now = timezone.now()
    incoming.take("old", LEA, "bonjour", now=now - timedelta(days=3))
    incoming.take("new", LEA, "bonjour", now=now)
    assert incoming.forget_received(now) == 1
    assert ReceivedText.objects.count() == 1


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=300), sender=st.text(max_size=30))
def test_no_message_whatever_its_signs_is_an_error(text: str, sender: str) -> None:
    name = str(ReceivedText.objects.count())
    assert incoming.take(name, sender, text)
    assert incoming.take(f"{name} mobile", LEA, text)


@pytest.mark.parametrize("odd", ["\ud800", "\x00", "\ud83d STOP"])
def test_half_a_sign_from_a_gateway_is_no_error(client: Client, odd: str) -> None:
    for name in ("identity", "sender", "text"):
        given = {
            "text": "STOP",
            "identity": f"{name} {odd!r}",
        } | {name: odd}
        assert bring(client, **given).status_code == 200
