"""Enrolling in a course: one enrolment for all its dates, seats, the waiting list, and for whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.notices.models import Envelope
from parvis.partners.models import Mandate
from parvis.toolbox import course_acts as acts
from parvis.toolbox import course_seats as seats
from parvis.toolbox.course_events import token_of
from parvis.toolbox.models import Course, Enrolment, EnrolmentContact
from tests.cast import Cast
from tests.gatherings.scene import in_days
from tests.toolbox.course_scene import a_course, a_workshop, partner, resident


def states(course: Course) -> list[str]:
    return list(course.enrolments.order_by("rank").values_list("state", flat=True))


def test_a_partner_enrols_in_one_click_for_every_date(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    client.force_login(cast.luc)
    page = reverse("toolbox:course", args=[course.pk])
    client.post(f"{page}je-participe/")
    client.post(f"{page}je-participe/")
    made = Enrolment.objects.get()
    assert (made.person, made.organisation, made.state) == (cast.luc, cast.landlord, "seated")
    assert not EnrolmentContact.objects.exists()  # the account knows how to reach them
    mail = Envelope.objects.get()
    assert mail.text.count("Maison du projet") == 3
    assert "Votre place est retenue" in client.get(page).content.decode()


def test_a_training_of_field_actors_is_not_for_who_has_no_account(
    cast: Cast, client: Client
) -> None:
    course = a_course(cast)
    page = reverse("toolbox:course", args=[course.pk])
    assert "demandez à votre responsable" in client.get(page).content.decode()
    said = {"name": "Léa", "email": "lea@exemple.test"}
    assert client.post(f"{page}inscription/", said).status_code == 403
    assert states(course) == []


def test_a_resident_enrols_without_an_account_and_comes_back_by_the_link(
    cast: Cast, client: Client
) -> None:
    course = a_workshop(cast, seats=20)
    page = reverse("toolbox:course", args=[course.pk])
    assert "20 places libres" in client.get(page).content.decode().replace("\xa0", " ")
    answer = client.post(f"{page}inscription/", {"name": "Léa", "email": "lea@exemple.test"})
    assert answer["Location"] in Envelope.objects.get().text
    own = client.get(answer["Location"])
    assert "Votre place est retenue" in own.content.decode()
    assert own["Cache-Control"] == "private, no-store"
    calendar = reverse("toolbox:course_calendar", args=[course.pk])
    assert calendar in own.content.decode()
    client.post(f"{answer['Location']}retirer/")
    assert states(course) == ["withdrawn"]
    assert calendar not in client.get(answer["Location"]).content.decode()
    assert not EnrolmentContact.objects.exists()


def test_who_types_the_name_and_address_of_another_gets_no_link_of_theirs(
    cast: Cast, client: Client
) -> None:
    course = a_workshop(cast)
    made = resident(course)
    page = reverse("toolbox:course", args=[course.pk])
    said = {"name": made.name, "email": made.email}
    for _ in range(3):
        answer = client.post(f"{page}inscription/", said, follow=True)
        assert answer.redirect_chain == [(page, 302)]
        assert "envoyé à son adresse" in answer.content.decode()
        assert token_of(made) not in answer.content.decode()
    # The person has it again by mail, once.
    mails = Envelope.objects.filter(text__contains=token_of(made))
    assert [mail.address for mail in mails] == [made.email] * 2
    by_phone = seats.enrol_contact(course, name="Zoé", phone="06 00 00 00 01")
    answer = client.post(f"{page}inscription/", {"name": "Zoé", "phone": "06 00 00 00 01"})
    assert token_of(by_phone) not in answer["Location"]
    assert states(course) == ["seated", "seated"]


def test_a_machine_and_a_flood_take_no_seat(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parvis.toolbox.course_seat_views.ENROLMENTS_AN_HOUR", 2)
    course = a_workshop(cast)
    url = reverse("toolbox:course_enrol", args=[course.pk])
    client.post(url, {"name": "x", "email": "x@exemple.test", "website": "https://exemple.test"})
    assert states(course) == []
    for number in range(4):
        last = client.post(url, {"name": "x", "email": f"x{number}@exemple.test"})
    assert "réessayez dans une heure" in last.content.decode()
    assert len(states(course)) == 2


def test_a_seat_given_back_goes_to_the_first_who_waits_and_tells_them(cast: Cast) -> None:
    course = a_workshop(cast, seats=1)
    first, second, _ = (resident(course, number) for number in (1, 2, 3))
    assert states(course) == ["seated", "waiting", "waiting"]
    Envelope.objects.all().delete()
    seats.withdraw_enrolment(first)
    assert states(course) == ["withdrawn", "seated", "waiting"]
    mail = Envelope.objects.get()
    assert (mail.address, token_of(second) in mail.text) == ("habitant2@exemple.test", True)


def test_more_seats_go_to_who_waits(cast: Cast) -> None:
    course = a_workshop(cast, seats=1)
    for number in (1, 2, 3):
        resident(course, number)
    acts.change_course(course, actor=cast.actor(cast.karim), seats=2)
    assert states(course) == ["seated", "seated", "waiting"]


def test_two_people_of_one_lodge_share_an_address_and_have_two_seats(cast: Cast) -> None:
    course = a_workshop(cast)
    one = seats.enrol_contact(course, name="Aline", email="loge@exemple.test")
    assert seats.enrol_contact(course, name="aline", email="Loge@exemple.test ") == one
    assert seats.enrol_contact(course, name="Boris", email="loge@exemple.test") != one


def test_enrolments_open_and_close_when_it_is_said(cast: Cast) -> None:
    course = a_workshop(cast, opens_at=in_days(1), closes_at=in_days(3))
    for day, taken in ((0, False), (2, True), (4, False)):
        assert course.takes_enrolments(in_days(day)) is taken
    with pytest.raises(acts.Refused):
        resident(course)


def test_a_head_sends_colleagues_with_and_without_an_account(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    url = reverse("toolbox:course_send", args=[course.pk])
    client.force_login(cast.ines)
    assert client.get(url).status_code == 403  # she answers for nobody else
    client.force_login(cast.luc)
    client.post(url, {"people": [cast.ines.pk], "name": "Marc", "phone": "0612345678"})
    made = list(Enrolment.objects.order_by("rank"))
    assert [one.name for one in made] == ["Ines", "Marc"]
    assert {one.organisation for one in made} == {cast.landlord}
    answer = client.post(url, {"people": [cast.paul.pk]})  # of another landlord
    assert answer.status_code == 200
    assert Enrolment.objects.count() == 2


def test_the_address_of_a_colleague_is_their_account(cast: Cast) -> None:
    course = a_course(cast)
    own = {"organisation": cast.landlord, "name": "Ines", "email": "ines@exemple.test"}
    assert seats.enrol_contact(course, **own).person == cast.ines
    other = seats.enrol_contact(course, **{**own, "organisation": cast.other_landlord})
    assert other.person is None


def test_an_enrolment_stays_with_the_organisation_that_sent_the_person(
    cast: Cast, client: Client
) -> None:
    course = a_course(cast)
    made = partner(cast, course, "ines")
    Mandate.objects.filter(person=cast.ines).update(organisation=cast.other_landlord)
    made.refresh_from_db()
    assert made.organisation == cast.landlord
    url = reverse("toolbox:course_mine")
    for who, reads in ((cast.luc, True), (cast.paul, False)):
        client.force_login(who)
        assert ("<b>Ines</b>" in client.get(url).content.decode()) is reads


def test_names_are_for_the_organiser_and_for_ones_own_head(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    made = partner(cast, course, "ines")
    url = reverse("toolbox:course_people", args=[course.pk])
    for who, status in ((cast.sofia, 200), (cast.claire, 403), (cast.luc, 403), (cast.nadia, 403)):
        client.force_login(who)
        answer = client.get(url)
        assert answer.status_code == status, who
        assert ("Ines" in answer.content.decode()) == (status == 200)
    seen = {
        name
        for name, person in cast.people.items()
        if Enrolment.objects.visible_to(cast.actor(person)).filter(pk=made.pk).exists()
    }
    assert seen == {"ines", "luc", "karim", "sofia"}


def test_who_is_withdrawn_by_their_head_is_told(cast: Cast, client: Client) -> None:
    course = a_course(cast, seats=1)
    made = partner(cast, course, "ines")
    partner(cast, course, "paul")
    Envelope.objects.all().delete()
    url = reverse("toolbox:enrolment_withdraw", args=[made.pk])
    client.force_login(cast.rose)
    assert client.post(url).status_code == 404
    client.force_login(cast.luc)
    client.post(url)
    told = {one.address: one.subject for one in Envelope.objects.all()}
    assert told["ines@exemple.test"].startswith("Votre inscription est retirée")
    assert told["paul@exemple.test"].startswith("Une place est pour vous")


def test_a_seat_is_recalled_some_days_before_each_date_once(cast: Cast, time_machine: Any) -> None:
    course = a_course(cast, seats=1)
    partner(cast, course, "luc")
    partner(cast, course, "paul")
    Envelope.objects.all().delete()
    for date in course.dates.order_by("number"):
        time_machine.move_to(date.gathering.starts_at - timedelta(days=2), tick=False)
        call_command("remind_courses", verbosity=0)
        call_command("remind_courses", verbosity=0)
    assert [one.address for one in Envelope.objects.all()] == ["luc@exemple.test"] * 3


def test_contacts_go_four_months_after_and_the_seats_stay(cast: Cast, time_machine: Any) -> None:
    course = a_workshop(cast)
    resident(course)
    assert course.ends_at is not None
    for days, kept in ((119, True), (121, False)):
        time_machine.move_to(course.ends_at + timedelta(days=days), tick=False)
        call_command("retention", stdout=StringIO())
        assert EnrolmentContact.objects.exists() is kept
    assert states(course) == ["seated"]
    assert Enrolment.objects.get().name == "Personne inscrite"


def test_once_it_is_over_the_address_alone_is_erased(cast: Cast, time_machine: Any) -> None:
    course = a_workshop(cast)
    made = resident(course)
    assert course.ends_at is not None
    time_machine.move_to(course.ends_at + timedelta(days=1), tick=False)
    seats.withdraw_enrolment(made)
    assert states(course) == ["seated"]
    assert not EnrolmentContact.objects.exists()
    assert timezone.now() > course.ends_at


PEOPLE, SEATS = 20, 7


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_get_seven_seats_and_an_ordered_waiting_list(cast: Cast) -> None:
    course = a_workshop(cast, seats=SEATS)
    start = Barrier(PEOPLE)

    def take(number: int) -> None:
        start.wait(20)
        try:
            resident(course, number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(take, range(PEOPLE)))
    made = list(course.enrolments.order_by("rank").values_list("rank", "state"))
    assert [rank for rank, _ in made] == list(range(1, PEOPLE + 1))
    assert [state for _, state in made] == ["seated"] * SEATS + ["waiting"] * (PEOPLE - SEATS)


def test_nobody_enrols_in_a_course_that_is_over_whatever_day_was_said(cast: Cast) -> None:
    course = a_course(cast, days=(1,), closes_at=in_days(9))
    assert course.takes_enrolments(in_days(0.5))
    assert not course.takes_enrolments(in_days(2))
