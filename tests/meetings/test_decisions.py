"""Decisions: what they become, who follows them, and the relevé that tells them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.gatherings.acts import ask_organisations
from parvis.meetings import acts
from parvis.meetings.models import Decision
from parvis.notices.models import Envelope
from parvis.partners.actors import NOBODY
from parvis.reports.models import Part
from parvis.thread.reading import due_for, thread_of
from tests.cast import IN_VALENCIENNES, Cast
from tests.meetings.scene import begun, convened, cotech, sitting
from tests.reports.scene import at_point, filed


def released(cast: Cast, **fields: object) -> Decision:
    made = convened(cast)
    claire = cast.actor(cast.claire)
    taken = acts.decide(made, actor=claire, text="Remplacer les lampes", **fields)
    acts.send_releve(made, actor=claire)
    return taken


def test_a_decision_gives_a_part_of_the_report_on_the_spot(cast: Cast) -> None:
    report = filed(at_point(IN_VALENCIENNES)).report
    claire = cast.actor(cast.claire)
    made = convened(cast)
    acts.add_things(made, [("report", report.pk)], actor=claire)
    acts.decide(
        made,
        actor=claire,
        text="La ville ramasse",
        item=made.items.get(thing_kind="report"),
        organisation=cast.town,
        making="part",
    )
    assert Part.objects.get(report=report).organisation == cast.town
    steps = [step.kind for step in thread_of(claire, "report", report.pk)]
    assert "decision" in steps


def test_what_cannot_be_made_undoes_the_decision(cast: Cast) -> None:
    made = convened(cast)
    with pytest.raises(ValidationError):
        acts.decide(
            made,
            actor=cast.actor(cast.claire),
            text="La ville ramasse",
            item=made.items.get(),  # words of its own: there is no report to share
            organisation=cast.town,
            making="part",
        )
    assert not Decision.objects.exists()


def test_a_decision_is_told_with_the_releve_and_not_before(cast: Cast) -> None:
    made = convened(cast)
    claire, luc = cast.actor(cast.claire), cast.actor(cast.luc)
    acts.decide(made, actor=claire, text="Remplacer les lampes", organisation=cast.landlord)
    assert not Decision.objects.visible_to(luc).exists()
    acts.send_releve(made, actor=claire)
    assert Decision.objects.visible_to(luc).exists()
    assert not Decision.objects.visible_to(cast.actor(cast.paul)).exists()
    assert not Decision.objects.visible_to(NOBODY).exists()


def test_who_does_it_without_sitting_there_is_told_too(cast: Cast) -> None:
    released(cast, organisation=cast.other_landlord)
    assert cast.paul.email in Envelope.objects.values_list("address", flat=True)
    assert Decision.objects.allowed(cast.actor(cast.paul), "carry").exists()


def test_the_releve_stays_as_it_was_sent(cast: Cast) -> None:
    taken = released(cast)
    with pytest.raises(acts.Refused):
        acts.write_decision(taken, actor=cast.actor(cast.claire), text="Autre chose")
    with pytest.raises(acts.Refused):
        acts.send_releve(taken.sitting, actor=cast.actor(cast.claire))
    taken.sitting.refresh_from_db()
    assert taken.sitting.releve["others"][0]["text"] == "Remplacer les lampes"


def test_a_releve_is_not_sent_before_the_sitting(cast: Cast) -> None:
    made = sitting(cast)
    acts.convene(made, actor=cast.actor(cast.claire))
    with pytest.raises(acts.Refused):
        acts.send_releve(made, actor=cast.actor(cast.claire))


def test_minutes_are_asked_for_where_the_rules_say_so(cast: Cast) -> None:
    made = convened(cast, cotech(cast, minutes=True))
    claire = cast.actor(cast.claire)
    with pytest.raises(acts.Refused):
        acts.send_releve(made, actor=claire)
    acts.write_minutes(made, minutes="Chacun s’est exprimé.")
    acts.send_releve(made, actor=claire)


def test_the_quorum_counts_who_sits_and_came(cast: Cast) -> None:
    made = convened(cast, cotech(cast, quorum=2))
    claire = cast.actor(cast.claire)
    ask_organisations(made.gathering, [cast.other_landlord], at=timezone.now())
    made.gathering.guests.filter(organisation__in=[cast.other_landlord, cast.town]).update(
        came=True
    )
    acts.send_releve(made, actor=claire)
    made.refresh_from_db()
    assert made.releve["quorum"].startswith("non atteint (1 ")


def test_approval_is_for_instances_that_ask_for_it(cast: Cast) -> None:
    made = released(cast).sitting
    with pytest.raises(acts.Refused):
        acts.approve_releve(made, actor=cast.actor(cast.claire))
    other = convened(cast, cotech(cast, approval=True))
    with pytest.raises(acts.Refused):
        acts.approve_releve(other, actor=cast.actor(cast.claire))
    acts.send_releve(other, actor=cast.actor(cast.claire))
    assert acts.approve_releve(other, actor=cast.actor(cast.claire)).approved_at


def test_the_next_agenda_opens_with_what_is_still_to_do(cast: Cast) -> None:
    taken = released(cast, organisation=cast.landlord)
    following = sitting(cast, taken.sitting.instance, days=30)
    assert acts.to_check(following) == [taken]
    acts.advance_decision(taken, "done", actor=cast.actor(cast.luc))
    assert acts.to_check(following) == []


def test_a_decision_of_another_instance_is_not_checked_here(cast: Cast) -> None:
    released(cast)
    assert acts.to_check(sitting(cast, cotech(cast, name="Autre comité"), days=30)) == []


def test_a_decision_is_due_to_who_does_it(cast: Cast) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    released(cast, organisation=cast.landlord, due_on=tomorrow)
    (span,) = due_for(cast.actor(cast.luc))
    assert [one.title for one in span.first if one.kind == "decision"] == ["Remplacer les lampes"]
    (neighbour,) = due_for(cast.actor(cast.paul))
    assert not [one for one in neighbour.first if one.kind == "decision"]


def test_dropping_asks_why_and_a_step_is_taken_once(cast: Cast) -> None:
    taken = released(cast, organisation=cast.landlord)
    luc = cast.actor(cast.luc)
    with pytest.raises(ValidationError):
        acts.advance_decision(taken, "drop", actor=luc)
    acts.advance_decision(taken, "drop", actor=luc, outcome="Le marché est infructueux.")
    with pytest.raises(acts.Refused):
        acts.advance_decision(taken, "done", actor=luc)
    taken.refresh_from_db()
    assert taken.closed_at
    acts.advance_decision(taken, "reopen", actor=luc, outcome="Un autre marché est lancé.")
    taken.refresh_from_db()
    assert taken.closed_at is None


def test_a_cancelled_sitting_decides_nothing(cast: Cast) -> None:
    made = convened(cast)
    claire = cast.actor(cast.claire)
    acts.cancel_sitting(made, actor=claire, reason="Grève.")
    with pytest.raises(acts.Refused):
        acts.decide(begun(made), actor=claire, text="Remplacer")
