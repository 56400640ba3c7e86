"""The contrat de ville: read by everybody, written by the coordination of its communes."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from parvis.partners.models import Agreement, Objective, PastName, Signature
from tests.cast import Cast


@pytest.fixture
def contract(cast: Cast) -> Agreement:
    made = Agreement.objects.create(
        code="CV-ESCAUT",
        title="Contrat de ville de l’Escaut",
        generation=2024,
        starts_on=date(2024, 1, 1),
        ends_on=date(2030, 12, 31),
    )
    made.communes.set([cast.anzin, cast.valenciennes])
    made.quartiers.set([cast.rives])
    Signature.objects.create(
        agreement=made, organisation=cast.agglomeration, signed_on=date(2024, 3, 29)
    )
    Signature.objects.create(agreement=made, organisation=cast.town)
    for position, (pillar, text) in enumerate(
        [("Cadre de vie", "Répondre en dix jours"), ("Emploi", "Ouvrir une antenne")], start=1
    ):
        Objective.objects.create(agreement=made, pillar=pillar, text=text, position=position)
    return made


def rows(prefix: str, *filled: dict[str, object], initial: int = 0) -> dict[str, object]:
    data: dict[str, object] = {
        f"{prefix}-TOTAL_FORMS": len(filled),
        f"{prefix}-INITIAL_FORMS": initial,
    }
    for number, row in enumerate(filled):
        data |= {f"{prefix}-{number}-{key}": value for key, value in row.items()}
    return data


def fields(cast: Cast, **changes: object) -> dict[str, object]:
    return {
        "title": "Contrat de ville",
        "code": "cv-2024",
        "generation": 2024,
        "starts_on": "2024-01-01",
        "ends_on": "2030-12-31",
        "communes": [cast.anzin.pk],
        "quartiers": [cast.rives.pk],
        **rows("signatures"),
        **rows("objectives"),
        **changes,
    }


def test_anybody_reads_it(contract: Agreement, client: Client):
    listed = client.get(reverse("partners:agreements")).content.decode()
    assert contract.title in listed
    assert "2024 à 2030" in listed
    page = client.get(reverse("partners:agreement", args=[contract.code])).content.decode()
    for words in (
        "Du lundi 1er janvier 2024 au mardi 31 décembre 2030",
        "signée le vendredi 29 mars 2024",
        "signature attendue",
        "Cadre de vie",
        "Répondre en dix jours",
        "Anzin, Valenciennes",
        "géographie prioritaire 2024",
    ):
        assert words in page.replace("\xa0", " ")
    assert "Corriger" not in page


def test_a_signatory_keeps_the_name_under_which_it_signed(
    cast: Cast, contract: Agreement, client: Client
):
    PastName.objects.create(
        organisation=cast.agglomeration, name="District", used_until=date(2025, 6, 30)
    )
    PastName.objects.create(
        organisation=cast.agglomeration, name="Syndicat", used_until=date(2001, 1, 1)
    )
    url = reverse("partners:agreement", args=[contract.code])
    assert "<dt>District</dt>" in client.get(url).content.decode()
    contract.signatures.update(signed_on=date(2025, 7, 1))
    assert "<dt>Agglomération de l’Escaut</dt>" in client.get(url).content.decode()


def test_an_empty_list_says_what_will_be_there(db: None, client: Client):
    page = client.get(reverse("partners:agreements")).content.decode()
    assert "Aucune convention pour l’instant" in page


def test_a_broken_address_of_the_list_is_borne(contract: Agreement, client: Client):
    assert client.get(reverse("partners:agreements"), {"apres": "A\0"}).status_code == 200


def test_an_unknown_code_is_not_there(db: None, client: Client):
    assert client.get(reverse("partners:agreement", args=["RIEN"])).status_code == 404


def test_the_coordination_writes_one(cast: Cast, client: Client):
    client.force_login(cast.claire)
    answer = client.post(
        reverse("partners:create_agreement"),
        fields(
            cast,
            **rows(
                "signatures",
                {"organisation": cast.town.pk, "signed_on": "2024-03-29"},
                {"organisation": cast.landlord.pk, "signed_on": ""},
            ),
            **rows(
                "objectives",
                {"pillar": "Emploi", "text": "Ouvrir une antenne"},
                {"pillar": "Cadre de vie", "text": "Répondre"},
                {"pillar": "Emploi", "text": "Former"},
            ),
        ),
    )
    assert answer["Location"] == "/conventions/CV-2024/"
    made = Agreement.objects.get(code="CV-2024")
    signed = dict(made.signatures.values_list("organisation__name", "signed_on"))
    assert signed == {"Ville d’Anzin": date(2024, 3, 29), "Escaut Habitat": None}
    texts = [row.text for row in made.objectives.all()]
    assert texts == ["Ouvrir une antenne", "Former", "Répondre"]
    assert set(made.communes.all()) == {cast.anzin}


def test_the_coordination_corrects_one(cast: Cast, contract: Agreement, client: Client):
    client.force_login(cast.claire)
    url = reverse("partners:edit_agreement", args=[contract.code])
    page = client.get(url).content.decode()
    assert 'value="2024-01-01"' in page
    first, second = contract.objectives.all()
    signature = contract.signatures.get(organisation=cast.town)
    answer = client.post(
        url,
        fields(
            cast,
            code=contract.code,
            **rows(
                "signatures",
                {"id": signature.pk, "organisation": cast.town.pk, "signed_on": "2024-04-02"},
                initial=1,
            ),
            **rows(
                "objectives",
                {"id": first.pk, "pillar": first.pillar, "text": "Répondre en huit jours"},
                {"id": second.pk, "pillar": second.pillar, "text": second.text, "DELETE": "on"},
                {"pillar": "Santé", "text": "Ouvrir un centre"},
                initial=2,
            ),
        ),
    )
    assert answer.status_code == 302
    signature.refresh_from_db()
    assert signature.signed_on == date(2024, 4, 2)
    assert [row.text for row in contract.objectives.all()] == [
        "Répondre en huit jours",
        "Ouvrir un centre",
    ]


def test_an_avenant_hangs_below_what_it_amends(cast: Cast, contract: Agreement, client: Client):
    client.force_login(cast.claire)
    page = client.get(reverse("partners:agreement", args=[contract.code])).content.decode()
    url = f"{reverse('partners:create_agreement')}?modifie={contract.code}"
    assert url in page
    form = client.get(url).context["form"]
    assert form["amends"].value() == contract.pk
    client.post(url, fields(cast, code="CV-AV1", title="Avenant 1", amends=contract.pk))
    page = client.get(reverse("partners:agreement", args=[contract.code])).content.decode()
    assert "Avenant 1" in page
    listed = client.get(reverse("partners:agreements")).content.decode()
    assert "1 avenant" in listed.replace("\xa0", " ").replace("\u202f", " ")
    assert "Avenant 1" not in listed


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": ""}, "id_title_erreur"),
        ({"ends_on": "2023-12-31"}, "La fin de la convention précède son début."),
        ({"starts_on": "31/02/2024"}, "id_starts_on_erreur"),
        ({"code": "é t é"}, "Lettres sans accent"),
        ({"communes": []}, "id_communes_erreur"),
        ({"generation": "-1"}, "id_generation_erreur"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(
    cast: Cast, client: Client, changes: dict[str, object], told: str
):
    client.force_login(cast.claire)
    answer = client.post(
        reverse("partners:create_agreement"),
        fields(cast, **changes, **rows("objectives", {"pillar": "Emploi", "text": "Former"})),
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert told in page
    assert "Former" in page
    assert not Agreement.objects.exists()


def test_a_code_serves_once(cast: Cast, contract: Agreement, client: Client):
    client.force_login(cast.claire)
    answer = client.post(
        reverse("partners:create_agreement"), fields(cast, code=contract.code.lower())
    )
    assert "porte déjà ce code" in answer.content.decode()


def test_an_organisation_signs_once(cast: Cast, client: Client):
    client.force_login(cast.claire)
    twice = rows(
        "signatures",
        {"organisation": cast.town.pk, "signed_on": ""},
        {"organisation": cast.town.pk, "signed_on": ""},
    )
    answer = client.post(reverse("partners:create_agreement"), fields(cast, **twice))
    assert answer.status_code == 200
    assert not Agreement.objects.exists()


def test_communes_outside_ones_perimeter_are_refused(cast: Cast, client: Client):
    client.force_login(cast.claire)
    answer = client.post(
        reverse("partners:create_agreement"), fields(cast, communes=[cast.raismes.pk])
    )
    assert answer.status_code == 200
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("name", ["bruno", "karim", "luc", "sofia"])
def test_nobody_else_corrects_it(cast: Cast, contract: Agreement, client: Client, name: str):
    client.force_login(cast.people[name])
    url = reverse("partners:edit_agreement", args=[contract.code])
    assert client.get(url).status_code == 403
    assert client.post(url, fields(cast, code=contract.code)).status_code == 403
    contract.refresh_from_db()
    assert contract.title == "Contrat de ville de l’Escaut"


def test_one_over_two_agglomerations_is_corrected_by_neither(
    cast: Cast, contract: Agreement, client: Client
):
    contract.communes.add(cast.raismes)
    for person in (cast.claire, cast.bruno):
        client.force_login(person)
        url = reverse("partners:edit_agreement", args=[contract.code])
        assert client.get(url).status_code == 403


def test_pages_cost_the_same_whatever_the_rows(
    cast: Cast, contract: Agreement, client: Client, django_assert_max_num_queries
):
    pages = [reverse("partners:agreements"), reverse("partners:agreement", args=[contract.code])]
    client.force_login(cast.claire)
    edit = reverse("partners:edit_agreement", args=[contract.code])

    def cost() -> list[int]:
        counted = []
        for url, most in zip([*pages, edit], (8, 11, 22), strict=True):
            with django_assert_max_num_queries(most) as seen:
                assert client.get(url).status_code == 200
            counted.append(len(seen))
        return counted

    before = cost()
    for number in range(30):
        Objective.objects.create(agreement=contract, pillar="Emploi", text=f"n° {number}")
        other = Agreement.objects.create(code=f"CV-{number:03}", title=f"Autre {number}")
        other.communes.set([cast.anzin])
        Agreement.objects.create(code=f"AV-{number:03}", title="Avenant", amends=other)
    assert cost() == before


def test_the_list_goes_by_fifty(contract: Agreement, client: Client):
    Agreement.objects.bulk_create(
        Agreement(code=f"N-{number:03}", title=f"Convention {number}") for number in range(70)
    )
    page = client.get(reverse("partners:agreements"))
    assert len(page.context["agreements"]) == 50
    page = client.get(reverse("partners:agreements") + page.context["next_url"])
    assert len(page.context["agreements"]) == 21
    assert not page.context["next_url"]
