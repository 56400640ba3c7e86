"""Documents that institutions owe to a body, and the notes that a body keeps to itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils import space_due_acts, space_note_acts
from parvis.notices.models import Envelope
from parvis.thread.models import Event
from parvis.thread.reading import due_for
from tests.cast import Cast
from tests.councils.scene import a_body, hugo_in, other_body
from tests.councils.space_scene import a_due_document, a_note, pdf


def signed_in(person: Any) -> Client:
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(person)
    return client


def owed(cast: Cast, person: Any) -> list[str]:
    spans = due_for(cast.actor(person), days=[timezone.localdate()], limit=9)
    return [line.title for span in spans for line in span.first]


def test_what_is_owed_stands_among_the_dues_of_who_owes_it_until_it_is_given(cast: Cast) -> None:
    body = a_body(cast)
    document = a_due_document(body, cast, days=-2)
    assert document.title in owed(cast, cast.karim)
    board = signed_in(cast.karim).get("/a-traiter/").content.decode()
    assert "document à remettre à une instance" in board
    assert document.title not in owed(cast, cast.claire)  # she may give it; she does not owe it
    assert document.title not in owed(cast, cast.nadia)
    space_due_acts.give_document(document, pdf(), actor=cast.actor(cast.karim))
    assert document.title not in owed(cast, cast.karim)


def test_giving_a_document_marks_it_received_and_tells_the_animator(cast: Cast) -> None:
    body = a_body(cast)
    document = a_due_document(body, cast)
    url = reverse("councils:give_due_document", args=[document.pk])
    file = SimpleUploadedFile("programme.pdf", b"%PDF-1.7 essai")
    assert signed_in(cast.karim).post(url, {"file": file}).status_code == 302
    document.refresh_from_db()
    assert document.received_on == timezone.localdate()
    assert Envelope.objects.get().address == cast.yasmine.email
    answer: Any = signed_in(cast.hugo).get(
        reverse("councils:due_document_file", args=[document.pk])
    )
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_a_file_of_another_kind_is_refused_and_nothing_is_received(cast: Cast) -> None:
    document = a_due_document(a_body(cast), cast)
    url = reverse("councils:give_due_document", args=[document.pk])
    file = SimpleUploadedFile("programme.exe", b"MZ un programme")
    answer = signed_in(cast.karim).post(url, {"file": file})
    assert "n’est pas accepté" in answer.content.decode()
    document.refresh_from_db()
    assert document.received_on is None


@pytest.mark.parametrize(
    ("who", "sees", "gives", "edits"),
    [
        ("karim", 200, 405, 403),
        ("yasmine", 200, 403, 200),
        ("hugo", 200, 403, 403),
        ("claire", 200, 405, 200),
        ("luc", 404, 404, 404),
        ("nadia", 404, 404, 404),
        ("lila", 404, 404, 404),
        ("bruno", 404, 404, 404),
    ],
)
def test_a_document_due_is_for_the_body_who_owes_it_and_the_coordination(
    cast: Cast, who: str, sees: int, gives: int, edits: int
) -> None:
    document = a_due_document(a_body(cast), cast, file=pdf())
    client = signed_in(getattr(cast, who))

    def status(name: str) -> int:
        return client.get(reverse(f"councils:{name}", args=[document.pk])).status_code

    assert status("due_document") == sees
    assert status("due_document_file") == sees
    assert status("edit_due_document") == edits
    answer = client.post(reverse("councils:give_due_document", args=[document.pk]))
    assert answer.status_code == (200 if gives == 405 else gives)


def test_missing_documents_stand_on_top(cast: Cast) -> None:
    body = a_body(cast)
    came = a_due_document(body, cast, title="Arrivé", days=-90)
    space_due_acts.give_document(came, pdf(), actor=cast.actor(cast.karim))
    a_due_document(body, cast, title="À venir", days=30)
    a_due_document(body, cast, title="En retard", days=-3)
    url = reverse("councils:due_documents", args=[body.pk])
    words = signed_in(cast.yasmine).get(url).content.decode()
    places = [words.index(title) for title in ("En retard</a>", "À venir</a>", "Arrivé</a>")]
    assert places == sorted(places)
    assert "En retard</a>" not in signed_in(cast.luc).get(url).content.decode()


def test_notes_are_for_the_body_alone_and_leave_no_trace(cast: Cast) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    other_body(cast)
    before = Event.objects.count()
    note = a_note(body, cast.actor(cast.yasmine), title="Marque-de-note")
    assert Event.objects.count() == before
    pages = [
        reverse("councils:note", args=[note.pk]),
        reverse("councils:edit_note", args=[note.pk]),
        reverse("councils:notes", args=[body.pk]),
        reverse("councils:body", args=[body.pk]),
    ]
    for who in ("hugo", "yasmine"):
        client = signed_in(getattr(cast, who))
        assert [client.get(url).status_code for url in pages] == [200] * 4
    for who in ("lila", "claire", "bruno", "karim"):
        client = signed_in(getattr(cast, who))
        answers = [client.get(url) for url in pages]
        assert [one.status_code for one in answers] == [404, 404, 403, 200], who
        assert all("Marque-de-note" not in one.content.decode() for one in answers)


def test_a_note_changed_meanwhile_is_not_overwritten_and_both_are_shown(cast: Cast) -> None:
    body = a_body(cast)
    hugo_in(cast, body)
    note = a_note(body, cast.actor(cast.yasmine))
    seen = space_note_acts.version_of(note)
    url = reverse("councils:edit_note", args=[note.pk])
    mine = {"title": "Le mien", "text": "Texte de Hugo", "seen": seen}
    signed_in(cast.yasmine).post(url, {"title": "Le sien", "text": "Texte d’avant", "seen": seen})
    answer = signed_in(cast.hugo).post(url, mine)
    note.refresh_from_db()
    assert note.text == "Texte d’avant"
    words = answer.content.decode()
    assert "Texte d’avant" in words
    assert "Texte de Hugo" in words
    # Saved again after both were read, it goes through.
    signed_in(cast.hugo).post(url, {**mine, "seen": space_note_acts.version_of(note)})
    note.refresh_from_db()
    assert note.text == "Texte de Hugo"
    assert f'value="{seen}"' not in words
