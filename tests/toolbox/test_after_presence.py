"""Who came: noted by the organiser, confirmed in the room by each person for themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.notices.sending import send_due
from parvis.partners.rights import Refused
from parvis.toolbox import after_acts, after_tokens
from parvis.toolbox.course_events import token_of
from parvis.toolbox.models import Course, CourseDate, Enrolment, Presence, Trainee
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible
from tests.figures.counting import counted
from tests.toolbox.after_scene import a_course, came, enrol, in_days


@pytest.fixture
def today(cast: Cast) -> Course:
    """A course of two dates: one goes on now, the other comes next week."""
    cache.clear()
    return a_course(cast, starts=(in_days(0, -1), in_days(7)))


def first(course: Course) -> CourseDate:
    return after_tokens.DATES.get(course=course, number=1)


def room_url(course: Course, **at: Any) -> str:
    return reverse("toolbox:after_room", args=[after_tokens.room_token(first(course), **at)])


def noted(enrolment: Enrolment) -> list[tuple[int, bool, str]]:
    rows = Presence.objects.filter(enrolment=enrolment).order_by("date__number")
    return list(rows.values_list("date__number", "came", "by"))


def mail_of(address: str) -> str:
    mail.outbox.clear()
    send_due(timezone.now() + timedelta(hours=1))
    return "".join(str(one.body) for one in mail.outbox if address in one.to)


def test_the_organiser_ticks_who_is_there(cast: Cast, today: Course, client: Client) -> None:
    lea, ali = enrol(today, "Lea"), enrol(today, cast.luc, cast.landlord)
    client.force_login(cast.sofia)
    url = reverse("toolbox:after_marks", args=[today.pk, 1])
    page = client.get(url).content.decode()
    assert "Luc · Escaut Habitat" in page
    client.post(url, {"came": [str(lea.pk)]})
    assert noted(lea) == [(1, True, "organiser")]
    assert noted(ali) == [(1, False, "organiser")]
    client.post(url, {"everybody": "1"})
    assert noted(ali) == [(1, True, "organiser")]


def test_a_date_to_come_is_not_noted(today: Course) -> None:
    lea = enrol(today, "Lea")
    with pytest.raises(Refused):
        came(today, lea, to=(2,))


def test_somebody_unannounced_gets_a_seat_even_when_it_is_full(
    cast: Cast, today: Course, client: Client
) -> None:
    Course.objects.filter(pk=today.pk).update(seats=1)
    enrol(today, "Lea")
    client.force_login(cast.karim)
    url = reverse("toolbox:after_walk_in", args=[today.pk, 1])
    given = {"name": "Zoé", "email": "zoe@exemple.test", "organisation": cast.landlord.pk}
    assert client.post(url, given).status_code == 302
    zoe = Enrolment.objects.get(contact__email="zoe@exemple.test")
    assert (zoe.state, zoe.organisation, noted(zoe)) == (
        "seated",
        cast.landlord,
        [(1, True, "organiser")],
    )


def test_somebody_unannounced_who_waited_takes_their_own_place(cast: Cast, today: Course) -> None:
    waits = enrol(today, "Lea", state="waiting")
    found = after_acts.add_walk_in(first(today), name="Léa", email="LEA@exemple.test")
    assert (found.pk, found.state) == (waits.pk, "seated")


def test_who_signs_in_confirms_with_the_code_of_the_room(
    cast: Cast, today: Course, client: Client
) -> None:
    luc = enrol(today, cast.luc, cast.landlord)
    client.force_login(cast.luc)
    url = room_url(today, now=timezone.now())
    assert "Je suis là" in client.get(url).content.decode()
    assert "Votre présence est notée" in client.post(url, {"here": "1"}).content.decode()
    assert noted(luc) == [(1, True, "self")]


def test_nobody_confirms_for_another(cast: Cast, today: Course, client: Client) -> None:
    lea = enrol(today, "Lea")
    luc = enrol(today, cast.luc, cast.landlord)
    client.force_login(cast.paul)  # is not enrolled
    url = room_url(today)
    client.post(url, {"here": "1"})
    # Knowing somebody's address is not enough: the link goes there.
    for address in ("lea@exemple.test", "nobody@exemple.test"):
        answer = client.post(url, {"email": address}).content.decode()
        assert "Si cette adresse est celle" in answer  # the same words for both
        assert "/suivi/" not in answer
    assert (noted(lea), noted(luc)) == ([], [])
    # Neither is the number of an enrolment.
    own, token = token_of(lea), after_tokens.asked_token(lea, first(today))
    for wrong in (f"{luc.pk}.{own.partition('.')[2]}", str(lea.pk), f"{lea.pk}."):
        assert Client().post(f"/formations/suivi/{wrong}/presence/{token}/").status_code == 404
    assert (noted(lea), noted(luc)) == ([], [])


def test_the_link_that_was_sent_confirms(today: Course, client: Client) -> None:
    lea = enrol(today, "Lea")
    client.post(room_url(today), {"email": "Lea@exemple.test"})
    words = mail_of("lea@exemple.test")
    path = next(word for word in words.split() if "/suivi/" in word).partition("/formations")[2]
    assert "Lea" in client.get(f"/formations{path}").content.decode()
    client.post(f"/formations{path}")
    assert noted(lea) == [(1, True, "self")]


def test_the_code_of_a_room_opens_during_its_date_alone(cast: Cast, client: Client) -> None:
    over = a_course(cast, starts=(in_days(-1), in_days(0, 2)))
    luc = enrol(over, cast.luc, cast.landlord)
    client.force_login(cast.luc)
    for number in (1, 2):
        date = after_tokens.DATES.get(course=over, number=number)
        url = reverse("toolbox:after_room", args=[after_tokens.room_token(date)])
        assert "n’est plus bon" in client.post(url, {"here": "1"}).content.decode()
    assert noted(luc) == []


def test_the_code_on_the_screen_soon_opens_nothing(
    cast: Cast, today: Course, client: Client
) -> None:
    luc = enrol(today, cast.luc, cast.landlord)
    client.force_login(cast.luc)
    old = room_url(today, now=timezone.now() - timedelta(minutes=20))
    assert "n’est plus bon" in client.post(old, {"here": "1"}).content.decode()
    head, _, signature = old.rpartition(".")
    forged = f"{head.rpartition('.')[0]}.0.{signature}"
    assert client.post(forged, {"here": "1"}).status_code == 404
    assert noted(luc) == []


def test_a_photograph_of_the_screen_does_not_confirm_from_home(today: Course) -> None:
    lea, zoe = enrol(today, "Lea"), enrol(today, "Zoe")
    shown = (
        after_tokens.room_token(first(today), timezone.now() - timedelta(minutes=20)),
        after_tokens.room_token(first(today), timezone.now()),
        after_tokens.asked_token(zoe, first(today)),
    )
    for code in shown:
        url = reverse("toolbox:after_own_room", args=[token_of(lea), code])
        assert Client().post(url, {"here": "1"}).status_code == 404
    assert noted(lea) == []


def test_the_figures_of_the_room_are_not_found_by_trying(today: Course, client: Client) -> None:
    lea = enrol(today, "Lea")
    token = token_of(lea)
    url = reverse("toolbox:after_confirm", args=[token])
    right = after_tokens.room_code(first(today))
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    client.post(url, {"code": wrong})
    assert noted(lea) == []
    client.post(url, {"code": f"{right[:3]} {right[3:]}"})
    assert noted(lea) == [(1, True, "self")]
    Presence.objects.all().delete()
    for _ in range(10):
        client.post(url, {"code": wrong})
    client.post(url, {"code": right})
    assert noted(lea) == []


def test_what_the_organiser_noted_wins(cast: Cast, today: Course, client: Client) -> None:
    luc = enrol(today, cast.luc, cast.landlord)
    after_acts.confirm_presence(luc, first(today))
    came(today, to=(1,))
    client.force_login(cast.luc)
    answer = client.post(room_url(today), {"here": "1"}).content.decode()
    assert "vous a noté absent" in answer
    assert noted(luc) == [(1, False, "organiser")]


def test_who_waits_or_follows_another_course_confirms_nothing(cast: Cast, today: Course) -> None:
    other = a_course(cast, starts=(in_days(0, -1),))
    for enrolment in (enrol(today, "Lea", state="waiting"), enrol(other, "Ali")):
        with pytest.raises(Refused):
            after_acts.confirm_presence(enrolment, first(today))


def test_one_person_of_two_courses_has_one_key(cast: Cast) -> None:
    one, two = a_course(cast), a_course(cast)
    rows = [enrol(one, "Lea"), enrol(two, "Lea"), enrol(two, "Ali"), enrol(one, cast.luc)]
    came(one, rows[0], rows[3])
    came(two, rows[1], rows[2])
    key = dict(Trainee.objects.values_list("enrolment_id", "key"))
    assert key[rows[0].pk] == key[rows[1].pk]
    assert len(set(key.values())) == 3


def test_the_list_to_sign_and_the_code_to_hang_are_accessible(
    cast: Cast, today: Course, client: Client
) -> None:
    enrol(today, "Lea")
    client.force_login(cast.sofia)
    for name in ("after_list", "after_poster"):
        answer = client.get(reverse(f"toolbox:{name}", args=[today.pk, 1]))
        assert_accessible(answer.content)
    screen = client.get(reverse("toolbox:after_screen", args=[today.pk, 1]))
    assert "data:image/svg+xml;base64," in screen.content.decode()
    assert int(screen["Refresh"]) < after_tokens.SLOT


def test_names_are_for_who_organises(cast: Cast, today: Course, client: Client) -> None:
    enrol(today, "Lea")
    for who in ("nadia", "luc", "claire", "rose"):
        client.force_login(getattr(cast, who))
        for name in ("after_marks", "after_list", "after_screen", "after_poster"):
            answer = client.get(reverse(f"toolbox:{name}", args=[today.pk, 1]))
            assert answer.status_code == 403, (who, name)
        papers = reverse("toolbox:after_certificates", args=[today.pk])
        assert client.get(papers).status_code == 403
        # The coordination reads what came out of it, in figures.
        answer = client.get(reverse("toolbox:after", args=[today.pk]))
        assert answer.status_code == (200 if who == "claire" else 403)
        assert "Lea" not in answer.content.decode()


def test_three_hundred_people_are_noted_in_few_queries(
    cast: Cast, today: Course, client: Client
) -> None:
    client.force_login(cast.sofia)
    url = reverse("toolbox:after_marks", args=[today.pk, 1])
    enrol(today, "Lea")
    with counted() as few:
        client.get(url)
    Enrolment.objects.bulk_create(
        Enrolment(course=today, state="seated", rank=100 + n, at=timezone.now()) for n in range(300)
    )
    with counted() as many:
        client.get(url)
    assert len(many) == len(few) < 14


def test_two_of_one_lodge_share_an_address_and_are_two_people(cast: Cast, today: Course) -> None:
    shared: dict[str, Any] = {"email": "loge@exemple.test", "organisation": cast.landlord}
    ana, bo = (after_acts.add_walk_in(first(today), name=who, **shared) for who in ("Ana", "Bo"))
    assert after_acts.add_walk_in(first(today), name="ana", **shared) == ana
    assert ana != bo
    assert ana.trainee.key != bo.trainee.key
