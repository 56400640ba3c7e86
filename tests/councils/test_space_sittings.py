"""Members are called to the sittings of their body, answer, come or not; papers tell it."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import space_acts as acts
from parvis.councils.body_acts import end_term, seat_member
from parvis.councils.models import Presence
from parvis.councils.space_papers import half_days
from parvis.councils.space_reading import absences_in_a_row
from parvis.notices.models import Envelope
from parvis.partners.models import PersonalReading
from tests.cast import Cast
from tests.councils.scene import a_body, a_member, hugo_in, other_body, seats_of
from tests.councils.space_scene import a_presence, a_sitting, at
from tests.documents.pdfs import assert_accessible


def signed_in(person: Any) -> Client:
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(person)
    return client


def words_of(content: bytes) -> str:
    assert_accessible(content)
    read = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return " ".join(read.stdout.decode().split())


def test_members_with_a_running_term_are_called_once_and_told_by_mail(cast: Cast) -> None:
    body = a_body(cast)
    hugo, yasmine = hugo_in(cast, body), cast.actor(cast.yasmine)
    today = timezone.localdate()
    silent, gone = a_member(body, "Essai Silencieux"), a_member(body, "Essai Parti")
    seats = seats_of(body)
    seat_member(seats[1], silent, actor=yasmine, starts_on=today)
    ended = seat_member(seats[2], gone, actor=yasmine, starts_on=today - timedelta(days=9))
    end_term(ended, actor=yasmine, ends_on=today, reason="resignation")
    sitting = a_sitting(body, yasmine)
    assert acts.call_members(sitting, actor=yasmine) == 1  # hugo alone has an address
    assert acts.call_members(sitting, actor=yasmine) == 0
    called = Presence.objects.filter(sitting=sitting).values_list("member_id", flat=True)
    assert set(called) == {hugo.pk, silent.pk}
    mail = Envelope.objects.get()
    assert mail.address == cast.hugo.email
    assert reverse("councils:space") in mail.text


def test_the_numbers_of_those_to_call_show_by_a_button_and_that_is_logged(cast: Cast) -> None:
    body, yasmine = a_body(cast), cast.actor(cast.yasmine)
    hugo_in(cast, body)
    silent = a_member(body, "Essai Silencieux", contact={"phone": "03 27 00 00 00"})
    seat_member(seats_of(body)[1], silent, actor=yasmine, starts_on=timezone.localdate())
    sitting = a_sitting(body, yasmine)
    acts.call_members(sitting, actor=yasmine)
    page = reverse("councils:sitting_presences", args=[body.pk, sitting.pk])
    there = reverse("councils:sitting_contacts", args=[body.pk, sitting.pk])
    client = signed_in(cast.yasmine)
    words = client.get(page).content.decode()
    assert "Voir les coordonnées" in words
    assert "03 27 00 00 00" not in words
    assert signed_in(cast.hugo).post(there).status_code == 403
    assert signed_in(cast.nadia).post(there).status_code in (403, 404)
    shown = client.post(there)
    assert "03 27 00 00 00" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    logged = PersonalReading.objects.values_list("kind", "thing_id", "person")
    assert list(logged) == [("member", silent.pk, cast.yasmine.pk)]


def test_nobody_is_called_to_a_sitting_that_is_over(cast: Cast) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    past = a_sitting(body, cast.actor(cast.yasmine), days=-1)
    with pytest.raises(ValidationError, match="passée"):
        acts.call_members(past, actor=cast.actor(cast.yasmine))


def test_a_member_answers_for_themselves_and_the_animator_for_them(cast: Cast) -> None:
    body = a_body(cast)
    sitting = a_sitting(body, cast.actor(cast.yasmine))
    mine = a_presence(hugo_in(cast, body), sitting)
    other = a_presence(a_member(body), sitting)
    hugo, yasmine = signed_in(cast.hugo), signed_in(cast.yasmine)

    def says(client: Client, presence: Presence) -> tuple[int, str]:
        url = reverse("councils:answer_presence", args=[presence.pk])
        status = client.post(url, {"answer": "coming"}).status_code
        presence.refresh_from_db()
        return status, presence.answer

    assert says(hugo, mine) == (302, "coming")
    assert says(hugo, other) == (403, "awaited")
    assert says(yasmine, other) == (302, "coming")
    assert says(signed_in(cast.lila), other)[0] == 404


def test_nobody_answers_once_the_sitting_is_over(cast: Cast) -> None:
    body = a_body(cast)
    presence = a_presence(hugo_in(cast, body), a_sitting(body, cast.actor(cast.yasmine), days=-1))
    with pytest.raises(ValidationError, match="passée"):
        acts.answer_presence(presence, "coming")


def test_absences_count_in_a_row_until_somebody_came_or_was_excused(cast: Cast) -> None:
    body = a_body(cast)
    yasmine = cast.actor(cast.yasmine)
    one, two, three = (a_member(body, f"Essai {number}") for number in range(3))
    said = {  # newest first
        -1: ("absent", "absent", "came"),
        -8: ("absent", "excused", "absent"),
        -15: ("", "absent", "absent"),
        -22: ("absent", "absent", "absent"),
    }
    for days, words in said.items():
        sitting = a_sitting(body, yasmine, days=days)
        rows = [a_presence(member, sitting) for member in (one, two, three)]
        told = {row.pk: word for row, word in zip(rows, words, strict=True)}
        assert acts.record_presences(sitting, told, body=body) == 3
    found = {member.pk: times for member, times in absences_in_a_row(body)}
    # What was not written neither counts nor ends the row.
    assert found == {one.pk: 3, two.pk: 1}


def test_presences_of_another_body_are_not_written(cast: Cast) -> None:
    ours, theirs = a_body(cast), other_body(cast)
    sitting = a_sitting(ours, cast.actor(cast.yasmine), days=-1)
    stranger = a_presence(a_member(theirs), sitting)
    url = reverse("councils:record_presences", args=[ours.pk, sitting.pk])
    signed_in(cast.yasmine).post(url, {f"p{stranger.pk}": "came"})
    stranger.refresh_from_db()
    assert stranger.came is None


@pytest.mark.parametrize(
    ("who", "status"),
    [("yasmine", 200), ("hugo", 200), ("lila", 403), ("claire", 403), ("karim", 403)],
)
def test_sittings_of_a_body_are_read_by_the_body_alone(cast: Cast, who: str, status: int) -> None:
    body = a_body(cast)
    sitting = a_sitting(body, cast.actor(cast.yasmine))
    client = signed_in(getattr(cast, who))
    for name, args in (("body_sittings", [body.pk]), ("sitting_presences", [body.pk, sitting.pk])):
        assert client.get(reverse(f"councils:{name}", args=args)).status_code == status


def test_a_sitting_of_others_is_not_under_a_body(cast: Cast) -> None:
    ours, theirs = a_body(cast), other_body(cast)
    sitting = a_sitting(theirs, cast.actor(cast.lila))
    url = reverse("councils:sitting_presences", args=[ours.pk, sitting.pk])
    assert signed_in(cast.yasmine).get(url).status_code == 404


def test_absences_are_shown_to_the_animator_alone(cast: Cast) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    sitting = a_sitting(body, cast.actor(cast.yasmine), days=-1)
    a_presence(a_member(body, "Essai Absente"), sitting, came=False)
    url = reverse("councils:body_sittings", args=[body.pk])
    assert "Essai Absente" in signed_in(cast.yasmine).get(url).content.decode()
    assert "Essai Absente" not in signed_in(cast.hugo).get(url).content.decode()


def test_a_certificate_tells_dates_and_hours_of_what_one_came_to(cast: Cast) -> None:
    body = a_body(cast)
    hugo = hugo_in(cast, body)
    zone = timezone.get_current_timezone()
    for days, came in ((-3, True), (-10, True), (-17, False)):
        day = timezone.localdate() + timedelta(days=days)
        start = datetime(day.year, day.month, day.day, 18, tzinfo=zone)
        sitting = a_sitting(body, cast.actor(cast.yasmine), days=days)
        a_presence(hugo, at(sitting, start, start + timedelta(hours=2)), came=came)
    since = timezone.localdate() - timedelta(days=30)
    url = reverse("councils:attest_period", args=[hugo.pk]) + f"?du={since}"
    answer = signed_in(cast.hugo).get(url)
    words = words_of(answer.content)
    assert "Hugo Essai" in words
    assert "Conseil citoyen des Rives" in words
    assert words.count("Séance plénière") == 2
    assert "Total : 4 h" in words
    first = timezone.localdate() - timedelta(days=10)
    assert f"{first.day} " in words
    assert f"{first.year} de" in words  # the year is written, even when it is this one
    assert "hugo" not in answer["Content-Disposition"].lower()


def test_a_certificate_is_for_the_member_and_the_animator(cast: Cast) -> None:
    body = a_body(cast)
    hugo, other = hugo_in(cast, body), a_member(body)
    sitting = a_sitting(body, cast.actor(cast.yasmine), days=-3)
    mine, others = (a_presence(one, sitting, came=True) for one in (hugo, other))
    url = reverse("councils:attest", args=[mine.pk])
    statuses = {
        who: signed_in(getattr(cast, who)).get(url).status_code
        for who in ("hugo", "yasmine", "claire", "karim", "lila", "bruno")
    }
    outside = dict.fromkeys(("claire", "karim", "lila", "bruno"), 404)
    assert statuses == {"hugo": 200, "yasmine": 200, **outside}
    # Another member of the body sees who came, and asks for no paper about them.
    answer = signed_in(cast.hugo).get(reverse("councils:attest", args=[others.pk]))
    assert answer.status_code == 403


def test_the_paper_for_an_employer_counts_half_days_and_says_what_is_unconfirmed(
    cast: Cast,
) -> None:
    body = a_body(cast)
    zone = timezone.get_current_timezone()
    day = timezone.localdate() + timedelta(days=7)
    start = datetime(day.year, day.month, day.day, 10, tzinfo=zone)
    sitting = at(a_sitting(body, cast.actor(cast.yasmine)), start, start + timedelta(hours=6))
    presence = a_presence(hugo_in(cast, body), sitting)
    answer = signed_in(cast.hugo).get(reverse("councils:leave", args=[presence.pk]))
    words = words_of(answer.content)
    assert "2 demi-journées" in words
    assert "27 janvier 2017" in words
    assert "à vérifier" in words


@pytest.mark.parametrize(("hour", "hours", "count"), [(9, 3, 1), (13, 2, 1), (12, 2, 2)])
def test_half_days_part_at_one_o_clock(hour: int, hours: int, count: int) -> None:
    start = datetime(2026, 3, 3, hour, tzinfo=timezone.get_current_timezone())
    assert len(half_days(start, start + timedelta(hours=hours))) == count


def test_the_space_of_a_member_holds_all_and_costs_the_same_with_more(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    from tests.councils.space_scene import a_due_document, a_training, an_expense

    body = a_body(cast)
    hugo, client = hugo_in(cast, body), signed_in(cast.hugo)
    instance = a_sitting(body, cast.actor(cast.yasmine), days=3)
    a_presence(hugo, instance)
    expense = an_expense(hugo)
    late = a_due_document(body, cast, days=-1)
    training = a_training(body)
    url = reverse("councils:space")
    words = client.get(url).content.decode()
    for told in (instance.instance.name, expense.label, late.title, training.title, "Je viens"):
        assert told in words
    for days in range(4, 14):
        a_presence(hugo, a_sitting(body, cast.actor(cast.yasmine), days=days))
        an_expense(hugo, str(Decimal(days)))
        a_training(body)
        a_due_document(body, cast, days=days)
    with django_assert_max_num_queries(25):
        client.get(url)


def test_past_sittings_and_documents_of_a_space_each_tell_their_day_apart(cast: Cast) -> None:
    from tests.councils.space_scene import a_due_document

    body = a_body(cast)
    hugo = hugo_in(cast, body)
    past = a_sitting(body, cast.actor(cast.yasmine), days=-3)
    a_presence(hugo, past, came=True)
    a_due_document(body, cast, days=-1)
    page = signed_in(cast.hugo).get(reverse("councils:space")).content.decode()
    assert '</time></b><span class="soft">Présent</span>' in page
    assert f'<span class="soft">{past.instance.name}</span><a class="link' in page
    assert page.partition('id="documents"')[2].partition("</section>")[0].count("<time ") == 1


def test_the_animator_opens_the_space_of_a_member_and_others_do_not(cast: Cast) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    other = a_member(body, "Essai Sanscompte")
    url = reverse("councils:space_of", args=[other.pk])
    answer = signed_in(cast.yasmine).get(url)
    assert "Essai Sanscompte" in answer.content.decode()
    assert signed_in(cast.hugo).get(url).status_code == 403
    assert signed_in(cast.claire).get(url).status_code == 403
    assert signed_in(cast.lila).get(url).status_code == 403
