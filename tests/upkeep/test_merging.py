"""A landlord is merged into another one: what it held passes on that day, what it did stays its."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.partners.actors import actors_of
from parvis.partners.models import Organisation
from parvis.places.models import Residence
from parvis.tfpb.models import Dwellings, Programme
from parvis.upkeep.acts import Refused, take_over
from parvis.upkeep.merging import merge_landlords
from parvis.upkeep.models import Holding, ManagedArea
from tests.cast import Cast, cast
from tests.tfpb.scene import a_programme, some_dwellings

__all__ = ["cast"]
pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)
EVE = date(2025, 12, 31)


def third(cast: Cast) -> Organisation:
    """A landlord that has nothing to do with it."""
    return Organisation.objects.create(
        name="Val Habitat", kind=Organisation.Kind.BAILLEUR, commune=cast.valenciennes
    )


def merged(cast: Cast, on: date = NEW_YEAR, **more: Any) -> Any:
    """Hainaut Logis is merged into Escaut Habitat by the coordination."""
    claire = cast.actor(cast.claire)
    return merge_landlords(
        more.get("old", cast.other_landlord), more.get("new", cast.landlord), on=on, actor=claire
    )


def held(residence: Residence) -> list[tuple[str, date | None, date | None]]:
    rows = Holding.objects.filter(residence=residence).order_by("pk")
    return [(row.organisation.name, row.starts_on, row.ends_on) for row in rows]


def test_residences_pass_that_day_and_their_past_stays(cast: Cast) -> None:
    assert merged(cast).residences == 1
    assert held(cast.peupliers) == [
        ("Hainaut Logis", None, EVE),
        ("Escaut Habitat", NEW_YEAR, None),
    ]
    assert held(cast.tilleuls) == [("Escaut Habitat", None, None)]


def test_a_residence_sold_before_is_left_and_one_to_come_comes_to_the_heir(cast: Cast) -> None:
    take_over(cast.peupliers, third(cast), from_day=date(2025, 6, 1))
    later = date(2026, 3, 1)
    Holding.objects.create(
        residence=cast.peupliers, organisation=cast.other_landlord, starts_on=later
    )
    merged(cast)
    assert ("Hainaut Logis", None, date(2025, 5, 31)) in held(cast.peupliers)
    assert ("Escaut Habitat", later, None) in held(cast.peupliers)


def test_managed_areas_go_on_under_the_new_name(cast: Cast) -> None:
    old = ManagedArea.objects.create(
        name="Pieds d’immeuble", manager=cast.other_landlord, owner=cast.other_landlord,
        commune=cast.valenciennes, starts_on=date(2020, 1, 1),
    )  # fmt: skip
    assert merged(cast).areas == 1
    old.refresh_from_db()
    new = ManagedArea.objects.get(replaces=old)
    assert (old.manager, old.ends_on) == (cast.other_landlord, EVE)
    assert (new.manager, new.owner, new.starts_on) == (cast.landlord, cast.landlord, NEW_YEAR)


def test_the_old_landlord_is_closed_and_its_people_lose_their_rights(cast: Cast) -> None:
    assert merged(cast).people == 1
    cast.other_landlord.refresh_from_db()
    assert cast.other_landlord.closed_on == NEW_YEAR
    assert cast.other_landlord.successor == cast.landlord
    assert actors_of(cast.paul) == []
    assert cast.paul.mandates.get().ends_on is None


def test_the_heir_reads_stock_and_programmes_of_the_old_and_a_third_does_not(cast: Cast) -> None:
    of_old = {"landlord": cast.other_landlord, "commune": cast.valenciennes}
    row = some_dwellings(cast, residence=cast.peupliers, **of_old)
    programme = a_programme(cast, **of_old)
    luc = cast.actor(cast.luc)
    assert not Dwellings.objects.visible_to(luc).exists()
    assert not Programme.objects.visible_to(luc).exists()
    merged(cast)
    assert list(Dwellings.objects.visible_to(luc)) == [row]
    assert list(Programme.objects.allowed(luc, "edit")) == [programme]
    other = third(cast)
    mandate = cast.ines.mandates.get()
    mandate.organisation = other
    mandate.save(update_fields=["organisation"])
    stranger = actors_of(cast.ines)[0]
    assert not Dwellings.objects.visible_to(stranger).exists()
    assert not Programme.objects.visible_to(stranger).exists()
    # Merged once more, the last heir reads all of it.
    merged(cast, old=cast.landlord, new=other)
    assert list(Dwellings.objects.visible_to(stranger)) == [row]


def test_what_cannot_be_is_refused_in_words(cast: Cast) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    for more, words in (
        ({"new": cast.other_landlord}, "deux bailleurs différents"),
        ({"new": cast.town}, "Ville d’Anzin n’est pas un bailleur"),
        ({"on": tomorrow}, "pas encore venu"),
        ({"on": date(26, 1, 1)}, "Vérifiez l’année"),
        ({"old": third(cast)}, "hors de votre périmètre"),  # it holds nothing here
    ):
        with pytest.raises(Refused, match=words):
            merged(cast, **more)
    merged(cast)
    with pytest.raises(Refused, match="déjà fermé"):
        merged(cast)
    with pytest.raises(Refused, match="est fermé"):
        merged(cast, old=cast.landlord, new=cast.other_landlord)


def test_a_landlord_that_holds_elsewhere_is_merged_by_the_command_alone(cast: Cast) -> None:
    away = Residence.objects.create(
        code="RAI", name="Résidence de Raismes", commune=cast.raismes, latitude=50.38,
        longitude=3.495,
    )  # fmt: skip
    Holding.objects.create(residence=away, organisation=cast.other_landlord)
    with pytest.raises(Refused, match="parvis merge_landlords"):
        merged(cast)
    assert held(away) == [("Hainaut Logis", None, None)]
    out = StringIO()
    options = ("--old", "Hainaut Logis", "--new", "Escaut Habitat", "--on", "2026-01-01")
    call_command("merge_landlords", *options, stdout=out)
    assert "2\u00a0résidences passent" in out.getvalue()
    assert held(away)[-1] == ("Escaut Habitat", NEW_YEAR, None)
    with pytest.raises(CommandError, match="déjà fermé"):
        call_command("merge_landlords", *options)
    with pytest.raises(CommandError, match="Aucun bailleur"):
        call_command("merge_landlords", "--old", "Rien", *options[2:])


def test_the_page_shows_what_passes_and_writes_it_once_confirmed(cast: Cast) -> None:
    client, url = Client(), reverse("upkeep:merge_landlords")
    client.force_login(cast.claire)
    fields = {"old": cast.other_landlord.pk, "new": cast.landlord.pk, "on": "2026-01-01"}
    page = client.post(url, fields).content.decode()
    assert "ne se défait pas" in page
    assert "1\u00a0personne qui agit pour lui n’aura plus accès" in page
    assert held(cast.peupliers) == [("Hainaut Logis", None, None)]
    assert client.post(url, {**fields, "sure": "on"}).status_code == 302
    assert len(held(cast.peupliers)) == 2
    neighbour = Client()
    neighbour.force_login(cast.bruno)
    assert "hors de" not in neighbour.get(url).content.decode()
    assert b'value="%d"' % cast.other_landlord.pk not in neighbour.get(url).content
