"""Trainings: asked for, with so many seats, and followed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import space_training_acts as acts
from parvis.councils.models import Member, TrainingFollowed, TrainingOffer
from parvis.notices.models import Envelope
from tests.cast import Cast
from tests.councils.scene import a_body, a_member, hugo_in, other_body
from tests.councils.space_scene import a_training


def signed_in(person: Any) -> Client:
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(person)
    return client


def begun(offer: TrainingOffer) -> TrainingOffer:
    day = timezone.localdate() - timedelta(days=1)
    TrainingOffer.objects.filter(pk=offer.pk).update(starts_on=day, ends_on=day)
    return TrainingOffer.objects.get(pk=offer.pk)


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_goes_to_one_of_those_who_ask_at_once(cast: Cast) -> None:
    body = a_body(cast)
    offer = a_training(body, seats=2)
    acts.ask_training(offer, a_member(body))
    members = [a_member(body, f"Essai {number}") for number in range(5)]
    start = Barrier(len(members))

    def ask(member: Member) -> str:
        try:
            start.wait()
            acts.ask_training(offer, member)
        except ValidationError as refused:
            return str(refused.messages[0])
        finally:
            connection.close()
        return "assis"

    with ThreadPoolExecutor(len(members)) as pool:
        told = list(pool.map(ask, members))
    assert told.count("assis") == 1
    assert told.count("Toutes les places sont prises.") == 4
    assert offer.followed.count() == 2


def test_a_member_asks_for_themselves_and_the_animator_for_them(cast: Cast) -> None:
    body = a_body(cast)
    hugo, other, offer = hugo_in(cast, body), a_member(body), a_training(body)
    asked = {"training": offer.pk}

    def ask(who: str, member: Member) -> int:
        url = reverse("councils:ask_training", args=[member.pk])
        return signed_in(getattr(cast, who)).post(url, asked).status_code

    assert ask("hugo", hugo) == 302
    assert ask("hugo", other) == 403
    assert ask("claire", other) == 403
    assert ask("yasmine", other) == 302
    members = set(TrainingFollowed.objects.values_list("member_id", flat=True))
    assert members == {hugo.pk, other.pk}


def test_a_training_of_another_agglomeration_is_neither_seen_nor_asked(cast: Cast) -> None:
    theirs = a_training(other_body(cast))
    hugo = hugo_in(cast, a_body(cast))
    client = signed_in(cast.hugo)
    assert client.get(reverse("councils:training", args=[theirs.pk])).status_code == 404
    client.post(reverse("councils:ask_training", args=[hugo.pk]), {"training": theirs.pk})
    with pytest.raises(ValidationError, match="pas proposée"):
        acts.ask_training(theirs, hugo)
    assert not TrainingFollowed.objects.exists()


def test_the_coordination_offers_trainings_and_bodies_do_not(cast: Cast) -> None:
    a_body(cast)
    day = (timezone.localdate() + timedelta(days=5)).isoformat()
    url = reverse("councils:new_training")
    given = {"title": "Lire un plan", "starts_on": day, "ends_on": day, "hours": "2,5"}
    assert signed_in(cast.yasmine).post(url, given).status_code == 403
    signed_in(cast.claire).post(url, given)
    offer = TrainingOffer.objects.get()
    assert offer.coordinator == cast.agglomeration
    assert offer.hours == Decimal("2.5")


def test_who_came_is_written_by_number_and_hours_stand_in_the_space(cast: Cast) -> None:
    body = a_body(cast)
    hugo, absent, offer = hugo_in(cast, body), a_member(body), a_training(body)
    mine, other = acts.ask_training(offer, hugo), acts.ask_training(offer, absent)
    begun(offer)
    client, page = signed_in(cast.claire), reverse("councils:training", args=[offer.pk])
    words = client.get(page).content.decode()
    assert "Membre n° 1" in words
    assert "Essai" not in words
    client.post(reverse("councils:record_training", args=[offer.pk]), {"came": [mine.pk]})
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.came, other.came) == (True, False)
    assert "3,5 h" in signed_in(cast.hugo).get(reverse("councils:space")).content.decode()
    figures = client.get(reverse("councils:training_figures")).context["rows"]
    assert [(row["offered"], row["asked"], row["came"], row["members"]) for row in figures] == [
        (1, 2, 1, 1)
    ]
    assert figures[0]["hours"] == Decimal("3.5")


def test_a_training_called_off_is_told_to_who_asked_and_takes_nobody_more(cast: Cast) -> None:
    body = a_body(cast)
    hugo, offer = hugo_in(cast, body), a_training(body)
    acts.ask_training(offer, hugo)
    acts.cancel_training(offer)
    assert Envelope.objects.get().address == cast.hugo.email
    with pytest.raises(ValidationError, match="annulée"):
        acts.ask_training(offer, a_member(body))


def test_seats_do_not_sink_under_those_who_asked(cast: Cast) -> None:
    body = a_body(cast)
    offer = a_training(body, seats=3)
    for number in range(2):
        acts.ask_training(offer, a_member(body, f"Essai {number}"))
    with pytest.raises(ValidationError, match="déjà inscrites"):
        acts.change_training(offer, seats=1)
