"""What is printed for a walk: the book, the sheet for pictures, the poster, the letters."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.gatherings.acts import publish_gathering, register_person
from parvis.gatherings.models import Gathering
from parvis.walks import inviting, planning
from parvis.walks.links import address_of
from parvis.walks.models import Stop, Walk
from parvis.walks.paper_book import book_of
from tests.cast import IN_ANZIN, Cast
from tests.documents.pdfs import assert_accessible, page_count
from tests.figures.counting import counted
from tests.reports.scene import at_point, filed, make_public
from tests.walks.scene import a_check, a_walk, again, called

PAPERS = ("book", "consent", "poster")


def paper(client: Client, walk: Walk, name: str = "book", query: str = "") -> bytes:
    answer = client.get(reverse(f"walks:{name}", args=[walk.pk]) + query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    content = bytes(answer.content)
    assert_accessible(content)
    return content


def said(walk: Walk, actor: Any) -> dict[str, Any]:
    """What the book says to this actor."""
    rows = walk.stops.select_related("residence").prefetch_related("checks")
    return book_of(walk, actor, list(rows), None)


def longest(cast: Cast) -> Walk:
    """Ten stops with the longest words, as far as each field lets them be."""
    walk = a_walk(
        cast,
        stops=False,
        title=("Mot long " * 18)[:160].strip(),
        purpose="Regarder. " * 199,
        place_label=("Devant la maison " * 12)[:200].strip(),
    )
    for number in range(10):
        planning.add_stop(
            walk,
            actor=cast.actor(cast.claire),
            kind="rue",
            title=("Très long titre d’arrêt " * 5)[:120],
            note=("Regarder la chaussée. " * 46)[:1000],
            latitude=IN_ANZIN[0] + number * 0.0008,
            longitude=IN_ANZIN[1] + (number % 3) * 0.001,
        )
    return walk


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("claire", 200),
        ("karim", 200),
        ("luc", 200),
        ("rose", 200),  # the association is called, she reads for it
        ("paul", 404),
        ("bruno", 404),
        ("nadia", 404),
        ("theo", 403),
        ("", 302),
    ],
)
def test_a_paper_is_for_who_follows_the_walk(
    cast: Cast, client: Client, name: str, who: str, status: int
) -> None:
    walk = called(cast)
    if who:
        client.force_login(cast.people[who])
    assert client.get(reverse(f"walks:{name}", args=[walk.pk])).status_code == status


def test_an_organisation_that_is_chosen_but_not_called_prints_nothing(
    cast: Cast, client: Client
) -> None:
    walk = a_walk(cast)
    inviting.choose_guests(walk, [cast.landlord], among=[cast.landlord])
    client.force_login(cast.luc)
    for name in PAPERS:
        assert client.get(reverse(f"walks:{name}", args=[walk.pk])).status_code == 404


def test_the_book_holds_a_page_for_each_stop(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    # Head, route, three stops, the way between them, the checklist.
    assert page_count(paper(client, called(cast))) == 7


@pytest.mark.parametrize("stops", [True, False])
def test_a_book_without_stops_or_without_points_prints_too(
    cast: Cast, client: Client, stops: bool
) -> None:
    walk = a_walk(cast, stops=stops)
    Stop.objects.filter(walk=walk).update(latitude=None, longitude=None)
    client.force_login(cast.claire)
    for name in ("book", "poster"):
        paper(client, again(walk), name)


def test_ten_stops_with_the_longest_words_print(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    walk = longest(cast)
    assert page_count(paper(client, walk)) < 30
    assert page_count(paper(client, walk, "poster")) == 1


def test_the_book_of_a_called_landlord_leaves_out_a_report_that_it_may_not_see(
    cast: Cast,
) -> None:
    report = filed(at_point(IN_ANZIN)).report  # not public yet; the town's, not the landlord's
    walk = called(cast)
    a_check(walk, ("report", report.pk), cast)
    shown = {
        name: [one["title"] for one in said(walk, cast.actor(person))["stops"][0]["checks"]]
        for name, person in (("claire", cast.claire), ("luc", cast.luc))
    }
    assert len(shown["claire"]) == 1
    assert shown["luc"] == []


def test_a_thing_to_check_has_three_boxes_with_words(cast: Cast) -> None:
    report = make_public(filed(at_point(IN_ANZIN)).report)
    walk = called(cast)
    a_check(walk, ("report", report.pk), cast)
    [check] = said(walk, cast.actor(cast.luc))["stops"][0]["checks"]
    assert check["kind"] == "Signalement"
    assert len(check["words"]) == 3
    assert all(word[0].isupper() for word in check["words"])


def test_the_link_stands_on_the_book_of_who_may_note_alone(cast: Cast) -> None:
    walk = called(cast)
    assert said(walk, cast.actor(cast.luc))["address"] == address_of(walk)
    reader = a_walk(cast)  # nobody is called: karim reads it, it lies in his town
    assert said(reader, cast.actor(cast.karim))["address"] == ""
    assert said(reader, cast.actor(cast.claire))["address"] == address_of(reader)


def test_names_of_residents_stand_on_the_book_of_who_organises_alone(cast: Cast) -> None:
    walk = called(cast, entry=Gathering.Entry.REGISTERED)
    publish_gathering(walk.gathering, actor=cast.actor(cast.claire))
    person = register_person(again(walk).gathering, name="Léa", email="lea@exemple.test")
    planning.give_role(walk, "photo", registration=person)

    def photographer(actor: Any) -> str:
        words = said(walk, actor)
        assert words["registered"].startswith("1")
        return next(one["who"] for one in words["roles"] if one["who"])

    assert photographer(cast.actor(cast.claire)) == "Léa"
    assert photographer(cast.actor(cast.luc)) == "une personne inscrite"


def test_a_book_asks_the_same_whatever_the_number_of_stops(cast: Cast, client: Client) -> None:
    client.force_login(cast.claire)
    small, large = called(cast), longest(cast)
    report = make_public(filed(at_point(IN_ANZIN)).report)
    a_check(small, ("report", report.pk), cast)
    for stop in large.stops.all():
        stop.checks.create(thing_kind="report", thing_id=report.pk, organisation=cast.agglomeration)
    with counted() as few:
        paper(client, small)
    with counted() as many:
        paper(client, large)
    assert len(few) == len(many)


def test_the_sheet_for_a_minor_is_signed_by_the_parents(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    walk = called(cast)
    for query in ("", "?pour=mineur"):
        assert page_count(paper(client, walk, "consent", query)) == 1
    answer = client.get(reverse("walks:consent", args=[walk.pk]), {"pour": "mineur"})
    assert "mineur" in answer["Content-Disposition"]


def test_a_letter_is_for_who_no_message_reaches(cast: Cast, client: Client) -> None:
    from parvis.partners.models import Organisation

    client.force_login(cast.claire)
    walk = called(cast)
    url = reverse("walks:letters", args=[walk.pk])
    answer = client.get(url, follow=True)
    assert "pas de lettre" in answer.content.decode()
    silent = [
        Organisation.objects.create(kind="association", name=f"Amicale {number}")
        for number in range(2)
    ]
    inviting.choose_guests(walk, silent, among=silent)
    assert "pas de lettre" in client.get(url, follow=True).content.decode()  # not called yet
    inviting.convene(walk, actor=cast.actor(cast.claire))
    content = paper(client, walk, "letters")
    assert page_count(content) == 2
    client.force_login(cast.luc)
    assert client.get(url).status_code == 403


def test_residents_read_a_poster_and_a_letter_that_say_what_is_looked_at(
    cast: Cast, client: Client
) -> None:
    walk = called(cast)
    for name in ("poster", "letter"):
        url = reverse(f"gatherings:{name}", args=[walk.gathering_id])
        assert client.get(url).status_code == 404
    inviting.welcome_residents(walk, actor=cast.actor(cast.claire))
    assert again(walk).gathering.summary == walk.purpose
    for name in ("poster", "letter"):
        content = client.get(reverse(f"gatherings:{name}", args=[walk.gathering_id])).content
        assert_accessible(content)
        assert page_count(content) == 1


def test_the_attendance_sheet_of_a_walk_is_for_who_organises(cast: Cast, client: Client) -> None:
    walk = called(cast)
    url = reverse("gatherings:sheet", args=[walk.gathering_id])
    client.force_login(cast.luc)
    assert client.get(url).status_code == 403
    client.force_login(cast.claire)
    assert_accessible(client.get(url).content)
