"""Planning a course on several dates, publishing it, moving a date, calling it off."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from parvis.gatherings.models import Gathering
from parvis.notices.models import Envelope
from parvis.thread.models import Event
from parvis.thread.reading import rows_lying, thread_of
from parvis.thread.register import Order, Where, makings
from parvis.toolbox import course_acts as acts
from parvis.toolbox.models import Course
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.toolbox.course_scene import a_course, a_date, a_workshop, partner, resident


def events_of(course: Course) -> list[str]:
    rows = Event.objects.filter(thing_kind="course", thing_id=course.pk).order_by("pk")
    return list(rows.values_list("code", flat=True))


def fields(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "nature": "workshop",
        "audience": "residents",
        "title": "Composter en pied d’immeuble",
        "hours": "2,5",
        "share": "100",
        "quartiers": [cast.rives.pk],
        **more,
    }


def test_a_course_is_planned_dated_published_and_read_by_everybody(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.karim)
    client.post(reverse("toolbox:course_new"), fields(cast))
    made = Course.objects.get()
    assert (made.organiser, made.coordination, made.hours) == (cast.town, cast.agglomeration, 2.5)
    page = reverse("toolbox:course", args=[made.pk])
    client.post(reverse("toolbox:course_publish", args=[made.pk]))
    assert Client().get(page).status_code == 404  # without a date nothing is published
    said = {"starts_at": "2030-05-06T18:00", "ends_at": "2030-05-06T20:30", "place_label": "Salle"}
    client.post(reverse("toolbox:course_date_new", args=[made.pk]), said)
    client.post(reverse("toolbox:course_publish", args=[made.pk]))
    made.refresh_from_db()
    assert made.starts_at is not None
    assert made.starts_at.isoformat() == "2030-05-06T16:00:00+00:00"  # in Paris, 18 h
    words = Client().get(page).content.decode()
    assert "Composter en pied d’immeuble" in words
    assert "Je m’inscris" in words
    assert events_of(made) == ["planned", "published"]


def test_a_draft_is_on_no_page_list_or_paper_for_others(cast: Cast, client: Client) -> None:
    course = a_course(cast, public=False)
    names = ("course", "course_poster", "course_calendar")
    urls = [reverse(f"toolbox:{name}", args=[course.pk]) for name in names]
    for who, status in ((cast.nadia, 404), (cast.luc, 404), (cast.claire, 200), (cast.sofia, 200)):
        client.force_login(who)
        assert {client.get(url).status_code for url in urls} == {status}, who
        listed = client.get(reverse("toolbox:courses")).content.decode()
        assert (course.title in listed) == (status == 200)
    client.logout()
    assert {client.get(url).status_code for url in urls} == {404}
    gathering = course.dates.first().gathering  # type: ignore[union-attr]
    assert client.get(reverse("gatherings:gathering", args=[gathering.pk])).status_code == 404


def test_only_its_organiser_changes_it(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    url = reverse("toolbox:course_edit", args=[course.pk])
    for who, status in ((cast.sofia, 200), (cast.claire, 403), (cast.nadia, 403), (cast.luc, 403)):
        client.force_login(who)
        assert client.get(url).status_code == status, who


def test_dates_are_numbered_by_day_and_give_the_course_its_span(cast: Cast) -> None:
    course = a_course(cast, days=(10, 24))
    date = a_date(cast, course, 17)
    course.refresh_from_db()
    assert date.number == 2
    spans = [one.gathering for one in course.dates.order_by("number")]
    assert (course.starts_at, course.ends_at) == (spans[0].starts_at, spans[2].ends_at)
    assert {one.published_at is not None for one in spans} == {True}


def test_a_date_sends_to_the_programme_and_takes_nobody_by_itself(
    cast: Cast, client: Client
) -> None:
    course = a_workshop(cast)
    gathering = course.dates.get().gathering
    page = reverse("gatherings:gathering", args=[gathering.pk])
    words = client.get(page).content.decode()
    assert reverse("toolbox:course", args=[course.pk]) in words
    assert "Entrée libre" not in words
    client.post(f"{page}inscription/", {"name": "Léa", "email": "lea@exemple.test"})
    assert not gathering.registrations.exists()


def test_dates_of_a_training_of_field_actors_reach_no_quartier(cast: Cast) -> None:
    training = a_course(cast, quartiers=[cast.rives])
    workshop = a_workshop(cast)
    assert not training.dates.filter(gathering__quartiers=cast.rives).exists()
    assert workshop.dates.filter(gathering__quartiers=cast.rives).exists()


def test_a_date_moved_twice_is_told_once_as_it_stands(cast: Cast) -> None:
    course = a_course(cast, seats=1)
    partner(cast, course, "luc")
    partner(cast, course, "paul")
    Envelope.objects.all().delete()
    karim, date = cast.actor(cast.karim), course.dates.get(number=2)
    acts.change_date(date, actor=karim, place_label="Salle bleue")
    acts.change_date(date, actor=karim, place_label="Salle verte")
    told = {one.address: one.text for one in Envelope.objects.all()}
    assert sorted(told) == ["luc@exemple.test", "paul@exemple.test"]
    assert all("Salle verte" in text and "Salle bleue" not in text for text in told.values())
    assert "liste d’attente" in told["paul@exemple.test"]


def test_a_word_corrected_tells_nobody(cast: Cast) -> None:
    course = a_course(cast)
    partner(cast, course, "luc")
    Envelope.objects.all().delete()
    acts.change_course(course, actor=cast.actor(cast.karim), title="Accueillir un locataire")
    assert not Envelope.objects.exists()
    titles = Gathering.objects.filter(course_date__course=course).values_list("title", flat=True)
    assert set(titles) == {"Accueillir un locataire"}


def test_one_date_is_called_off_and_the_last_one_is_not(cast: Cast) -> None:
    course = a_course(cast, days=(10, 17))
    first, last = course.dates.order_by("number")
    acts.drop_date(first, actor=cast.actor(cast.karim), reason="La salle est prise.")
    course.refresh_from_db()
    assert course.starts_at == last.gathering.starts_at
    with pytest.raises(acts.Refused):
        acts.drop_date(last, actor=cast.actor(cast.karim), reason="La salle est prise.")
    assert course.dates.count() == 2


def test_a_course_called_off_says_why_and_tells_once(cast: Cast, client: Client) -> None:
    course = a_workshop(cast, days=(5, 12))
    resident(course)
    Envelope.objects.all().delete()
    client.force_login(cast.karim)
    url = reverse("toolbox:course_cancel", args=[course.pk])
    assert client.post(url, {"reason": " "}).status_code == 200
    client.post(url, {"reason": "Trop peu d’inscrits."})
    client.post(url, {"reason": "Encore."})
    course.refresh_from_db()
    assert course.reason == "Trop peu d’inscrits."
    assert not course.dates.filter(gathering__cancelled_at=None).exists()
    mail = Envelope.objects.get()
    assert "Trop peu d’inscrits." in mail.text
    assert events_of(course)[-1] == "cancelled"


def test_the_database_wants_a_reason_for_a_course_called_off(cast: Cast) -> None:
    course = a_course(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(cancelled_at=in_days(0))
    with pytest.raises(ValidationError, match="après leur ouverture"):
        acts.change_course(
            course, actor=cast.actor(cast.karim), opens_at=in_days(3), closes_at=in_days(2)
        )


def test_a_course_is_made_from_a_decision_and_stands_on_the_thread(cast: Cast) -> None:
    karim = cast.actor(cast.karim)
    assert "course" not in [one.code for one in makings(cast.actor(cast.rose))]
    (making,) = [one for one in makings(karim) if one.code == "course"]
    order = Order(
        source=("gathering", 1),
        title="Former les gardiens",
        where=Where(quartiers=frozenset({cast.rives.pk})),
    )
    kind, pk = making.make(karim, order)
    made = Course.objects.get(pk=pk)
    assert (kind, made.state, made.title) == ("course", "draft", "Former les gardiens")
    where = Where(quartiers=frozenset({cast.rives.pk}))
    assert [row.id for row in rows_lying(karim, where, ["course"])] == [pk]
    assert rows_lying(cast.actor(cast.nadia), where, ["course"]) == []
    assert thread_of(karim, "course", pk)
