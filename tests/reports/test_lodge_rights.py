"""What a caretaker sees and does with the telephone of a lodge, beside a neighbouring lodge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parvis.partners.actors import Actor
from parvis.places.models import Residence
from parvis.reports import acts
from parvis.reports.models import Callback, Contact, Note, Part, Photo, Report
from parvis.reports.placing import Place
from parvis.upkeep.models import Holding
from tests.cast import IN_ANZIN, Cast
from tests.reports.scene import filed, in_hall, photo


@pytest.fixture
def ormes(cast: Cast) -> Residence:
    """Another residence of the same landlord, of the neighbouring lodge."""
    latitude, longitude = IN_ANZIN
    made = Residence.objects.create(
        code="ORM", name="Les Ormes", commune=cast.anzin, latitude=latitude, longitude=longitude
    )
    Holding.objects.create(residence=made, organisation=cast.landlord)
    return made


@pytest.fixture
def caretaker(cast: Cast) -> Actor:
    """Ines, with the telephone of the lodge of Les Tilleuls."""
    mine = cast.actor(cast.ines)
    return replace(mine, role="gardien", lodge_id=1, residences=frozenset({cast.tilleuls.pk}))


def in_hall_of(residence: Residence) -> Place:
    return Place(residence=residence, inside="hall")


def test_reports_of_the_lodge_s_residences_and_of_no_other(
    cast: Cast, town: Cast, ormes: Residence, caretaker: Actor
):
    mine = filed(in_hall(cast), "encombrants").report
    theirs = filed(in_hall_of(ormes), "encombrants").report
    assert theirs.parts.get().organisation == cast.landlord  # the same right, the next lodge
    for action in ("see", "read", "work", "answer", "note"):
        assert list(Report.objects.allowed(caretaker, action)) == [mine], action
    neighbour = replace(caretaker, residences=frozenset({ormes.pk}))
    assert list(Report.objects.visible_to(neighbour)) == [theirs]


def test_only_where_the_organisation_has_a_part(cast: Cast, town: Cast, caretaker: Actor):
    report = filed(in_hall(cast), "encombrants").report
    Part.objects.filter(report=report).update(organisation=cast.town)
    assert not Report.objects.visible_to(caretaker).exists()
    assert not Part.objects.visible_to(caretaker).exists()


def test_one_dwelling_s_report_of_the_lodge_is_seen(cast: Cast, town: Cast, caretaker: Actor):
    report = filed(in_hall(cast), "encombrants").report
    Report.objects.filter(pk=report.pk).update(private=True)
    assert Report.objects.visible_to(caretaker).filter(pk=report.pk).exists()


def test_the_organisation_s_own_part_is_handled_and_no_other(
    cast: Cast, town: Cast, ormes: Residence, caretaker: Actor
):
    report = filed(in_hall(cast), "encombrants").report
    other = filed(in_hall_of(ormes), "encombrants").report
    acts.assign_part(
        report, actor=cast.actor(cast.claire), organisation=cast.town, title="Trottoir"
    )
    own = report.parts.get(organisation=cast.landlord)
    assert list(Part.objects.allowed(caretaker, "handle")) == [own]
    assert set(Part.objects.visible_to(caretaker)) == set(report.parts.all())
    assert not Part.objects.visible_to(caretaker).filter(report=other).exists()
    for action in ("assign", "chase", "reopen"):
        assert not Part.objects.allowed(caretaker, action).exists(), action


def test_a_contact_is_read_while_the_part_is_open(
    cast: Cast, town: Cast, ormes: Residence, caretaker: Actor
):
    report = filed(in_hall(cast), "encombrants", phone="0612345678").report
    filed(in_hall_of(ormes), "encombrants", phone="0712345678")
    assert [one.voice.report for one in Contact.objects.visible_to(caretaker)] == [report]
    part = report.parts.get()
    acts.advance_part(part, "settle", actor=caretaker, answer="C’est enlevé.")
    assert not Contact.objects.visible_to(caretaker).exists()


def test_what_hangs_from_a_report_goes_with_it(
    cast: Cast, town: Cast, ormes: Residence, caretaker: Actor
):
    for place in (in_hall(cast), in_hall_of(ormes)):
        report = filed(place, "encombrants", photos=[photo()], phone="0612345678").report
        acts.note(report, actor=cast.actor(cast.luc), text="La clé est en loge.")
    for model in (Photo, Note):
        seen = [row.report.residence for row in model.objects.visible_to(caretaker)]
        assert seen == [cast.tilleuls], model
    assert not Callback.objects.visible_to(caretaker).exists()


def test_a_lodge_without_residence_sees_nothing(cast: Cast, town: Cast, caretaker: Actor):
    filed(in_hall(cast), "encombrants")
    empty = replace(caretaker, residences=frozenset())
    assert not Report.objects.visible_to(empty).exists()


def test_what_a_caretaker_does_bears_their_name(cast: Cast, town: Cast, caretaker: Actor):
    from parvis.thread.models import Event

    report = filed(in_hall(cast), "encombrants").report
    acts.advance_part(report.parts.get(), "take", actor=caretaker)
    assert Event.objects.latest("pk").by_id == cast.ines.pk
