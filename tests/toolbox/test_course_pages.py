"""The list and the page of courses, their materials, papers and calendars."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.toolbox import course_acts as acts
from parvis.toolbox.course_events import token_of
from parvis.toolbox.course_materials import choose_material
from parvis.toolbox.models import Course, CourseDate, Enrolment
from parvis.upkeep.models import Theme
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible, page_count
from tests.figures.counting import counted
from tests.gatherings.scene import in_days
from tests.toolbox.course_scene import a_course, a_workshop, partner, resident
from tests.toolbox.scene import a_paper, a_sheet


def titles(client: Client, **asked: Any) -> set[str]:
    answer = client.get(reverse("toolbox:courses"), asked)
    return {line["course"].title for line in answer.context["lines"]}


def test_the_list_is_cut_down_by_public_theme_quartier_and_time(cast: Cast, client: Client) -> None:
    theme = Theme.objects.create(code="proprete", version=1, label="Propreté", domain="dechets")
    a_course(cast, title="Pour tous les quartiers", themes=[theme])
    a_workshop(cast, title="Aux Rives")
    a_workshop(cast, title="Au Faubourg", quartiers=[cast.faubourg])
    long_ago = in_days(-40)
    a_workshop(cast, title="Hier", days=(-1,), public=False)
    Course.objects.filter(title="Hier").update(published_at=long_ago)
    assert titles(client) == {"Pour tous les quartiers", "Aux Rives", "Au Faubourg"}
    assert titles(client, passes="1") == {"Hier"}
    assert titles(client, pour="field") == {"Pour tous les quartiers"}
    assert titles(client, nature="workshop") == {"Aux Rives", "Au Faubourg"}
    assert titles(client, theme="proprete") == {"Pour tous les quartiers"}
    assert titles(client, quartier=cast.rives.pk) == {"Pour tous les quartiers", "Aux Rives"}
    assert len(titles(client, theme="rien", page="x")) == 3


def test_each_date_of_a_seat_stands_on_its_own_line(cast: Cast, client: Client) -> None:
    made = resident(a_workshop(cast, days=(7, 14)))
    page = client.get(reverse("toolbox:course_seat", args=[token_of(made)])).content.decode()
    assert page.count("<li><time ") == 2


def crowd(cast: Cast, course: Course, number: int) -> None:
    """Many courses more, each with a date, and many people in this one."""
    made = Course.objects.bulk_create(
        Course(
            organiser=cast.town,
            nature="training",
            audience="field",
            title=f"Formation {one}",
            hours=2,
            seats=12,
            changed_at=in_days(0),
            published_at=in_days(0),
            starts_at=in_days(20),
            ends_at=in_days(20, 2),
        )
        for one in range(number)
    )
    gathering = type(course.dates.first().gathering)  # type: ignore[union-attr]
    held = gathering.objects.bulk_create(
        gathering(
            kind="cours",
            title=one.title,
            organiser=cast.town,
            starts_at=in_days(20),
            ends_at=in_days(20, 2),
            changed_at=in_days(0),
        )
        for one in made
    )
    CourseDate.objects.bulk_create(
        CourseDate(course=one, gathering=date, number=1)
        for one, date in zip(made, held, strict=True)
    )
    first = course.enrolments.count() + 1
    ranks = range(first, first + number)
    Enrolment.objects.bulk_create(
        Enrolment(
            course=course, rank=rank, state="seated", at=in_days(0), organisation=cast.landlord
        )
        for rank in ranks
    )


@pytest.mark.parametrize("who", ["", "luc", "karim"])
def test_pages_ask_the_same_with_ten_rows_and_with_hundreds(
    cast: Cast, client: Client, who: str
) -> None:
    if who:
        client.force_login(cast.people[who])
    course = a_course(cast)
    partner(cast, course, "luc")
    crowd(cast, course, 10)
    names = ["course", *(["course_people"] if who == "karim" else [])]
    urls = [reverse("toolbox:courses"), *(reverse(f"toolbox:{n}", args=[course.pk]) for n in names)]
    if who:
        urls.append(reverse("toolbox:course_mine"))

    def asked() -> list[int]:
        found = []
        for url in urls:
            client.get(url)
            with counted() as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    few = asked()
    crowd(cast, course, 500)
    assert asked() == few
    assert max(few) <= 30


def test_materials_are_for_who_enrolled_until_a_published_sheet_offers_them(
    cast: Cast, client: Client
) -> None:
    course, sheet = a_course(cast), a_sheet(cast)
    paper = a_paper(sheet, shown=False)
    karim = cast.actor(cast.karim)
    choose_material(course, "fiche", sheet.pk, actor=karim, adds=True)
    choose_material(course, "document", paper.pk, actor=karim, adds=True)
    made = partner(cast, course, "luc")
    page = reverse("toolbox:course", args=[course.pk])
    words = client.get(page).content.decode()
    assert sheet.title in words
    assert paper.title not in words
    own = reverse("toolbox:course_paper", args=[course.pk, paper.pk])
    by_link = reverse("toolbox:course_seat_paper", args=[token_of(made), paper.pk])
    assert client.get(by_link).status_code == 200
    for who, status in ((cast.paul, 403), (cast.luc, 200), (cast.sofia, 200)):
        client.force_login(who)
        assert client.get(own).status_code == status, who
    sheet.unpublish()
    client.force_login(cast.paul)
    assert sheet.title not in client.get(page).content.decode()
    client.force_login(cast.sofia)
    other = a_paper(sheet, shown=False, title="Autre")
    assert (
        client.get(reverse("toolbox:course_paper", args=[course.pk, other.pk])).status_code == 404
    )


def test_a_document_of_others_goes_with_the_sheet_that_offered_it(
    cast: Cast, client: Client
) -> None:
    course, sheet = a_course(cast), a_sheet(cast, of=cast.landlord)
    theirs = a_paper(sheet, shown=True, title="Plan des halls")
    choose_material(course, "document", theirs.pk, actor=cast.actor(cast.karim), adds=True)
    made = partner(cast, course, "luc")
    seat = reverse("toolbox:course_seat", args=[token_of(made)])
    by_link = reverse("toolbox:course_seat_paper", args=[token_of(made), theirs.pk])
    own = reverse("toolbox:course_paper", args=[course.pk, theirs.pk])
    page = reverse("toolbox:course", args=[course.pk])
    client.force_login(cast.sofia)
    assert theirs.title in client.get(page).content.decode()
    assert client.get(by_link).status_code == 200
    sheet.unpublish()
    assert client.get(by_link).status_code == 404
    assert client.get(own).status_code == 404
    assert theirs.title not in client.get(page).content.decode()
    assert theirs.title not in client.get(seat).content.decode()


def test_a_draft_of_others_is_no_material(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    draft = a_sheet(cast, published=False, title="Brouillon de la ville")
    secret = a_paper(a_sheet(cast, of=cast.landlord, published=False), shown=False, title="Privé")
    client.force_login(cast.karim)
    url = reverse("toolbox:course_materials", args=[course.pk])
    words = client.get(url).content.decode()
    assert draft.title not in words
    assert secret.title not in words
    client.post(url, {"quoi": "fiche", "numero": draft.pk, "geste": "ajouter"})
    client.post(url, {"quoi": "document", "numero": secret.pk, "geste": "ajouter"})
    assert not course.sheets.exists()
    assert not course.papers.exists()


def test_the_calendar_has_every_date_and_says_which_is_called_off(
    cast: Cast, client: Client
) -> None:
    course = a_course(cast)
    acts.drop_date(course.dates.get(number=2), actor=cast.actor(cast.karim), reason="Grève.")
    words = client.get(reverse("toolbox:course_calendar", args=[course.pk])).content.decode()
    assert words.count("BEGIN:VEVENT") == 3
    assert words.count("STATUS:CANCELLED") == 1


def test_the_poster_is_one_accessible_page_however_much_is_said(cast: Cast, client: Client) -> None:
    course = a_course(
        cast,
        days=tuple(range(3, 15)),
        title="T" * 140,
        summary="Un long mot. " * 22,
        objectives="Savoir faire une chose utile, et une autre encore.\n" * 30,
        trainers="Une organisation au nom long, chargée de mission\n" * 12,
        contact="Maison du projet, 03 00 00 00 00",
        seats=12,
        closes_at=in_days(2),
    )
    answer = client.get(reverse("toolbox:course_poster", args=[course.pk]))
    assert_accessible(answer.content)
    assert page_count(answer.content) == 1


def test_somebody_who_called_is_added_by_the_organiser(cast: Cast, client: Client) -> None:
    course = a_workshop(cast, seats=1)
    client.force_login(cast.sofia)
    url = reverse("toolbox:course_people", args=[course.pk])
    client.post(url, {"name": "Mona", "phone": "0612345678"})
    resident(course)
    words = client.get(url).content.decode()
    assert "À prévenir par téléphone" in words
    assert [one.name for one in Enrolment.objects.order_by("rank")] == ["Mona", "Habitant 1"]


def test_who_waits_reads_how_many_wait_before(cast: Cast, client: Client) -> None:
    course = a_course(cast, seats=1)
    for who in ("ines", "paul", "luc"):
        partner(cast, course, who)
    told = {}
    for who in ("paul", "luc"):
        client.force_login(cast.people[who])
        told[who] = client.get(reverse("toolbox:course", args=[course.pk])).content.decode()
    assert "sur la liste d’attente, à la première place" in told["paul"]
    assert "1\xa0personne attend avant vous" in told["luc"]
