"""Telling those who follow: once at an address, not too often, and further ones by a task."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.notices import publishing, subscribing
from parvis.notices.digests import Line
from parvis.notices.models import DigestLine, Envelope, Message, Subscriber, Subscription
from parvis.notices.outbox import Recipient
from parvis.notices.subscribing import Topic

pytestmark = pytest.mark.django_db
IMMEDIATE = "django_tasks.backends.immediate.ImmediateBackend"
QUARTIER = Topic("quartier:3", "Rives de l’Escaut")
NEWS = Line("Réglé : éclairage", "Rue des Lilas", "https://parvis.exemple/signalements/R-1/")


def follower(email: str, topic: Topic = QUARTIER, pace: str = "now") -> Subscription:
    subscribing.subscribe(email, topic, pace=pace)
    found = Subscription.objects.get(subscriber__email=email, topic=topic.key)
    subscribing.confirm(found)
    return found


def told_at_once(event: str) -> set[str]:
    return set(Envelope.objects.filter(message__event=event).values_list("address", flat=True))


def told_tomorrow(event: str) -> set[str]:
    return set(DigestLine.objects.filter(event=event).values_list("address", flat=True))


def spoke(*emails: str) -> list[Recipient]:
    return [Recipient(f"voice:{number}", email) for number, email in enumerate(emails)]


def test_who_spoke_and_follows_is_not_told_twice_at_one_address() -> None:
    follower("lea@exemple.test")
    follower("omar@exemple.test", pace="daily")
    follower("max@exemple.test")
    told = publishing.publish(
        ["quartier:3"],
        "report.1",
        NEWS,
        told=lambda: spoke("Lea@exemple.test", "omar@exemple.test"),
    )
    assert told == 1
    assert told_at_once("report.1") == {"max@exemple.test"}
    assert told_tomorrow("report.1") == set()


def test_who_spoke_is_asked_for_only_when_somebody_follows(django_assert_num_queries) -> None:
    def asked() -> list[Recipient]:
        raise AssertionError

    with django_assert_num_queries(1):
        assert publishing.publish(["quartier:9"], "report.1", NEWS, told=asked) == 0


def test_a_flood_of_news_goes_to_the_digest() -> None:
    follower("lea@exemple.test")
    for number in range(publishing.AT_ONCE_A_DAY + 3):
        publishing.publish(["quartier:3"], f"report.{number}", NEWS)
    assert Message.objects.filter(event__startswith="report.").count() == publishing.AT_ONCE_A_DAY
    assert DigestLine.objects.count() == 3


def test_the_next_day_news_leave_at_once_again() -> None:
    follower("lea@exemple.test")
    now = timezone.now()
    for number in range(publishing.AT_ONCE_A_DAY + 1):
        publishing.publish(["quartier:3"], f"report.{number}", NEWS, now=now)
    publishing.publish(["quartier:3"], "report.next", NEWS, now=now + timedelta(days=1))
    assert told_at_once("report.next") == {"lea@exemple.test"}


def test_what_cannot_wait_is_not_kept_for_the_digest() -> None:
    follower("lea@exemple.test")
    for number in range(publishing.AT_ONCE_A_DAY):
        publishing.publish(["quartier:3"], f"report.{number}", NEWS)
    publishing.publish(["quartier:3"], "water.cut", NEWS, urgent=True)
    assert told_at_once("water.cut") == {"lea@exemple.test"}


def test_what_was_told_at_once_is_not_told_again_after_the_flood() -> None:
    follower("lea@exemple.test")
    for number in range(publishing.AT_ONCE_A_DAY):
        publishing.publish(["quartier:3"], f"report.{number}", NEWS)
    publishing.publish(["quartier:3"], "report.0", NEWS)
    assert not DigestLine.objects.exists()


def test_very_many_are_told_by_a_task_each_once(monkeypatch, settings) -> None:
    settings.TASKS = {"default": {"BACKEND": IMMEDIATE}}
    monkeypatch.setattr(publishing, "ROWS", 3)
    for number in range(10):
        follower(f"p{number}@exemple.test", pace="daily" if number % 3 else "now")
    for person in Subscriber.objects.all():  # each follows two things that hear of it
        subscribing.follow_too(person, Topic("report:1", "Un signalement"), pace="daily")
    publishing.publish(
        ["quartier:3", "report:1"], "report.1", NEWS, told=lambda: spoke("p9@exemple.test")
    )
    assert told_at_once("report.1") | told_tomorrow("report.1") == {
        f"p{number}@exemple.test" for number in range(9)
    }
    assert not told_at_once("report.1") & told_tomorrow("report.1")


def test_a_task_that_comes_after_an_undo_tells_nobody() -> None:
    follower("lea@exemple.test")
    publishing.publish(["quartier:3"], "report.1", NEWS)
    publishing.take_back("report.1")
    assert publishing.go_on(["quartier:3"], "report.1", NEWS, after=0, told=[]) == 0
    assert told_at_once("report.1") == set()


def test_all_news_of_one_thing_are_taken_back_and_no_others() -> None:
    follower("lea@exemple.test")
    follower("omar@exemple.test", pace="daily")
    for event in ("report.news:1.published", "report.news:1.8", "report.news:12.published"):
        publishing.publish(["quartier:3"], event, NEWS)
    assert publishing.take_all_back("report.news:1.") == 4
    left = Message.objects.filter(event__startswith="report.news:")
    assert set(left.values_list("event", flat=True)) == {"report.news:12.published"}


# --- Asking for several things ----------------------------------------------------------------
def test_several_things_are_asked_in_one_mail_and_confirmed_in_one_press(client) -> None:
    wanted = [QUARTIER, Topic("entrance:4", "Entrée 3"), Topic("worksite:1", "Chantier")]
    said = {"sujet": [subscribing.offer(one) for one in wanted], "email": "lea@exemple.test"}
    client.post("/abonnements/", {**said, "pace": "daily"})
    letter = Envelope.objects.get()
    assert all(one.label in letter.text and one.label in letter.html for one in wanted)
    link = f"/abonnements/{subscribing.token_of(Subscriber.objects.get())}/"
    page = client.get(link).content.decode()
    assert "Oui, me prévenir de tout" in page
    client.post(link, {"do": "confirm-all"})
    assert Subscription.objects.confirmed().count() == 3
    page = client.get(link).content.decode()
    places = [page.index(words) for words in ("Là où j’habite", "Des quartiers", "Des chantiers")]
    assert places == sorted(places)


def test_nothing_ticked_is_said_and_nothing_is_kept(client) -> None:
    page = client.post("/abonnements/", {"sujet": "", "email": "lea@exemple.test", "pace": "now"})
    assert "Rien n’était coché" in page.content.decode()
    assert not Subscriber.objects.exists()


def test_the_page_proposes_what_is_wider_and_follows_it_at_once(client, monkeypatch) -> None:
    monkeypatch.setattr(subscribing, "_widenings", [])
    subscribing.propose_with(
        lambda heard: [Topic("quartier:3", "Tout Rives")] if "quartier:3" in heard else []
    )
    mine = follower("lea@exemple.test", Topic("entrance:4", "Entrée 3", ("quartier:3",)))
    link = f"/abonnements/{subscribing.token_of(mine.subscriber)}/"
    page = client.get(link)
    ((signed, label),) = page.context["proposed"]
    assert label == "Tout Rives"
    client.post(link, {"do": "follow", "sujet": signed})
    assert Subscription.objects.confirmed().filter(topic="quartier:3").exists()
    assert client.get(link).context["proposed"] == []


def test_a_forged_proposal_is_not_followed(client) -> None:
    mine = follower("lea@exemple.test")
    link = f"/abonnements/{subscribing.token_of(mine.subscriber)}/"
    client.post(link, {"do": "follow", "sujet": "quartier:4"})
    assert Subscription.objects.count() == 1
