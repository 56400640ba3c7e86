"""Letters: who has no e-mail gets a paper, which somebody prints and posts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.notices import letters, outbox
from parvis.notices.models import Envelope, Message
from parvis.notices.outbox import Mail, Recipient

pytestmark = pytest.mark.django_db
HOME = "Rose Martin\n3 rue des Lilas\n59410 Anzin"


def rose(organisation, number=1):
    return Recipient(
        f"member:{number}", HOME, channel="letter", printed_by=f"organisation:{organisation.pk}"
    )


def called(who):
    link = "https://parvis.test/instances/1/"
    return Mail("Vous êtes invitée", f"Bonjour,\n\nVenez *jeudi*.\n{link}\n\n-- \nParvis\n")


@pytest.fixture
def waiting(cast):
    organisation = cast.agglomeration
    outbox.put("sitting:1", [rose(organisation)], called, wait=timedelta())
    return organisation


def page_of(organisation):
    return f"/organisations/{organisation.pk}/lettres/"


def test_a_letter_waits_for_hands_and_never_for_a_mail_server(waiting):
    assert outbox.send_due(timezone.now() + timedelta(days=30)) == 0
    assert Message.objects.get().attempts == 0
    assert letters.count(f"organisation:{waiting.pk}") == 1


def test_without_somebody_to_post_it_there_is_no_letter():
    nobody = Recipient("member:1", HOME, channel="letter")
    assert outbox.put("sitting:1", [nobody], called) == 0


def test_it_is_printed_with_its_words_and_its_address(client, cast, waiting, monkeypatch):
    given = {}
    real = letters.make_pdf

    def seen(template, data, **more):
        given.update(data)
        return real(template, data, **more)

    monkeypatch.setattr(letters, "make_pdf", seen)
    client.force_login(cast.claire)
    assert "Rose Martin" in client.get(page_of(waiting)).content.decode()
    answer = client.get(f"/organisations/{waiting.pk}/lettres.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    (one,) = given["letters"]
    assert one["lines"] == HOME.splitlines()
    assert one["parts"][:2] == ["Bonjour,", "Venez *jeudi*. https://parvis.test/instances/1/"]
    assert (one["subject"], one["link"]) == (
        "Vous êtes invitée",
        "https://parvis.test/instances/1/",
    )


def test_once_posted_the_address_is_erased(client, cast, waiting):
    client.force_login(cast.claire)
    message = Message.objects.get()
    client.post(page_of(waiting), {"letter": [message.pk, "x"]})
    message.refresh_from_db()
    assert message.sent_at
    assert not Envelope.objects.exists()
    assert "Aucune lettre à poster" in client.get(page_of(waiting)).content.decode()
    client.post(page_of(waiting), {"letter": [message.pk]})
    assert Message.objects.get().sent_at == message.sent_at


def test_nobody_reads_or_posts_the_letters_of_another(client, cast, waiting):
    neighbour = cast.landlord
    outbox.put("sitting:2", [rose(neighbour, 2)], called, wait=timedelta())
    theirs = Message.objects.get(event="sitting:2")
    client.force_login(cast.claire)
    assert client.get(page_of(neighbour)).status_code in (403, 404)
    client.post(page_of(waiting), {"letter": [theirs.pk]})
    theirs.refresh_from_db()
    assert theirs.sent_at is None


def test_an_undo_withdraws_a_letter(waiting):
    assert outbox.take_back("sitting:1") == 1
    assert not Envelope.objects.exists()
