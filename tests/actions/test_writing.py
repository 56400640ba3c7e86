"""Writing actions: rights, versions, undo, and two people on one line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.actions import acts
from parvis.actions.models import Action, Change
from parvis.actions.record import record_of
from parvis.partners.actors import NOBODY
from parvis.thread.reading import due_for
from tests.actions.scene import fiche, indicator, plan, step
from tests.cast import Cast


def test_who_has_a_part_sees_it_and_a_neighbour_does_not(cast: Cast) -> None:
    fiche(cast)
    for person, sees in (
        *((cast.claire, True), (cast.luc, True), (cast.karim, True)),
        *((cast.nadia, True), (cast.paul, False), (cast.rose, False)),
    ):  # Rives crosses Raismes: nadia's town has the plan in its perimeter
        assert Action.objects.visible_to(cast.actor(person)).exists() == sees, person
    assert not Action.objects.visible_to(NOBODY).exists()


def test_its_lead_writes_it_and_only_the_animator_validates(cast: Cast) -> None:
    fiche(cast)
    for person, edits, validates in (
        *((cast.luc, True, False), (cast.claire, True, True)),
        *((cast.karim, False, False), (cast.bruno, False, False)),
    ):
        actor = cast.actor(person)
        assert Action.objects.allowed(actor, "edit").exists() == edits, person
        assert Action.objects.allowed(actor, "validate").exists() == validates, person


def test_references_follow_each_other(cast: Cast) -> None:
    found = plan(cast)
    assert [fiche(cast, found).reference for _ in range(2)] == ["A-001", "A-002"]


def test_a_record_is_read_as_it_was_written(cast: Cast) -> None:
    made = fiche(cast)
    record = record_of(made)
    acts.write_action(made, record, actor=cast.actor(cast.luc), version=1)
    made.refresh_from_db()
    assert made.version == 1
    assert not Change.objects.exists()


def test_a_writing_is_taken_back(cast: Cast) -> None:
    made, luc = fiche(cast), cast.actor(cast.luc)
    wanted = {"title": "Autre titre", "budget": "1.50", "steps": [step("Une seule")]}
    before = record_of(made, tuple(wanted))
    acts.write_action(made, wanted, actor=luc, version=1)
    acts.undo_change(made, actor=luc, version=2)
    assert record_of(Action.objects.get(), tuple(wanted)) == before


def test_nothing_is_taken_back_once_somebody_wrote_since(cast: Cast) -> None:
    made, luc = fiche(cast), cast.actor(cast.luc)
    acts.write_action(made, {"title": "Un"}, actor=luc, version=1)
    acts.write_action(made, {"title": "Deux"}, actor=cast.actor(cast.claire), version=2)
    with pytest.raises(acts.Refused):
        acts.undo_change(made, actor=luc, version=2)


def test_two_on_different_fields_both_stay(cast: Cast) -> None:
    made = fiche(cast)
    acts.write_action(made, {"title": "Titre de Luc"}, actor=cast.actor(cast.luc), version=1)
    acts.write_action(made, {"place": "Rue neuve"}, actor=cast.actor(cast.claire), version=1)
    made.refresh_from_db()
    assert (made.title, made.place, made.version) == ("Titre de Luc", "Rue neuve", 3)


def test_the_second_on_one_field_is_told_what_stands_there(cast: Cast) -> None:
    made = fiche(cast)
    acts.write_action(made, {"title": "Titre de Luc"}, actor=cast.actor(cast.luc), version=1)
    with pytest.raises(acts.Overtaken) as told:
        acts.write_action(made, {"title": "Autre"}, actor=cast.actor(cast.claire), version=1)
    assert told.value.theirs == {"title": "Titre de Luc"}
    made.refresh_from_db()
    assert made.title == "Titre de Luc"


@pytest.mark.parametrize(
    "record",
    [
        {"domain": "inconnu"},
        {"title": ""},
        {"budget": "-1.00"},
        {"starts_on": "2030-01-01", "ends_on": "2029-01-01"},
        {"indicators": [indicator("Un"), indicator("Un")]},
        {"insertions": [{"kind": "inconnue", "total": 0, "promised": 0, "worked": 0, "people": 0}]},
    ],
)
def test_what_contradicts_itself_changes_nothing(cast: Cast, record: dict[str, object]) -> None:
    made = fiche(cast)
    before = record_of(made)
    with pytest.raises(ValidationError):
        acts.write_action(made, record, actor=cast.actor(cast.luc), version=1)
    assert record_of(Action.objects.get()) == before


def test_an_indicator_that_was_measured_stays(cast: Cast) -> None:
    made, luc = fiche(cast), cast.actor(cast.luc)
    one = made.indicators.get()
    acts.measure_indicator(one, actor=luc, on=timezone.localdate(), value=Decimal(7))
    with pytest.raises(ValidationError):
        acts.write_action(made, {"indicators": []}, actor=luc, version=1)
    other = [*record_of(made, ("indicators",))["indicators"], indicator("Un autre")]
    acts.write_action(made, {"indicators": other}, actor=luc, version=1)
    assert one.measures.get().value == Decimal(7)


def test_a_measure_of_the_same_day_corrects_it(cast: Cast) -> None:
    made, luc, day = fiche(cast), cast.actor(cast.luc), timezone.localdate()
    one = made.indicators.get()
    for value in (7, 5):
        acts.measure_indicator(one, actor=luc, on=day, value=Decimal(value))
    assert [measure.value for measure in one.measures.all()] == [Decimal(5)]


def test_dropping_says_why_and_ending_says_whether_we_would_again(cast: Cast) -> None:
    made, claire = fiche(cast), cast.actor(cast.claire)
    for step_code in ("drop", "end"):
        with pytest.raises(ValidationError):
            acts.advance_action(made, step_code, actor=claire)
    acts.advance_action(made, "end", actor=claire, again=True, worked="Le tri.")
    made.refresh_from_db()
    assert (made.state, made.again) == ("ended", True)
    assert made.closed_at
    with pytest.raises(acts.Refused):
        acts.advance_action(made, "start", actor=claire)


def test_nothing_is_shown_without_words_for_residents(cast: Cast) -> None:
    made = fiche(cast, summary="")
    with pytest.raises(acts.Refused):
        acts.publish_action(made, actor=cast.actor(cast.luc), shown=True)
    assert not Action.objects.visible_to(NOBODY).exists()


def test_the_next_step_is_due_to_who_writes_the_action(cast: Cast) -> None:
    made = fiche(cast)
    (span,) = due_for(cast.actor(cast.luc))
    assert [one.title for one in span.first if one.kind == "action"] == [
        f"{made.title} : Poser les bacs"
    ]
    (other,) = due_for(cast.actor(cast.paul))
    assert not [one for one in other.first if one.kind == "action"]


def test_an_idea_promises_nothing(cast: Cast) -> None:
    fiche(cast, state="idea")
    (span,) = due_for(cast.actor(cast.luc))
    assert not [one for one in span.first if one.kind == "action"]
