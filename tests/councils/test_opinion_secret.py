"""What a body has not sent is its own: no page, title, count or event reaches anybody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from parvis.councils import opinion_acts as acts
from parvis.meetings.acts import convene
from parvis.search import index
from parvis.thread.finding import find_things
from parvis.thread.reading import awaiting, due_for, events_of, moved_since, rows_of, thread_of
from parvis.thread.register import Where
from tests.cast import Cast
from tests.councils.opinion_scene import (
    TITLE,
    a_draft,
    a_request,
    a_sitting,
    adopted,
    answered,
    sent,
)
from tests.councils.scene import a_body, hugo_in, other_body
from tests.works.scene import a_project

OTHERS = ("claire", "bruno", "karim", "luc", "rose", "lila", "theo", "")
PAGES = ("", "avis.pdf", "suites/", "versions/", "ecrire/", "adopter/", "envoyer/", "repondre/")
SECRET = "Le secret de la place"


def reader(cast: Cast, who: str) -> Client:
    client = Client()
    if who:
        client.force_login(getattr(cast, who))
    return client


@pytest.mark.parametrize("state", ["draft", "adopted", "dropped"])
def test_before_it_is_sent_nobody_else_reads_an_opinion_nor_knows_of_it(
    cast: Cast, state: str
) -> None:
    body = a_body(cast)
    other_body(cast)
    hugo_in(cast, body)
    begun = timezone.now()
    make = adopted if state == "adopted" else a_draft
    opinion = make(cast, body, title=SECRET)
    if state == "dropped":
        acts.drop_opinion(opinion)
    for who in OTHERS:
        client = reader(cast, who)
        for page in PAGES:
            if page in PAGES[3:] and not who:
                continue  # a stranger is asked to sign in first
            wanted = {403, 404} if who == "theo" and page in PAGES[3:] else {404}
            answer = client.get(f"/participation/avis/{opinion.pk}/{page}")
            assert answer.status_code in wanted, (who, page)
        for page in ("avis/", "avis.csv", f"{body.pk}/suites/"):
            answer = client.get(f"/participation/{page}")
            words = answer.getvalue() if answer.streaming else answer.content
            assert SECRET not in words.decode()
        actor = cast.actor(getattr(cast, who)) if who else cast.actor(cast.theo)
        thing = ("opinion", opinion.pk)
        assert not rows_of(actor, {thing})
        assert not events_of(actor, *thing)
        assert not thread_of(actor, *thing)
        assert not [one for one in moved_since(actor, begun) if one.kind == "opinion"]
        assert not [one for one in awaiting(actor, timezone.localdate()) if one.kind == "opinion"]
        assert not [one for one in due_for(actor)[0].first if one.kind == "opinion"]
    assert not list(index.matching("opinion", SECRET) or [])
    for own in ("yasmine", "hugo"):
        assert SECRET in reader(cast, own).get(f"/participation/avis/{opinion.pk}/").text


def test_its_title_does_not_leak_by_the_agenda_of_a_sitting(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    opinion = a_draft(cast, body, title=SECRET)
    sitting = a_sitting(cast, body, over=False)
    yasmine = cast.actor(cast.yasmine)
    assert acts.put_on_agenda(opinion, sitting, actor=yasmine)
    assert not acts.put_on_agenda(opinion, sitting, actor=yasmine)
    convene(sitting, actor=yasmine)
    client.force_login(cast.karim)  # his town sits there
    words = client.get(f"/seances/{sitting.pk}/").text
    assert "Un avis à débattre" in words
    assert SECRET not in words
    assert f"/avis/{opinion.pk}/" not in words


def test_neither_the_asker_nor_the_replier_knows_that_a_request_was_taken(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    asked = a_request(cast, body)
    client.force_login(cast.karim)
    before = client.get(f"/participation/demandes/{asked.pk}/").text
    opinion = a_draft(cast, body, asked)
    after = client.get(f"/participation/demandes/{asked.pk}/").text
    assert f"/avis/{opinion.pk}/" not in after
    assert len(before) == len(after)
    assert [one.kind for one in thread_of(cast.actor(cast.karim), "opinion_request", asked.pk)] in (
        [],
        ["opinion_request"],
    )


def test_sent_it_is_read_by_who_replies_and_who_asked_and_published_by_all(cast: Cast) -> None:
    body = a_body(cast)
    project = a_project(cast)
    asked = a_request(
        cast, body, asker=cast.claire, replier=cast.town, subject=("project", project.pk)
    )
    opinion = sent(cast, body, asked)
    page = f"/participation/avis/{opinion.pk}/"
    readers = {who: reader(cast, who).get(page).status_code for who in ("karim", "claire")}
    assert readers == {"karim": 200, "claire": 200}
    for who in ("bruno", "luc", "lila", ""):
        assert reader(cast, who).get(page).status_code == 404, who
    for who in ("karim", "claire"):
        assert reader(cast, who).get(f"{page}versions/").status_code == 403
    kinds = {one.kind for one in thread_of(cast.actor(cast.claire), "project", project.pk)}
    assert {"opinion", "opinion_request"} <= kinds
    acts.publish_opinion(opinion, actor=cast.actor(cast.yasmine))
    answered(cast, opinion)
    for who in ("bruno", "luc", "lila", ""):
        words = reader(cast, who).get(page).text
        assert "Certains préfèrent" in words
        assert "9 pour, 1 contre" in words
        assert "Merci : les bancs restent." in words
        assert "Les bancs, les arbres et les jeux." in words  # what was open
    assert opinion.pk in set(index.matching("opinion", "bancs tilleuls") or [])
    found = reader(cast, "").get("/participation/avis/?mots=ombre").text
    assert TITLE in found
    paper = reader(cast, "").get(f"{page}avis.pdf")
    assert paper.content.startswith(b"%PDF")


def test_words_find_no_opinion_of_another_body(cast: Cast) -> None:
    body = a_body(cast)
    a_draft(cast, body, title=SECRET)
    where = Where(quartiers=frozenset({cast.rives.pk}))
    assert find_things(cast.actor(cast.yasmine), "débattre", where)
    assert not find_things(cast.actor(cast.claire), "débattre", where)


def test_a_member_of_the_body_may_write_but_only_its_animator_decides(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    opinion = a_draft(cast, body)
    client.force_login(cast.hugo)
    page = f"/participation/avis/{opinion.pk}/"
    assert client.get(f"{page}ecrire/").status_code == 200
    for decided in ("adopter/", "envoyer/", "publier/", "ordre-du-jour/"):
        assert client.get(f"{page}{decided}").status_code == 403
