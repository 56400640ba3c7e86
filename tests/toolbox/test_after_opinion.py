"""What people thought of a course, and use of it three months later: once each, without a name."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.notices.sending import send_due
from parvis.toolbox import after_questions, course_acts
from parvis.toolbox.course_events import token_of
from parvis.toolbox.models import Course, CourseEvaluation, Enrolment
from tests.cast import Cast
from tests.figures.counting import counted
from tests.toolbox.after_scene import a_course, came, enrol, in_days

GIVEN = {"objectifs": "4", "clair": "3", "words": "Les mises en situation."}


def url_of(enrolment: Enrolment) -> str:
    return reverse("toolbox:after_opinion", args=[token_of(enrolment)])


def told() -> dict[str, str]:
    mail.outbox.clear()
    send_due(timezone.now() + timedelta(hours=1))
    found: dict[str, str] = {}
    for one in mail.outbox:
        found[one.to[0]] = found.get(one.to[0], "") + one.subject
    return found


def three_months_ago(cast: Cast) -> Course:
    return a_course(cast, starts=(in_days(-105), in_days(-98), in_days(-92)))


def test_each_one_says_once_what_they_thought_and_nothing_tells_who(
    cast: Cast, client: Client
) -> None:
    course = a_course(cast)
    lea = enrol(course, "Lea")
    came(course, lea)
    assert "Votre avis en une minute" in client.get(url_of(lea)).content.decode()
    assert "Merci pour votre réponse" in client.post(url_of(lea), GIVEN).content.decode()
    kept = CourseEvaluation.objects.get()
    assert (kept.moment, kept.answers) == ("end", {"objectifs": 4, "clair": 3})
    assert not {"enrolment", "trainee", "person", "at"} & {
        field.name for field in CourseEvaluation._meta.get_fields()
    }
    assert "Vous avez déjà répondu" in client.get(url_of(lea)).content.decode()
    client.post(url_of(lea), GIVEN)
    assert CourseEvaluation.objects.count() == 1


def test_an_empty_answer_is_not_kept_and_may_be_given_again(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    lea = enrol(course, "Lea")
    came(course, lea)
    assert "Répondez à une question" in client.post(url_of(lea), {}).content.decode()
    client.post(url_of(lea), GIVEN)
    assert CourseEvaluation.objects.count() == 1


def test_who_did_not_come_is_not_asked(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    lea, ali = enrol(course, "Lea"), enrol(course, "Ali")
    enrol(course, "Zoe", state="waiting")
    came(course, lea)
    call_command("follow_courses")
    assert sorted(told()) == ["lea@exemple.test"]
    client.post(url_of(ali), GIVEN)
    assert CourseEvaluation.objects.count() == 0


def test_three_months_later_they_are_asked_once_what_they_use(cast: Cast, client: Client) -> None:
    course = three_months_ago(cast)
    lea, ali = enrol(course, "Lea"), enrol(course, "Ali")
    came(course, lea)
    call_command("follow_courses")
    first = told()
    assert list(first) == ["lea@exemple.test"]
    assert "Trois mois après" in first["lea@exemple.test"]
    call_command("follow_courses")
    assert told() == {}
    assert "qu’en faites-vous" in client.get(url_of(lea)).content.decode()
    client.post(url_of(lea), {"sert": "4", "words": "La fiche des bons mots."})
    client.post(url_of(ali), {"sert": "4"})
    assert list(CourseEvaluation.objects.values_list("moment", "answers")) == [
        ("later", {"sert": 4})
    ]


def test_nothing_is_asked_between_the_two_nor_after(cast: Cast, client: Client) -> None:
    for days in (-60, -125):
        course = a_course(cast, starts=(in_days(days),))
        lea = enrol(course, "Lea")
        came(course, lea, to=(1,))
        call_command("follow_courses")
        assert not any("avis" in words or "Trois" in words for words in told().values())
        assert "questionnaire est fermé" in client.get(url_of(lea)).content.decode()


def test_what_was_written_freely_is_emptied_after_two_years(cast: Cast) -> None:
    old, recent = a_course(cast, starts=(in_days(-740),)), a_course(cast, starts=(in_days(-700),))
    for course in (old, recent):
        for answers in ({"clair": 4}, {}):
            CourseEvaluation.objects.create(
                course=course, moment="end", answers=answers, words="Mots.", on=timezone.localdate()
            )
    call_command("retention")
    assert list(old.evaluations.values_list("answers", "words")) == [({"clair": 4}, "")]
    assert recent.evaluations.exclude(words="").count() == 2


def test_results_are_told_from_five_answers_on(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    people = [enrol(course, f"P{number}") for number in range(5)]
    came(course, *people)
    for one in people[:4]:
        client.post(url_of(one), GIVEN)
    client.force_login(cast.sofia)
    page = reverse("toolbox:after", args=[course.pk])
    assert "mises en situation" not in client.get(page).content.decode()
    assert after_questions.summary_of(course) == []
    Client().post(url_of(people[4]), {"objectifs": "1"})
    shown = client.get(page).content.decode()
    assert "mises en situation" in shown
    assert "80" in shown
    summary = after_questions.summary_of(course)
    assert (summary[0].good, summary[0].answered) == (80, 5)


def test_the_coordination_reads_results_and_neighbours_do_not(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    page = reverse("toolbox:after", args=[course.pk])
    for who, status in (("claire", 200), ("karim", 200), ("bruno", 403), ("nadia", 403)):
        client.force_login(getattr(cast, who))
        assert client.get(page).status_code == status, who


def test_a_thousand_answers_are_read_in_as_many_queries(cast: Cast, client: Client) -> None:
    course = a_course(cast)
    client.force_login(cast.sofia)
    page = reverse("toolbox:after", args=[course.pk])
    with counted() as few:
        client.get(page)
    today = timezone.localdate()
    CourseEvaluation.objects.bulk_create(
        CourseEvaluation(course=course, moment="end", answers={"clair": 3}, on=today)
        for _ in range(1000)
    )
    with counted() as many:
        client.get(page)
    assert len(many) == len(few) < 14


def test_opinions_open_after_the_last_date_that_stands(cast: Cast) -> None:
    course = a_course(cast, starts=(in_days(-9), in_days(-1), in_days(6)))
    last = course.dates.get(number=3)
    course_acts.drop_date(last, actor=cast.actor(cast.karim), reason="Salle fermée")
    course.refresh_from_db()
    assert after_questions.moment_of(course, timezone.now()) == "end"
