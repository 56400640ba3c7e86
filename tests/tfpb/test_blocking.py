"""« Qui bloque quoi »: whom each sheet waits for, since when, and chasing them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from parvis.partners.models import Signature
from parvis.tfpb import blocking
from parvis.tfpb.circuit_acts import advance_programme
from parvis.tfpb.circuit_dialogue import give_opinion
from parvis.tfpb.circuit_waiting import waiting_for
from parvis.tfpb.models import Programme
from parvis.thread.reading import due_for
from tests.cast import Cast
from tests.figures.counting import counted
from tests.tfpb.circuit_scene import a_draft, a_sent_one, standing, written_to
from tests.tfpb.scene import a_convention, an_officer, the_officer

pytestmark = pytest.mark.django_db


def waits(programme: Programme) -> list[tuple[str, str]]:
    """Whom it waits for, and for what."""
    return [(one.name, one.what) for one in waiting_for([programme])[programme.pk]]


def test_each_state_waits_for_somebody(cast: Cast) -> None:
    town, agglo, landlord = "Ville d’Anzin", "Agglomération de l’Escaut", "Escaut Habitat"
    state = "Direction des territoires"
    programme = a_sent_one(cast)
    assert waits(programme) == [
        (agglo, "mettre en analyse"),
        (town, "donner un avis"),
        (agglo, "donner un avis"),
        (state, "donner un avis"),  # it signs the convention, though nobody acts for it here
    ]
    standing(programme, "analysed")
    for actor in (cast.actor(cast.karim), cast.actor(cast.claire)):
        give_opinion(programme, actor=actor, number=1, verdict="for")
    assert waits(programme) == [(state, "donner un avis")]
    give_opinion(programme, actor=the_officer(cast), number=1, verdict="for")
    assert waits(programme) == [(agglo, "soumettre au comité technique (COTECH)")]
    Signature.objects.filter(organisation=cast.town).update(signed_on=None)
    expected = {
        "to_complete": (landlord, "compléter le programme et le transmettre"),
        "arbitrated": (agglo, "soumettre au comité de pilotage (COPIL)"),
        "validated": (agglo, "annexer à la convention"),
        "annexed": (town, "signer la convention"),
        "running": (landlord, "réaliser, puis rendre compte"),
    }
    assert {code: waits(standing(programme, code)) for code in expected} == {
        code: [one] for code, one in expected.items()
    }
    assert waits(standing(programme, "closed")) == []


def test_a_town_is_asked_for_its_own_sheet_alone(cast: Cast) -> None:
    convention = a_convention(
        cast, communes=[cast.anzin, cast.valenciennes], parties=[cast.landlord, cast.town]
    )
    next_door = standing(
        a_draft(cast, convention=convention, commune=cast.valenciennes), "analysed"
    )
    assert waits(next_door) == [("Agglomération de l’Escaut", "donner un avis")]


def test_what_is_due_is_ours_until_we_have_done_it(cast: Cast) -> None:
    an_officer(cast)
    programme = a_sent_one(cast)

    def awaits(actor: Any) -> list[int]:
        found = [one for span in due_for(actor) for one in span.first]
        return [one.id for one in found if one.kind == "tfpb_programme"]

    karim = cast.actor(cast.karim)
    everybody = [karim, cast.actor(cast.claire), the_officer(cast)]
    assert [awaits(one) for one in everybody] == [[programme.pk]] * 3
    assert awaits(cast.actor(cast.luc)) == awaits(cast.actor(cast.bruno)) == []
    give_opinion(programme, actor=karim, number=1, verdict="for")
    assert awaits(karim) == []
    # Who coordinates sees what a landlord is late with, as the landlord's.
    advance_programme(
        programme,
        "ask",
        actor=cast.actor(cast.claire),
        reason="Les lieux.",
        due_on=timezone.localdate() - timedelta(days=1),
    )
    late = due_for(cast.actor(cast.claire))[0].first
    late = [one for one in late if one.kind == "tfpb_programme"]
    assert [(one.id, one.owner_id) for one in late] == [(programme.pk, cast.landlord.pk)]


def test_those_who_block_are_chased_once_a_day(cast: Cast, client: Client) -> None:
    programme = a_sent_one(cast)
    client.force_login(cast.claire)
    url = f"/tfpb/programmes/{programme.pk}/relancer/"
    page = client.post(url, follow=True)
    assert "Relance envoyée : Ville d’Anzin, Direction des territoires." in page.content.decode()
    assert written_to("Relance") == ["karim@exemple.test", "sofia@exemple.test"]
    assert not page.context["lines"][0]["may_chase"]
    assert "déjà partie aujourd’hui" in client.post(url, follow=True).content.decode()
    assert len(written_to("Relance")) == 2
    tomorrow = timezone.now() + timedelta(days=1)
    claire = cast.actor(cast.claire)
    assert blocking.chase_programme(programme, actor=claire, now=tomorrow)
    with pytest.raises(ValidationError, match="personne d’autre que vous"):
        blocking.chase_programme(standing(programme, "to_complete"), actor=cast.actor(cast.luc))


def test_filters_say_whom_one_waits_for(cast: Cast, client: Client) -> None:
    sent = a_sent_one(cast)
    late = standing(a_draft(cast, convention=sent.convention, year=sent.year - 1), "to_complete")
    standing(a_draft(cast, convention=sent.convention, year=sent.year - 2), "closed")
    past = timezone.now() - timedelta(days=12)
    Programme.objects.filter(pk=late.pk).update(moved_at=past)
    client.force_login(cast.claire)

    def shown(query: str) -> list[int]:
        page = client.get(f"/tfpb/blocages/?{query}")
        return [line["programme"].pk for line in page.context["lines"]]

    assert shown("") == [late.pk, sent.pk]
    assert client.get("/tfpb/blocages/").context["lines"][0]["days"] == 12
    assert shown("attend=bailleur") == [late.pk]
    assert shown("attend=avis") == shown("attend=nous") == [sent.pk]
    assert shown(f"annee={sent.year}") == shown("etat=sent") == [sent.pk]
    assert shown(f"commune={cast.valenciennes.pk}") == [late.pk, sent.pk]  # not one of the list
    client.force_login(cast.paul)
    assert shown("") == []
    client.force_login(cast.bruno)
    assert shown("") == []


def test_ten_and_a_thousand_sheets_ask_the_same_queries(cast: Cast, client: Client) -> None:
    convention = a_convention(cast)
    client.force_login(cast.claire)
    states = ["sent", "analysed", "to_complete", "arbitrated", "annexed", "running"]

    def asked(many: int) -> int:
        known, now = Programme.objects.count(), timezone.now()
        Programme.objects.bulk_create(
            Programme(
                convention=convention,
                landlord=cast.landlord,
                commune=cast.anzin,
                quartier=cast.rives,
                year=1000 + number,
                state=states[number % len(states)],
                moved_at=now - timedelta(hours=number),
                created_at=now,
            )
            for number in range(known, many)
        )
        with counted() as queries:
            page = client.get("/tfpb/blocages/")
        assert len(page.context["lines"]) == min(many, 50)
        assert page.context["total"] == many
        return len(queries)

    asked(1)
    few = asked(10)
    assert asked(1_000) == few <= 22
    following = client.get("/tfpb/blocages/").context["next_url"]
    seen = {line["programme"].pk for line in client.get("/tfpb/blocages/").context["lines"]}
    after = client.get(f"/tfpb/blocages/{following}").context["lines"]
    assert len(after) == 50
    assert not seen & {line["programme"].pk for line in after}
    assert client.get("/tfpb/blocages/?apres=hier~1").context["total"] == 1_000
