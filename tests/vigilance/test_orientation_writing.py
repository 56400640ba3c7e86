"""Writing an orientation: three steps, the person's word, and nothing more than is needed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from parvis.partners.leaving import end_mandate
from parvis.vigilance import orientation_acts as acts
from parvis.vigilance.models import Orientation, OrientationSecret, SpokenAgreement
from parvis.vigilance.orientation_doors import doors_taking
from parvis.vigilance.sealing import unseal
from parvis.vigilance.workflow import State
from tests.cast import Cast
from tests.vigilance.orienting import browser, codes, given, page, press, third_step
from tests.vigilance.scene import SECRET, a_door, a_receiver, an_orientation

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def test_three_steps_lead_from_a_need_to_an_orientation_that_is_sent(cast: Cast) -> None:
    door = a_door(cast, phone="03 53 01 00 11")
    a_receiver(door, cast.sofia)
    client = browser(cast.ines)
    assert "Où habite la personne" in client.get(reverse("vigilance:write")).content.decode()
    second = client.get(f"{reverse('vigilance:write')}?commune={cast.anzin.pk}&need=energie")
    assert door.name in second.content.decode()
    third = client.get(third_step(cast, door))
    assert "je transmets votre nom" in third.content.decode()
    answer = client.post(third_step(cast, door), given(door, today()))
    one = Orientation.objects.get()
    assert answer["Location"] == reverse("vigilance:orientation", args=[one.pk])
    assert (one.state, one.sender, one.sender_organisation) == (
        State.SENT,
        cast.ines,
        cast.landlord,
    )
    assert one.answer_due_on == today() + timedelta(days=door.answers_within_days)
    assert unseal(one.secret.sealed) == SECRET
    assert (one.agreement.how, one.agreement.text_version) == ("oral", 1)
    assert not one.agreement.may_be_redirected
    assert codes(one) == ["written", "sent"]


def test_without_the_word_of_the_person_nothing_is_sent_and_nothing_typed_is_lost(
    cast: Cast,
) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    posted = given(door, today())
    del posted["agreed"]
    answer = browser(cast.ines).post(third_step(cast, door), posted)
    assert answer["Cache-Control"] == "private, no-store"
    assert "sans son accord, rien ne peut être envoyé" in answer.content.decode()
    assert SECRET["words"] in answer.content.decode()
    assert not Orientation.objects.exists()


def test_a_draft_is_kept_incomplete_and_cannot_be_sent_by_another_way(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    client = browser(cast.ines)
    posted = {"door": door.pk, "name": "Marquise Essai", "given_on": "", "do": "keep"}
    client.post(third_step(cast, door), posted)
    one = Orientation.objects.get()
    assert (one.state, one.erase_on) == (State.DRAFT, today() + timedelta(days=30))
    assert not SpokenAgreement.objects.exists()
    with pytest.raises(acts.Refused, match="accord"):
        acts.send(one, actor=cast.actor(cast.ines))


def test_a_draft_opens_by_a_post_alone_and_the_opening_is_logged(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    one = an_orientation(cast, door, state=State.DRAFT)
    client = browser(cast.ines)
    assert client.get(reverse("vigilance:edit", args=[one.pk])).status_code == 405
    assert SECRET["name"] not in page(client, one).content.decode()
    opened = press(client, "edit", one)
    assert SECRET["name"] in opened.content.decode()
    assert opened["Cache-Control"] == "private, no-store"
    assert codes(one) == ["written", "read"]
    press(client, "edit", one, **given(door, today(), name="Marquise Corrigée"))
    one.refresh_from_db()
    assert one.state == State.SENT
    assert unseal(OrientationSecret.objects.get(pk=one.pk).sealed)["name"] == "Marquise Corrigée"
    assert press(client, "edit", one).status_code == 403  # it is the service's now


def test_a_form_that_comes_twice_makes_one_orientation(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    client = browser(cast.ines)
    code = client.get(third_step(cast, door)).context["code"]
    for _ in range(2):
        client.post(third_step(cast, door), given(door, today(), code=code))
    assert Orientation.objects.count() == 1
    # A form is one's own: its code makes nothing of somebody else's.
    browser(cast.luc).post(third_step(cast, door), given(door, today(), code=code))
    assert Orientation.objects.filter(sender=cast.luc).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("words", "Son numéro : 2 84 05 59 606 123 45", "sécurité sociale"),
        ("words", "FR76 3000 6000 0112 3456 7890 189", "numéro de compte"),
        ("words", "a" * 281, "280"),
        ("phone", "chez sa sœur", "n’est pas complet"),
        ("given_on", "2999-01-01", "pas encore passé"),
        ("given_on", "2020-01-01", "plus de trente jours"),
        ("door", "0", "Le service"),
    ],
)
def test_what_should_not_be_written_is_refused_in_plain_words(
    cast: Cast, field: str, value: str, said: str
) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    posted = {**given(door, today()), field: value}
    answer = browser(cast.ines).post(third_step(cast, door), posted)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Orientation.objects.exists()


@pytest.mark.parametrize("do", ["send", "keep"])
def test_a_file_is_refused(cast: Cast, do: str) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    file = SimpleUploadedFile("facture.pdf", b"%PDF-1.7")
    posted = given(door, today(), do, file=file)
    answer = browser(cast.ines).post(third_step(cast, door), posted)
    assert "Aucune pièce jointe" in answer.content.decode()
    assert not Orientation.objects.exists()


def test_a_door_where_nobody_receives_is_to_be_given_by_hand(cast: Cast) -> None:
    door = a_door(cast)
    by_hand = a_door(cast, cast.association, name="Permanence", phone="03 53 01 00 22")
    a_door(cast, cast.association, name="Autre besoin", takes=["loyer"])
    a_door(cast, cast.association, name="Fermée", closes_on=today() - timedelta(days=1))
    receiver = a_receiver(door, cast.sofia)
    offer = doors_taking(cast.anzin.pk, "energie", today())
    assert (offer.receiving, offer.by_hand) == ((door,), (by_hand,))
    client = browser(cast.ines)
    shown = client.get(third_step(cast, by_hand)).content.decode()
    assert "03 53 01 00 22" in shown
    assert "Son téléphone" not in shown
    end_mandate(receiver.mandate)
    assert not doors_taking(cast.anzin.pk, "energie", today()).receiving


def test_a_door_that_stopped_receiving_keeps_the_draft_here(cast: Cast) -> None:
    door = a_door(cast)
    receiver = a_receiver(door, cast.sofia)
    one = an_orientation(cast, door, state=State.DRAFT)
    end_mandate(receiver.mandate)
    with pytest.raises(acts.Refused, match="ne reçoit plus"):
        acts.send(one, actor=cast.actor(cast.ines))
    one.refresh_from_db()
    assert one.state == State.DRAFT
    assert OrientationSecret.objects.filter(pk=one.pk).exists()


def test_a_quartier_is_one_of_the_commune(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    client = browser(cast.ines)
    away = client.post(third_step(cast, door), given(door, today(), quartier=cast.faubourg.pk))
    assert away.status_code == 200
    client.post(third_step(cast, door), given(door, today(), quartier=cast.rives.pk))
    assert Orientation.objects.get().quartier == cast.rives


def test_a_participation_body_and_a_coordination_orient_nobody(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    answer = browser(cast.yasmine).post(third_step(cast, door), given(door, today()))
    assert "rencontre des ménages" in answer.content.decode()
    assert browser(cast.claire).get(reverse("vigilance:write")).status_code == 403
    assert not Orientation.objects.exists()


def test_lists_show_codes_and_dates_and_cost_the_same_for_one_or_thirty(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    for _ in range(12):
        an_orientation(cast, door)
    for person, name in ((cast.ines, "orientations"), (cast.sofia, "received")):
        client = browser(person)
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            shown = client.get(reverse(f"vigilance:{name}"))
        assert len(shown.context["rows"]) == 12
        assert SECRET["name"] not in shown.content.decode()
