"""The inventory of what exists, quartier by quartier."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from parvis.councils.models import Participation
from parvis.places.models import Quartier
from tests.cast import Cast
from tests.councils.frame_scene import listed
from tests.councils.scene import a_body

pytestmark = pytest.mark.django_db
PAGE = "/participation/inventaire/"


def test_quartiers_with_nothing_are_shown_plainly(cast: Cast, client: Client) -> None:
    hidden = a_body(cast, public=False)
    listed(cast, name="Fête des Rives", body=hidden)
    page = client.get(PAGE).content.decode()
    assert "Fête des Rives" in page
    assert f"/participation/{hidden.pk}/" not in page  # it is not public yet
    assert "Aucune participation n’est recensée" in page
    bare = client.get(PAGE, {"voir": "rien"}).content.decode()
    assert cast.faubourg.name in bare
    assert "Fête des Rives" not in bare


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods"])
def test_the_table_holds_every_quartier(cast: Cast, client: Client, ending: str) -> None:
    listed(cast, name="=1+1")
    answer: Any = client.get(reverse("councils:inventory_export", args=[ending]))
    content = b"".join(answer.streaming_content)
    if ending == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        assert [row[1:4] for row in rows[1:]] == [
            ["Faubourg", "Valenciennes", "aucune participation recensée"],
            ["Rives de l’Escaut", "Anzin, Raismes, Valenciennes", "'=1+1"],
        ]


def test_the_coordination_writes_its_own_lines_and_no_other(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    given = {
        "quartier": cast.rives.pk, "form": "collectif", "name": "Collectif Essai",
        "run_by": "Les Voisins", "since": "2024-01-01",
    }  # fmt: skip
    assert client.post(f"{PAGE}ajouter/", given).status_code == 302
    mine = Participation.objects.get()
    assert (mine.coordinator, mine.form) == (cast.agglomeration, "collectif")
    wrong = client.post(f"{PAGE}{mine.pk}/", {**given, "until": "2023-01-01"})
    assert "La fin précède le début." in wrong.content.decode()
    theirs = listed(cast, cast.neighbour)
    assert client.post(f"{PAGE}{theirs.pk}/retirer/").status_code == 403
    assert client.post(f"{PAGE}{mine.pk}/retirer/").status_code == 302
    with pytest.raises(ValidationError):
        listed(cast, name="")


def test_a_page_costs_the_same_whatever_it_lists(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    Participation.objects.bulk_create(
        Participation(
            coordinator=cast.agglomeration, quartier=cast.rives, form="autre",
            name=f"N {number}", run_by="Essai",
        )
        for number in range(300)
    )  # fmt: skip
    more = [Quartier(code=f"QE{n}", name=f"Quartier {n}", kind="qpv") for n in range(40)]
    Quartier.objects.bulk_create([_outlined(cast, one) for one in more])
    with django_assert_max_num_queries(8):
        page = client.get(PAGE).content.decode()
    assert 'rel="next"' in page


def _outlined(cast: Cast, one: Quartier) -> Quartier:
    for name in ("outline", "west", "south", "east", "north"):
        setattr(one, name, getattr(cast.rives, name))
    return one
