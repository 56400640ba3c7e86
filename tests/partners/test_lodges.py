"""A lodge's telephone: enrolled once, taken with a code, given back; nothing beyond the lodge."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.partners import leaving, lodges
from parvis.partners.lodges import COOKIE
from parvis.partners.models import Caretaker, Lodge, LodgePhone, Mandate
from tests.cast import Cast
from tests.partners.lodging import enrol, lodge_of, take

HOME = "/a-traiter/"


@pytest.fixture
def lodge(cast: Cast) -> Lodge:
    return lodge_of(cast.landlord, cast.tilleuls, name="Loge des Tilleuls")


def test_a_link_enrols_one_telephone_once(lodge: Lodge, client: Client):
    phone, token = lodges.new_phone(lodge, "Téléphone")
    address = reverse("partners:enrol_phone", args=[token])
    assert client.get(address).status_code == 200  # a messenger that looks uses nothing up
    client.post(address)
    kept = client.cookies[COOKIE]
    assert kept["httponly"]
    assert kept["path"] == "/loge/"
    phone.refresh_from_db()
    assert kept.value not in (phone.token_digest, phone.link_digest)
    other = Client()
    assert other.post(address).status_code == 410
    assert COOKIE not in other.cookies


def test_a_link_lasts_a_day(lodge: Lodge, client: Client):
    _, token = lodges.new_phone(lodge, "Téléphone")
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        answer = client.post(reverse("partners:enrol_phone", args=[token]))
    assert answer.status_code == 410


def test_a_caretaker_takes_it_with_a_code_and_acts_as_themselves(
    cast: Cast, lodge: Lodge, client: Client
):
    enrol(client, lodge)
    assert take(client, lodge, cast.ines)["Location"] == HOME
    page = client.get(HOME)
    actor = page.wsgi_request.actor
    assert (actor.user_id, actor.role) == (cast.ines.pk, "gardien")
    assert actor.residences == {cast.tilleuls.pk}
    assert "Rendre le téléphone" in page.content.decode()


def test_it_needs_no_second_factor(cast: Cast, lodge: Lodge, client: Client, settings):
    settings.SECOND_FACTOR = True
    enrol(client, lodge)
    take(client, lodge, cast.ines)
    assert client.get(HOME).status_code == 200


def test_a_code_opens_nothing_without_the_telephone(cast: Cast, lodge: Lodge, client: Client):
    assert take(client, lodge, cast.ines).status_code == 403
    assert "_auth_user_id" not in client.session


def test_a_code_opens_nothing_at_another_lodge(cast: Cast, lodge: Lodge, client: Client):
    code = lodges.give_code(lodge, cast.ines)
    neighbour = lodge_of(cast.other_landlord, cast.peupliers)
    enrol(client, neighbour)
    caretaker = lodge.caretakers.get()
    answer = client.post("/loge/", {"caretaker": caretaker.pk, "code": code})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_ten_wrong_codes_in_a_row_block_it_until_another_is_given(
    cast: Cast, lodge: Lodge, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(lodges, "TRIES_OF_A_PHONE", 1000)
    client = Client()
    enrol(client, lodge)
    code = lodges.give_code(lodge, cast.ines)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(lodges.WRONG_CODES):
        assert "pas le bon" in take(client, lodge, cast.ines, wrong).content.decode()
    assert "bloqué" in take(client, lodge, cast.ines, code).content.decode()
    assert "_auth_user_id" not in client.session
    assert take(client, lodge, cast.ines)["Location"] == HOME


def test_a_right_code_forgets_the_wrong_ones(cast: Cast, lodge: Lodge, client: Client):
    enrol(client, lodge)
    code = lodges.give_code(lodge, cast.ines)
    take(client, lodge, cast.ines, "0" if code != "0" else "1")
    take(client, lodge, cast.ines, code)
    assert Caretaker.objects.get().failures == 0


def test_a_telephone_is_tried_ten_times_in_ten_minutes(cast: Cast, lodge: Lodge, client: Client):
    enrol(client, lodge)
    lodges.give_code(lodge, cast.luc)
    code = lodges.give_code(lodge, cast.ines)
    for _ in range(5):
        take(client, lodge, cast.ines, "000000" if code != "000000" else "000001")
        take(client, lodge, cast.luc, "wrong")
    assert "Trop d’essais sur ce téléphone" in take(client, lodge, cast.ines, code).content.decode()


def test_the_code_is_kept_as_a_password_is(cast: Cast, lodge: Lodge):
    code = lodges.give_code(lodge, cast.ines)
    assert code not in Caretaker.objects.get().code


def test_giving_it_back_ends_the_shift(cast: Cast, lodge: Lodge, client: Client):
    enrol(client, lodge)
    take(client, lodge, cast.ines)
    assert client.post("/loge/rendre/")["Location"] == "/loge/"
    assert "_auth_user_id" not in client.session
    assert "Prendre le téléphone" in client.get("/loge/").content.decode()


def test_half_an_hour_without_a_page_ends_it(cast: Cast, lodge: Lodge, client: Client):
    enrol(client, lodge)
    now = timezone.now()
    take(client, lodge, cast.ines)
    with time_machine.travel(now + timedelta(minutes=29)):
        assert client.get(HOME).status_code == 200
    with time_machine.travel(now + timedelta(minutes=58)):
        assert client.get(HOME).status_code == 200  # each page counts
    with time_machine.travel(now + timedelta(minutes=89)):
        assert client.get(HOME)["Location"] == "/loge/"
        assert "_auth_user_id" not in client.session


def test_ten_hours_end_it_however_busy(cast: Cast, lodge: Lodge, client: Client):
    enrol(client, lodge)
    now = timezone.now()
    take(client, lodge, cast.ines)
    for half_hours in range(1, 26):
        with time_machine.travel(now + timedelta(minutes=25 * half_hours)):
            answer = client.get(HOME)
    assert answer.status_code == 302


def test_leaving_the_organisation_ends_it_at_once(cast: Cast, lodge: Lodge, client: Client):
    enrol(client, lodge)
    take(client, lodge, cast.ines)
    leaving.end_mandate(Mandate.objects.get(person=cast.ines))
    assert client.get(HOME)["Location"] == "/loge/"
    assert take(client, lodge, cast.ines).status_code == 200  # not among the names any more
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("ended_by", ["revoked", "removed"])
def test_what_the_responsable_takes_away_ends_it_at_once(
    cast: Cast, lodge: Lodge, client: Client, ended_by: str
):
    phone = enrol(client, lodge)
    take(client, lodge, cast.ines)
    if ended_by == "revoked":
        lodges.revoke_phone(phone)
    else:
        Caretaker.objects.all().delete()
    assert client.get(HOME)["Location"] == "/loge/"
    expected = 403 if ended_by == "revoked" else 200
    assert client.get("/loge/").status_code == expected


@pytest.mark.parametrize(
    "name",
    ["partners:account", "partners:set_password", "mfa_index", "mfa_add_webauthn"],
)
def test_a_shift_never_opens_the_account_itself(
    cast: Cast, lodge: Lodge, client: Client, name: str
):
    enrol(client, lodge)
    take(client, lodge, cast.ines)
    assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse(name)).status_code == 403


def test_a_shift_cannot_become_another_mandate(cast: Cast, lodge: Lodge, client: Client):
    Mandate.objects.create(
        person=cast.ines,
        organisation=cast.town,
        role="responsable",
        starts_on=timezone.localdate(),
    )
    enrol(client, lodge)
    take(client, lodge, cast.ines)
    other = Mandate.objects.get(person=cast.ines, organisation=cast.town)
    assert client.post(reverse("partners:act_for"), {"mandate": other.pk}).status_code == 403
    assert client.get(reverse("partners:my_organisation")).status_code == 403


def test_taking_it_leaves_nothing_of_the_one_before(cast: Cast, lodge: Lodge, client: Client):
    enrol(client, lodge)
    take(client, lodge, cast.luc)
    session = client.session
    session["draft"] = "de Luc"
    session.save()
    take(client, lodge, cast.ines)
    assert "draft" not in client.session
    assert client.session["_auth_user_id"] == str(cast.ines.pk)


def test_who_acts_is_one_query_more_than_the_session_and_the_user(
    cast: Cast, lodge: Lodge, client: Client, django_assert_num_queries
):
    lodge.residences.add(cast.peupliers)
    enrol(client, lodge)
    take(client, lodge, cast.ines)
    with django_assert_num_queries(3):
        client.get(reverse("partners:account"))


def test_the_last_use_is_kept(cast: Cast, lodge: Lodge, client: Client):
    phone = enrol(client, lodge)
    take(client, lodge, cast.ines)
    assert LodgePhone.objects.get(pk=phone.pk).last_used_at
