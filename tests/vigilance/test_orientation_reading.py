"""Who reads an orientation, and what remains of a reading: by address and by queryset."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.notices.sending import send_due
from parvis.partners.actors import NOBODY, SESSION_KEY, actors_of
from parvis.partners.leaving import end_mandate
from parvis.partners.models import Mandate, Role
from parvis.vigilance.models import Entry, Orientation, OrientationSecret, SupportDoor
from parvis.vigilance.workflow import State
from tests.cast import Cast
from tests.partners.lodging import enrol, lodge_of, take
from tests.vigilance.orienting import browser, codes, page, press
from tests.vigilance.scene import SECRET, a_door, a_receiver, an_orientation

pytestmark = pytest.mark.django_db

BUTTONS = ("read", "break_glass", "edit", "answer", "withdraw")
STRANGERS = ("claire", "bruno", "luc", "sofia", "nadia", "paul", "rose", "yasmine", "hugo", "lila",
             "odile", "theo")  # fmt: skip


@pytest.fixture
def door(cast: Cast) -> SupportDoor:
    return a_door(cast)


@pytest.fixture
def one(cast: Cast, door: SupportDoor) -> Orientation:
    """What Ines sent to a door where nobody was named yet."""
    return an_orientation(cast, door)


def rows(actor: Any) -> list[QuerySet[Any]]:
    """What this actor sees of orientations, of their content and of their logs."""
    return [
        model.objects.visible_to(actor)  # type: ignore[attr-defined]
        for model in (Orientation, OrientationSecret, Entry)
    ]


def sees_nothing(client: Client, actor: Any, one: Orientation) -> None:
    """Neither by the addresses nor by the querysets; a list, if it opens, is empty of it."""
    assert [found.count() for found in rows(actor)] == [0, 0, 0]
    assert page(client, one).status_code in (302, 403, 404)
    for button in BUTTONS:
        answer = press(client, button, one, reason="Parce que.", do="accept")
        assert answer.status_code in (302, 403, 404), button
        assert answer.get("Location", "/connexion/").startswith("/connexion/"), button
    for name in ("orientations", "received"):
        shown = client.get(reverse(f"vigilance:{name}")).content.decode()
        assert one.code not in shown, name


@pytest.mark.parametrize("who", STRANGERS)
def test_neither_a_coordinator_nor_a_manager_nor_a_neighbour_sees_that_it_exists(
    cast: Cast, one: Orientation, who: str
) -> None:
    person = getattr(cast, who)
    sees_nothing(browser(person), cast.actor(person), one)
    assert codes(one) == ["written"]


def test_neither_does_somebody_who_did_not_sign_in(cast: Cast, one: Orientation) -> None:
    sees_nothing(Client(), NOBODY, one)


def test_the_receiver_of_another_service_sees_nothing(cast: Cast, one: Orientation) -> None:
    cast.rose.mandates.update(role=Role.CONTRIBUTEUR)
    a_receiver(a_door(cast, cast.association), cast.rose)
    a_receiver(a_door(cast, name="Autre porte de la ville"), cast.sofia)
    for person in (cast.rose, cast.sofia):
        sees_nothing(browser(person), cast.actor(person), one)


def test_neither_does_its_sender_with_the_telephone_of_a_lodge_in_hand(
    cast: Cast, one: Orientation
) -> None:
    lodge = lodge_of(cast.landlord, cast.tilleuls)
    telephone = Client(headers={"sec-fetch-site": "same-origin"})
    enrol(telephone, lodge)
    take(telephone, lodge, cast.ines)
    actor = replace(cast.actor(cast.ines), role="gardien", lodge_id=lodge.pk)
    sees_nothing(telephone, actor, one)


def test_nor_a_receiver_who_acts_for_another_organisation_now(
    cast: Cast, door: SupportDoor, one: Orientation
) -> None:
    a_receiver(door, cast.sofia)
    other = Mandate.objects.create(
        person=cast.sofia,
        organisation=cast.association,
        role=Role.RESPONSABLE,
        starts_on=timezone.localdate(),
    )
    client = browser(cast.sofia)
    session = client.session
    session[SESSION_KEY] = other.pk
    session.save()
    [actor] = [found for found in actors_of(cast.sofia) if found.mandate_id == other.pk]
    sees_nothing(client, actor, one)


def test_a_receiver_reads_by_a_post_alone_and_everybody_concerned_sees_that_she_did(
    cast: Cast, door: SupportDoor, one: Orientation
) -> None:
    a_receiver(door, cast.sofia)
    client = browser(cast.sofia)
    url = reverse("vigilance:read", args=[one.pk])
    assert client.get(url).status_code == 405
    assert SECRET["name"] not in page(client, one).content.decode()
    answer = client.post(url)
    assert [word for word in SECRET.values() if word in answer.content.decode()] == list(
        SECRET.values()
    )
    assert answer["Cache-Control"] == "private, no-store"
    client.post(url)
    assert codes(one) == ["written", "read", "read"]
    for person in (cast.ines, cast.sofia):
        assert page(browser(person), one).content.decode().count("par Sofia") == 2


def test_once_sent_its_sender_reads_it_no_more(cast: Cast, one: Orientation) -> None:
    client = browser(cast.ines)
    assert "Orientation" in page(client, one).content.decode()
    assert press(client, "read", one).status_code == 403
    assert press(client, "edit", one).status_code == 403
    assert not OrientationSecret.objects.visible_to(cast.actor(cast.ines)).exists()


def test_a_draft_is_its_senders_alone(cast: Cast, door: SupportDoor) -> None:
    a_receiver(door, cast.sofia)
    draft = an_orientation(cast, door, state=State.DRAFT)
    for person in (cast.sofia, cast.karim, cast.luc):
        sees_nothing(browser(person), cast.actor(person), draft)
    assert OrientationSecret.objects.visible_to(cast.actor(cast.ines)).exists()


def test_who_leaves_loses_the_reading_with_the_next_page(
    cast: Cast, door: SupportDoor, one: Orientation
) -> None:
    receiver = a_receiver(door, cast.sofia)
    there, here = browser(cast.sofia), browser(cast.ines)
    assert press(there, "read", one).status_code == 200
    end_mandate(receiver.mandate)
    # Acts for nobody any more, and is signed out.
    assert press(there, "read", one)["Location"].startswith("/connexion/")
    assert page(here, one).status_code == 200
    end_mandate(cast.ines.mandates.get())
    assert page(here, one)["Location"].startswith("/connexion/")


def test_a_receiver_whose_naming_ended_reads_nothing(
    cast: Cast, door: SupportDoor, one: Orientation
) -> None:
    receiver = a_receiver(door, cast.sofia)
    receiver.ended_at = timezone.now()
    receiver.save(update_fields=["ended_at"])
    sees_nothing(browser(cast.sofia), cast.actor(cast.sofia), one)


# --- Out of turn ------------------------------------------------------------------------------


def sent() -> dict[str, str]:
    mail.outbox.clear()
    send_due(timezone.now())  # at once: nothing waits two minutes
    return {one.to[0]: f"{one.subject}\n{one.body}" for one in mail.outbox}


def test_a_responsable_of_the_service_reads_out_of_turn_with_a_reason_that_is_told(
    cast: Cast, door: SupportDoor, one: Orientation, settings: Any
) -> None:
    settings.PUBLISHER = {**settings.PUBLISHER, "dpo_email": "dpo@exemple.test"}
    a_receiver(door, cast.sofia)
    client = browser(cast.karim)
    assert press(client, "read", one).status_code == 403
    assert not OrientationSecret.objects.visible_to(cast.actor(cast.karim)).exists()
    without = press(client, "break_glass", one, reason="  ")
    assert SECRET["name"] not in without.content.decode()
    assert codes(one) == ["written"]
    answer = press(client, "break_glass", one, reason="Sofia est absente depuis lundi.")
    assert SECRET["name"] in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    entry = one.entries.get(code="glass_broken")
    assert (entry.person, entry.reason) == (cast.karim, "Sofia est absente depuis lundi.")
    told = sent()
    assert set(told) == {"dpo@exemple.test", cast.sofia.email}
    assert one.code in told["dpo@exemple.test"]
    assert not [word for word in SECRET.values() if word in "".join(told.values())]
    assert "Sofia est absente" in page(browser(cast.ines), one).content.decode()


def test_without_a_data_officer_the_coordination_learns_that_it_happened_not_to_which(
    cast: Cast, door: SupportDoor, one: Orientation, settings: Any
) -> None:
    settings.PUBLISHER = {**settings.PUBLISHER, "dpo_email": ""}
    press(browser(cast.karim), "break_glass", one, reason="Personne n’est désigné.")
    told = sent()
    assert set(told) == {cast.agglomeration.email}
    assert one.code not in told[cast.agglomeration.email]


def test_nobody_breaks_what_they_may_read_and_no_other_service_breaks_it(
    cast: Cast, door: SupportDoor, one: Orientation
) -> None:
    a_receiver(door, cast.karim)
    assert press(browser(cast.karim), "break_glass", one, reason="Vite.").status_code == 403
    assert press(browser(cast.nadia), "break_glass", one, reason="Vite.").status_code == 404
    assert press(browser(cast.sofia), "break_glass", one, reason="Vite.").status_code == 404


# --- When it cannot be opened -----------------------------------------------------------------


def test_a_lost_key_is_said_clearly_and_no_reading_is_logged(
    cast: Cast, door: SupportDoor, one: Orientation, settings: Any
) -> None:
    a_receiver(door, cast.sofia)
    draft = an_orientation(cast, door, state=State.DRAFT)
    settings.SEAL_KEYS = [Fernet.generate_key().decode()]
    for client, button, what in (
        (browser(cast.sofia), "read", one),
        (browser(cast.ines), "edit", draft),
        (browser(cast.karim), "break_glass", one),
    ):
        answer = press(client, button, what, reason="Vite.")
        assert answer.status_code == 200
        assert "La clé qui l’a scellé n’est plus sur ce serveur" in answer.content.decode()
    assert not Entry.objects.exclude(code="written").exists()


def test_what_is_erased_meanwhile_says_so(cast: Cast, door: SupportDoor, one: Orientation) -> None:
    a_receiver(door, cast.sofia)
    OrientationSecret.objects.all().delete()
    url = reverse("vigilance:read", args=[one.pk])
    answer = browser(cast.sofia).post(url, follow=True)
    assert "il n’y a plus rien à lire" in answer.content.decode()
    assert codes(one) == ["written"]


def test_the_list_of_a_service_puts_what_waits_first_and_says_what_is_late(
    cast: Cast, door: SupportDoor
) -> None:
    a_receiver(door, cast.sofia)
    today = timezone.localdate()
    closed = an_orientation(cast, door, state=State.CLOSED, outcome="information")
    waits = an_orientation(cast, door)
    late = an_orientation(cast, door, answer_due_on=today - timedelta(days=1))
    shown = browser(cast.sofia).get(reverse("vigilance:received"))
    assert [row["one"].pk for row in shown.context["rows"]] == [late.pk, waits.pk, closed.pk]
    assert [row["late"] for row in shown.context["rows"]] == [True, False, False]
    assert "2\u00a0orientations attendent" in shown.content.decode()
