"""The cadre de référence: written, remarked on, answered, adopted, replaced, compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import frame_acts as acts
from parvis.councils.frame_articles import move_article, number_articles, write_article
from parvis.councils.frame_reading import articles_citing
from parvis.councils.frame_telling import asked, remind_frames
from parvis.councils.models import Frame, FrameArticle
from parvis.councils.workflow import FrameState
from parvis.notices.models import Envelope, Message
from parvis.partners.rights import Refused
from parvis.thread.reading import thread_of
from tests.cast import Cast
from tests.councils import frame_scene as scene
from tests.councils.scene import a_body, other_body

pytestmark = pytest.mark.django_db


def test_the_next_version_takes_the_articles_and_their_order_may_change(cast: Cast) -> None:
    first = scene.adopted(cast)
    following = scene.a_frame(cast)
    assert (following.number, following.articles.count()) == (first.number + 1, 3)
    with pytest.raises(Refused, match="déjà en préparation"):
        acts.begin_frame(cast.agglomeration)
    move_article(scene.article(following, "3"), up=True)
    assert [one.number for one in following.articles.all()] == ["1", "3", "2"]
    number_articles(following)
    assert [one.number for one in following.articles.all()] == ["1", "2", "3"]
    with pytest.raises(ValidationError, match="déjà ce numéro"):
        write_article(following, number="2", title="T", text="T")
    with pytest.raises(ValidationError, match="article 1"):
        write_article(following, number="4", title="T", text="T", rules=["residents"])
    with pytest.raises(Refused, match="adoptée"):
        write_article(first, number="4", title="T", text="T")


def test_remarks_end_with_their_day_and_the_text_stands_still_until_then(cast: Cast) -> None:
    frame = scene.opened(cast)
    remark = scene.remarked(cast, frame)
    assert scene.remarked(cast, frame).pk == remark.pk  # said twice, kept once
    with pytest.raises(Refused, match="ouvert aux remarques"):
        write_article(frame, scene.article(frame), text="Autre chose.")
    Frame.objects.update(closes_on=timezone.localdate())  # that day still counts
    scene.remarked(cast, frame, text="Et les anciens ?")
    frame = scene.closed(frame)
    with pytest.raises(Refused, match="closes"):
        scene.remarked(cast, frame, text="Trop tard ?")
    write_article(frame, scene.article(frame), text="Autre chose.")
    assert frame.opened_as[0]["text"] == scene.ARTICLES[0]["text"]


def test_a_version_is_adopted_once_every_remark_is_answered(cast: Cast) -> None:
    claire, frame = cast.actor(cast.claire), scene.opened(cast)
    remark, sitting = scene.remarked(cast, frame), scene.held_sitting(cast)
    with pytest.raises(Refused, match="clôture"):
        acts.adopt_frame(frame, actor=claire, sitting=sitting)
    frame = scene.closed(frame)
    with pytest.raises(Refused, match="attend sa réponse"):
        acts.adopt_frame(frame, actor=claire, sitting=sitting)
    for outcome, answer in (("studied", "Oui"), ("followed", " ")):
        with pytest.raises(Refused):
            acts.answer_remark(remark, actor=claire, outcome=outcome, answer=answer)
    acts.answer_remark(remark, actor=claire, outcome="not_followed", answer="La loi le dit déjà.")
    theirs = scene.held_sitting(cast, cast.neighbour)
    with pytest.raises(Refused, match="votre agglomération"):
        acts.adopt_frame(frame, actor=claire, sitting=theirs)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="à venir"):
        acts.adopt_frame(frame, actor=claire, sitting=sitting, adopted_on=tomorrow)
    acts.adopt_frame(frame, actor=claire, sitting=sitting)
    with pytest.raises(IntegrityError), transaction.atomic():
        Frame.objects.filter(pk=frame.pk).update(sitting=None)


def test_a_rule_cites_the_article_in_force_and_no_other(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    body, theirs = a_body(cast), other_body(cast)
    first = scene.adopted(cast)
    following = scene.a_frame(cast)
    with django_assert_num_queries(1):
        found = articles_citing(body)
        assert {code: one.frame_id for code, one in found.items()} == dict.fromkeys(
            ("residents", "no_elected", "term"), first.pk
        )
    assert found["term"].anchor == "article-3"
    assert articles_citing(theirs) == {}
    second = scene.adopted(cast, scene.opened(cast, following))
    assert articles_citing(body)["term"].frame_id == second.pk
    first.refresh_from_db()
    assert first.state == FrameState.REPLACED
    steps = thread_of(cast.actor(cast.claire), "frame", second.pk)
    assert {"frame", "sitting"} <= {one.kind for one in steps}


@pytest.mark.django_db(transaction=True)
def test_of_two_texts_adopted_at_once_one_is_in_force(cast: Cast) -> None:
    scene.adopted(cast)
    claire, sitting = cast.actor(cast.claire), scene.held_sitting(cast)
    yesterday = timezone.localdate() - timedelta(days=1)
    rivals = [
        Frame.objects.create(
            coordinator=cast.agglomeration, number=number, title="Cadre", state="open",
            opened_at=timezone.now(), closes_on=yesterday,
        )
        for number in (2, 3)
    ]  # fmt: skip
    start = Barrier(len(rivals))

    def adopt(frame: Frame) -> None:
        try:
            start.wait()
            acts.adopt_frame(frame, actor=claire, sitting=sitting)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rivals)) as pool:
        list(pool.map(adopt, rivals))
    states = sorted(Frame.objects.values_list("state", flat=True))
    assert states == ["adopted", "replaced", "replaced"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Frame.objects.update(state="adopted")


def test_the_territory_remarks_and_the_neighbours_read_nothing(cast: Cast) -> None:
    a_body(cast)
    other_body(cast)
    draft = scene.a_frame(cast)
    readers = {"karim", "luc", "paul", "rose", "sofia", "ines", "yasmine", "hugo", "claire"}

    def seen(right: str) -> set[str]:
        rows = Frame.objects
        return {
            who
            for who, person in cast.people.items()
            if rows.allowed(cast.actor(person), right).exists()
        }

    assert seen("see") == {"claire"}
    frame = scene.opened(cast, draft)
    # nadia's town and lila's body are the neighbour's, odile left, theo acts for nobody.
    assert seen("see") == readers
    assert seen("remark") == readers - {"rose", "hugo"}
    names = {one.name for one in asked(frame)}
    assert {cast.town.name, cast.council.name, cast.landlord.name} <= names
    assert not {cast.other_town.name, cast.other_council.name, cast.agglomeration.name} & names
    url, row = reverse("councils:frame", args=[frame.pk]), scene.article(frame)
    posted = reverse("councils:remark", args=[frame.pk, row.pk])
    for person, page, answer in (
        (cast.nadia, 404, 404),
        (cast.lila, 404, 404),
        (cast.rose, 200, 403),
        (cast.yasmine, 200, 302),
    ):
        client = Client(headers={"sec-fetch-site": "same-origin"})
        client.force_login(person)
        assert client.get(url).status_code == page
        assert client.post(posted, {"text": "Et les jeunes ?"}).status_code == answer
    assert [one.organisation for one in row.comments.all()] == [cast.council]


def test_who_is_asked_is_told_once_and_reminded_once(cast: Cast) -> None:
    a_body(cast)
    frame = scene.opened(cast, days=5)
    sent = Message.objects.filter(event=f"frame.opened:{frame.pk}")
    told = set(sent.values_list("person", flat=True))
    assert {f"user:{cast.karim.pk}", f"user:{cast.yasmine.pk}"} <= told
    # Nobody writes for the association: its service is told, and answers by letter.
    assert f"organisation:{cast.association.pk}" in told
    letter = Envelope.objects.get(
        message__event=f"frame.opened:{frame.pk}",
        message__person=f"organisation:{cast.association.pk}",
    )
    assert cast.agglomeration.email in letter.text
    assert f"user:{cast.nadia.pk}" not in told
    scene.remarked(cast, frame)
    assert remind_frames() == len(told) - 2  # karim and sofia's town has spoken
    assert remind_frames() == 0
    call_command("remind_frames")
    assert not mail.outbox


def test_an_adopted_text_is_everybodys_with_its_remarks_and_its_paper(
    cast: Cast, client: Client
) -> None:
    first = scene.adopted(cast)
    following = scene.a_frame(cast)
    write_article(following, scene.article(following, "3"), text="Un mandat dure deux ans.")
    following = scene.opened(cast, following)
    remark = scene.remarked(cast, following)
    acts.answer_remark(remark, actor=cast.actor(cast.claire), outcome="partly", answer="En partie.")
    compare = reverse("councils:frame_compare", args=[following.pk])
    assert client.get(compare).status_code == 404
    second = scene.adopted(cast, following)
    page = client.get(reverse("councils:frame", args=[second.pk])).content.decode()
    for words in ('id="article-3"', "Et les jeunes ?", "En partie.", 'href="#article-2"'):
        assert words in page
    page = client.get(compare, {"avec": first.pk}).content.decode()
    assert "Retiré&nbsp;: </span>trois </del>" in page
    assert "Ajouté&nbsp;: </span>deux </ins>" in page
    assert "2\N{NO-BREAK SPACE}articles inchangés" in page
    assert client.get(compare, {"avec": "9999"}).status_code == 404
    paper = client.get(reverse("councils:frame_pdf", args=[second.pk]))
    assert paper.content.startswith(b"%PDF")
    assert FrameArticle.objects.filter(frame=first).count() == 3
