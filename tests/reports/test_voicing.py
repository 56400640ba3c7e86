"""What those who spoke may still say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.notices.models import Envelope
from parvis.notices.outbox import send_due
from parvis.partners.actors import NOBODY, Actor
from parvis.reports import acts
from parvis.reports.followup import greet_voices
from parvis.reports.links import voice_from_token
from parvis.reports.models import (
    Callback,
    Contact,
    Message,
    Note,
    Part,
    Photo,
    PrivatePlace,
    Report,
    Voice,
)
from parvis.reports.workflow import Forbidden
from parvis.search.index import matching
from parvis.thread.models import Event
from tests.cast import Cast
from tests.reports.scene import codes, filed, in_hall, only_part, photo, sent_to, waiting


@pytest.fixture
def karim(town: Cast) -> Actor:
    return town.actor(town.karim)


def closed(voice: Voice, actor: Actor, answer: str = "Fait.") -> Part:
    return acts.advance_part(only_part(voice.report), "settle", actor=actor, answer=answer)


def test_a_word_added_waits_for_review(town: Cast) -> None:
    voice = filed()
    message = acts.speak(voice, text="  C’est pire.\r\nVraiment. ", photos=[photo()])
    assert message.text == "C’est pire.\nVraiment."
    assert not message.shown
    picture = Photo.objects.get()
    assert (picture.shown, picture.voice) == (False, voice)


def test_an_empty_word_is_refused(town: Cast) -> None:
    with pytest.raises(ValidationError, match="Écrivez quelques mots"):
        acts.speak(filed(), text="  ")


def test_saying_that_it_is_settled_closes_nothing(town: Cast) -> None:
    voice = filed()
    acts.say_settled(voice)
    voice.refresh_from_db()
    assert voice.says == "settled"
    assert Report.objects.get().state == "new"
    assert codes(voice.report)[-1] == "says_settled"


def test_pas_encore_reopens_and_tells_the_organisation(town: Cast, karim: Actor) -> None:
    voice = filed(email="jeanne@exemple.test")
    closed(voice, karim)
    send_due(timezone.now() + timedelta(minutes=3))
    acts.say_not_yet(voice, text="Le trou est revenu.")
    report = Report.objects.get()
    part = only_part(report)
    assert (report.state, part.state, report.round) == ("taken", "taken", 2)
    assert part.due_on > timezone.localdate()
    message = Message.objects.get(voice=voice)
    assert (message.text, message.shown) == ("Le trou est revenu.", False)
    assert set(waiting()) == {f"organisation:{town.town.pk}"}
    assert codes(report)[-2:] == ["says_not_yet", "reopened"]
    closed(voice, karim, "Cette fois, c’est bon.")
    send_due(timezone.now() + timedelta(minutes=3))
    assert len(sent_to("jeanne@exemple.test")) == 2


def test_pas_encore_reopens_the_parts_settled_last_only(town: Cast, karim: Actor) -> None:
    voice = filed()
    report = voice.report
    other = acts.assign_part(report, actor=town.actor(town.claire), organisation=town.landlord)
    start = timezone.now()
    first = Part.objects.get(report=report, organisation=town.town)
    acts.advance_part(first, "settle", actor=karim, now=start)
    acts.advance_part(other, "settle", actor=karim, answer="Fait.", now=start + timedelta(hours=1))
    acts.say_not_yet(voice)
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.state, other.state) == ("settled", "taken")


def test_pas_encore_on_a_dropped_report_reopens_it(town: Cast, karim: Actor) -> None:
    voice = filed()
    acts.advance_part(
        only_part(voice.report), "drop", actor=karim, reason="Introuvable", answer="Rien vu."
    )
    acts.say_not_yet(voice)
    part = only_part(voice.report)
    assert (part.state, part.reason) == ("taken", "")


def test_pas_encore_on_an_open_report_is_a_word_like_others(town: Cast) -> None:
    voice = filed()
    acts.say_not_yet(voice, text="Toujours là.")
    report = Report.objects.get()
    assert (report.state, report.round) == ("new", 1)
    assert Message.objects.get().text == "Toujours là."
    assert waiting() == {}


def test_pas_encore_stops_a_word_back_that_has_not_left(town: Cast, karim: Actor) -> None:
    voice = filed(email="jeanne@exemple.test")
    acts.join_report(voice.report, actor=NOBODY, phone="06 12 34 56 78")
    closed(voice, karim)
    acts.say_not_yet(voice)
    send_due(timezone.now() + timedelta(minutes=3))
    assert sent_to("jeanne@exemple.test") == []
    assert not Callback.objects.exists()


def test_withdrawing_the_only_voice_empties_the_report(town: Cast, settings: Any) -> None:
    voice = filed(
        in_hall(town),
        "hall_sale",
        text="Mon voisin Dupont salit tout",
        photos=[photo()],
        email="jeanne@exemple.test",
        dwelling="A 32",
    )
    acts.speak(voice, text="Encore Dupont", photos=[photo()])
    greet_voices()
    acts.withdraw(voice)
    report = Report.objects.get()
    assert report.withdrawn_at is not None
    assert (report.text, report.answers, report.public, report.voice_count) == ("", {}, False, 0)
    assert (report.state, report.due_on) == ("dropped", None)
    for model in (Contact, PrivatePlace, Photo, Message, Envelope):
        assert not model.objects.exists(), model
    assert voice_from_token("x") is None
    found = matching("report", report.reference)
    assert found is not None
    assert not found.exists()
    assert codes(report)[0] == "filed"
    assert codes(report)[-1] == "withdrawn"


@pytest.mark.django_db(transaction=True)
def test_files_go_with_a_withdrawn_report(town: Cast, settings: Any) -> None:
    voice = filed(photos=[photo(), photo()])
    acts.withdraw(voice)
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_withdrawing_one_of_two_voices_leaves_the_report(town: Cast) -> None:
    author = filed(text="Mots de Jeanne", email="jeanne@exemple.test")
    also = acts.join_report(author.report, actor=NOBODY, email="paul@exemple.test")
    acts.withdraw(author)
    report = Report.objects.get()
    assert (report.withdrawn_at, report.voice_count, report.text) == (None, 1, "")
    assert Contact.objects.get().voice == also
    assert report.state == "new"


def test_withdrawing_a_moi_aussi_leaves_the_author_s_words(town: Cast) -> None:
    author = filed(text="Mots de Jeanne")
    also = acts.join_report(author.report, actor=NOBODY)
    acts.withdraw(also)
    report = Report.objects.get()
    assert (report.text, report.voice_count) == ("Mots de Jeanne", 1)


def test_a_withdrawn_voice_says_nothing_more(town: Cast) -> None:
    author = filed()
    also = acts.join_report(author.report, actor=NOBODY)
    acts.withdraw(also)
    for act in (acts.say_settled, acts.say_not_yet, acts.withdraw):
        with pytest.raises(Forbidden, match="Vous avez retiré"):
            act(also)
    with pytest.raises(Forbidden):
        acts.speak(also, text="Encore")


def test_nothing_is_done_with_a_withdrawn_report(town: Cast, karim: Actor) -> None:
    voice = filed()
    part = only_part(voice.report)
    acts.withdraw(voice)
    with pytest.raises(Forbidden, match="a été retiré"):
        acts.advance_part(part, "reopen", actor=karim)
    with pytest.raises(Forbidden, match="a été retiré"):
        acts.join_report(voice.report, actor=NOBODY)
    with pytest.raises(Forbidden, match="a été retiré"):
        acts.answer(voice.report, actor=karim, text="Mais…")


def test_erasing_the_contact_leaves_the_report(town: Cast, karim: Actor) -> None:
    voice = filed(
        in_hall(town), "hall_sale", text="Mots", email="jeanne@exemple.test", dwelling="A 32"
    )
    acts.answer(voice.report, actor=karim, text="Nous regardons.")
    assert waiting()
    acts.erase_contact(voice)
    assert not Contact.objects.exists()
    assert not PrivatePlace.objects.exists()
    assert waiting() == {}
    report = Report.objects.get()
    assert (report.text, report.voice_count, report.withdrawn_at) == ("Mots", 1, None)
    closed(voice, town.actor(town.luc))
    assert waiting() == {}
    assert not Event.objects.filter(code="contact_erased", public=True).exists()


def test_a_moi_aussi_that_erases_its_contact_leaves_the_dwelling(town: Cast) -> None:
    author = filed(in_hall(town), "hall_sale", dwelling="A 32")
    also = acts.join_report(author.report, actor=NOBODY, phone="06 12 34 56 78")
    acts.erase_contact(also)
    assert PrivatePlace.objects.exists()
    assert not Contact.objects.exists()


def test_an_answer_goes_to_everyone_who_spoke(town: Cast, karim: Actor) -> None:
    voice = filed(email="jeanne@exemple.test")
    message = acts.answer(voice.report, actor=karim, text="Nous passons jeudi.")
    assert (message.shown, message.organisation) == (True, town.town)
    send_due(timezone.now() + timedelta(minutes=3))
    (letter,) = sent_to("jeanne@exemple.test")
    assert letter.subject.startswith("Ville d’Anzin vous répond")
    assert "Nous passons jeudi." in letter.body


def test_a_note_stays_between_partners(town: Cast, karim: Actor) -> None:
    voice = filed(email="jeanne@exemple.test")
    acts.note(voice.report, actor=karim, text="Attention, sujet sensible.")
    assert Note.objects.get().organisation == town.town
    assert waiting() == {}
    assert not Event.objects.filter(code="noted", public=True).exists()


def test_words_of_partners_need_an_organisation(town: Cast) -> None:
    report = filed().report
    for act in (acts.answer, acts.note):
        with pytest.raises(ValidationError, match="au nom d’une organisation"):
            act(report, actor=NOBODY, text="Bonjour")


def test_events_hold_no_word_of_anybody(town: Cast, karim: Actor) -> None:
    voice = filed(text="SECRET", email="secret@exemple.test", phone="0612345678", dwelling="SECRET")
    acts.speak(voice, text="SECRET")
    acts.note(voice.report, actor=karim, text="SECRET")
    closed(voice, karim, "SECRET")
    acts.say_not_yet(voice, text="SECRET")
    acts.withdraw(voice)
    values = " ".join(str(value) for row in Event.objects.values() for value in row.values())
    assert "SECRET" not in values.upper()
    assert "612345678" not in values
