"""One action on several reports, told row by row, and taken back as a whole."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parvis.notices.models import Message as OutboxMessage
from parvis.notices.outbox import send_due
from parvis.partners.actors import Actor
from parvis.reports import acts
from parvis.reports.acts.batching import Batch, actions_of
from parvis.reports.models import Message, Part, Report
from tests.cast import IN_RAISMES, IN_VALENCIENNES, Cast
from tests.figures.counting import counted
from tests.reports.scene import at_point, filed, only_part, sent_to

LOT = "/signalements/lot/"
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def karim(town: Cast) -> Actor:
    return town.actor(town.karim)


@pytest.fixture
def claire(town: Cast) -> Actor:
    return town.actor(town.claire)


def several(number: int = 3, **given: Any) -> list[Report]:
    return [filed(**given).report for _ in range(number)]


def references(reports: list[Report]) -> list[str]:
    return [report.reference for report in reports]


def states() -> list[str]:
    return sorted(Part.objects.values_list("state", flat=True))


def whys(batch: Batch) -> list[str]:
    return [line.why for line in batch.lines]


def undo(page: str) -> dict[str, str]:
    """What the button « Annuler » of a page posts."""
    form = page.split('action="/signalements/lot/annuler/"')[1].split("</form>")[0]
    found = re.search(r'name="token" value="([^"]*)"', form)
    assert found
    return {"token": unescape(found[1])}


def test_each_row_is_done_and_told(town: Cast, karim: Actor) -> None:
    reports = several(3)
    batch = acts.run_batch("take", references(reports), actor=karim)
    assert [(line.reference, line.done) for line in batch.lines] == [
        (report.reference, True) for report in reports
    ]
    assert states() == ["taken"] * 3


def test_a_row_that_is_refused_leaves_the_others_done(town: Cast, karim: Actor) -> None:
    reports = several(3)
    acts.advance_part(only_part(reports[1]), "take", actor=karim)
    theirs = filed(at_point(IN_RAISMES)).report
    batch = acts.run_batch("take", [*references(reports), theirs.reference, "R-X"], actor=karim)
    first, second, *others = whys(batch)
    assert first == ""
    assert "n’est pas possible" in second
    assert others == ["", *["aucune part ouverte que vous puissiez faire avancer"] * 2]
    assert only_part(theirs).state == "new"


def test_a_neighbour_s_part_of_the_same_report_is_left(town: Cast, karim: Actor) -> None:
    """Karim sees the landlord's part, and may not move it on."""
    report = filed().report
    acts.give_part(only_part(report), actor=karim, organisation=town.landlord)
    batch = acts.run_batch("take", [report.reference], actor=karim)
    assert not batch.lines[0].done
    assert only_part(report).state == "new"


def test_closing_several_fills_the_answer_in_for_each(town: Cast, karim: Actor) -> None:
    reports = several(2, email="jeanne@exemple.test")
    acts.run_batch("settle", references(reports), actor=karim, answer="Fait : {référence}.")
    said = set(Message.objects.values_list("text", flat=True))
    assert said == {f"Fait : {report.reference}." for report in reports}


def test_a_report_in_several_parts_is_not_given_by_guessing(town: Cast, claire: Actor) -> None:
    shared, alone = several(2)
    acts.assign_part(shared, actor=claire, organisation=town.landlord)
    given = references([shared, alone])
    batch = acts.run_batch("give", given, actor=claire, organisation=town.association)
    assert whys(batch)[0].startswith("plusieurs organisations")
    assert only_part(alone).organisation == town.association


def test_what_nobody_owns_is_given_first(town: Cast, claire: Actor) -> None:
    report = filed(at_point(IN_VALENCIENNES)).report
    assert only_part(report).organisation is None
    acts.run_batch("give", [report.reference], actor=claire, organisation=town.landlord)
    assert only_part(report).organisation == town.landlord


def test_reminders_of_a_batch_are_one_mail_for_each_organisation(town: Cast, claire: Actor) -> None:
    reports = several(3)
    acts.give_part(only_part(reports[2]), actor=claire, organisation=town.landlord)
    batch = acts.run_batch("chase", references(reports), actor=claire)
    assert all(line.done for line in batch.lines)
    assert OutboxMessage.objects.count() == 2
    send_due(timezone.now() + timedelta(minutes=3))
    (mail,) = sent_to(town.town.email)
    assert reports[0].reference in mail.body
    assert reports[1].reference in mail.body
    assert reports[2].reference not in mail.body
    again = acts.run_batch("chase", references(reports), actor=claire)
    assert set(whys(again)) == {"déjà relancée aujourd’hui"}


def test_too_many_rows_are_refused(town: Cast, karim: Actor) -> None:
    with pytest.raises(ValidationError, match="100 signalements au plus"):
        acts.run_batch("take", [str(number) for number in range(101)], actor=karim)


def test_undoing_brings_every_row_back(town: Cast, karim: Actor) -> None:
    reports = several(3, email="jeanne@exemple.test")
    batch = acts.run_batch("settle", references(reports), actor=karim, answer="Fait.")
    assert OutboxMessage.objects.filter(event__startswith="report.closed").count() == 3
    assert all(line.done for line in acts.undo_batch(batch, actor=karim))
    assert states() == ["new"] * 3
    assert not OutboxMessage.objects.filter(event__startswith="report.closed").exists()


def test_what_moved_meanwhile_is_not_undone(town: Cast, karim: Actor) -> None:
    reports = several(2)
    batch = acts.run_batch("take", references(reports), actor=karim)
    sofia = town.actor(town.sofia)
    acts.advance_part(only_part(reports[0]), "schedule", actor=sofia, due_on=TOMORROW)
    lines = acts.undo_batch(batch, actor=karim)
    assert [line.why for line in lines] == ["cette part a changé depuis", ""]
    assert only_part(reports[0]).state == "scheduled"


def test_givings_are_undone_too(town: Cast, claire: Actor) -> None:
    reports = several(2)
    given = references(reports)
    batch = acts.run_batch("give", given, actor=claire, organisation=town.landlord)
    assert all(line.done for line in acts.undo_batch(batch, actor=claire))
    assert {only_part(report).organisation for report in reports} == {town.town}


def test_a_reminder_is_taken_back_until_it_has_left(town: Cast, claire: Actor) -> None:
    reports = several(2)
    before = timezone.localdate() - timedelta(days=4)
    Part.objects.update(chased_on=before)
    batch = acts.run_batch("chase", references(reports), actor=claire)
    assert all(line.done for line in acts.undo_batch(batch, actor=claire))
    assert set(Part.objects.values_list("chased_on", flat=True)) == {before}
    assert not OutboxMessage.objects.exists()
    batch = acts.run_batch("chase", references(reports), actor=claire)
    send_due(timezone.now() + timedelta(minutes=3))
    lines = acts.undo_batch(batch, actor=claire)
    assert {line.why for line in lines} == {"il est trop tard pour annuler : la relance est partie"}
    assert set(Part.objects.values_list("chased_on", flat=True)) == {timezone.localdate()}


def test_readers_have_no_action(town: Cast) -> None:
    assert actions_of(town.actor(town.rose)) == []
    assert actions_of(town.actor(town.sofia)) == ["take", "schedule", "settle", "drop"]


# --- The pages


def test_the_list_offers_boxes_to_those_who_may_act(town: Cast, client: Client) -> None:
    report = filed().report
    box = f'name="r" value="{report.reference}" form="lot"'
    client.force_login(town.karim)
    page = client.get("/signalements/").content.decode()
    assert box in page
    assert "checked" not in page.split(box)[1][:20]
    every = client.get("/signalements/?tout=1").content.decode()  # without JavaScript
    assert "checked" in every.split(box)[1][:20]
    client.force_login(town.rose)
    assert 'form="lot"' not in client.get("/signalements/").content.decode()


def test_taking_several_tells_and_undoes(town: Cast, client: Client) -> None:
    reports = several(2)
    client.force_login(town.karim)
    given = {"action": "take", "r": [*references(reports), "R-X"], "next": "/signalements/?mine=1"}
    answer = client.post(LOT, given, follow=True)
    assert answer.redirect_chain == [("/signalements/?mine=1", 302)]
    page = answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Prendre en charge : 2 faites, 1 laissée : aucune part ouverte" in page
    assert states() == ["taken"] * 2
    answer = client.post(f"{LOT}annuler/", undo(page), follow=True)
    page = answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "2 annulées" in page
    assert states() == ["new"] * 2
    assert "/lot/annuler/" not in page


def test_what_an_action_needs_is_asked_first(town: Cast, client: Client) -> None:
    reports = several(2)
    client.force_login(town.karim)
    given: dict[str, Any] = {"action": "schedule", "r": references(reports)}
    page = client.post(LOT, given).content.decode()
    assert 'name="due_on"' in page
    assert states() == ["new"] * 2
    client.post(LOT, {**given, "confirm": "1", "due_on": TOMORROW.isoformat()})
    assert states() == ["scheduled"] * 2


def test_an_unknown_placeholder_sends_nothing(town: Cast, client: Client) -> None:
    reports = several(1)
    client.force_login(town.karim)
    given = {"action": "settle", "r": references(reports), "confirm": "1", "answer": "Fait {nom}"}
    assert "n’est pas connu" in client.post(LOT, given).content.decode()
    assert states() == ["new"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"action": "take"}, "Cochez d’abord"),
        ({"action": "licorne", "r": "R-1"}, "Choisissez ce qu’il faut faire"),
        ({"action": "take", "r": [f"R-{n}" for n in range(101)]}, "100 signalements au plus"),
    ],
)
def test_a_choice_that_makes_no_sense_is_told(
    town: Cast, client: Client, given: dict[str, Any], words: str
) -> None:
    client.force_login(town.karim)
    assert words in client.post(LOT, given, follow=True).content.decode()


def test_the_way_back_stays_on_this_site(town: Cast, client: Client) -> None:
    client.force_login(town.karim)
    given = {"action": "take", "r": "R-1", "next": "https://ailleurs.test/"}
    assert client.post(LOT, given)["Location"] == "/signalements/"


def test_a_batch_is_undone_by_its_author_alone_and_in_time(
    town: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = several(1)
    client.force_login(town.karim)
    page = client.post(LOT, {"action": "take", "r": references(reports)}, follow=True)
    token = undo(page.content.decode())
    client.force_login(town.sofia)
    page = client.post(f"{LOT}annuler/", token, follow=True)
    assert "trop tard" in page.content.decode()
    assert states() == ["taken"]
    monkeypatch.setattr("parvis.reports.views.batching.UNDO", timedelta(seconds=-1))
    client.force_login(town.karim)
    assert "trop tard" in client.post(f"{LOT}annuler/", token, follow=True).content.decode()
    assert (
        "trop tard" in client.post(f"{LOT}annuler/", {"token": "x"}, follow=True).content.decode()
    )
    assert states() == ["taken"]


def test_the_page_of_a_batch_asks_a_fixed_number_of_queries(town: Cast, client: Client) -> None:
    client.force_login(town.karim)

    def ask(number: int) -> int:
        reports = several(number)
        client.post(LOT, {"action": "settle", "r": "R-1"})
        with counted() as queries:
            client.post(LOT, {"action": "settle", "r": references(reports)})
        return len(queries)

    assert ask(2) == ask(30)
