"""What is told back to the quartier: by whom, when, to whom, and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import aside_acts
from parvis.councils.aside_reading import told_in
from parvis.councils.models import Body, Preparation
from parvis.meetings.models import Instance
from parvis.notices.models import Listening, Message, Subscriber, Subscription
from parvis.partners.actors import NOBODY
from parvis.thread.models import Link
from parvis.thread.reading import events_of, thread_of
from parvis.thread.register import kind_of
from tests.cast import Cast
from tests.councils.aside_scene import TOLD, a_preparation
from tests.councils.scene import a_body, hugo_in
from tests.meetings.scene import cotech


@pytest.fixture
def body(cast: Cast) -> Body:
    made = a_body(cast)
    hugo_in(cast, made)
    return made


def follow(cast: Cast) -> None:
    """Somebody follows Rives, and said yes."""
    topic = f"quartier:{cast.rives.pk}"
    who = Subscriber.objects.create(email="suit@exemple.test")
    now = timezone.now()
    given = {"topic": topic, "label": "Rives", "asked_at": now, "confirmed_at": now}
    one = Subscription.objects.create(subscriber=who, pace=Subscription.Pace.NOW, **given)
    Listening.objects.create(subscription=one, topic=topic)


def test_everybody_reads_what_was_told_and_its_poster(
    cast: Cast, body: Body, client: Client
) -> None:
    made = a_preparation(cast, body, told=True)
    page = client.get(reverse("councils:restitution", args=[made.pk])).content.decode()
    for words in (*TOLD.values(), made.sitting.instance.name, cast.rives.name):
        assert words in page
    assert "councils:preparation" not in page
    for paper in ("a4", "a3"):
        answer = client.get(reverse("councils:restitution_poster", args=[made.pk, paper]))
        assert answer["Content-Type"] == "application/pdf"
    other = reverse("councils:restitution_poster", args=[made.pk, "a9"])
    assert client.get(other).status_code == 404


def test_a_sitting_to_come_is_not_told(cast: Cast, body: Body) -> None:
    made = aside_acts.write_restitution(a_preparation(cast, body), **TOLD)
    with pytest.raises(ValidationError, match="pas encore eu lieu"):
        aside_acts.tell(made, actor=cast.actor(cast.yasmine))


def test_a_body_that_is_not_public_tells_nothing(cast: Cast, body: Body) -> None:
    Body.objects.filter(pk=body.pk).update(published_at=None)
    with pytest.raises(ValidationError, match="présentée au public"):
        a_preparation(cast, body, told=True)


def test_to_tell_and_take_back_are_the_animators(cast: Cast, body: Body, client: Client) -> None:
    made = a_preparation(cast, body, told=True)
    url = reverse("councils:take_restitution_back", args=[made.pk])
    client.force_login(cast.hugo)
    assert client.post(url).status_code == 403
    client.force_login(cast.yasmine)
    assert client.post(url).status_code == 302
    assert Preparation.objects.get(pk=made.pk).told_at is None
    client.logout()
    assert client.get(reverse("councils:restitution", args=[made.pk])).status_code == 404


def test_what_is_told_is_not_changed_before_it_is_taken_back(cast: Cast, body: Body) -> None:
    made = a_preparation(cast, body, told=True)
    with pytest.raises(ValidationError, match="retirez-la"):
        aside_acts.write_restitution(made, said="Autre chose.", answered="Rien.")


def test_what_is_told_reaches_nobodys_telephone(cast: Cast, body: Body) -> None:
    made = a_preparation(cast, body)
    with pytest.raises(ValidationError, match="aucune coordonnée"):
        aside_acts.write_restitution(made, said="Appelez le 06 12 34 56 78", answered="Oui.")


def test_who_follows_the_quartier_is_told_once(cast: Cast, body: Body) -> None:
    follow(cast)
    made = a_preparation(cast, body, told=True)
    sent = Message.objects.filter(event__startswith="restitution.told")
    assert sent.count() == 1
    actor = cast.actor(cast.yasmine)
    aside_acts.take_back(made, actor=actor)
    assert not sent.exists()
    aside_acts.tell(made, actor=actor)
    aside_acts.tell(made, actor=actor)
    assert sent.count() <= 1


def test_the_sitting_leads_to_it_on_the_thread_once_told(cast: Cast, body: Body) -> None:
    made = a_preparation(cast, body, told=True)
    claire = cast.actor(cast.claire)
    steps = thread_of(claire, "sitting", made.sitting_id)
    assert ("restitution", made.pk) in {(step.kind, step.id) for step in steps}
    assert [one.code for one in events_of(NOBODY, "restitution", made.pk)] == ["told"]
    aside_acts.take_back(made, actor=cast.actor(cast.yasmine))
    assert not Link.objects.filter(target_kind="restitution").exists()
    assert not kind_of("restitution").rows(NOBODY).exists()


def test_it_lies_where_the_body_and_the_instance_meet(cast: Cast, body: Body) -> None:
    body.quartiers.add(cast.faubourg)
    here = a_preparation(cast, body, told=True)
    everywhere = a_preparation(cast, body, told=True, instance=cotech(cast, name="Agglomération"))
    Instance.quartiers.through.objects.filter(instance_id=everywhere.sitting.instance_id).delete()
    assert set(told_in([cast.rives.pk])) == {here, everywhere}
    assert set(told_in([cast.faubourg.pk])) == {everywhere}


def test_restitutions_are_listed_by_quartier_in_a_fixed_number_of_queries(
    cast: Cast, body: Body, client: Client, django_assert_num_queries: Any
) -> None:
    instance = cotech(cast)
    for _ in range(2):
        a_preparation(cast, body, told=True, instance=instance)
        a_preparation(cast, body, instance=instance)  # not told
        url = f"{reverse('councils:restitutions')}?quartier={cast.rives.pk}"
        with django_assert_num_queries(4):
            page: Any = client.get(url)
    assert page.content.decode().count("/participation/restitutions/") >= 2
    assert len(page.context["rows"]) == 2
    url = f"{reverse('councils:restitutions')}?quartier={cast.faubourg.pk}"
    assert not client.get(url).context["rows"]
