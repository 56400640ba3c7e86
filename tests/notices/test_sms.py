"""What an SMS says, and the gateway on its good and bad days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.notices import outbox, sms
from parvis.notices.models import Bounce, Envelope, Message
from parvis.notices.outbox import Mail, Recipient
from parvis.notices.phones import international
from tests.notices.gateways import KEY, Gateway, gateway

LINK = "https://parvis.exemple.test/suivre/1234.abcdefghijklmnop"
LEA = Recipient("voice:1", "+33612345678", LINK, channel="sms")
OMAR = Recipient("voice:2", "+33687654321", LINK, channel="sms")


def noon(**after: float) -> datetime:
    """A moment of tomorrow at which telephones may ring, and some while after it."""
    at = timezone.localtime() + timedelta(days=1)
    return at.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(**after)


def settled(who: Recipient) -> Mail:
    return Mail("Votre signalement est réglé", f"C’est réglé.\n{who.link}\n")


@pytest.fixture
def phones(settings) -> Iterator[Gateway]:
    with gateway() as found:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = found.url, KEY
        yield found


# --- Words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("+32 470 12 34 56", "+32470123456"),
        ("12", ""),
        ("", ""),
        ("06 12 34 56 7x", ""),
    ],
)
def test_a_number_is_written_in_one_way(written, found):
    assert international(written) == found


def test_french_words_stay_in_the_alphabet_of_phones():
    text = sms.fit("« C’est réglé » : la fenêtre, le cœur, ça… 12 €", LINK)
    assert text.startswith('"C\'est réglé" : la fenetre, le coeur, ca... 12 €')
    assert sms.length(text)[0] == 1


def test_arabic_words_are_kept_and_counted_as_they_are():
    words = "تم إصلاح المشكلة"
    assert words in sms.fit(words, LINK)
    assert sms.length("ت" * 70) == (1, 70)
    assert sms.length("ت" * 71)[0] == 2


def test_signs_that_count_twice_are_counted_twice():
    assert sms.length("a" * 160) == (1, 160)
    assert sms.length("a" * 159 + "€") == (2, 161)


def test_words_are_cut_and_the_link_never_is():
    text = sms.fit("Votre signalement " * 40, LINK)
    assert text.endswith(f"... {LINK}")
    assert sms.length(text)[0] == 2


def test_an_endless_link_gives_way_to_the_site(settings):
    settings.SITE_URL = "https://parvis.test"
    text = sms.fit("Réglé", "https://parvis.test/" + "a" * 400)
    assert text == "Réglé https://parvis.test"


@given(st.text(max_size=600), st.booleans())
def test_whatever_is_said_takes_two_parts_at_most(words, linked):
    assert sms.length(sms.fit(words, LINK if linked else ""))[0] <= 2


# --- The gateway ------------------------------------------------------------------------------


@pytest.mark.django_db
class TestTheGateway:
    def test_who_has_only_a_phone_gets_an_sms_with_the_link(self, phones):
        assert outbox.put("report.settled:1", [LEA], settled) == 1
        assert outbox.send_due(noon()) == 1
        (text,) = phones.texts(LEA.address)
        assert text == f"Votre signalement est réglé {LINK}"
        assert Message.objects.get().channel == "sms"
        assert not Envelope.objects.exists()

    def test_without_a_gateway_nobody_is_put_who_has_only_a_phone(self, settings):
        settings.SMS_GATEWAY_URL = ""
        assert outbox.put("report.settled:1", [LEA], settled) == 0

    def test_a_short_text_is_told_instead_of_the_subject(self, phones):
        outbox.put("e:1", [LEA], lambda who: Mail("Objet", "Texte", short="En deux mots"))
        outbox.send_due(noon())
        assert phones.texts(LEA.address) == [f"En deux mots {LINK}"]

    def test_nothing_rings_at_night_and_it_waits_for_the_morning(self, phones):
        night = datetime(2031, 3, 29, 23, 30, tzinfo=ZoneInfo("Europe/Paris"))  # clocks change
        outbox.put("report.settled:1", [LEA], settled)
        assert outbox.send_due(night) == 0
        due = Message.objects.get().due_at.astimezone(ZoneInfo("Europe/Paris"))
        assert (due.day, due.hour, due.minute) == (30, 8, 0)
        assert Message.objects.get().attempts == 0
        assert outbox.send_due(night + timedelta(hours=8, minutes=29)) == 0
        assert outbox.send_due(night + timedelta(hours=8, minutes=31)) == 1

    def test_what_was_asked_for_rings_at_night_too(self, phones):
        outbox.put("phone.asked:1", [LEA], settled, asked_for=True)
        assert outbox.send_due(noon(hours=11)) == 1

    def test_a_wrong_key_costs_no_message_anything(self, phones, settings):
        settings.SMS_GATEWAY_KEY = "another"
        outbox.put("report.settled:1", [LEA, OMAR], settled)
        assert outbox.send_due(noon()) == 0
        assert len(phones.calls) == 1  # the others are not even tried
        assert set(Message.objects.values_list("attempts", flat=True)) == {0}
        settings.SMS_GATEWAY_KEY = KEY
        assert outbox.send_due(noon()) == 2

    def test_a_number_that_is_none_is_given_up_and_never_tried_again(self, phones):
        phones.mood = lambda said: "invalid_number" if said["to"] == LEA.address else "well"
        outbox.put("a:1", [LEA, OMAR], settled)
        assert outbox.send_due(noon()) == 1
        assert Message.objects.get(person=LEA.key).last_error == "invalid_number"
        assert Bounce.objects.count() == 1
        calls = len(phones.calls)
        outbox.put("a:2", [LEA], settled)
        assert outbox.send_due(noon()) == 0
        assert len(phones.calls) == calls
        assert Message.objects.get(event="a:2").last_error == "bounced"

    def test_words_that_are_refused_are_no_fault_of_the_number(self, phones):
        phones.mood = lambda said: "invalid_text"
        outbox.put("a:1", [LEA], settled)
        outbox.send_due(noon())
        assert Message.objects.get().failed_at
        assert not Bounce.objects.exists()

    def test_a_gateway_that_is_down_loses_nothing(self, phones, settings):
        settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"  # nobody listens there
        outbox.put("a:1", [LEA, OMAR], settled)
        at = noon()
        for _ in range(30):
            assert outbox.send_due(at) == 0
            at += timedelta(minutes=8)
        assert not Message.objects.exclude(failed_at=None).exists()
        settings.SMS_GATEWAY_URL = phones.url
        assert outbox.send_due(noon(days=1)) == 2

    def test_a_gateway_that_is_slow_stops_the_round_and_not_the_message(self, phones, monkeypatch):
        monkeypatch.setattr(sms, "TIMEOUT", 0.2)
        phones.mood = lambda said: "slow"
        outbox.put("a:1", [LEA, OMAR], settled)
        assert outbox.send_due(noon()) == 0
        assert len(phones.calls) == 1
        phones.mood = lambda said: "well"
        assert outbox.send_due(noon(minutes=5)) == 2
        assert len(phones.texts(LEA.address)) == 1

    @pytest.mark.parametrize("mood", ["500 after taking", "cut"])
    def test_taken_then_failed_rings_once(self, phones, mood):
        phones.mood = lambda said: mood
        outbox.put("a:1", [LEA], settled)
        assert outbox.send_due(noon()) == 0
        phones.mood = lambda said: "well"
        assert outbox.send_due(noon(minutes=5)) == 1
        assert len(phones.texts(LEA.address)) == 1
        assert [one["id"] for one in phones.calls] == [phones.calls[0]["id"]] * 2

    def test_a_doubt_is_never_given_up_within_the_week(self, phones):
        phones.mood = lambda said: "500"
        outbox.put("a:1", [LEA], settled)
        for hour in range(0, 60, 2):
            outbox.send_due(noon(hours=hour))
        message = Message.objects.get()
        assert (message.failed_at, message.last_error) == (None, "http 500")
        outbox.send_due(noon(days=9))
        assert Message.objects.get().failed_at

    def test_order_holds_within_a_lane_and_holds_up_nobody_else(self, phones):
        lea = [0]

        def mood(said):
            if said["to"] != LEA.address:
                return "well"
            lea[0] += 1
            return "500" if lea[0] == 1 else "well"

        phones.mood = mood
        for number in (1, 2, 3):
            outbox.put(
                f"report.step:{number}",
                [LEA, OMAR],
                lambda who, n=number: Mail(f"Étape {n}", "Texte"),
                wait=timedelta(seconds=-number),  # the clock would send them backwards
                lane="report:45",
            )
        outbox.send_due(noon())  # Léa's first fails: her second and third wait behind it
        assert phones.texts(LEA.address) == []
        outbox.send_due(noon(minutes=0.1))
        assert [text[:7] for text in phones.texts(OMAR.address)] == [
            "Étape 1",
            "Étape 2",
            "Étape 3",
        ]
        assert phones.texts(LEA.address) == []
        outbox.send_due(noon(minutes=5))
        assert [text[:7] for text in phones.texts(LEA.address)] == ["Étape 1", "Étape 2", "Étape 3"]

    def test_once_the_first_of_a_lane_is_given_up_the_others_leave(self, phones):
        phones.mood = lambda said: "invalid_text" if "1" in said["text"][:9] else "well"
        for number in (1, 2):
            words = Mail(f"Étape {number}", "Texte")
            outbox.put(f"r:{number}", [LEA], lambda who, w=words: w, lane="report:45")
        assert outbox.send_due(noon()) == 1
        assert len(phones.texts(LEA.address)) == 1

    def test_a_delivery_report_of_a_dead_number_stops_sms(self, client, phones):
        outbox.put("a:1", [LEA], settled)
        outbox.send_due(noon())
        path = phones.calls[0]["report_url"].split("/", 3)[3]
        told = {"status": "failed", "error": "invalid_number"}
        for _ in range(2):  # gateways tell twice
            answer = client.post(f"/{path}", told, content_type="application/json")
            assert answer.status_code == 204
        assert Bounce.objects.count() == 1

    def test_a_delivery_report_that_we_did_not_ask_for_is_not_listened_to(self, client):
        told = {"status": "failed", "error": "invalid_number"}
        answer = client.post("/envois/sms/abc:def/", told, content_type="application/json")
        assert answer.status_code == 404
        assert not Bounce.objects.exists()

    def test_a_delivered_report_changes_nothing_and_a_strange_one_is_refused(self, client):
        path = sms.report_url("a" * 32).split("/", 3)[3]
        said = {"status": "delivered"}
        assert client.post(f"/{path}", said, content_type="application/json").status_code == 204
        for body in ("[]", "[" * 9_000, '{"status": ' + "[" * 9_000):
            answer = client.post(f"/{path}", body, content_type="application/json")
            assert answer.status_code == 400
        assert not Bounce.objects.exists()

    def test_no_number_is_logged(self, phones, caplog):
        phones.mood = lambda said: "500"
        outbox.put("a:1", [LEA], settled)
        outbox.send_due(noon())
        assert "réponse incertaine (http 500)" in caplog.text
        assert LEA.address not in caplog.text
