"""Who has a part."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.notices.outbox import send_due
from parvis.partners.actors import Actor
from parvis.reports import acts
from parvis.reports.followup import tell_organisations
from parvis.reports.models import Note, Part, Report
from parvis.reports.workflow import Forbidden
from parvis.thread.models import Event
from tests.cast import IN_VALENCIENNES, Cast
from tests.reports.scene import at_point, codes, filed, only_part, sent_to, waiting


@pytest.fixture
def claire(town: Cast) -> Actor:
    return town.actor(town.claire)


def test_a_report_is_shared_with_one_more_organisation(town: Cast, claire: Actor) -> None:
    report = filed().report
    tell_organisations()
    part = acts.assign_part(report, actor=claire, organisation=town.landlord, title="Le hall")
    assert (part.organisation, part.title, part.state) == (town.landlord, "Le hall", "new")
    assert Part.objects.count() == 2
    assert tell_organisations() == 1
    event = Event.objects.get(code="part_added")
    assert (event.concerns, event.organisation) == (town.landlord, town.agglomeration)


def test_an_organisation_has_one_open_part(town: Cast, claire: Actor) -> None:
    report = filed().report
    with pytest.raises(Forbidden, match="déjà une part ouverte"):
        acts.assign_part(report, actor=claire, organisation=town.town)
    assert Part.objects.count() == 1


def test_a_part_without_a_manager_is_given_rather_than_doubled(town: Cast, claire: Actor) -> None:
    report = filed(at_point(IN_VALENCIENNES)).report
    orphan = only_part(report)
    part = acts.assign_part(report, actor=claire, organisation=town.landlord)
    assert part.pk == orphan.pk
    assert only_part(report).organisation == town.landlord


def test_a_closed_report_is_not_shared(town: Cast, claire: Actor) -> None:
    report = filed().report
    acts.advance_part(only_part(report), "settle", actor=claire, answer="Fait.")
    with pytest.raises(Forbidden, match="est clos"):
        acts.assign_part(report, actor=claire, organisation=town.landlord)


def test_an_organisation_that_closed_gets_nothing(town: Cast, claire: Actor) -> None:
    town.landlord.closed_on = timezone.localdate()
    town.landlord.save(update_fields=["closed_on"])
    report = filed().report
    with pytest.raises(ValidationError, match="n’existe plus"):
        acts.assign_part(report, actor=claire, organisation=town.landlord)
    with pytest.raises(ValidationError, match="n’existe plus"):
        acts.give_part(only_part(report), actor=claire, organisation=town.landlord)


def test_a_long_title_is_refused(town: Cast, claire: Actor) -> None:
    with pytest.raises(ValidationError, match="160 caractères"):
        acts.assign_part(filed().report, actor=claire, organisation=town.landlord, title="x" * 161)


def test_a_part_is_given_to_whoever_answers_for_it(town: Cast, claire: Actor) -> None:
    report = filed().report
    part = only_part(report)
    acts.advance_part(part, "take", actor=town.actor(town.karim))
    tell_organisations()
    acts.give_part(part, actor=claire, organisation=town.landlord, reason="C’est leur trottoir.")
    part.refresh_from_db()
    assert (part.organisation, part.state, part.person) == (town.landlord, "new", None)
    assert Report.objects.get().state == "new"
    assert Note.objects.get().text == "C’est leur trottoir."
    event = Event.objects.get(code="part_given")
    assert (event.old, event.concerns) == ("Ville d’Anzin", town.landlord)
    assert codes(report)[:2] == ["filed", "take"]
    assert tell_organisations() == 0  # it may still be taken back
    Part.objects.update(moved_at=timezone.now() - timedelta(minutes=3))
    assert tell_organisations() == 1


def test_a_giving_is_taken_back_before_the_other_is_told(town: Cast, claire: Actor) -> None:
    report = filed().report
    part = only_part(report)
    tell_organisations()
    acts.advance_part(part, "take", actor=town.actor(town.karim))
    due_on = part.due_on
    acts.give_part(part, actor=claire, organisation=town.landlord)
    acts.undo_give(part, actor=claire)
    part.refresh_from_db()
    assert (part.organisation, part.state, part.person) == (town.town, "taken", town.karim)
    assert part.due_on == due_on
    assert Report.objects.get().state == "taken"
    assert tell_organisations() == 0
    with pytest.raises(Forbidden, match="a changé depuis"):
        acts.undo_give(part, actor=claire)


def test_a_giving_that_was_told_stays(town: Cast, claire: Actor) -> None:
    part = only_part(filed().report)
    acts.give_part(part, actor=claire, organisation=town.landlord)
    Part.objects.update(told_at=timezone.now())
    with pytest.raises(Forbidden, match="prévenue"):
        acts.undo_give(part, actor=claire)


def test_who_was_given_a_part_does_not_send_it_back_by_undoing(town: Cast, claire: Actor) -> None:
    part = only_part(filed().report)
    acts.give_part(part, actor=claire, organisation=town.landlord)
    with pytest.raises(Forbidden, match="trop tard"):
        acts.undo_part(part, actor=town.actor(town.luc))


def test_a_part_is_not_given_twice_to_the_same(town: Cast, claire: Actor) -> None:
    report = filed().report
    part = only_part(report)
    with pytest.raises(Forbidden, match="déjà cette part"):
        acts.give_part(part, actor=claire, organisation=town.town)
    other = acts.assign_part(report, actor=claire, organisation=town.landlord)
    with pytest.raises(Forbidden, match="déjà une part ouverte"):
        acts.give_part(other, actor=claire, organisation=town.town)


def test_a_closed_part_is_not_given(town: Cast, claire: Actor) -> None:
    part = only_part(filed().report)
    acts.advance_part(part, "settle", actor=claire, answer="Fait.")
    with pytest.raises(Forbidden, match="est close"):
        acts.give_part(part, actor=claire, organisation=town.landlord)


def test_a_reminder_goes_once_a_day(town: Cast, claire: Actor) -> None:
    report = filed().report
    part = only_part(report)
    now = timezone.now()
    acts.chase(part, actor=claire, now=now)
    with pytest.raises(Forbidden, match="déjà été relancée"):
        acts.chase(part, actor=claire, now=now)
    assert set(waiting()) == {f"organisation:{town.town.pk}"}
    send_due(now + timedelta(minutes=3))
    (letter,) = sent_to(town.town.email)
    assert letter.subject.startswith("Relance")
    assert "Agglomération de l’Escaut attend" in letter.body
    acts.chase(part, actor=claire, now=now + timedelta(days=1))
    assert codes(report).count("chased") == 2
    assert not Event.objects.filter(code="chased", public=True).exists()


def test_nobody_is_chased_for_a_part_without_a_manager_or_closed(town: Cast, claire: Actor) -> None:
    with pytest.raises(Forbidden, match="confiez-la"):
        acts.chase(only_part(filed(at_point(IN_VALENCIENNES)).report), actor=claire)
    part = only_part(filed().report)
    acts.advance_part(part, "settle", actor=claire, answer="Fait.")
    with pytest.raises(Forbidden, match="est close"):
        acts.chase(part, actor=claire)


def test_a_person_puts_their_name_on_a_part(town: Cast) -> None:
    part = only_part(filed().report)
    acts.carry_part(part, actor=town.actor(town.sofia))
    assert Part.objects.get().person == town.sofia
