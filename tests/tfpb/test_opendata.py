"""Lines as open data: whoever asks gets what they may see, to the cent."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.partners.models import PastName
from parvis.tfpb import opendata
from parvis.tfpb.models import Line
from tests.cast import Cast
from tests.figures.counting import counted
from tests.tfpb.scene import a_line, a_programme, spent


def lines(client: Client, **query: Any) -> list[dict[str, Any]]:
    response = client.get(reverse("tfpb:data_json"), query)
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    found: list[dict[str, Any]] = json.loads(content)["lignes"]
    return found


def test_a_stranger_reads_what_is_published_and_a_landlord_its_own(
    cast: Cast, client: Client
) -> None:
    public = a_programme(cast, year=2025, state="closed", published_at=timezone.now())
    spent(a_line(public), "1234.5")
    a_line(a_programme(cast, year=2026), title="Brouillon")
    PastName.objects.create(
        organisation=cast.landlord, name="Vieil Escaut", used_until="2025-06-30"
    )
    [line] = lines(client)
    assert line["bailleur_nom"] == "Vieil Escaut"
    assert (line["depense_prevue"], line["depense_realisee"]) == ("12000.00", "1234.50")
    assert (line["commune_insee"], line["quartier_code"], line["axe_numero"]) == (
        "59014", "QN05921M", 4,
    )  # fmt: skip
    assert list(line) == list(opendata.FIELDS)
    for who, count in ((cast.luc, 2), (cast.paul, 1), (cast.karim, 1)):
        client.force_login(who)
        assert len(lines(client)) == count
    client.force_login(cast.luc)
    assert [one["action"] for one in lines(client, annee=2026)] == ["Brouillon"]


def test_csv_says_the_same(cast: Cast, client: Client) -> None:
    programme = a_programme(cast, state="closed", published_at=timezone.now())
    a_line(programme, title="=1+1")
    response = client.get(reverse("tfpb:data_csv"))
    words = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    [row] = csv.DictReader(words.splitlines(), delimiter=";")
    assert list(row) == list(opendata.FIELDS)
    assert (row["action"], row["valorisation_prevue"]) == ("'=1+1", "9000.00")


def test_lines_come_by_the_thousand_in_as_many_queries(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    luc = cast.actor(cast.luc)
    for year in range(2016, 2026):
        a_line(a_programme(cast, year=year))
    with counted() as queries:
        assert len(list(opendata.records(luc, None))) == 10
    assert len(queries) <= 4
    monkeypatch.setattr(opendata, "LINES_AT_ONCE", 3)
    found = [one["reference"] for one in opendata.records(luc, None)]
    assert sorted(found) == sorted(str(line.key) for line in Line.objects.all())
