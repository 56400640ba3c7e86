"""Who follows a report or the place where it lies hears what the public reads, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from parvis.notices import subscribing
from parvis.notices.models import Envelope, Message, Subscription
from parvis.notices.outbox import send_due
from parvis.notices.subscribing import Topic
from parvis.partners.actors import Actor
from parvis.places import topics as places
from parvis.places.models import Building, Entrance
from parvis.reports import acts, followers
from parvis.reports.followers import every_report, report_topic, theme_topic
from parvis.reports.models import Report
from tests.cast import IN_ANZIN, IN_VALENCIENNES, Cast
from tests.reports.scene import at_point, category, filed, in_hall, make_public, only_part, sent_to

LEA, OMAR = "lea@exemple.test", "omar@exemple.test"
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def claire(town: Cast) -> Actor:
    return town.actor(town.claire)


@pytest.fixture
def karim(town: Cast) -> Actor:
    return town.actor(town.karim)


def follow(email: str, *topics: str) -> None:
    subscribing.subscribe(email, Topic(topics[0], "Un lieu", topics[1:]), pace="now")
    Subscription.objects.update(confirmed_at=timezone.now())
    Message.objects.all().delete()


def told(email: str = LEA) -> list[str]:
    rows = Envelope.objects.filter(address=email, message__event__startswith="report.news:")
    return list(rows.order_by("pk").values_list("subject", flat=True))


def show(report: Report, actor: Actor, *, public: bool = True) -> Report:
    nothing: dict[str, Any] = {"shown_photos": set(), "shown_messages": set()}
    return acts.review(report, actor=actor, public=public, text_shown=False, **nothing)


def leave() -> None:
    send_due(timezone.now() + timedelta(minutes=3))


# --- Where it is told -------------------------------------------------------------------------
def test_nobody_hears_of_a_report_before_it_was_read_and_made_public(
    town: Cast, claire: Actor, karim: Actor
) -> None:
    follow(LEA, every_report(places.of_quartier(town.rives.pk)))
    report = filed(text="Mon voisin Gaston").report
    acts.advance_part(only_part(report), "take", actor=karim)
    assert told() == []
    show(report, claire)
    (letter,) = Envelope.objects.filter(address=LEA)
    assert letter.subject.startswith("Nouveau signalement : ")
    assert "Gaston" not in letter.text + letter.html


def test_the_news_says_where_it_stands_in_the_words_of_its_page(
    town: Cast, claire: Actor, karim: Actor
) -> None:
    follow(LEA, every_report(places.of_quartier(town.rives.pk)))
    report = filed().report
    acts.advance_part(only_part(report), "doubt", actor=karim, reason="À voir sur place.")
    with translation.override("en"):
        show(report, claire)
    assert "À l’étude." in Envelope.objects.get(address=LEA).text


def test_reading_it_again_tells_nobody_again(town: Cast, claire: Actor) -> None:
    follow(LEA, every_report(places.of_quartier(town.rives.pk)))
    report = filed().report
    for public in (True, True, False, True):
        show(report, claire, public=public)
        report.refresh_from_db()
    assert len(told()) == 1


def test_an_entrance_hears_of_its_own_reports_and_the_neighbours_do_not(
    town: Cast, claire: Actor
) -> None:
    next_door = Entrance.objects.create(building=town.entrance.building, name="Entrée 5")
    follow(LEA, places.of_entrance(town.entrance.pk), places.of_residence(town.tilleuls.pk))
    follow(OMAR, places.of_entrance(next_door.pk), places.of_residence(town.tilleuls.pk))
    follow("all@exemple.test", every_report(places.of_residence(town.tilleuls.pk)))
    follow("max@exemple.test", every_report(places.of_residence(town.peupliers.pk)))
    follow("eve@exemple.test", every_report(places.of_quartier(town.faubourg.pk)))
    show(filed(in_hall(town), "parties_communes").report, claire)
    assert len(told(LEA)) == len(told("all@exemple.test")) == 1
    assert told(OMAR) == told("max@exemple.test") == told("eve@exemple.test") == []


def test_what_is_for_the_whole_residence_is_told_at_each_of_its_doors(
    town: Cast, claire: Actor
) -> None:
    from parvis.reports.placing import Place

    follow(LEA, places.of_entrance(town.entrance.pk), places.of_residence(town.tilleuls.pk))
    show(filed(Place(residence=town.tilleuls), "parties_communes").report, claire)
    assert len(told()) == 1


def test_a_building_hears_of_its_reports_and_another_one_does_not(
    town: Cast, claire: Actor
) -> None:
    from parvis.reports.placing import Place

    other = Building.objects.create(residence=town.tilleuls, name="Bâtiment B")
    follow(LEA, places.of_building(town.entrance.building_id))
    follow(OMAR, places.of_building(other.pk))
    place = Place(residence=town.tilleuls, building=town.entrance.building)
    show(filed(place, "parties_communes").report, claire)
    assert (len(told(LEA)), told(OMAR)) == (1, [])


def test_an_address_hears_of_what_is_beside_it(town: Cast, claire: Actor) -> None:
    north, east = IN_ANZIN
    follow(LEA, places.of_address(north, east))
    follow(OMAR, places.of_address(north + 0.0002, east))  # 22 metres
    follow("max@exemple.test", places.of_address(north + 0.0004, east))  # 44 metres
    follow("eve@exemple.test", places.of_address(*IN_VALENCIENNES))
    show(filed(at_point()).report, claire)
    assert len(told(LEA)) == len(told(OMAR)) == 1
    assert told("max@exemple.test") == told("eve@exemple.test") == []


def test_a_theme_is_followed_in_a_quartier(town: Cast, claire: Actor) -> None:
    theme = category().theme_code
    follow(LEA, theme_topic(theme, town.rives.pk))
    follow(OMAR, theme_topic("un_autre", town.rives.pk))
    follow("max@exemple.test", theme_topic(theme, town.faubourg.pk))
    show(filed().report, claire)
    assert (len(told(LEA)), told(OMAR), told("max@exemple.test")) == (1, [], [])


# --- What is told -----------------------------------------------------------------------------
def test_each_step_is_told_near_and_the_end_further_away(town: Cast, karim: Actor) -> None:
    report = make_public(filed().report)
    follow(LEA, report_topic(report.pk))
    follow(OMAR, every_report(places.of_quartier(town.rives.pk)))
    part = only_part(report)
    acts.advance_part(part, "take", actor=karim)
    acts.advance_part(part, "schedule", actor=karim, due_on=TOMORROW)
    acts.answer(report, actor=karim, text="L’équipe passe jeudi.")
    acts.advance_part(part, "settle", actor=karim, answer="Le trou est bouché.")
    near, far = told(LEA), told(OMAR)
    assert [subject.partition(" : ")[0] for subject in near] == [
        "Pris en charge",
        "Intervention programmée",
        "Réponse de Ville d’Anzin",
        "Réglé",
    ]
    assert [subject.partition(" : ")[0] for subject in far] == ["Réglé"]
    assert "Le trou est bouché." in Envelope.objects.filter(address=OMAR).get().text


def test_who_reported_and_follows_the_quartier_hears_once(town: Cast, karim: Actor) -> None:
    report = make_public(filed(email=LEA).report)
    follow(LEA, every_report(places.of_quartier(town.rives.pk)), report_topic(report.pk))
    acts.advance_part(only_part(report), "settle", actor=karim, answer="C’est fait.")
    leave()
    assert len(sent_to(LEA)) == 1
    assert report.reference in sent_to(LEA)[0].subject


def test_what_is_undone_is_told_to_nobody(town: Cast, karim: Actor) -> None:
    report = make_public(filed().report)
    follow(LEA, report_topic(report.pk))
    for step, given in (("take", {}), ("settle", {"answer": "C’est fait."})):
        part = acts.advance_part(only_part(report), step, actor=karim, **given)
        assert len(told()) == 1
        acts.undo_part(part, actor=karim)
        assert told() == []


def test_a_closing_that_was_too_early_is_not_told(town: Cast, karim: Actor) -> None:
    voice = filed(email=OMAR)
    report = make_public(voice.report)
    follow(LEA, report_topic(report.pk))
    acts.advance_part(only_part(report), "settle", actor=karim, answer="C’est fait.")
    acts.say_not_yet(voice)
    assert [subject.partition(" : ")[0] for subject in told()] == ["Signalement rouvert"]


# --- What must not be told any more -----------------------------------------------------------
def test_what_waits_about_a_report_that_is_hidden_does_not_leave(
    town: Cast, claire: Actor, karim: Actor
) -> None:
    report = filed().report
    follow(LEA, report_topic(report.pk))
    show(report, claire)
    acts.advance_part(only_part(report), "take", actor=karim)
    assert len(told()) == 2
    show(report, claire, public=False)
    assert told() == []
    acts.advance_part(only_part(report), "schedule", actor=karim, due_on=TOMORROW)
    assert told() == []


def test_what_waits_about_a_report_that_is_withdrawn_does_not_leave(
    town: Cast, claire: Actor
) -> None:
    voice = filed()
    follow(LEA, report_topic(voice.report_id))
    show(voice.report, claire)
    assert len(told()) == 1
    acts.withdraw(voice)
    assert told() == []


def test_what_waits_about_a_report_that_joins_another_does_not_leave_twice(
    town: Cast, claire: Actor, karim: Actor
) -> None:
    source, target = filed().report, make_public(filed().report)
    follow(LEA, report_topic(source.pk))
    show(source, claire)
    acts.merge_reports(source, target, actor=claire)
    assert told() == []
    acts.advance_part(only_part(target), "take", actor=karim)
    assert len(told()) == 1  # its followers hear of the one that it joined


def test_a_report_that_moves_to_a_private_category_is_told_no_more(
    town: Cast, claire: Actor
) -> None:
    hidden = next(one for one in type(category()).objects.all() if not one.may_be_public)
    report = filed(in_hall(town), "parties_communes").report
    follow(LEA, report_topic(report.pk))
    show(report, claire)
    acts.recategorise(report, actor=claire, category=hidden)
    assert told() == []


def test_a_report_of_a_dwelling_is_told_to_nobody(town: Cast) -> None:
    report = filed().report
    report.private = True
    assert not followers.is_told(report)


def test_the_past_is_told_to_nobody(town: Cast, karim: Actor) -> None:
    past = timezone.now() - timedelta(days=3)
    report = make_public(filed(now=past).report)
    follow(LEA, report_topic(report.pk))
    acts.advance_part(only_part(report), "take", actor=karim, now=past + timedelta(hours=2))
    assert told() == []


# --- The page ---------------------------------------------------------------------------------
def test_the_page_of_a_public_report_offers_to_follow_it(town: Cast, client: Client) -> None:
    report = make_public(filed().report)
    page = client.get(f"/signalements/{report.reference}/")
    signed = page.context["followed_at"].partition("sujet=")[2]
    topic = subscribing.offered(signed)
    assert topic is not None
    assert topic.key == report_topic(report.pk)
    assert page.context["followed_at"] in page.content.decode().replace("&amp;", "&")


def test_a_report_that_is_not_public_is_not_offered(town: Cast) -> None:
    assert followers.followed_at(filed().report) == ""


def test_telling_costs_the_same_for_one_and_for_twenty(
    town: Cast, karim: Actor, django_assert_max_num_queries: Any
) -> None:
    report = make_public(filed().report)
    for number in range(20):
        follow(f"p{number}@exemple.test", report_topic(report.pk))
    part = only_part(report)
    loaded = Report.objects.select_related("category").get(pk=report.pk)
    with django_assert_max_num_queries(9):
        followers.tell_step("take", loaded, part)
    assert len(told("p7@exemple.test")) == 1
