"""Requests for an opinion: their level, their readers, sent, withdrawn, taken."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from parvis.councils import opinion_acts as acts
from parvis.councils.models import Opinion, OpinionRequest
from parvis.councils.opinion_request_acts import give_request_document
from parvis.notices.models import Envelope
from parvis.thread.reading import due_for, events_of
from tests.cast import Cast
from tests.councils.opinion_scene import TITLE, a_draft, a_request, sent
from tests.councils.scene import a_body, other_body

FORM = {
    "title": TITLE,
    "text": "La ville refait la place.",
    "decided": "Le budget.",
    "still_open": "Les bancs.",
    "level": "consult",
    "reply_days": 30,
}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def test_what_leaves_nothing_open_is_sent_and_counted_as_information(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    asked = a_request(cast, body, still_open="  ", level="co_decide")
    assert asked.level == "inform"
    (event,) = events_of(cast.actor(cast.karim), "opinion_request", asked.pk)
    assert event.code == "informed"
    due = due_for(cast.actor(cast.yasmine))[0].first
    assert "opinion_request" not in {one.kind for one in due}
    a_request(cast, body, title="Autre demande")
    assert client.get("/participation/avis/").context["informed"] == 1
    assert client.get(f"/participation/{body.pk}/suites/").context["informed"] == 1
    assert TITLE not in client.get("/participation/avis/").text


def test_the_form_says_the_rule_and_the_same_form_sent_twice_makes_one_request(
    cast: Cast, client: Client
) -> None:
    body = a_body(cast)
    client.force_login(cast.karim)
    page = f"/participation/{body.pk}/demander-un-avis/"
    assert "comptée comme telle" in client.get(page).text
    day = timezone.localdate() + timedelta(days=20)
    data = {**FORM, "replier": cast.town.pk, "wanted_on": day.isoformat()}
    for _ in range(2):
        assert client.post(page, data).status_code == 302
    made = OpinionRequest.objects.get()
    for _ in range(2):
        client.post(f"/participation/demandes/{made.pk}/envoyer/")
    assert len(events_of(cast.actor(cast.karim), "opinion_request", made.pk)) == 1
    told = set(Envelope.objects.values_list("address", flat=True))
    assert {cast.yasmine.email, cast.hugo.email, cast.council.email} <= told
    assert cast.lila.email not in told


def test_a_request_is_read_by_who_asked_the_body_and_who_replies(cast: Cast) -> None:
    body = a_body(cast)
    other_body(cast)
    asked = a_request(cast, body, sent=False, asker=cast.claire)
    document = give_request_document(
        asked, title="Plan", file=ContentFile(b"%PDF-1.7 essai", name="plan.pdf")
    )
    page = f"/participation/demandes/{asked.pk}/"
    paper = f"{page}documents/{document.pk}/"

    def statuses() -> dict[str, tuple[int, int]]:
        found = {}
        for who in ("claire", "yasmine", "karim", "bruno", "lila", "luc", ""):
            client = Client()
            if who:
                client.force_login(getattr(cast, who))
            answer = client.get(paper)
            if answer.streaming:
                b"".join(answer.streaming_content)
            found[who] = (client.get(page).status_code, answer.status_code)
        return found

    missing, seen = (404, 404), (200, 200)
    assert {who: one for who, one in statuses().items() if one != missing} == {"claire": seen}
    acts.send_request(asked, actor=cast.actor(cast.claire))
    readers = {who for who, one in statuses().items() if one == seen}
    assert readers == {"claire", "yasmine", "karim"}
    sent(cast, body, asked, public=True)
    assert set(statuses().values()) == {seen}


def test_a_document_must_be_what_its_name_says(cast: Cast, client: Client) -> None:
    asked = a_request(cast, a_body(cast))
    client.force_login(cast.karim)
    for name, content in (("plan.exe", b"MZ"), ("plan.pdf", b"<html>")):
        given = {"title": "Plan", "file": SimpleUploadedFile(name, content)}
        client.post(f"/participation/demandes/{asked.pk}/documents/", given)
    assert not asked.documents.exists()


def test_withdrawn_with_a_word_the_debate_stays_with_the_body(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    asked = a_request(cast, body)
    draft = a_draft(cast, body, asked)
    karim = cast.actor(cast.karim)
    with pytest.raises(ValidationError):
        acts.withdraw_request(asked, actor=karim, why=" ")
    acts.withdraw_request(asked, actor=karim, why="Le projet est reporté.")
    assert (
        "Le projet est reporté."
        in Envelope.objects.filter(address=cast.yasmine.email).latest("pk").text
    )
    client.force_login(cast.yasmine)
    assert client.get(f"/participation/avis/{draft.pk}/").status_code == 200


def test_a_request_waits_for_its_body_until_it_is_taken_once(cast: Cast, client: Client) -> None:
    body = a_body(cast)
    asked = a_request(cast, body)
    hugo = cast.actor(cast.hugo)
    assert [one.id for one in due_for(hugo)[0].first if one.kind == "opinion_request"] == [asked.pk]
    client.force_login(cast.lila)
    assert client.post(f"/participation/demandes/{asked.pk}/prendre/").status_code == 404
    client.force_login(cast.karim)
    assert client.post(f"/participation/demandes/{asked.pk}/prendre/").status_code == 403
    client.force_login(cast.hugo)
    for _ in range(2):
        client.post(f"/participation/demandes/{asked.pk}/prendre/")
    assert Opinion.objects.get().title == TITLE
    assert not [one for one in due_for(hugo)[0].first if one.kind == "opinion_request"]


def test_nobody_asks_about_what_they_do_not_see(cast: Cast) -> None:
    body = a_body(cast)
    hidden = a_draft(cast, body)
    with pytest.raises(acts.Refused):
        a_request(cast, body, subject=("opinion", hidden.pk))


def test_the_page_of_a_body_leads_institutions_to_ask_and_residents_to_propose(cast: Cast) -> None:
    body = a_body(cast)
    ask = f'href="/participation/{body.pk}/demander-un-avis/"'
    propose = f'href="/participation/propositions/nouvelle/?quartier={cast.rives.pk}"'
    for who, asks, proposes in (
        ("karim", True, False),
        ("claire", True, False),
        ("lila", False, True),
        ("yasmine", False, False),
        ("", False, True),
    ):
        client = Client()
        if who:
            client.force_login(getattr(cast, who))
        page = client.get(f"/participation/{body.pk}/").text
        assert (ask in page) is asks, who
        assert (propose in page) is proposes, who
    client = Client()
    client.force_login(cast.karim)
    assert client.get(f"/participation/{body.pk}/demander-un-avis/").status_code == 200
