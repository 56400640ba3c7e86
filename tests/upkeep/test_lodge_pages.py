"""A landlord's responsable keeps lodges: residences it holds, telephones, codes shown once."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from parvis.partners.models import Caretaker, Lodge, LodgePhone
from tests.cast import Cast
from tests.partners.lodging import enrol, lodge_of, take


@pytest.fixture
def luc(cast: Cast, client: Client) -> Client:
    client.force_login(cast.luc)
    return client


@pytest.fixture
def lodge(cast: Cast) -> Lodge:
    return lodge_of(cast.landlord, cast.tilleuls, name="Loge des Tilleuls")


def address(name: str, *args: int) -> str:
    return reverse(f"upkeep:{name}", args=args)


def test_a_lodge_takes_residences_that_the_organisation_holds_and_no_other(cast: Cast, luc: Client):
    page = luc.get(address("new_lodge")).content.decode()
    assert "Les Tilleuls" in page
    assert "Les Peupliers" not in page
    refused = luc.post(address("new_lodge"), {"name": "Loge", "residences": [cast.peupliers.pk]})
    assert refused.status_code == 200
    assert not Lodge.objects.exists()
    luc.post(address("new_lodge"), {"name": "Loge", "residences": [cast.tilleuls.pk]})
    made = Lodge.objects.get()
    assert made.organisation == cast.landlord
    assert list(made.residences.all()) == [cast.tilleuls]


def test_a_link_is_shown_once_and_enrols(luc: Client, lodge: Lodge):
    page = luc.post(address("new_phone", lodge.pk), {"label": "Téléphone"}).content.decode()
    link = re.search(r"/loge/telephone/[\w-]+/", page)
    assert link
    assert "data:image/svg+xml" in page
    assert link[0] not in luc.get(address("lodge", lodge.pk)).content.decode()
    assert Client().post(link[0])["Location"] == "/loge/"


def test_a_code_is_shown_once_and_opens(cast: Cast, luc: Client, lodge: Lodge):
    page = luc.post(address("give_code", lodge.pk), {"person": cast.ines.pk}).content.decode()
    code = re.search(r">(\d{6})<", page)
    assert code
    assert code[1] not in luc.get(address("lodge", lodge.pk)).content.decode()
    phone = Client()
    enrol(phone, lodge)
    assert take(phone, lodge, cast.ines, code[1])["Location"] == "/a-traiter/"


def test_only_those_who_act_for_the_organisation_get_a_code(cast: Cast, luc: Client, lodge: Lodge):
    for person in (cast.paul, cast.odile, cast.theo):
        luc.post(address("give_code", lodge.pk), {"person": person.pk})
    assert not Caretaker.objects.exists()


def test_a_telephone_and_a_caretaker_are_removed(cast: Cast, luc: Client, lodge: Lodge):
    phone = enrol(Client(), lodge)
    luc.post(address("give_code", lodge.pk), {"person": cast.ines.pk})
    luc.post(address("revoke_phone", lodge.pk, phone.pk))
    luc.post(address("remove_caretaker", lodge.pk, Caretaker.objects.get().pk))
    assert LodgePhone.objects.get().revoked_at
    assert not Caretaker.objects.exists()


def test_what_hangs_from_another_lodge_is_out_of_reach(cast: Cast, luc: Client, lodge: Lodge):
    other = lodge_of(cast.other_landlord, cast.peupliers)
    phone = enrol(Client(), other)
    assert luc.post(address("revoke_phone", lodge.pk, phone.pk)).status_code == 404
    assert luc.post(address("revoke_phone", other.pk, phone.pk)).status_code == 404
    assert not LodgePhone.objects.get().revoked_at


@pytest.mark.parametrize(("who", "answer"), [("paul", 404), ("ines", 404), ("claire", 404)])
def test_a_lodge_is_kept_by_the_responsable_of_its_organisation_alone(
    cast: Cast, client: Client, lodge: Lodge, who: str, answer: int
):
    client.force_login(getattr(cast, who))
    assert client.get(address("lodge", lodge.pk)).status_code == answer
    for name in ("change_lodge", "new_phone", "give_code"):
        assert client.post(address(name, lodge.pk), {"label": "x"}).status_code == answer, name


def test_the_lists_name_my_lodges_alone(cast: Cast, luc: Client, lodge: Lodge):
    lodge_of(cast.other_landlord, cast.peupliers, name="Loge voisine")
    page = luc.get(address("lodges")).content.decode()
    assert "Loge des Tilleuls" in page
    assert "Loge voisine" not in page
