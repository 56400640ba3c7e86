"""Following something by e-mail: asking, saying yes, hearing of it, stopping."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from parvis.notices import outbox, publishing, subscribing
from parvis.notices.digests import Line
from parvis.notices.models import DigestLine, Envelope, Message, Subscriber, Subscription
from parvis.notices.subscribing import Topic

pytestmark = pytest.mark.django_db

WORKSITE = Topic("worksite:12", "Chantier de la rue des Lilas")
RESIDENCE = Topic("residence:5", "Les Tilleuls")
NEWS = Line("L’eau sera coupée mardi", "De 9 h à 12 h.", "https://parvis.test/chantiers/12/")


def follower(email="lea@exemple.test", topic=WORKSITE, pace="now"):
    subscribing.subscribe(email, topic, pace=pace)
    found = Subscription.objects.get(subscriber__email=email, topic=topic.key)
    subscribing.confirm(found)
    found.refresh_from_db()
    return found


def letters(event):
    return Envelope.objects.filter(message__event=event)


def test_nobody_is_told_before_they_said_yes():
    subscribing.subscribe("Lea@Exemple.test ", WORKSITE, pace="now")
    assert publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS) == 0
    question = Envelope.objects.get()
    assert question.address == "lea@exemple.test"
    assert WORKSITE.label in question.text


def test_a_link_of_the_question_leads_back_to_the_subscriber():
    subscribing.subscribe("lea@exemple.test", WORKSITE, pace="now")
    subscriber = Subscriber.objects.get()
    token = subscribing.token_of(subscriber)
    assert f"/abonnements/{token}/" in Envelope.objects.get().text
    assert subscribing.subscriber_from_token(token) == subscriber


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "9" + t, lambda t: "", str.upper])
def test_a_link_that_is_not_ours_leads_nowhere(spoil):
    token = subscribing.token_of(follower().subscriber)
    assert subscribing.subscriber_from_token(spoil(token)) is None


def test_asking_twice_the_same_day_writes_once():
    for _ in range(2):
        subscribing.subscribe("lea@exemple.test", WORKSITE, pace="now")
    assert Subscription.objects.count() == Message.objects.count() == 1


def test_a_stranger_cannot_flood_an_address_with_questions():
    for number in range(subscribing.UNCONFIRMED_AT_MOST + 4):
        subscribing.subscribe("lea@exemple.test", Topic(f"quartier:{number}", "Q"), pace="now")
    assert Message.objects.count() == subscribing.UNCONFIRMED_AT_MOST


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ValidationError):
        subscribing.subscribe("personne", WORKSITE, pace="now")
    assert not Subscriber.objects.exists()


def test_only_what_our_pages_offered_can_be_followed():
    assert subscribing.offered(subscribing.offer(WORKSITE)) == WORKSITE
    assert subscribing.offered("worksite:12") is None
    assert subscribing.offered(subscribing.offer(WORKSITE)[:-2]) is None


def test_who_wants_each_piece_of_news_hears_of_it_with_a_link_to_stop():
    lea, omar = follower(), follower("omar@exemple.test")
    assert publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS) == 2
    mail = letters("worksite.cut:1").get(address="lea@exemple.test")
    assert mail.subject == NEWS.title
    assert NEWS.url in mail.text
    assert NEWS.url in mail.html
    for words in (mail.text, mail.html):
        assert subscribing.link_of(lea.subscriber) in words
        assert subscribing.link_of(omar.subscriber) not in words


def test_who_follows_a_residence_hears_of_its_quartier_too():
    follower(topic=Topic("residence:5", "Les Tilleuls", ("quartier:3",)))
    assert publishing.publish(["quartier:3"], "gathering.published:1", NEWS) == 1
    assert publishing.publish(["quartier:4"], "gathering.published:2", NEWS) == 0


def test_who_follows_something_else_hears_nothing():
    follower(topic=RESIDENCE)
    assert publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS) == 0


def test_an_event_of_two_topics_is_told_once():
    follower(topic=WORKSITE, pace="daily")
    follower(topic=RESIDENCE, pace="now")
    topics = [WORKSITE.key, RESIDENCE.key]
    assert publishing.publish(topics, "worksite.cut:1", NEWS) == 1
    assert letters("worksite.cut:1").count() == 1
    assert not DigestLine.objects.exists()


def test_publishing_again_tells_nobody_again():
    follower(pace="now")
    follower("omar@exemple.test", pace="daily")
    for _ in range(2):
        publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS)
    assert letters("worksite.cut:1").count() == DigestLine.objects.count() == 1


def test_what_was_published_by_mistake_is_taken_back():
    follower(pace="now")
    follower("omar@exemple.test", pace="daily")
    publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS)
    assert publishing.take_back("worksite.cut:1") == 2
    assert not letters("worksite.cut:1").exists()
    assert not DigestLine.objects.exists()


def test_publishing_costs_the_same_for_one_and_for_fifty(django_assert_num_queries):
    for number in range(50):
        follower(f"p{number}@exemple.test", pace="now" if number % 2 else "daily")
    with django_assert_num_queries(
        7
    ):  # who follows, two inserts of messages, one count, one of lines
        assert publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS) == 50


def test_stopping_the_last_one_erases_the_address_and_what_waits():
    first, second = follower(pace="now"), follower(topic=RESIDENCE, pace="daily")
    subscriber = first.subscriber
    publishing.publish([RESIDENCE.key], "residence.cut:1", NEWS)
    assert not subscribing.unsubscribe(subscriber, [first])
    assert Subscriber.objects.exists()
    assert subscribing.unsubscribe(subscriber, [second])
    assert not Subscriber.objects.exists()
    assert not DigestLine.objects.exists()
    assert not Envelope.objects.exists()


def test_nobody_stops_what_another_follows():
    mine, theirs = follower(), follower("omar@exemple.test")
    subscribing.unsubscribe(mine.subscriber, [theirs])
    assert Subscription.objects.filter(pk=theirs.pk).exists()


def test_what_nobody_confirms_is_erased_after_a_week():
    now = timezone.now()
    kept = follower("omar@exemple.test")
    subscribing.subscribe("lea@exemple.test", WORKSITE, pace="now", now=now)
    assert subscribing.forget_unconfirmed(now + timedelta(days=6)) == 0
    assert subscribing.forget_unconfirmed(now + timedelta(days=8)) == 1
    assert list(Subscriber.objects.all()) == [kept.subscriber]
    assert not Envelope.objects.filter(address="lea@exemple.test").exists()


def test_forgetting_a_person_takes_their_lines_away():
    subscription = follower(pace="daily")
    publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS)
    outbox.forget(subscription.subscriber.key)
    assert not DigestLine.objects.exists()


# --- Pages ------------------------------------------------------------------------------------


def test_a_resident_asks_on_a_page_and_says_yes_by_the_link(client):
    signed = subscribing.offer(WORKSITE)
    page = client.get("/abonnements/", {"sujet": signed}).content.decode()
    assert WORKSITE.label in page
    said = {"sujet": signed, "email": "lea@exemple.test", "pace": "daily"}
    answer = client.post("/abonnements/", said)
    assert answer["Location"] == "/abonnements/demande/"
    subscription = Subscription.objects.get()
    link = f"/abonnements/{subscribing.token_of(subscription.subscriber)}/"
    assert client.get(link)["Cache-Control"] == "private, no-store"
    subscription.refresh_from_db()
    assert subscription.confirmed_at is None  # reading writes nothing
    client.post(link, {"do": "confirm", "subscription": subscription.pk})
    subscription.refresh_from_db()
    assert subscription.confirmed_at
    client.post(link, {"do": "pace", "subscription": subscription.pk, "pace": "now"})
    subscription.refresh_from_db()
    assert subscription.pace == "now"
    answer = client.post(link, {"do": "stop", "subscription": subscription.pk})
    assert answer["Location"] == "/abonnements/fin/"
    assert not Subscriber.objects.exists()
    assert client.get(link).status_code == 404


def test_a_machine_that_fills_everything_in_is_not_listened_to(client):
    said = {"sujet": subscribing.offer(WORKSITE), "email": "lea@exemple.test", "pace": "now"}
    client.post("/abonnements/", {**said, "website": "http://exemple.test"})
    client.post("/abonnements/", {**said, "sujet": "worksite:12"})
    assert not Subscriber.objects.exists()


def test_an_error_is_said_and_what_was_typed_is_kept(client):
    said = {"sujet": subscribing.offer(WORKSITE), "email": "lea", "pace": "now"}
    page = client.post("/abonnements/", said).content.decode()
    assert 'value="lea"' in page
    assert WORKSITE.label in page
