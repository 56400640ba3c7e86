"""Bounces: what makes us write no more to an address, and what does not."""

from __future__ import annotations

import hmac
import mailbox
import time
from email import message_from_string

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from parvis.notices import bounces, outbox
from parvis.notices.models import Bounce, Message
from parvis.notices.outbox import Recipient
from tests.notices.mailservers import addresses
from tests.notices.test_outbox import LEA, OMAR, hello
from tests.notices.test_sms import noon

pytestmark = pytest.mark.django_db
SERVERS = "tests.notices.mailservers."


def dsn(identifier, address, status="5.1.1", action="failed", headers_only=False):
    """A delivery status notification as Postfix writes it."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    return f"""From: MAILER-DAEMON@mx.exemple.test
To: parvis@exemple.test
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.test

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: {kind}

Message-ID: {identifier}
From: Parvis <parvis@exemple.test>
To: {address}
Subject: Bonjour

--b--
"""


@pytest.fixture
def identifier(settings):
    """The Message-ID of a mail that went to Léa."""
    outbox.put("report.settled:1", [LEA], hello)
    outbox.send_due(noon())
    return mail.outbox[0].message()["Message-ID"]


def read(text):
    return bounces.read(message_from_string(text), timezone.now())


@pytest.mark.parametrize("headers_only", [True, False])
def test_an_address_that_is_none_is_not_written_to_again(identifier, headers_only):
    assert read(dsn(identifier, LEA.address, headers_only=headers_only)) == 1
    outbox.put("report.settled:2", [LEA, OMAR], hello)
    assert outbox.send_due(noon()) == 1
    assert addresses() == [LEA.address, OMAR.address]
    assert Message.objects.get(event="report.settled:2", person=LEA.key).last_error == "bounced"


def test_a_bounce_keeps_no_address(identifier):
    read(dsn(identifier, LEA.address))
    (row,) = Bounce.objects.values()
    assert LEA.address not in str(row)
    assert row["reason"] == "5.1.1"


@pytest.mark.parametrize(
    ("status", "action"),
    [("4.4.1", "delayed"), ("5.2.2", "failed"), ("5.7.1", "failed"), ("5.1.1", "delayed")],
)
def test_what_may_pass_is_no_bounce(identifier, status, action):
    assert read(dsn(identifier, LEA.address, status, action)) == 0


def test_nobody_silences_another_by_a_bounce_of_their_own_making(identifier):
    assert read(dsn("<1.20260303120000.0123456789abcdef@localhost>", LEA.address)) == 0
    assert read(dsn(identifier, OMAR.address)) == 0  # ours, but it did not go to Omar
    assert not Bounce.objects.exists()


def test_said_twice_it_is_noted_once(identifier):
    for _ in range(2):
        read(dsn(identifier, LEA.address))
    assert Bounce.objects.count() == 1


def test_a_mail_that_is_no_bounce_is_none():
    assert read("Subject: Bonjour\n\nMerci !") == 0


@pytest.mark.parametrize(
    ("address", "given_up", "noted"),
    [("gone@x.test", True, 1), ("full@x.test", False, 0), ("listed@x.test", False, 0)],
)
def test_the_mail_server_s_own_refusals(settings, address, given_up, noted):
    settings.EMAIL_BACKEND = SERVERS + "Refusing"
    outbox.put("report.settled:1", [Recipient("voice:9", address)], hello)
    outbox.send_due(noon())
    assert bool(Message.objects.get().failed_at) is given_up
    assert Bounce.objects.count() == noted


def test_the_command_reads_a_file_and_a_maildir(identifier, tmp_path, capsys):
    one = tmp_path / "bounce.eml"
    one.write_text(dsn(identifier, LEA.address))
    box = mailbox.Maildir(tmp_path / "box")
    box.add(dsn(identifier, LEA.address))
    box.add("Subject: Bonjour\n\nMerci !")
    call_command("record_bounces", str(one))
    call_command("record_bounces", str(tmp_path / "box"))
    assert capsys.readouterr().out.splitlines() == ["Adresses en échec : 1"] * 2
    assert Bounce.objects.count() == 1
    call_command("record_bounces", forget=LEA.address)
    assert not Bounce.objects.exists()


def test_the_command_says_what_it_does_not_find(tmp_path):
    with pytest.raises(CommandError, match="introuvable"):
        call_command("record_bounces", str(tmp_path / "nothing"))


class TestTheDoor:
    def send(self, client, body, secret="s3cret", at=None):
        moment = str(int(time.time()) if at is None else at)
        signed = hmac.new(secret.encode(), f"{moment}.{body}".encode(), "sha256").hexdigest()
        return client.post(
            "/envois/retours/",
            body,
            content_type="message/rfc822",
            headers={"X-Parvis-Time": moment, "X-Parvis-Signature": signed},
        )

    def test_a_mail_server_that_knows_the_secret_hands_bounces_over(
        self, client, settings, identifier
    ):
        settings.BOUNCE_SECRET = "s3cret"
        answer = self.send(client, dsn(identifier, LEA.address))
        assert (answer.status_code, answer.content) == (200, b"1\n")

    def test_without_a_secret_the_door_is_shut(self, client, settings):
        settings.BOUNCE_SECRET = ""
        assert self.send(client, "x", secret="").status_code == 401

    def test_another_s_signature_an_old_one_and_none_are_refused(self, client, settings):
        settings.BOUNCE_SECRET = "s3cret"
        assert self.send(client, "x", secret="other").status_code == 401
        assert self.send(client, "x", at=int(time.time()) - 3600).status_code == 401
        assert client.post("/envois/retours/", "x", content_type="a/b").status_code == 401

    def test_too_much_is_refused(self, client, settings):
        settings.BOUNCE_SECRET = "s3cret"
        assert self.send(client, "x" * 200_001).status_code == 413
