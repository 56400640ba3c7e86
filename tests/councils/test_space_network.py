"""The network of référents: theirs and their animators', nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import space_network_acts as acts
from parvis.councils.models import NetworkMessage, NetworkTopic
from parvis.notices.models import Envelope
from tests.cast import Cast
from tests.councils.scene import a_body, hugo_in, other_body
from tests.councils.space_scene import a_referent, a_topic, pdf


def signed_in(person: Any) -> Client:
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(person)
    return client


def pages_of(topic: NetworkTopic) -> list[str]:
    message = topic.messages.get()
    return [
        reverse("councils:topic", args=[topic.pk]),
        reverse("councils:message_file", args=[topic.pk, message.pk]),
    ]


def test_coordination_and_other_agglomerations_read_nothing_of_it(cast: Cast) -> None:
    body, other = a_body(cast), other_body(cast)
    a_referent(hugo_in(cast, body), cast)
    a_referent(other.members.create(number=1, origin="volontaire", user=cast.lila), cast)
    topic = a_topic(body, cast.actor(cast.yasmine), title="Marque-de-sujet", file=pdf())
    network = reverse("councils:network")
    for who in ("hugo", "yasmine"):
        client = signed_in(getattr(cast, who))
        assert "Marque-de-sujet" in client.get(network).content.decode()
        assert [client.get(url).status_code for url in pages_of(topic)] == [200, 200]
    for who in ("claire", "bruno", "karim", "lila"):
        client = signed_in(getattr(cast, who))
        assert "Marque-de-sujet" not in client.get(network).content.decode()
        assert [client.get(url).status_code for url in pages_of(topic)] == [404, 404], who
    signed_in(cast.claire).post(reverse("councils:new_topic"), {"title": "Sujet", "text": "Non"})
    assert NetworkTopic.objects.count() == 1


@pytest.mark.parametrize("when", ["never", "over"])
def test_a_member_who_is_no_referent_today_is_left_out(cast: Cast, when: str) -> None:
    body = a_body(cast)
    hugo = hugo_in(cast, body)
    topic = a_topic(body, cast.actor(cast.yasmine), file=pdf())
    yesterday = timezone.localdate() - timedelta(days=1)
    if when == "over":
        a_referent(hugo, cast, ends_on=yesterday)
    assert signed_in(cast.hugo).get(pages_of(topic)[0]).status_code == 404


def test_the_others_get_one_mail_an_hour_for_a_subject(cast: Cast) -> None:
    body = a_body(cast)
    a_referent(hugo_in(cast, body), cast)
    hugo, noon = cast.actor(cast.hugo), timezone.now().replace(minute=5)
    topic = a_topic(body, hugo, now=noon)
    acts.write_message(topic, body, actor=hugo, text="Encore.", now=noon + timedelta(minutes=9))
    assert [one.address for one in Envelope.objects.all()] == [cast.yasmine.email]
    assert "Encore." not in Envelope.objects.get().text
    acts.write_message(topic, body, actor=hugo, text="Plus tard.", now=noon + timedelta(hours=1))
    assert Envelope.objects.count() == 2


def test_a_closed_subject_takes_no_message_until_it_is_open_again(cast: Cast) -> None:
    body = a_body(cast)
    a_referent(hugo_in(cast, body), cast)
    topic = a_topic(body, cast.actor(cast.hugo))
    client = signed_in(cast.yasmine)
    client.post(reverse("councils:close_topic", args=[topic.pk]))
    with pytest.raises(ValidationError, match="clos"):
        acts.write_message(topic, body, actor=cast.actor(cast.hugo), text="Tard.")
    client.post(reverse("councils:close_topic", args=[topic.pk]), {"decision": "reopen"})
    client.post(reverse("councils:reply_topic", args=[topic.pk]), {"text": "Nous aussi."})
    assert NetworkMessage.objects.filter(topic=topic).count() == 2


def test_a_message_tells_the_name_that_a_member_shows(cast: Cast) -> None:
    body = a_body(cast)
    a_referent(hugo_in(cast, body), cast)
    topic = a_topic(body, cast.actor(cast.hugo))
    url = reverse("councils:topic", args=[topic.pk])
    words = signed_in(cast.yasmine).get(url).content.decode()
    assert "Membre n° 1" in words
    assert "Hugo" not in words
