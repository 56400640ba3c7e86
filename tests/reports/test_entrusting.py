"""What nobody owned, given to whoever answers for its place once that is written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis.notices.outbox import send_due
from parvis.partners.actors import Actor
from parvis.reports import acts
from parvis.reports.acts.batching import Batch
from parvis.reports.followup import tell_organisations
from parvis.reports.models import Note, Part, Report
from parvis.reports.placing import Place
from parvis.upkeep.models import Holding, ManagedArea
from tests.cast import IN_VALENCIENNES, Cast
from tests.figures.counting import counted
from tests.reports.scene import at_point, codes, filed, only_part, sent_to
from tests.reports.test_batching import LOT, references, undo, whys

ORPHANS = "/signalements/?ownerless=1"
BUTTON = "Confier à qui répond des lieux"


@pytest.fixture
def claire(town: Cast) -> Actor:
    return town.actor(town.claire)


def orphan(**given: str) -> Report:
    return filed(at_point(IN_VALENCIENNES), **given).report


def drawn(town: Cast) -> ManagedArea:
    """The area that was missing: the landlord of Les Peupliers keeps Valenciennes up."""
    area = ManagedArea(
        name="Espaces", manager=town.other_landlord, commune=town.valenciennes, theme_codes=[]
    )
    area.save()
    return area


def entrust(reports: list[Report], actor: Actor) -> Batch:
    return acts.run_batch("entrust", references(reports), actor=actor)


def test_what_nobody_owned_goes_to_who_answers_now(town: Cast, claire: Actor) -> None:
    report = orphan()
    assert whys(entrust([report], claire)) == ["personne ne répond de ce lieu pour ce sujet"]
    drawn(town)
    assert whys(entrust([report], claire)) == [""]
    assert only_part(report).organisation == town.other_landlord
    assert codes(report) == ["filed", "part_given"]
    said = Note.objects.get(report=report).text.replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("D’après « Qui gère quoi ». Espace géré « Espaces » : Hainaut Logis")


def test_who_is_given_it_is_told(town: Cast, claire: Actor) -> None:
    report = orphan()
    assert tell_organisations() == 0
    drawn(town)
    entrust([report], claire)
    assert tell_organisations() == 0  # it may still be taken back
    Part.objects.update(moved_at=timezone.now() - timedelta(minutes=3))
    assert tell_organisations() == 1
    send_due(timezone.now() + timedelta(minutes=3))
    (mail,) = sent_to(town.other_landlord.email)
    assert report.reference in mail.body


def test_what_somebody_has_does_not_move(town: Cast, claire: Actor) -> None:
    report = orphan()
    acts.give_part(only_part(report), actor=claire, organisation=town.association)
    drawn(town)
    assert whys(entrust([report], claire)) == [
        "aucune part sans gestionnaire que vous puissiez confier"
    ]
    assert only_part(report).organisation == town.association


def test_what_was_given_back_does_not_return(town: Cast, claire: Actor) -> None:
    report = orphan()
    drawn(town)
    entrust([report], claire)
    acts.return_part(only_part(report), actor=town.actor(town.paul), reason="Pas à nous")
    assert whys(entrust([report], claire)) == ["Hainaut Logis, qui en répond, l’a rendue"]
    assert only_part(report).organisation is None


def test_a_dwelling_goes_to_its_landlord_alone(town: Cast, claire: Actor) -> None:
    Holding.objects.filter(residence=town.peupliers).delete()
    place = Place(residence=town.peupliers, inside="hall")
    report = filed(place, "logement_humidite").report
    drawn(town)
    assert whys(entrust([report], claire)) == ["personne ne répond de ce lieu pour ce sujet"]
    Holding.objects.create(residence=town.peupliers, organisation=town.landlord)
    assert whys(entrust([report], claire)) == [""]
    assert only_part(report).organisation == town.landlord


def test_who_may_not_give_them_gives_none(town: Cast) -> None:
    """In Anzin, Sofia sees what nobody owns and may not give it; Karim, her responsable, may."""
    area = ManagedArea.objects.get(commune=town.anzin)
    area.delete()
    report = filed().report
    area.save(force_insert=True)
    for person in (town.sofia, town.bruno, town.luc, town.rose):
        assert not entrust([report], town.actor(person)).parts
        assert acts.entrustable(town.actor(person), at_most=100) == []
    assert only_part(report).organisation is None
    assert acts.entrustable(town.actor(town.karim), at_most=100) == [report.reference]
    assert entrust([report], town.actor(town.karim)).parts


def test_entrusting_is_undone_as_a_whole(town: Cast, claire: Actor) -> None:
    reports = [orphan(), orphan()]
    drawn(town)
    batch = entrust(reports, claire)
    assert all(line.done for line in acts.undo_batch(batch, actor=claire))
    assert [only_part(report).organisation for report in reports] == [None, None]


def test_the_list_without_manager_offers_it_to_those_who_may(town: Cast, client: Client) -> None:
    orphan()
    client.force_login(town.claire)
    assert BUTTON in client.get(ORPHANS).content.decode()
    assert BUTTON not in client.get("/signalements/").content.decode()
    client.force_login(town.sofia)
    assert BUTTON not in client.get(ORPHANS).content.decode()


def test_how_many_go_where_is_told_before_anything_is_done(town: Cast, client: Client) -> None:
    withdrawn, merged, *reports = [orphan() for _ in range(4)]
    Report.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())
    Report.objects.filter(pk=merged.pk).update(merged_into=reports[0])
    client.force_login(town.claire)
    given = {"action": "entrust", "every": "1", "next": ORPHANS}
    page = client.post(LOT, given, follow=True).content.decode()
    assert "personne ne répond de ces lieux" in page
    drawn(town)
    page = client.post(LOT, given).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "2 signalements sans gestionnaire ont maintenant une organisation qui en répond" in page
    assert page.count("<strong>Hainaut Logis</strong>") == 2
    assert withdrawn.reference not in page
    assert merged.reference not in page
    assert [only_part(report).organisation for report in reports] == [None, None]
    given = {**given, "confirm": "1", "r": references(reports)}
    page = client.post(LOT, given, follow=True).content.decode()
    done = page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Confier à qui répond du lieu : 2 faites" in done
    assert {only_part(report).organisation for report in reports} == {town.other_landlord}
    client.post(f"{LOT}annuler/", undo(page))
    assert [only_part(report).organisation for report in reports] == [None, None]


def test_looking_at_who_answers_asks_a_fixed_number_of_queries(town: Cast, client: Client) -> None:
    area = drawn(town)
    client.force_login(town.claire)

    def ask(number: int) -> int:
        area.delete()
        for _ in range(number):
            orphan()
        area.save(force_insert=True)
        client.post(LOT, {"action": "entrust", "every": "1"})
        with counted() as queries:
            client.post(LOT, {"action": "entrust", "every": "1"})
        return len(queries)

    assert ask(2) == ask(20)
