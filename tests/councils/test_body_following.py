"""Who follows a body hears what it makes public and the dates that it sets, and no secret."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from parvis.councils import opinion_acts as acts
from parvis.councils.body_following import offered_on, topic_of
from parvis.councils.models import Body
from parvis.councils.opinion_telling import tell_residents
from parvis.notices import subscribing
from parvis.notices.models import Envelope, Subscription
from parvis.notices.subscribing import Topic
from parvis.thread.models import Event
from tests.cast import Cast
from tests.councils.opinion_scene import a_draft, adopted, answered, sent
from tests.councils.scene import a_body, other_body
from tests.gatherings.scene import workshop

LEA, OMAR = "lea@exemple.test", "omar@exemple.test"
SECRET = "Le secret de la place"


def follow(email: str, topic: Topic) -> None:
    subscribing.subscribe(email, topic, pace="now")
    Subscription.objects.update(confirmed_at=timezone.now())
    Envelope.objects.all().delete()


def told(email: str = LEA) -> list[str]:
    rows = Envelope.objects.filter(address=email).order_by("pk")
    return list(rows.values_list("subject", flat=True))


@pytest.fixture
def body(cast: Cast) -> Body:
    """A body that lea follows; omar follows the neighbour's."""
    made = a_body(cast)
    follow(LEA, topic_of(made))
    follow(OMAR, topic_of(other_body(cast)))
    return made


def test_an_opinion_is_told_once_it_is_public_and_so_is_its_reply(cast: Cast, body: Body) -> None:
    opinion = sent(cast, body, public=True, title="Les bancs de la place")
    assert told() == ["Avis : Les bancs de la place"]
    answered(cast, opinion)
    assert told()[1:] == ["Réponse à l’avis : Les bancs de la place"]
    assert told(OMAR) == []


@pytest.mark.parametrize("make", [a_draft, adopted, sent])
def test_a_secret_opinion_reaches_nobody(cast: Cast, body: Body, make: object) -> None:
    assert callable(make)
    opinion = make(cast, body, title=SECRET)
    event = Event.objects.order_by("pk").last()
    assert event is not None
    # Were it asked by mistake, telling would refuse.
    assert tell_residents(opinion, event) == 0
    assert told() == told(OMAR) == []


def test_an_opinion_that_is_dropped_is_told_to_nobody(cast: Cast, body: Body) -> None:
    acts.drop_opinion(a_draft(cast, body, title=SECRET))
    assert told() == []


def test_who_follows_the_body_and_its_quartier_hears_once(cast: Cast, body: Body) -> None:
    follow(LEA, Topic(f"quartier:{cast.rives.pk}", "Rives"))
    sent(cast, body, public=True)
    assert len(told()) == 1


def test_its_dates_are_told_and_those_of_others_are_not(cast: Cast, body: Body) -> None:
    follow("max@exemple.test", topic_of(body))
    workshop(cast, title="Rencontre du conseil", organiser=cast.council)
    workshop(cast, title="Atelier de la ville")
    assert told() == ["Rendez-vous : Rencontre du conseil"]


def test_the_page_offers_it_while_the_body_is_public_and_alive(cast: Cast, client: Client) -> None:
    made = a_body(cast)
    assert "Suivre</a>" in client.get(f"/participation/{made.pk}/").content.decode()
    made.closed_on = timezone.localdate()
    assert offered_on(made) == ""
    made.closed_on, made.published_at = None, None
    assert offered_on(made) == ""
