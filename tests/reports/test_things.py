"""How reports stand on the thread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.reports import acts
from parvis.reports.events import SENTENCES, spoke
from parvis.reports.links import follow_url
from parvis.reports.models import Part, Voice
from parvis.thread.models import Event
from parvis.thread.reading import due_for, events_of, thread_of
from parvis.thread.register import kind_of
from tests.cast import IN_VALENCIENNES, Cast
from tests.reports.scene import at_point, filed, in_hall, make_public, only_part


def test_a_report_stands_on_the_thread_without_its_words(
    town: Cast, django_assert_num_queries: Any
) -> None:
    report = make_public(filed(text="Mon voisin Dupont").report)
    with django_assert_num_queries(2):
        (step,) = thread_of(NOBODY, "report", report.pk)
    assert step.title == "Trou dans la route ou le trottoir · 12 rue des Lilas"
    assert step.who == "Ville d’Anzin"
    assert step.day == timezone.localdate()
    assert step.text == "nouveau"
    assert str(report.pk) in step.url


def test_a_report_that_is_not_public_stands_for_nobody(town: Cast) -> None:
    assert thread_of(NOBODY, "report", filed().report.pk) == []


def test_a_report_without_a_place_label_has_its_category_alone(town: Cast) -> None:
    from parvis.reports.models import Report

    report = make_public(filed().report)
    Report.objects.update(place_label="")
    (step,) = thread_of(NOBODY, "report", report.pk)
    assert step.title == "Trou dans la route ou le trottoir"


def test_what_is_due_is_what_one_may_handle(town: Cast) -> None:
    ours = filed().report
    orphan = filed(at_point(IN_VALENCIENNES)).report
    settled = filed().report
    acts.advance_part(only_part(settled), "settle", actor=town.actor(town.karim), answer="Fait.")
    withdrawn = filed()
    acts.withdraw(withdrawn)

    def due(person: Any) -> list[tuple[int, int | None]]:
        (span,) = due_for(town.actor(person))
        return [(one.id, one.owner_id) for one in span.first if one.kind == "report"]

    assert due(town.karim) == [(ours.pk, town.town.pk)]
    assert due(town.claire) == [(orphan.pk, None)]
    assert due(town.nadia) == []
    assert due(town.rose) == []


def test_the_coordination_is_shown_what_it_may_chase(town: Cast) -> None:
    late = filed(in_hall(town), now=timezone.now() - timedelta(days=60)).report
    on_time = filed(in_hall(town)).report

    def due(person: Any) -> list[int]:
        (span,) = due_for(town.actor(person))
        return [one.id for one in span.first]

    assert due(town.luc) == [late.pk, on_time.pk]
    assert due(town.claire) == [late.pk]
    assert due(town.bruno) == []
    assert due(town.karim) == []


def test_a_town_is_shown_what_it_may_give_to_somebody(town: Cast) -> None:
    ours = filed().report
    Part.objects.filter(report=ours).update(organisation=None)
    for person, awaited in ((town.karim, 1), (town.claire, 1), (town.sofia, 0), (town.nadia, 0)):
        (span,) = due_for(town.actor(person))
        assert span.total == awaited, person


def test_what_is_late_comes_first(town: Cast) -> None:
    later = filed().report
    late = filed(now=timezone.now() - timedelta(days=60)).report
    due = due_for(town.actor(town.karim))[0].first
    assert [one.id for one in due] == [late.pk, later.pk]
    assert due[0].due_on == only_part(late).due_on
    assert due[0].state_label == "nouveau"


def test_those_who_spoke_are_told_by_e_mail(town: Cast) -> None:
    voice = filed(email="jeanne@exemple.test")
    acts.join_report(voice.report, actor=NOBODY, phone="06 12 34 56 78")
    acts.join_report(voice.report, actor=NOBODY)
    gone = acts.join_report(voice.report, actor=NOBODY, email="paul@exemple.test")
    acts.withdraw(gone)
    (who,) = spoke(voice.report_id)
    assert (who.key, who.address, who.link) == (
        f"voice:{voice.pk}",
        "jeanne@exemple.test",
        follow_url(voice),
    )


def test_a_withdrawn_voice_is_not_told_even_if_its_contact_were_left(town: Cast) -> None:
    voice = filed(email="jeanne@exemple.test")
    Voice.objects.filter(pk=voice.pk).update(withdrawn_at=voice.at)
    assert spoke(voice.report_id) == []


def test_every_event_has_its_sentence(town: Cast) -> None:
    karim, claire = town.actor(town.karim), town.actor(town.claire)
    voice = filed(phone="06 12 34 56 78")
    report, part = voice.report, only_part(voice.report)
    acts.join_report(report, actor=NOBODY)
    acts.speak(voice, text="Mot")
    acts.say_settled(voice)
    acts.answer(report, actor=karim, text="Bonjour")
    acts.note(report, actor=karim, text="Note")
    acts.chase(part, actor=claire)
    for step in ("doubt", "take", "drop"):
        acts.advance_part(part, step, actor=karim, reason="Ainsi", answer="Fait.")
    acts.advance_part(part, "reopen", actor=claire)
    acts.advance_part(part, "settle", actor=karim, answer="Fait.")
    acts.say_not_yet(voice)
    acts.give_part(part, actor=claire, organisation=town.landlord)
    acts.erase_contact(voice)
    codes = set(Event.objects.values_list("code", flat=True))
    assert codes <= set(SENTENCES)
    lines = events_of(karim, "report", report.pk)
    assert "Pris en charge par Ville d’Anzin" in [line.sentence for line in lines]
    assert "Passe à Escaut Habitat" in [line.sentence for line in lines]
    assert not any("{" in line.sentence or "Mise à jour" in line.sentence for line in lines)
    make_public(report)
    told = {line.code for line in events_of(NOBODY, "report", report.pk)}
    assert not told & {"noted", "chased", "contact_erased"}


def test_the_kind_is_registered_once() -> None:
    kind = kind_of("report")
    assert kind.searchable
    assert not kind.tells_existence
    assert kind.state_labels["to_qualify"] == "à qualifier"


def test_every_icon_of_the_thread_can_be_drawn() -> None:
    from parvis.reports.views.story import ICONS
    from parvis.thread.register import kinds
    from parvis.ui.templatetags.ui import drawn

    for name in [*ICONS.values(), *(kind.icon for kind in kinds().values())]:
        assert "<svg" in drawn(name, 20), name
