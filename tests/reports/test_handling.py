"""Steps of parts, and the word back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.notices.models import Message as OutboxMessage
from parvis.notices.outbox import send_due
from parvis.partners.actors import NOBODY, Actor
from parvis.reports import acts
from parvis.reports.counting import due_day
from parvis.reports.links import follow_url
from parvis.reports.models import Callback, Message, Part, Photo, Report
from parvis.reports.workflow import CLOSED, Forbidden, State, overall
from tests.cast import Cast
from tests.reports.scene import codes, filed, only_part, photo, sent_to, waiting

TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def karim(town: Cast) -> Actor:
    return town.actor(town.karim)


@pytest.fixture
def luc(town: Cast) -> Actor:
    return town.actor(town.luc)


def leave() -> None:
    """Two minutes pass: what waits is sent."""
    send_due(timezone.now() + timedelta(minutes=3))


def test_taking_a_part_puts_a_name_on_it(town: Cast, karim: Actor) -> None:
    report = filed().report
    part = acts.advance_part(only_part(report), "take", actor=karim)
    report.refresh_from_db()
    assert (part.state, part.person, report.state) == ("taken", town.karim, "taken")
    assert codes(report) == ["filed", "take"]


def test_a_doubt_gives_its_reason(town: Cast, karim: Actor) -> None:
    part = only_part(filed().report)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        acts.advance_part(part, "doubt", actor=karim, reason=" ")
    acts.advance_part(part, "doubt", actor=karim, reason="Quel trottoir ?")
    part.refresh_from_db()
    assert (part.state, part.reason) == ("to_qualify", "Quel trottoir ?")


def test_scheduling_gives_the_day(town: Cast, karim: Actor) -> None:
    report = filed().report
    acts.advance_part(only_part(report), "schedule", actor=karim, due_on=TOMORROW)
    report.refresh_from_db()
    assert report.due_on == only_part(report).due_on == TOMORROW
    assert report.state == "scheduled"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (None, "Dites pour quel jour"),
        (timezone.localdate() - timedelta(days=1), "Ce jour est passé"),
        (timezone.localdate() + timedelta(days=1099), "trop lointain"),
    ],
)
def test_a_wrong_day_is_refused(town: Cast, karim: Actor, day: Any, words: str) -> None:
    part = only_part(filed().report)
    with pytest.raises(ValidationError, match=words) as refused:
        acts.advance_part(part, "schedule", actor=karim, due_on=day)
    assert list(refused.value.message_dict) == ["due_on"]
    part.refresh_from_db()
    assert part.state == "new"


def test_today_is_a_day_to_schedule(town: Cast, karim: Actor) -> None:
    part = only_part(filed().report)
    acts.advance_part(part, "schedule", actor=karim, due_on=timezone.localdate())
    assert part.state == "scheduled"


def test_dropping_gives_a_reason(town: Cast, karim: Actor) -> None:
    part = only_part(filed().report)
    with pytest.raises(ValidationError) as refused:
        acts.advance_part(part, "drop", actor=karim, answer="Désolés.")
    assert list(refused.value.message_dict) == ["reason"]
    acts.advance_part(part, "drop", actor=karim, answer="Désolés.", reason="Terrain privé")
    assert part.state == "dropped"
    assert Report.objects.get().state == "dropped"


def test_a_long_reason_is_refused(town: Cast, karim: Actor) -> None:
    with pytest.raises(ValidationError, match="300 caractères"):
        acts.advance_part(only_part(filed().report), "doubt", actor=karim, reason="x" * 301)


def test_closing_asks_for_the_word_back(town: Cast, karim: Actor) -> None:
    report = filed(email="jeanne@exemple.test").report
    with pytest.raises(ValidationError, match="Dites aux personnes ce qui a été fait") as refused:
        acts.advance_part(only_part(report), "settle", actor=karim)
    assert list(refused.value.message_dict) == ["answer"]
    report.refresh_from_db()
    assert report.state == "new"
    assert report.closed_at is None
    assert waiting() == {}


def test_the_word_back_goes_once_to_everyone_who_spoke(town: Cast, karim: Actor) -> None:
    voice = filed(email="jeanne@exemple.test")
    other = acts.join_report(voice.report, actor=NOBODY, email="paul@exemple.test")
    acts.advance_part(only_part(voice.report), "settle", actor=karim, answer="Trou rebouché.")
    leave()
    leave()
    for address, who in (("jeanne@exemple.test", voice), ("paul@exemple.test", other)):
        (letter,) = sent_to(address)
        assert letter.subject.startswith("C’est réglé : Trou")
        for body in (letter.body, letter.alternatives[0][0]):
            assert "Trou rebouché." in body
            assert "Ville d’Anzin" in body
            assert follow_url(who) in body
    report = Report.objects.get()
    assert (report.state, report.due_on) == ("settled", None)
    assert report.closed_at == only_part(report).closed_at
    assert codes(report)[-2:] == ["settle", "closed"]


def test_two_voices_with_one_address_get_one_letter(town: Cast, karim: Actor) -> None:
    report = filed(email="jeanne@exemple.test").report
    acts.join_report(report, actor=NOBODY, email="JEANNE@exemple.test")
    acts.advance_part(only_part(report), "settle", actor=karim, answer="Fait.")
    leave()
    assert len(sent_to("jeanne@exemple.test") + sent_to("JEANNE@exemple.test")) == 1


def test_word_back_waits_for_the_last_part(town: Cast, karim: Actor, luc: Actor) -> None:
    report = filed(email="jeanne@exemple.test").report
    ours = only_part(report)
    claire = town.actor(town.claire)
    theirs = acts.assign_part(report, actor=claire, organisation=town.landlord, title="Le porche")
    acts.advance_part(ours, "settle", actor=karim, answer="Trottoir refait.")
    report.refresh_from_db()
    assert report.state == "new"
    assert waiting() == {}
    with pytest.raises(ValidationError, match="Dites aux personnes"):
        acts.advance_part(theirs, "settle", actor=luc)
    acts.advance_part(theirs, "settle", actor=luc, answer="Porche nettoyé.")
    leave()
    (letter,) = sent_to("jeanne@exemple.test")
    for words in (
        "Ville d’Anzin",
        "Trottoir refait.",
        "Escaut Habitat",
        "Porche nettoyé.",
        "Le porche",
    ):
        assert words in letter.body


def test_a_part_that_is_not_the_last_closes_without_an_answer(town: Cast, karim: Actor) -> None:
    report = filed().report
    ours = only_part(report)
    acts.assign_part(report, actor=town.actor(town.claire), organisation=town.landlord)
    acts.advance_part(ours, "settle", actor=karim)
    assert ours.state == "settled"
    assert not Message.objects.exists()


def test_who_left_a_phone_alone_is_to_be_called_once(town: Cast, karim: Actor, luc: Actor) -> None:
    report = filed(phone="06 12 34 56 78").report
    acts.join_report(report, actor=NOBODY, phone="03 27 00 00 00", email="paul@exemple.test")
    acts.advance_part(only_part(report), "settle", actor=karim, answer="Fait.")
    call = Callback.objects.get()
    assert call.voice.contact.phone == "+33612345678"
    acts.tick_callback(call, actor=karim)
    acts.tick_callback(call, actor=luc)
    call.refresh_from_db()
    assert call.done_by == town.karim
    assert codes(report).count("called") == 1


def test_reopening_and_closing_again_tells_again(town: Cast, karim: Actor) -> None:
    report = filed(email="jeanne@exemple.test").report
    part = only_part(report)
    acts.advance_part(part, "settle", actor=karim, answer="Fait.")
    leave()
    acts.advance_part(part, "reopen", actor=karim)
    report.refresh_from_db()
    assert (report.state, report.closed_at, report.round) == ("taken", None, 2)
    acts.advance_part(part, "settle", actor=karim, answer="Refait.")
    leave()
    assert len(sent_to("jeanne@exemple.test")) == 2


def test_reopening_gives_a_new_due_day(town: Cast, karim: Actor) -> None:
    part = only_part(filed().report)
    acts.advance_part(part, "schedule", actor=karim, due_on=TOMORROW)
    acts.advance_part(part, "settle", actor=karim, answer="Fait.")
    acts.advance_part(part, "reopen", actor=karim)
    assert part.due_on == due_day(timezone.now(), 10)


def test_news_of_taking_goes_once_a_round(town: Cast, karim: Actor) -> None:
    report = filed(email="jeanne@exemple.test").report
    part = only_part(report)
    acts.advance_part(part, "take", actor=karim)
    acts.advance_part(part, "doubt", actor=karim, reason="Où ?")
    acts.advance_part(part, "take", actor=karim)
    leave()
    (letter,) = sent_to("jeanne@exemple.test")
    assert letter.subject.startswith("Pris en charge")
    assert "Ville d’Anzin" in letter.body


def test_news_of_scheduling_gives_the_day(town: Cast, karim: Actor) -> None:
    report = filed(email="jeanne@exemple.test").report
    part = only_part(report)
    acts.advance_part(part, "take", actor=karim)
    acts.advance_part(part, "schedule", actor=karim, due_on=TOMORROW)
    acts.advance_part(part, "schedule", actor=karim, due_on=TOMORROW + timedelta(days=2))
    leave()
    letters = sent_to("jeanne@exemple.test")
    assert [letter.subject.split(" : ")[0] for letter in letters] == [
        "Pris en charge",
        "C’est programmé",
    ]


def test_after_photos_are_shown_at_once(town: Cast, karim: Actor) -> None:
    report = filed(photos=[photo()]).report
    acts.advance_part(
        only_part(report), "settle", actor=karim, answer="Fait.", photos=[photo("blue")]
    )
    before, after = Photo.objects.order_by("pk")
    assert (before.moment, before.shown) == ("before", False)
    assert (after.moment, after.shown, after.organisation) == ("after", True, town.town)


def test_a_refused_step_leaves_no_file(town: Cast, karim: Actor, settings: Any) -> None:
    part = only_part(filed().report)
    with pytest.raises(ValidationError):
        acts.advance_part(part, "settle", actor=karim, photos=[photo()])
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_undo_brings_everything_back_in_silence(town: Cast, karim: Actor) -> None:
    voice = filed(email="jeanne@exemple.test")
    acts.join_report(voice.report, actor=NOBODY, phone="06 12 34 56 78")
    part = only_part(voice.report)
    acts.advance_part(part, "schedule", actor=karim, due_on=TOMORROW)
    leave()
    acts.advance_part(part, "settle", actor=karim, answer="Fait.", photos=[photo()])
    acts.undo_part(part, actor=karim)
    leave()
    report = Report.objects.get()
    assert (report.state, report.closed_at, report.due_on) == ("scheduled", None, TOMORROW)
    assert (part.state, part.closed_at, part.due_on) == ("scheduled", None, TOMORROW)
    assert len(sent_to("jeanne@exemple.test")) == 1  # the scheduling
    assert not Message.objects.exists()
    assert not Photo.objects.exists()
    assert not Callback.objects.exists()
    assert codes(report)[-1] == "undone"


def test_undo_is_for_the_last_step_alone(town: Cast, karim: Actor) -> None:
    part = only_part(filed().report)
    acts.advance_part(part, "take", actor=karim)
    acts.undo_part(part, actor=karim)
    assert (part.state, part.person) == ("new", None)
    with pytest.raises(Forbidden, match="trop tard"):
        acts.undo_part(part, actor=karim)


def test_undo_comes_before_two_minutes(town: Cast, karim: Actor) -> None:
    part = only_part(filed().report)
    now = timezone.now()
    acts.advance_part(part, "take", actor=karim, now=now)
    with pytest.raises(Forbidden, match="trop tard"):
        acts.undo_part(part, actor=karim, now=now + timedelta(seconds=121))
    acts.undo_part(part, actor=karim, now=now + timedelta(seconds=119))
    assert part.state == "new"


@pytest.mark.parametrize("step", ["take", "schedule"])
def test_news_that_was_undone_does_not_leave(town: Cast, karim: Actor, step: str) -> None:
    part = only_part(filed(email="jeanne@exemple.test").report)
    acts.advance_part(part, step, actor=karim, due_on=TOMORROW)
    acts.undo_part(part, actor=karim)
    leave()
    assert sent_to("jeanne@exemple.test") == []


def test_what_was_undone_may_be_told_again(town: Cast, karim: Actor) -> None:
    part = only_part(filed(email="jeanne@exemple.test").report)
    acts.advance_part(part, "take", actor=karim)
    acts.undo_part(part, actor=karim)
    acts.advance_part(part, "take", actor=karim)
    leave()
    assert len(sent_to("jeanne@exemple.test")) == 1


def test_undoing_a_reopening_closes_again(town: Cast, karim: Actor) -> None:
    report = filed(email="jeanne@exemple.test").report
    part = only_part(report)
    acts.advance_part(part, "settle", actor=karim, answer="Fait.")
    closed_at = part.closed_at
    acts.advance_part(part, "reopen", actor=karim)
    acts.undo_part(part, actor=karim)
    report.refresh_from_db()
    assert (report.state, report.closed_at, report.round) == ("settled", closed_at, 1)


def test_a_step_told_a_day_late_writes_to_nobody(town: Cast, karim: Actor) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    report = filed(email="jeanne@exemple.test", phone="06 12 34 56 78", now=long_ago).report
    acts.advance_part(
        only_part(report), "settle", actor=karim, answer="Fait.", now=long_ago + timedelta(days=9)
    )
    assert not OutboxMessage.objects.exists()
    assert not Callback.objects.exists()
    assert Report.objects.get().closed_at == long_ago + timedelta(days=9)


def test_a_reopening_tells_the_organisation_when_somebody_else_does_it(
    town: Cast, karim: Actor
) -> None:
    part = only_part(filed().report)
    acts.advance_part(part, "settle", actor=karim, answer="Fait.")
    acts.advance_part(part, "reopen", actor=town.actor(town.claire))
    assert set(waiting()) == {f"organisation:{town.town.pk}"}


def test_a_part_is_not_reopened_beside_another_one(town: Cast, karim: Actor) -> None:
    report = filed().report
    part = only_part(report)
    claire = town.actor(town.claire)
    theirs = acts.assign_part(report, actor=claire, organisation=town.landlord)
    acts.advance_part(part, "settle", actor=karim)
    acts.give_part(theirs, actor=claire, organisation=town.town)
    with pytest.raises(Forbidden, match="déjà une part ouverte"):
        acts.advance_part(part, "reopen", actor=karim)


def test_a_part_that_is_gone_is_said_so(town: Cast, karim: Actor) -> None:
    part = only_part(filed().report)
    Part.objects.filter(pk=part.pk).delete()
    with pytest.raises(Forbidden, match="n’existe plus"):
        acts.advance_part(part, "take", actor=karim)


def test_two_clicks_on_the_same_button_count_once(town: Cast, karim: Actor) -> None:
    part = only_part(filed(email="jeanne@exemple.test").report)
    stale = Part.objects.get(pk=part.pk)
    acts.advance_part(part, "settle", actor=karim, answer="Fait.")
    with pytest.raises(Forbidden, match="cette part est « réglé »"):
        acts.advance_part(stale, "settle", actor=karim, answer="Fait.")
    leave()
    assert len(sent_to("jeanne@exemple.test")) == 1


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(
            ["doubt", "take", "schedule", "settle", "drop", "reopen", "undo", "not_yet"]
        ),
    ),
    max_size=14,
)


@given(STEPS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_done_a_report_says_what_its_parts_say(
    town: Cast, karim: Actor, steps: list[tuple[int, str]]
) -> None:
    voice = filed(email="jeanne@exemple.test")
    claire = town.actor(town.claire)
    acts.assign_part(voice.report, actor=claire, organisation=town.landlord)
    acts.assign_part(voice.report, actor=claire, organisation=town.association)
    parts = list(Part.objects.filter(report=voice.report).order_by("pk"))
    for number, code in steps:
        try:
            if code == "undo":
                acts.undo_part(parts[number], actor=karim)
            elif code == "not_yet":
                acts.say_not_yet(voice, text="Pas encore")
            else:
                acts.advance_part(
                    parts[number],
                    code,
                    actor=karim,
                    due_on=TOMORROW,
                    reason="Parce que",
                    answer="Fait.",
                )
        except Forbidden:
            pass
        report = Report.objects.get(pk=voice.report_id)
        fresh = list(Part.objects.filter(report=report))
        assert report.state == overall([part.state for part in fresh])
        assert (report.closed_at is not None) == (report.state in CLOSED)
        open_days = [part.due_on for part in fresh if part.state not in CLOSED]
        assert report.due_on == (min(open_days) if open_days else None)
        for part in fresh:
            assert part.state in State.values
            assert (part.closed_at is not None) == (part.state in CLOSED)


def test_undoing_an_earlier_part_stops_the_word_back_of_the_last_one(
    town: Cast, karim: Actor, luc: Actor
) -> None:
    report = filed(email="jeanne@exemple.test").report
    ours = only_part(report)
    theirs = acts.assign_part(report, actor=town.actor(town.claire), organisation=town.landlord)
    acts.advance_part(ours, "settle", actor=karim)
    acts.advance_part(theirs, "settle", actor=luc, answer="Fait.")
    acts.undo_part(ours, actor=karim)
    leave()
    assert sent_to("jeanne@exemple.test") == []
    acts.advance_part(ours, "settle", actor=karim, answer="Fait aussi.")
    leave()
    (letter,) = sent_to("jeanne@exemple.test")
    assert "Fait aussi." in letter.body


def test_a_reopening_stops_a_word_back_that_waits_and_undoing_it_sends_it(
    town: Cast, karim: Actor
) -> None:
    report = filed(email="jeanne@exemple.test").report
    acts.join_report(report, actor=NOBODY, phone="06 12 34 56 78")
    part = only_part(report)
    acts.advance_part(part, "settle", actor=karim, answer="Fait.")
    acts.advance_part(part, "reopen", actor=karim)
    assert waiting() == {}
    assert not Callback.objects.exists()
    acts.undo_part(part, actor=karim)
    leave()
    assert len(sent_to("jeanne@exemple.test")) == 1
    assert Callback.objects.count() == 1


def test_undoing_a_reopening_tells_nobody_twice(town: Cast, karim: Actor) -> None:
    report = filed(email="jeanne@exemple.test").report
    acts.join_report(report, actor=NOBODY, phone="06 12 34 56 78")
    part = only_part(report)
    acts.advance_part(part, "settle", actor=karim, answer="Fait.")
    leave()
    acts.tick_callback(Callback.objects.get(), actor=karim)
    acts.advance_part(part, "reopen", actor=karim)
    acts.undo_part(part, actor=karim)
    leave()
    assert len(sent_to("jeanne@exemple.test")) == 1
    assert Callback.objects.count() == 1
