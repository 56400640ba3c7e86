"""What people thought of a gathering: once each, without a name, told when they are several."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings import acts, evaluating, events
from parvis.gatherings.models import Evaluation, Gathering, Registration
from parvis.notices.sending import send_due
from parvis.partners.models import PersonalReading
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible, page_count
from tests.figures.counting import counted
from tests.gatherings.scene import held, in_days, workshop


def person(gathering: Gathering, name: str, **contact: str) -> Registration:
    return acts.register_person(
        gathering, name=name, now=in_days(-3), **(contact or {"email": f"{name}@exemple.test"})
    )


def told() -> list[str]:
    mail.outbox.clear()
    send_due(timezone.now() + timedelta(hours=1))
    return sorted(address for one in mail.outbox for address in one.to)


def test_who_had_a_seat_is_asked_once_the_day_after(cast: Cast) -> None:
    over = held(cast, seats=2)
    lea, absent = person(over, "lea"), person(over, "ali")
    person(over, "zoe")  # waits for a seat
    absent.came = False
    absent.save(update_fields=["came"])
    told()
    call_command("remind_gatherings")
    assert told() == ["lea@exemple.test"]
    assert events.token_of(lea) in str(mail.outbox[0].body)
    assert "/avis/" in str(mail.outbox[0].body)
    call_command("remind_gatherings")
    assert told() == []


def test_who_registered_answers_once_and_the_answer_tells_nobody(
    cast: Cast, client: Client
) -> None:
    over = held(cast)
    lea = person(over, "lea")
    url = reverse("gatherings:opinion", args=[events.token_of(lea)])
    assert "Vous allez changer quelque chose chez vous" in client.get(url).content.decode()
    given = {"utile": "4", "changer": "2", "words": "Enfin compris la VMC."}
    assert "Merci pour votre avis" in client.post(url, given).content.decode()
    kept = Evaluation.objects.get()
    assert (kept.answers, kept.words) == ({"utile": 4, "changer": 2}, "Enfin compris la VMC.")
    fields = {field.name for field in Evaluation._meta.get_fields()}
    assert fields == {"id", "gathering", "answers", "words", "on"}
    again = client.post(url, {"utile": "1"})
    assert "déjà donné votre avis" in again.content.decode()
    assert Evaluation.objects.count() == 1


def test_an_empty_answer_is_asked_again(cast: Cast, client: Client) -> None:
    lea = person(held(cast), "lea")
    url = reverse("gatherings:opinion", args=[events.token_of(lea)])
    assert "Répondez à une question" in client.post(url, {"words": " "}).content.decode()
    assert "Sélectionnez" in client.post(url, {"utile": "9"}).content.decode()
    assert not Evaluation.objects.exists()


def test_who_came_without_registering_answers_by_the_address_of_the_room(
    cast: Cast, client: Client
) -> None:
    over = held(cast, entry="free", kind="reunion_publique")
    url = evaluating.room_address(over).removeprefix("http://localhost:8000")
    page = client.get(url).content.decode()
    assert "Vous avez pu parler" in page
    assert "changer quelque chose" not in page  # of workshops
    client.post(url, {"parole": "3"})
    client.post(url, {"parole": "4"})
    assert Evaluation.objects.filter(gathering=over).count() == 2
    wrong = url.replace("/avis/", "/avis/9")
    assert client.get(wrong).status_code == 404


@pytest.mark.parametrize(
    ("starts", "ends", "opened"),
    [(1, 2, False), (-1, 1, True), (-20, -19, True), (-40, -39, False)],
)
def test_the_questionnaire_is_open_from_the_beginning_to_a_month_after(
    cast: Cast, starts: int, ends: int, opened: bool
) -> None:
    gathering = workshop(cast, starts_at=in_days(starts), ends_at=in_days(ends))
    assert evaluating.takes_evaluations(gathering, timezone.now()) is opened
    if not opened:
        with pytest.raises(ValidationError, match="fermé"):
            evaluating.evaluate_in_the_room(gathering, said={"utile": 4})


def test_a_gathering_that_was_called_off_asks_nobody(cast: Cast) -> None:
    over = held(cast)
    person(over, "lea")
    acts.cancel_gathering(over, actor=cast.actor(cast.sofia), reason="Panne.")
    told()
    call_command("remind_gatherings")
    assert told() == []


def test_results_are_for_who_organises_and_only_from_three_answers(
    cast: Cast, client: Client
) -> None:
    over = held(cast)
    url = reverse("gatherings:results", args=[over.pk])
    client.force_login(cast.sofia)
    for value in (4, 2):
        evaluating.evaluate_in_the_room(over, said={"utile": value}, words="Merci Karim")
    few = client.get(url).content.decode()
    assert "2\u00a0avis reçus" in few
    assert "Merci Karim" not in few
    evaluating.evaluate_in_the_room(over, said={"utile": 3})
    page = client.get(url).content.decode()
    assert "Merci Karim" in page
    assert "67&nbsp;%" in page
    client.force_login(cast.nadia)
    assert client.get(url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302


def test_the_letter_and_the_code_for_the_room_are_one_accessible_page(
    cast: Cast, client: Client
) -> None:
    over = held(cast, summary="Un long mot d’explication. " * 70, title="T" * 150)
    client.force_login(cast.sofia)
    for name in ("letter", "say_pdf"):
        content = client.get(reverse(f"gatherings:{name}", args=[over.pk])).content
        assert_accessible(content)
        assert page_count(content) == 1


def test_who_has_no_e_mail_is_listed_to_be_called(cast: Cast, client: Client) -> None:
    gathering = workshop(cast)
    acts.register_person(gathering, name="Ali", phone="06 12 34 56 78")
    acts.register_person(gathering, name="Léa", email="lea@exemple.test")
    client.force_login(cast.sofia)
    page = client.get(reverse("gatherings:people", args=[gathering.pk])).content.decode()
    assert "Ali" in page
    assert "0612345678" not in page.replace(" ", "")
    shown = client.post(reverse("gatherings:phones", args=[gathering.pk]))
    assert shown["Cache-Control"] == "private, no-store"
    page = shown.content.decode()
    assert "tel:0612345678" in page
    read = PersonalReading.objects.get()
    assert (read.person, read.kind, read.about) == (cast.sofia, "registration", gathering.title)
    assert "lea@exemple.test" not in page


def test_organisations_that_were_called_are_reminded_once_the_day_before(cast: Cast) -> None:
    gathering = workshop(cast, starts_at=in_days(1), ends_at=in_days(1, 2), public=False)
    acts.ask_organisations(gathering, [cast.landlord, cast.other_town], at=in_days(-5))
    acts.answer_invitation(gathering, actor=cast.actor(cast.nadia), answer="excused")
    told()
    call_command("remind_gatherings")
    reached = told()
    assert cast.luc.email in reached
    assert cast.nadia.email not in reached
    call_command("remind_gatherings")
    assert told() == []


def test_results_ask_the_same_for_three_answers_and_for_three_hundred(
    cast: Cast, client: Client
) -> None:
    over = held(cast)
    client.force_login(cast.sofia)
    url = reverse("gatherings:results", args=[over.pk])

    def asked(count: int) -> int:
        on = timezone.localdate()
        Evaluation.objects.bulk_create(
            Evaluation(gathering=over, answers={"utile": 4}, words="Bien", on=on)
            for _ in range(count)
        )
        client.get(url)
        with counted() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = asked(3)
    assert asked(300) == few
    assert few <= 8, few
