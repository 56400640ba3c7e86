"""A service's answers, and what the sender learns of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from parvis.notices.sending import send_due
from parvis.partners.models import Role
from parvis.vigilance import orientation_acts as acts
from parvis.vigilance.models import Orientation, OrientationSecret, SpokenAgreement, SupportDoor
from parvis.vigilance.workflow import State
from tests.cast import Cast
from tests.vigilance.orienting import browser, codes, page, press
from tests.vigilance.scene import SECRET, a_door, a_receiver, an_orientation

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(cast: Cast) -> SupportDoor:
    made = a_door(cast)
    a_receiver(made, cast.sofia)
    return made


def posted() -> dict[str, list[Any]]:
    """The mails that leave now, by address."""
    mail.outbox.clear()
    send_due(timezone.now() + timedelta(hours=1))
    found: dict[str, list[Any]] = {}
    for one in mail.outbox:
        found.setdefault(one.to[0], []).append(one)
    return found


def second_door(cast: Cast) -> SupportDoor:
    """One of the association, where Rose receives as a contributor."""
    cast.rose.mandates.update(role=Role.CONTRIBUTEUR)
    made = a_door(cast, cast.association, name="Point conseil budget", answers_within_days=3)
    a_receiver(made, cast.rose)
    return made


def test_the_service_takes_over_notes_contacts_and_says_what_came_of_it(
    cast: Cast, door: SupportDoor
) -> None:
    now = timezone.now()
    one = an_orientation(cast, door, sent_at=now - timedelta(days=9))
    client, today = browser(cast.sofia), timezone.localdate()
    press(client, "answer", one, do="accept")
    assert set(posted()) == {cast.ines.email}
    # A contact noted late, before another one: first and last stay what they are.
    for days in (2, 5):
        press(client, "answer", one, do="contact", on=(today - timedelta(days=days)).isoformat())
    one.refresh_from_db()
    assert (one.first_contact_on, one.last_contact_on) == (
        today - timedelta(days=5),
        today - timedelta(days=2),
    )
    assert one.last_contact_on is not None
    assert one.erase_on == one.last_contact_on + timedelta(days=door.kept_for_days)
    assert not posted()  # when they met is between them
    press(client, "answer", one, do="close", outcome="accompagnement", on="")
    told = posted()
    assert set(told) == {cast.ines.email}
    [word] = told[cast.ines.email]
    assert f"La personne que vous avez orientée ({one.code}) : un accompagnement a commencé." in (
        word.body
    )
    assert not [text for text in SECRET.values() if text in word.body + word.subject]
    one.refresh_from_db()
    assert (one.state, one.outcome) == (State.CLOSED, "accompagnement")
    assert codes(one) == ["written", "accepted", "contacted", "contacted", "closed"]
    assert "un accompagnement a commencé" in page(browser(cast.ines), one).content.decode()


def test_a_refusal_says_why_from_the_list_and_erases_after_thirty_days(
    cast: Cast, door: SupportDoor
) -> None:
    one = an_orientation(cast, door)
    client = browser(cast.sofia)
    assert "obligatoire" in press(client, "answer", one, do="refuse").content.decode()
    press(client, "answer", one, do="refuse", refusal="complet")
    one.refresh_from_db()
    assert (one.state, one.refusal) == (State.REFUSED, "complet")
    assert one.erase_on == timezone.localdate() + timedelta(days=30)
    assert "ne peut plus prendre personne" in posted()[cast.ines.email][0].body


def test_it_is_passed_on_only_if_the_person_agreed_to_that(cast: Cast, door: SupportDoor) -> None:
    other = second_door(cast)
    one = an_orientation(cast, door)
    client = browser(cast.sofia)
    assert "Transmettre" not in page(client, one).content.decode()
    press(client, "answer", one, do="redirect", door=other.pk)
    one.refresh_from_db()
    assert one.door == door
    SpokenAgreement.objects.update(may_be_redirected=True)
    press(client, "answer", one, do="redirect", door=other.pk)
    one.refresh_from_db()
    assert (one.door, one.state) == (other, State.SENT)
    assert one.answer_due_on == timezone.localdate() + timedelta(days=3)
    assert set(posted()) == {cast.ines.email, cast.rose.email}
    # Who passed it on reads it no more; who receives it now does.
    assert page(client, one).status_code == 404
    assert press(client, "read", one).status_code == 404
    assert SECRET["name"] in press(browser(cast.rose), "read", one).content.decode()


def test_a_door_elsewhere_or_that_does_not_receive_is_no_place_to_pass_it_on(
    cast: Cast, door: SupportDoor
) -> None:
    elsewhere = a_door(cast, cast.other_town)
    a_receiver(elsewhere, cast.nadia)
    one = an_orientation(cast, door)
    SpokenAgreement.objects.update(may_be_redirected=True)
    for wrong in (elsewhere, a_door(cast, cast.association), door):
        with pytest.raises(acts.Refused):
            acts.redirect(one, actor=cast.actor(cast.sofia), door=wrong)


@pytest.mark.parametrize("days", [1, -30])
def test_a_contact_is_neither_to_come_nor_before_it_was_sent(
    cast: Cast, door: SupportDoor, days: int
) -> None:
    one = an_orientation(cast, door)
    acts.accept(one, actor=cast.actor(cast.sofia))
    with pytest.raises(acts.Refused):
        acts.note_contact(
            one, actor=cast.actor(cast.sofia), on=timezone.localdate() + timedelta(days=days)
        )


@pytest.mark.parametrize("state", [State.SENT, State.ACCEPTED, State.CLOSED, State.REFUSED])
@pytest.mark.parametrize("who", ["ines", "sofia"])
def test_a_person_takes_her_word_back_at_any_time_and_the_content_goes_at_once(
    cast: Cast, door: SupportDoor, state: str, who: str
) -> None:
    one = an_orientation(cast, door)
    sofia = cast.actor(cast.sofia)
    if state == State.REFUSED:
        acts.refuse(one, actor=sofia, refusal="complet")
    if state in (State.ACCEPTED, State.CLOSED):
        acts.accept(one, actor=sofia)
    if state == State.CLOSED:
        acts.close(one, actor=sofia, outcome="information")
    posted()
    press(browser(getattr(cast, who)), "withdraw", one)
    assert not OrientationSecret.objects.exists()
    one.refresh_from_db()
    ended = state in (State.CLOSED, State.REFUSED)
    assert one.state == (state if ended else State.WITHDRAWN)
    assert codes(one)[-2:] == ["withdrawn", "erased"]
    assert set(posted()) == {cast.sofia.email if who == "ines" else cast.ines.email}
    assert "effacé" in page(browser(cast.sofia), one).content.decode()


def test_what_was_withdrawn_before_it_left_tells_nobody_that_it_came(
    cast: Cast, door: SupportDoor
) -> None:
    one = an_orientation(cast, door, state=State.DRAFT)
    acts.send(one, actor=cast.actor(cast.ines))
    acts.withdraw(one, actor=cast.actor(cast.ines))
    subjects = [one.subject for one in posted()[cast.sofia.email]]
    assert subjects == [f"Orientation {one.code} retirée"]


def test_who_left_is_told_nothing_more(cast: Cast, door: SupportDoor) -> None:
    one = an_orientation(cast, door)
    cast.ines.mandates.update(ends_on=timezone.localdate() - timedelta(days=1))
    acts.accept(one, actor=cast.actor(cast.sofia))
    assert not posted()


def test_an_answer_that_is_none_says_so(cast: Cast, door: SupportDoor) -> None:
    one = an_orientation(cast, door)
    client = browser(cast.sofia)
    answer = client.post(reverse("vigilance:answer", args=[one.pk]), {"do": "inventé"}, follow=True)
    assert "Choisissez une réponse" in answer.content.decode()
    # Closing what was not taken up, or accepting twice: told kindly, nothing changed.
    press(client, "answer", one, do="close", outcome="information")
    press(client, "answer", one, do="accept")
    again = client.post(reverse("vigilance:answer", args=[one.pk]), {"do": "accept"}, follow=True)
    assert "vient d’être prise en charge par Sofia" in again.content.decode()
    assert Orientation.objects.get().state == State.ACCEPTED
