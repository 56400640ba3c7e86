"""A model of table is words in data: ours, or an organisation's, described on screen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.tfpb.models import TableModel
from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling.mapping import WrongMapping, mapping_of, models_for, shipped
from tests.cast import Cast
from tests.tfpb import damage
from tests.tfpb.scene import a_programme
from tests.tfpb.test_tables_in import token_in


def test_there_are_three_models_of_each_document() -> None:
    codes = [(one.document, one.code) for one in shipped()]
    assert codes == [
        (document, code) for document in f.COLUMNS for code in ("cadre", "fiche", "liste")
    ]
    for one in shipped():
        again = mapping_of(one.words(), code=one.code, name=one.name, document=one.document)
        assert again == one


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"columns": [{"heading": "Axe", "field": "axis"}]}, "Il manque la colonne : action"),
        ({"columns": [{"heading": "Axe", "field": "colour"}]}, "n’est pas un champ"),
        ({"columns": []}, "Il manque"),
        ({"colour": "red"}, "Mots inconnus"),
        ({"axis": "roman"}, "inconnue"),
        ({"headings_at": 0}, "200 premières"),
        ({"head": [{"label": "Année", "at": "A9", "field": "year", "value": "B9"}]}, "au-dessus"),
        ({"head": [{"label": "Année", "at": "là", "field": "year", "value": "B1"}]}, "l’adresse"),
        ({"columns": "Axe"}, "n’est pas lisible"),
    ],
)
def test_a_wrong_description_says_what_is_wrong(change: dict[str, Any], words: str) -> None:
    good = {
        "columns": [
            {"heading": "Axe", "field": "axis"},
            {"heading": "Action", "field": "title"},
        ]
    }
    assert mapping_of(good, code="x", name="x", document=f.PROGRAMME)
    with pytest.raises(WrongMapping, match=words):
        mapping_of({**good, **change}, code="x", name="x", document=f.PROGRAMME)


def their_file(_: Any, sheet: Any) -> None:
    """A département's own table: headings on two rows, words of its own, a column of no use."""
    sheet.write("B1", "Tableau départemental")
    sheet.write("B2", "Année")
    sheet.write("C2", 2026)
    sheet.merge_range("B4:B5", "Volet")
    sheet.merge_range("C4:D4", "Action")
    sheet.write("C5", "Intitulé de la fiche")
    sheet.write("D5", "Visa")
    sheet.merge_range("E4:F4", "Budget (k€)")
    sheet.write("E5", "Coût complet")
    sheet.write("F5", "Dont TFPB")
    sheet.write_row("B6", ["Axe 3", "Halls", "vu", 12.5, 10])


def described(client: Client, **more: Any) -> Any:
    """Luc hands the file over and says what its columns are."""
    url = reverse("tfpb:new_table_model")
    file = damage.drawn(their_file)
    page = client.post(url, {"name": "Tableau 59", "document": "programme", "file": file})
    said = {
        "jeton": token_in(page.content.decode()),
        "name": "Tableau 59",
        "sheet": "0",
        "headings_at": 4,
        "heading_rows": 2,
        "axis": "number_label",
        "percent": "points",
        "money": "thousands",
        "c2": "axis",
        "c3": "title",
        "c5": "spending",
        "c6": "valued",
        "h_year": "C2",
        "do": "save",
        **more,
    }
    return client.post(url, said, follow=True)


def test_a_partner_describes_its_own_table_and_reads_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    url = reverse("tfpb:new_table_model")
    posted = {"name": "Tableau 59", "document": "programme", "file": damage.drawn(their_file)}
    first = client.post(url, posted).content.decode()
    assert "Intitulé de la fiche" in first
    page = described(client).content.decode()
    assert "Modèle enregistré" in page
    made = TableModel.objects.get()
    assert made.mapping["columns"][0] == {"field": "axis", "heading": "Volet"}
    programme = a_programme(cast, year=2026)
    there = reverse("tfpb:import_programme", args=[programme.pk])
    read = client.post(there, {"file": damage.drawn(their_file), "model": f"m{made.pk}"})
    client.post(there, {"jeton": token_in(read.content.decode())})
    line = programme.lines.get()
    assert (line.title, line.axis, str(line.spending)) == ("Halls", "sur_entretien", "12500.00")


def test_what_cannot_be_a_model_is_told_and_kept_on_the_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    page = described(client, c3="").content.decode()
    assert "Il manque la colonne : action" in page
    assert 'value="Tableau 59"' in page
    described(client)
    assert "a déjà un modèle de ce nom" in described(client).content.decode()
    assert TableModel.objects.count() == 1


def test_a_model_serves_its_organisation_and_no_other(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    described(client)
    made = TableModel.objects.get()
    names = {who: len(models_for(cast.actor(who), f.PROGRAMME)) for who in (cast.ines, cast.paul)}
    assert names == {cast.ines: 4, cast.paul: 3}
    client.force_login(cast.paul)
    assert client.get(reverse("tfpb:table_model", args=[made.pk])).status_code == 404
    client.force_login(cast.luc)
    client.post(reverse("tfpb:remove_table_model", args=[made.pk]))
    assert not TableModel.objects.exists()
