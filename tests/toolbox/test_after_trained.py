"""What each organisation has trained: distinct people, hours and courses, and nobody's name."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from parvis.partners.models import Mandate
from parvis.toolbox import after_trained, course_acts
from parvis.toolbox.models import Enrolment, EnrolmentContact, Presence, Trainee
from tests.cast import Cast
from tests.figures.counting import counted
from tests.toolbox.after_scene import a_course, came, enrol, in_days

URL = "/formations/suivies/"


def told(cast: Cast, who: Any, cut: str = "organisation", **kept: str) -> dict[str, Any]:
    """By label: people, hours, courses."""
    rows = after_trained.kept(after_trained.everybody_who_came(cast.actor(who)), **kept)
    return {
        line.label: (line.people, str(line.hours), len(line.courses))
        for line in after_trained.lines(rows, cut)
    }


def test_people_count_under_the_organisation_that_enrolled_them_wherever_they_go(
    cast: Cast,
) -> None:
    one, two = a_course(cast), a_course(cast)
    first = enrol(one, cast.ines, cast.landlord)
    came(one, first)
    # Ines leaves Escaut Habitat for Hainaut Logis, which enrols her in another course.
    today = timezone.localdate()
    Mandate.objects.filter(person=cast.ines).update(ends_on=today - timedelta(days=1))
    Mandate.objects.create(
        person=cast.ines, organisation=cast.other_landlord, role="contributeur", starts_on=today
    )
    came(two, enrol(two, cast.ines, cast.other_landlord), to=(1, 2))
    assert told(cast, cast.claire) == {
        "Escaut Habitat": (1, "9.00", 1),
        "Hainaut Logis": (1, "6.00", 1),
    }
    assert told(cast, cast.luc) == {"Escaut Habitat": (1, "9.00", 1)}
    # She is one person in all.
    rows = after_trained.everybody_who_came(cast.actor(cast.claire))
    assert after_trained.total(rows).people == 1


def test_somebody_who_follows_two_courses_counts_once_even_when_forgotten(cast: Cast) -> None:
    one, two = a_course(cast), a_course(cast)
    came(one, enrol(one, "Lea", cast.landlord))
    came(two, enrol(two, "Lea", cast.landlord), to=(1,))
    EnrolmentContact.objects.all().delete()
    assert told(cast, cast.claire) == {"Escaut Habitat": (1, "12.00", 2)}


def test_who_did_not_come_counts_nowhere(cast: Cast) -> None:
    course = a_course(cast)
    lea, ali = enrol(course, "Lea", cast.landlord), enrol(course, "Ali", cast.landlord)
    came(course, lea, ali)
    came(course, lea)
    assert told(cast, cast.claire) == {"Escaut Habitat": (1, "9.00", 1)}


def test_figures_are_cut_by_axis_public_year_and_theme(cast: Cast) -> None:
    paid = a_course(cast, axis="formation")
    free = a_course(cast, audience="residents", title="Le compost")
    came(paid, enrol(paid, "Lea", cast.landlord))
    came(free, enrol(free, "Ali"))
    assert told(cast, cast.claire, "axe") == {
        "Formation et soutien des personnels": (1, "9.00", 1),
        "Non précisé": (1, "9.00", 1),
    }
    assert set(told(cast, cast.claire, "public")) == {"Acteurs de terrain", "Habitants"}
    assert told(cast, cast.claire, "formation", public="habitants").keys() == {
        f"Le compost ({timezone.localtime(free.starts_at).year})"
    }
    assert told(cast, cast.claire)[after_trained.RESIDENTS] == (1, "9.00", 1)


def test_neighbours_count_nothing(cast: Cast) -> None:
    course = a_course(cast)
    came(course, enrol(course, "Lea", cast.landlord))
    for who in (cast.bruno, cast.nadia, cast.paul, cast.karim, cast.theo):
        assert told(cast, who) == {}, who


def test_the_page_and_its_tables_say_the_same_without_a_name(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    came(course, enrol(course, "Lea", cast.landlord), enrol(course, cast.ines, cast.landlord))
    client.force_login(cast.claire)
    page = client.get(URL).content.decode()
    assert "Escaut Habitat" in page
    assert "18\u00a0h" in page
    assert "Lea" not in page
    assert "Ines" not in page
    for ending in ("xlsx", "ods"):
        answer = client.get(reverse("toolbox:after_trained_table", args=[ending]))
        content = b"".join(answer.streaming_content)
        rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        assert rows[1] == ["Escaut Habitat", 2, 18, 1]
    text = b"".join(client.get(f"{URL}tableau.csv?par=public").streaming_content).decode()
    assert "Acteurs de terrain;2;18,00;1" in text
    assert client.get(f"{URL}tableau.exe").status_code == 404
    assert client.get(f"{URL}?annee=1999&par=nimporte").status_code == 200


def test_a_thousand_people_are_counted_in_as_many_queries(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    came(course, enrol(course, "Lea", cast.landlord))
    client.force_login(cast.claire)
    with counted() as few:
        client.get(URL)
    now = timezone.now()
    rows = Enrolment.objects.bulk_create(
        Enrolment(
            course=course, state="seated", rank=100 + n, at=now, organisation=cast.other_landlord
        )
        for n in range(1000)
    )
    Trainee.objects.bulk_create(Trainee(enrolment=one) for one in rows)
    date = course.dates.get(number=1)
    Presence.objects.bulk_create(
        Presence(enrolment=one, date=date, came=True, by="organiser", at=now) for one in rows
    )
    with counted() as many:
        page = client.get(URL).content.decode()
    assert len(many) == len(few) < 10
    assert "3\u202f000\u00a0h" in page or "3000\u00a0h" in page


def test_a_course_called_off_on_its_way_counts_for_what_was_held(cast: Cast) -> None:
    course = a_course(cast, starts=(in_days(-3), in_days(4), in_days(6)))
    came(course, enrol(course, cast.luc, cast.landlord), to=(1,))
    course_acts.cancel_course(course, actor=cast.actor(cast.karim), reason="Salle fermée")
    assert told(cast, cast.claire) == {"Escaut Habitat": (1, "3.00", 1)}
