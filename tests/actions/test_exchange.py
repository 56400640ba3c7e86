"""A plan leaves as a table and comes back; faulty rows are told one by one and nothing is kept."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.actions.exchange import check_table, import_table
from parvis.actions.models import Action, Change, Funding, Indicator, Plan, Step
from parvis.actions.record import record_of
from parvis.actions.tabling import columns, table_of
from parvis.documents import ods, xlsx
from tests.actions.scene import fiche, plan
from tests.cast import Cast

MANY = 500


def workbook(rows: list[list[Any]], ending: str = "xlsx") -> SimpleUploadedFile:
    if ending == "ods":
        return SimpleUploadedFile("plan.ods", b"".join(ods.pieces(columns(), rows)))
    out = io.BytesIO()
    xlsx.write(out, columns(), rows)
    return SimpleUploadedFile("plan.xlsx", out.getvalue())


def crowd(cast: Cast, found: Plan) -> None:
    """Five hundred actions, made at once, whose words are hard on tables."""
    first = fiche(cast, found, title="=1+1 | « guillemets » \\ et ; virgules", place="  Rue\tneuve")
    day = timezone.localdate()
    made = Action.objects.bulk_create(
        Action(
            plan=found,
            reference=f"B-{number:04d}",
            title=f"Action {number}",
            domain="habitat" if number % 2 else "insertion",
            moment="apres" if number % 3 else "",
            lead=cast.landlord,
            finding="Ligne une.\nLigne deux.\n\n" + "é" * (number % 7 + 1) if number % 5 else "",
            budget=number / 4 if number % 4 else None,
            starts_on=day,
            ends_on=day + timedelta(days=number),
            experiment=number % 6 == 0,
            themes=["proprete", "encombrants"] if number % 4 == 1 else [],
            state="studied",
            created_at=first.created_at,
        )
        for number in range(MANY - 1)
    )
    Step.objects.bulk_create(
        Step(action=one, title=f"Étape a|b \\ {one.pk}", due_on=day, organisation=cast.town)
        for one in made
    )
    Funding.objects.bulk_create(
        Funding(action=one, funder=cast.town, scheme="commune", asked=1250, file_number="=A1")
        for one in made[::2]
    )
    Indicator.objects.bulk_create(
        Indicator(action=one, label="Dépôts", target="3.5", baseline=None) for one in made[::3]
    )
    for one in made[::10]:
        one.quartiers.add(cast.rives)
        one.residences.add(cast.tilleuls)


@pytest.mark.parametrize("ending", ["xlsx", "ods"])
def test_what_comes_out_goes_back_in_unchanged(cast: Cast, ending: str) -> None:
    found, claire = plan(cast), cast.actor(cast.claire)
    crowd(cast, found)
    before = {one.reference: record_of(one) for one in found.actions.all()}
    table = list(table_of(claire, found.actions.all()))
    assert len(table) == MANY
    outcome = import_table(found, workbook(table, ending), actor=claire)
    assert (outcome.faults, outcome.same, outcome.changed, outcome.new) == ([], MANY, [], [])
    assert not Change.objects.exists()

    # Into an empty plan, it makes the same plan again, to the last value.
    other = plan(cast, title="Un autre plan")
    outcome = import_table(other, workbook(table, ending), actor=claire)
    assert (outcome.faults, len(outcome.new)) == ([], MANY)
    assert {one.reference: record_of(one) for one in other.actions.all()} == before


def row(cast: Cast, **cells: Any) -> list[Any]:
    given = {"Référence": "N-1", "Titre": "Un jardin", "Domaine": "habitat"}
    given |= {"Pilote": cast.landlord.name, **cells}
    return [given.get(title, "") for title in columns()]


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"Référence": ""}, "donnez une référence"),
    ({"Titre": ""}, "donnez un titre"),
    ({"Titre": "x" * 161}, "160"),
    ({"Domaine": ""}, "pas dans la liste"),
    ({"Domaine": "jardinage"}, "pas dans la liste"),
    ({"Moment": "demain"}, "pas dans la liste"),
    ({"Thèmes": "Propreté\nla mer"}, "thème inconnu"),
    ({"Pilote": ""}, "nommez l’organisation"),
    ({"Pilote": "Inconnue SA"}, "organisation inconnue"),
    ({"Quartiers": "QN00000X"}, "quartier hors du plan"),
    ({"Quartiers": "QN05931M"}, "quartier hors du plan"),
    ({"Résidences": "XXX"}, "résidence inconnue"),
    ({"Objectifs du contrat de ville": "Aucun"}, "objectif inconnu"),
    ({"Début": "32/01/2026"}, "n’est pas une date"),
    ({"Fin": "bientôt"}, "n’est pas une date"),
    ({"Début": "2026-05-01", "Fin": "2026-04-01"}, "précède son début"),
    ({"Budget": "cher"}, "n’est pas un nombre"),
    ({"Budget": "1,005"}, "deux décimales"),
    ({"Budget": -5}, "négatif"),
    ({"Budget": "NaN"}, "n’est pas un nombre"),
    ({"Expérimentation": "peut-être"}, "oui ou non"),
    ({"État": "presque finie"}, "état inconnu"),
    ({"État": "abandonnée"}, "dit pourquoi"),
    ({"Partenaires": "Inconnue SA | rien"}, "organisation inconnue"),
    ({"Étapes": "Planter"}, "4 valeurs"),
    ({"Étapes": "Planter |  | hier | "}, "n’est pas une date"),
    ({"Financements": "Ville d’Anzin | loterie | 1 | 1 | 1 |  |  | "}, "pas dans la liste"),
    (
        {"Financements": "Ville d’Anzin | abattement de TFPB | 1 | 1 | 1 |  |  | "},
        "se lit dans ses lignes",
    ),
    ({"Financements": "Ville d’Anzin | commune | x | 1 | 1 |  |  | "}, "n’est pas un nombre"),
    ({"Financements": "Ville d’Anzin | commune | -1 | 1 | 1 |  |  | "}, "négatif"),
    ({"Insertion": "bénévolat | 9 | 1 | 1 | 1"}, "pas dans la liste"),
    ({"Insertion": "régie de quartier | 9 | dix | 1 | 1"}, "nombre entier"),
    ({"Indicateurs": "Dépôts | u | 1 |  | "}, "ce qu’il vise"),
    ({"Indicateurs": "Dépôts | u | 1 | 2 | \nDépôts | u | 1 | 2 | "}, "même nom"),
]


def test_each_faulty_row_is_told_by_its_number_and_nothing_is_kept(cast: Cast) -> None:
    found = plan(cast)
    rows = [row(cast, Référence="BON")]
    rows += [row(cast, **{"Référence": f"N-{n}", **cells}) for n, (cells, _) in enumerate(FAULTS)]
    rows += [row(cast, Référence="BON")]
    outcome = import_table(found, workbook(rows), actor=cast.actor(cast.claire))
    told = {fault.number: fault.reason for fault in outcome.faults}
    for number, (cells, words) in enumerate(FAULTS, 3):  # below the header and a good row
        assert words in told.get(number, "not told"), cells
    assert "déjà dans le tableau" in told[len(FAULTS) + 3]
    assert len(told) == len(FAULTS) + 1
    assert not Action.objects.exists()


def test_trying_first_says_what_it_would_do_and_keeps_nothing(cast: Cast) -> None:
    found = plan(cast)
    outcome = check_table(found, workbook([row(cast)]), actor=cast.actor(cast.claire))
    assert (outcome.new, outcome.faults) == (["N-1"], [])
    assert not Action.objects.exists()


def test_a_state_is_not_changed_by_a_table(cast: Cast) -> None:
    found, claire = plan(cast), cast.actor(cast.claire)
    made = fiche(cast, found)
    (line,) = table_of(claire, found.actions.all())
    line[columns().index("État")] = "terminée"
    outcome = import_table(found, workbook([line]), actor=claire)
    assert "se change sur la fiche" in outcome.faults[0].reason
    made.refresh_from_db()
    assert made.state == "running"


def test_an_import_changes_what_it_says_and_may_be_taken_back(cast: Cast) -> None:
    found, claire = plan(cast), cast.actor(cast.claire)
    made = fiche(cast, found)
    (line,) = table_of(claire, found.actions.all())
    line[columns().index("Titre")] = "Huit bacs"
    assert import_table(found, workbook([line]), actor=claire).changed == [made.reference]
    assert Change.objects.get().after == {"title": "Huit bacs"}


@pytest.mark.parametrize(
    ("name", "content"),
    [("plan.csv", b"a;b"), ("plan.xlsx", b""), ("plan.xlsx", b"PK rien"), ("plan.ods", b"PK rien")],
)
def test_a_file_that_is_no_table_is_said(
    cast: Cast, client: Client, name: str, content: bytes
) -> None:
    found = plan(cast)
    client.force_login(cast.claire)
    url = reverse("actions:import", args=[found.pk])
    answer = client.post(url, {"file": SimpleUploadedFile(name, content), "do": "import"})
    assert answer.status_code == 200
    assert "Rien n’est importé" in answer.content.decode() or "fichier" in answer.content.decode()
    assert not Action.objects.exists()


def test_the_page_imports_what_the_page_exports(cast: Cast, client: Client) -> None:
    found = plan(cast)
    fiche(cast, found)
    client.force_login(cast.claire)
    for ending in ("xlsx", "ods"):
        answer = client.get(reverse("actions:export", args=[found.pk, ending]))
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        upload = SimpleUploadedFile(f"plan.{ending}", content)
        url = reverse("actions:import", args=[found.pk])
        page = client.post(url, {"file": upload, "do": "check"}).content.decode()
        assert "1\u00a0fiche inchangée" in page
