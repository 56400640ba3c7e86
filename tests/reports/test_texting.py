"""A report by text message: told, asked for by its code, answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from parvis.notices import incoming, preferences
from parvis.notices.fingerprints import fingerprint
from parvis.notices.models import Envelope, Message
from parvis.partners.actors import Actor
from parvis.reports import acts, texting
from parvis.reports.followup import greet_voices
from parvis.reports.links import code_of
from parvis.reports.models import Callback, Report, Voice
from tests.cast import Cast
from tests.reports.scene import codes, filed, make_public, only_part

LEA, OMAR, DESK = "+33612345678", "+33712345678", "+33327000000"


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> None:
    settings.SMS_GATEWAY_URL = "https://passerelle.test/envoi"
    cache.clear()


@pytest.fixture
def karim(town: Cast) -> Actor:
    return town.actor(town.karim)


def write(text: str, number: str = LEA) -> str:
    """Send a text message; what is answered, "" for nothing."""
    before = set(Message.objects.values_list("pk", flat=True))
    now = timezone.now()
    incoming.ReceivedText.objects.all().update(at=now - timedelta(hours=2))
    assert incoming.take(f"m{len(before)}.{text}.{now.timestamp()}", number, text)
    said = Envelope.objects.exclude(pk__in=before).filter(message__event__startswith="text.answer")
    return "".join(said.filter(address=number).values_list("text", flat=True))


def leave() -> None:
    """What waits was handed to the gateway."""
    Message.objects.filter(sent_at=None).update(sent_at=timezone.now())
    Envelope.objects.all().delete()


def closed(voice: Voice, actor: Actor) -> Report:
    acts.advance_part(only_part(voice.report), "settle", actor=actor, answer="C’est fait.")
    leave()
    return voice.report


# --- Told by text message ---------------------------------------------------------------------
def test_who_gave_a_mobile_number_alone_is_told_by_text(town: Cast, karim: Actor) -> None:
    voice = filed(phone="06 12 34 56 78")
    acts.advance_part(only_part(voice.report), "settle", actor=karim, answer="C’est fait.")
    letter = Envelope.objects.get()
    assert (letter.address, letter.message.person) == (LEA, f"voice:{voice.pk}")
    assert not Callback.objects.exists()


@pytest.mark.parametrize("given", [{"phone": DESK}, {"phone": LEA, "email": "lea@exemple.test"}])
def test_a_fixed_line_is_called_and_an_address_written_to(
    town: Cast, karim: Actor, given: dict[str, str]
) -> None:
    voice = filed(**given)
    acts.advance_part(only_part(voice.report), "settle", actor=karim, answer="C’est fait.")
    told = list(Envelope.objects.values_list("address", flat=True))
    assert told == ([given["email"]] if "email" in given else [])
    assert Callback.objects.count() == ("email" not in given)


@pytest.mark.parametrize("why", ["no gateway", "stop"])
def test_who_cannot_be_texted_is_called(town: Cast, karim: Actor, settings: Any, why: str) -> None:
    if why == "stop":
        preferences.stop(fingerprint(LEA))
    else:
        settings.SMS_GATEWAY_URL = ""
    voice = filed(phone=LEA)
    acts.advance_part(only_part(voice.report), "settle", actor=karim, answer="C’est fait.")
    assert not Envelope.objects.exists()
    assert Callback.objects.get().voice_id == voice.pk


def test_the_receipt_by_text_brings_the_code(town: Cast) -> None:
    voice = filed(phone=LEA)
    assert greet_voices() == 1
    letter = Envelope.objects.get()
    assert letter.address == LEA
    assert code_of(voice) in letter.text


# --- SUIVI ------------------------------------------------------------------------------------
def test_the_code_answers_the_state_and_no_word_of_anybody(town: Cast, karim: Actor) -> None:
    voice = filed(text="Mon voisin Gaston", phone=LEA)
    acts.advance_part(only_part(voice.report), "take", actor=karim)
    said = write(f"SUIVI {voice.report.reference} {code_of(voice)}", OMAR)
    assert said.startswith(f"{voice.report.reference} : Pris en charge.")
    assert "Gaston" not in said
    assert "Lilas" not in said


def test_the_code_alone_is_enough_from_the_number_of_the_report(town: Cast) -> None:
    voice = filed(phone=LEA)
    filed(phone=LEA)
    code = code_of(voice).lower().replace("-", " ")
    assert voice.report.reference in write(f"suivi {code}")
    assert write(f"suivi {code}", OMAR) == texting.UNKNOWN


def test_a_wrong_code_and_an_unknown_one_are_answered_alike(town: Cast) -> None:
    voice = filed()
    gone = filed()
    acts.withdraw(gone)
    for words in (
        f"{voice.report.reference} 2222-3333",
        "R-2026-ZZZZZ 2222-3333",
        f"{gone.report.reference} {code_of(gone)}",
        "2222-3333",
        "n’importe quoi",
        "",
    ):
        assert write(f"SUIVI {words}") == texting.UNKNOWN


def test_codes_are_not_guessed_by_one_number(town: Cast) -> None:
    voice = filed()
    for _ in range(texting.TRIES):
        write("SUIVI 2222-3333")
    good = f"SUIVI {voice.report.reference} {code_of(voice)}"
    assert write(good) == texting.BUSY
    assert voice.report.reference in write(good, OMAR)


def test_codes_are_not_guessed_by_many_numbers(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texting, "WRONG_AN_HOUR", 5)
    for number in range(6):
        write("SUIVI 2222-3333", f"+3361234567{number}")
    voice = filed()
    assert write(f"SUIVI {voice.report.reference} {code_of(voice)}", OMAR) == texting.BUSY


def test_a_report_that_joined_another_is_answered_with_that_one(town: Cast) -> None:
    claire = town.actor(town.claire)
    voice, other = filed(), filed()
    acts.merge_reports(voice.report, other.report, actor=claire)
    said = write(f"SUIVI {voice.report.reference} {code_of(voice)}")
    assert said.startswith(other.report.reference)


# --- OUI, NON ---------------------------------------------------------------------------------
def test_non_reopens_the_report_that_was_just_closed(town: Cast, karim: Actor) -> None:
    voice = filed(phone=LEA)
    report = closed(voice, karim)
    said = write("Non, ça fuit encore")
    report.refresh_from_db()
    assert (report.state, codes(report)[-1]) == ("taken", "reopened")
    assert report.reference in said
    assert report.messages.filter(text="ça fuit encore", shown=False).exists()


def test_oui_is_seen_by_those_who_work(town: Cast, karim: Actor) -> None:
    voice = filed(phone=LEA)
    report = closed(voice, karim)
    write("oui")
    voice.refresh_from_db()
    assert (voice.says, codes(report)[-1]) == ("settled", "says_settled")


def test_one_answer_is_enough(town: Cast, karim: Actor) -> None:
    report = closed(filed(phone=LEA), karim)
    write("oui")
    assert incoming.NOT_UNDERSTOOD in write("non")
    report.refresh_from_db()
    assert report.state == "settled"


def test_nobody_answers_a_question_that_was_not_asked(town: Cast, karim: Actor) -> None:
    voice = filed(phone=LEA)
    report = make_public(voice.report)
    assert incoming.NOT_UNDERSTOOD in write("non")
    acts.advance_part(only_part(report), "settle", actor=karim, answer="C’est fait.")
    assert incoming.NOT_UNDERSTOOD in write("non")  # it has not left yet
    leave()
    assert incoming.NOT_UNDERSTOOD in write("non", OMAR)
    report.refresh_from_db()
    assert report.state == "settled"


def test_of_two_questions_the_last_one_is_answered(town: Cast, karim: Actor) -> None:
    first, second = filed(phone=LEA), filed(phone=LEA)
    closed(first, karim)
    closed(second, karim)
    assert second.report.reference in write("oui")
    assert first.report.reference in write("non")
