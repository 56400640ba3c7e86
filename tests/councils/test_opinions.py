"""Opinions: written together, adopted, sent, answered, recalled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.utils import timezone

from parvis.councils import opinion_acts as acts
from parvis.councils.models import Opinion
from parvis.councils.opinion_reminding import remind_replies
from parvis.notices.models import Envelope
from parvis.thread.models import Event
from parvis.thread.reading import due_for
from tests.cast import Cast
from tests.councils.opinion_scene import (
    ASKED,
    TEXT,
    VIEW,
    a_draft,
    a_request,
    a_sitting,
    adopted,
    answered,
    decided,
    overdue,
    sent,
    silent,
)
from tests.councils.scene import a_body, other_body


def test_each_save_keeps_the_former_words(cast: Cast) -> None:
    draft = a_draft(cast, a_body(cast))
    acts.write_opinion(
        draft, actor=cast.actor(cast.hugo), version=1, text="Autre.", asked=["Un"], views=[]
    )
    first, second = draft.versions.all()
    assert (first.text, first.asked, first.views) == (TEXT, "\n".join(ASKED), VIEW)
    assert (second.text, second.by) == ("Autre.", cast.hugo)
    assert [one.text for one in draft.askings.all()] == ["Un"]


def test_what_somebody_else_saved_is_not_overwritten_and_nothing_typed_is_lost(
    cast: Cast, client: Client
) -> None:
    draft = a_draft(cast, a_body(cast))
    client.force_login(cast.hugo)
    page = f"/participation/avis/{draft.pk}/ecrire/"
    mine = {"title": "La place", "text": "Mon texte", "asked": "Un banc", "views": "", "version": 1}
    acts.write_opinion(
        draft, actor=cast.actor(cast.yasmine), version=1, text="Le sien", asked=[], views=[]
    )
    shown = client.post(page, mine)
    assert "Mon texte" in shown.text
    assert "Le sien" in shown.text
    assert Opinion.objects.get(pk=draft.pk).text == "Le sien"
    assert client.post(page, {**mine, "version": 2}).status_code == 302
    assert Opinion.objects.get(pk=draft.pk).text == "Mon texte"


@pytest.mark.parametrize(("votes_for", "votes_against"), [(0, 0), (4, 4), (3, 5), (-1, -2)])
def test_votes_must_carry_an_opinion(cast: Cast, votes_for: int, votes_against: int) -> None:
    body = a_body(cast)
    with pytest.raises(ValidationError):
        acts.adopt(
            a_draft(cast, body),
            actor=cast.actor(cast.yasmine),
            sitting=a_sitting(cast, body),
            votes_for=votes_for,
            votes_against=votes_against,
            abstentions=0,
        )


def test_it_is_adopted_at_a_sitting_of_its_body_that_has_begun(cast: Cast) -> None:
    body, theirs = a_body(cast), other_body(cast)
    draft = a_draft(cast, body)
    votes: dict[str, Any] = {"votes_for": 5, "votes_against": 0, "abstentions": 0}
    yasmine = cast.actor(cast.yasmine)
    for wrong in (a_sitting(cast, theirs), a_sitting(cast, body, over=False)):
        with pytest.raises(ValidationError):
            acts.adopt(draft, actor=yasmine, sitting=wrong, **votes)
    found = acts.adopt(draft, actor=yasmine, sitting=a_sitting(cast, body), **votes)
    assert found.adopted_on == timezone.localdate(found.sitting.gathering.starts_at)


def test_words_that_changed_since_they_were_read_are_not_adopted(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    draft, sitting = a_draft(cast, body), a_sitting(cast, body)
    client.force_login(cast.yasmine)
    page = f"/participation/avis/{draft.pk}/adopter/"
    assert 'name="version" value="1"' in client.get(page).text
    acts.write_opinion(
        draft, actor=cast.actor(cast.hugo), version=1, text="Tout autre.", asked=[], views=[]
    )
    votes = {"sitting": sitting.pk, "votes_for": 5, "votes_against": 0, "abstentions": 0}
    assert "relisez-le" in client.post(page, {**votes, "version": 1}).text
    assert client.post(page, {**votes, "version": 2}).status_code == 302


def test_adopted_words_are_frozen(cast: Cast, client: Client) -> None:
    opinion = adopted(cast, a_body(cast))
    with pytest.raises(acts.Refused):
        acts.write_opinion(
            opinion, actor=cast.actor(cast.yasmine), version=1, text="Non", asked=[], views=[]
        )
    client.force_login(cast.yasmine)
    assert client.get(f"/participation/avis/{opinion.pk}/ecrire/").status_code == 403


def test_the_reply_is_due_as_the_request_or_the_list_says(cast: Cast) -> None:
    body = a_body(cast)
    today = timezone.localdate()
    assert sent(cast, body, a_request(cast, body)).reply_due_on == today + timedelta(days=30)
    assert sent(cast, body).reply_due_on == today + timedelta(days=60)


def test_only_who_owes_the_reply_gives_it_for_each_asking_with_reasons(
    cast: Cast, client: Client
) -> None:
    opinion = sent(cast, a_body(cast), public=True)
    page = f"/participation/avis/{opinion.pk}/repondre/"
    for neighbour in (cast.nadia, cast.luc, cast.claire, cast.yasmine):
        client.force_login(neighbour)
        assert client.post(page, {}).status_code == 403
    client.force_login(cast.karim)
    first, second = opinion.askings.all()
    data = {"text": "Voilà.", f"outcome_{first.pk}": "followed", f"why_{first.pk}": "Oui."}
    assert client.post(page, data).status_code == 200
    with pytest.raises(ValidationError):
        acts.reply(
            opinion,
            actor=cast.actor(cast.karim),
            text="Voilà.",
            outcomes={first.pk: ("followed", "Oui.")},
        )
    assert not Event.objects.filter(code="replied").exists()
    data |= {f"outcome_{second.pk}": "not_followed", f"why_{second.pk}": "Trop cher."}
    assert client.post(page, data).status_code == 302
    outcomes = client.get(f"/participation/avis/{opinion.pk}/suites/").text
    assert "Trop cher." in outcomes
    assert "non suivi" in outcomes
    with pytest.raises(acts.Refused):
        answered(cast, opinion)
    client.post(page, data)  # the same form sent twice adds nothing
    client.post(page, {"added": "Le sol est étudié."})
    client.post(page, {"added": "Le sol est étudié."})
    assert opinion.additions.count() == 1
    told = Envelope.objects.filter(address=cast.hugo.email).values_list("subject", flat=True)
    assert any("Une réponse à votre avis" in one for one in told)


def test_the_body_enters_the_reply_of_who_does_not_come_here_and_of_no_other(
    cast: Cast, client: Client
) -> None:
    opinion = sent(cast, a_body(cast))
    given: dict[str, Any] = {
        "actor": cast.actor(cast.yasmine),
        "text": "Par courrier.",
        "outcomes": decided(opinion),
        "entered": True,
    }
    with pytest.raises(acts.Refused):
        acts.reply(opinion, **given)
    silent(cast.town)
    client.force_login(cast.hugo)
    page = f"/participation/avis/{opinion.pk}/saisir-la-reponse/"
    assert client.get(page).status_code == 403
    found = acts.reply(opinion, **given)
    assert (found.state, found.reply_entered) == ("answered", True)
    assert Event.objects.get(code="replied").concerns == cast.town


def test_a_service_without_account_reads_the_whole_opinion_in_its_mail(cast: Cast) -> None:
    silent(cast.town)
    sent(cast, a_body(cast))
    mail = Envelope.objects.get(address=cast.town.email)
    assert TEXT in mail.text
    assert ASKED[1] in mail.text
    assert VIEW in mail.text


def test_a_reply_is_recalled_before_its_day_once_late_then_each_month(cast: Cast) -> None:
    opinion = sent(cast, a_body(cast))  # due in sixty days
    now = timezone.now()
    days = (0, 40, 53, 54, 60, 61, 62, 80, 90, 91, 92, 121)
    told = [remind_replies(now + timedelta(days=day)) for day in days]
    assert told == [0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1]
    assert list(opinion.reminders.values_list("late", flat=True)) == [False, True, True, True]
    assert (
        Envelope.objects.filter(
            address=cast.karim.email, subject__startswith="Une réponse est en retard"
        ).count()
        == 3
    )
    assert not Envelope.objects.filter(
        address=cast.nadia.email, subject__startswith="Une réponse"
    ).exists()
    answered(cast, opinion)
    assert remind_replies(now + timedelta(days=160)) == 0


def test_a_reply_that_is_owed_stands_on_the_board_of_who_owes_it(cast: Cast) -> None:
    opinion = overdue(sent(cast, a_body(cast)), 3)
    found = {
        who.name: [one.id for one in due_for(cast.actor(who))[0].first if one.kind == "opinion"]
        for who in (cast.karim, cast.yasmine, cast.nadia, cast.claire, cast.luc)
    }
    mine = [opinion.pk]
    assert found == {"Karim": mine, "Yasmine": mine, "Nadia": [], "Claire": [], "Luc": []}


@pytest.mark.django_db(transaction=True)
def test_five_at_once_adopt_once_and_send_once(cast: Cast) -> None:
    body = a_body(cast)
    draft, sitting = a_draft(cast, body), a_sitting(cast, body)
    actor = cast.actor(cast.yasmine)
    start = Barrier(5)

    def adopt(number: int) -> bool:
        return _tried(
            lambda: acts.adopt(
                draft,
                actor=actor,
                sitting=sitting,
                votes_for=5 + number,
                votes_against=0,
                abstentions=0,
            )
        )

    def send(_number: int) -> bool:
        return _tried(lambda: acts.send_opinion(draft, actor=actor, replier=cast.town))

    def _tried(act: Any) -> bool:
        start.wait(20)
        try:
            act()
        except ValidationError:
            return False
        finally:
            connections.close_all()
        return True

    for act, code in ((adopt, "adopted"), (send, "sent")):
        with ThreadPoolExecutor(5) as pool:
            assert sum(pool.map(act, range(5))) == 1
        assert Event.objects.filter(thing_kind="opinion", code=code).count() == 1
