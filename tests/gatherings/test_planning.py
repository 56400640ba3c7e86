"""Planning a gathering: who sees it when, what contradicts itself, who is told of a change."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from parvis.gatherings import acts
from parvis.gatherings.models import Gathering
from parvis.notices.models import Envelope
from parvis.partners.actors import NOBODY
from parvis.thread.models import Event
from parvis.thread.reading import rows_lying, rows_of
from parvis.thread.register import Where
from tests.cast import Cast
from tests.gatherings.scene import in_days, workshop


def seen(actor: Any) -> list[str]:
    return list(Gathering.objects.visible_to(actor).values_list("title", flat=True))


def test_what_is_not_published_is_seen_by_partners_of_the_place_alone(cast: Cast) -> None:
    workshop(cast, public=False)
    assert seen(cast.actor(cast.karim))
    assert seen(cast.actor(cast.claire))
    assert not seen(NOBODY)
    assert not seen(cast.actor(cast.nadia))
    assert not seen(cast.actor(cast.bruno))


def test_what_is_published_is_seen_by_everybody(cast: Cast) -> None:
    workshop(cast)
    assert seen(NOBODY)
    assert seen(cast.actor(cast.nadia))


def test_who_organises_changes_it_and_a_neighbour_does_not(cast: Cast) -> None:
    workshop(cast)
    for person, may in ((cast.sofia, True), (cast.claire, True), (cast.nadia, False)):
        allowed = Gathering.objects.allowed(cast.actor(person), "edit")
        assert allowed.exists() == may, person
    assert not Gathering.objects.allowed(cast.actor(cast.luc), "attend").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_at": in_days(1)},
        {"kind": "fete"},
        {"closes_at": in_days(9)},
        {"title": ""},
        {"online_url": "pas une adresse"},
    ],
)
def test_what_contradicts_itself_is_refused(cast: Cast, fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        workshop(cast, **fields)
    assert not Gathering.objects.exists()


def test_an_instance_s_seance_is_never_published(cast: Cast) -> None:
    with pytest.raises(acts.Refused):
        workshop(cast, kind="seance")


def test_another_place_is_told_once_to_who_registered_and_to_who_is_asked(cast: Cast) -> None:
    gathering = workshop(cast)
    acts.register_person(gathering, name="Léa", email="lea@exemple.test")
    acts.ask_organisations(gathering, [cast.landlord], at=in_days(0))
    Envelope.objects.all().delete()
    acts.change_gathering(gathering, actor=cast.actor(cast.sofia), place_label="Salle des fêtes")
    told = dict(Envelope.objects.values_list("address", "text"))
    assert set(told) == {"lea@exemple.test", cast.luc.email, cast.ines.email}
    assert "Salle des fêtes" in told["lea@exemple.test"]
    acts.change_gathering(gathering, actor=cast.actor(cast.sofia), summary="Venez nombreux.")
    assert Envelope.objects.count() == 3


def test_calling_off_asks_for_a_reason_and_tells_it(cast: Cast) -> None:
    gathering = workshop(cast)
    acts.register_person(gathering, name="Léa", email="lea@exemple.test")
    sofia = cast.actor(cast.sofia)
    with pytest.raises(ValidationError):
        acts.cancel_gathering(gathering, actor=sofia, reason="  ")
    acts.cancel_gathering(gathering, actor=sofia, reason="La salle est inondée.")
    assert "La salle est inondée." in Envelope.objects.latest("pk").text
    with pytest.raises(acts.Refused):
        acts.register_person(gathering, name="Ali", email="ali@exemple.test")


def test_it_stands_on_the_thread_where_it_lies(cast: Cast) -> None:
    gathering = workshop(cast)
    (row,) = rows_of(NOBODY, {("gathering", gathering.pk)}).values()
    assert (row.title, row.who) == (gathering.title, cast.town.name)
    here = rows_lying(NOBODY, Where(quartiers=frozenset({cast.rives.pk})))
    assert [row.id for row in here if row.kind == "gathering"] == [gathering.pk]
    assert not rows_lying(NOBODY, Where(quartiers=frozenset({cast.faubourg.pk})))


def test_an_organisation_answers_for_itself(cast: Cast) -> None:
    gathering = workshop(cast, public=False)
    acts.ask_organisations(gathering, [cast.landlord, cast.association], at=in_days(0))
    acts.answer_invitation(gathering, actor=cast.actor(cast.luc), answer="coming")
    answers = dict(gathering.guests.values_list("organisation__name", "answer"))
    assert answers == {cast.landlord.name: "coming", cast.association.name: "awaited"}
    assert Event.objects.filter(thing_kind="gathering", code="answered").count() == 1
    assert not Gathering.objects.allowed(cast.actor(cast.paul), "answer").exists()
