"""How the outbox stands: numbers for who runs the installation, and nobody's name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from parvis.notices import outbox, preferences
from parvis.notices.fingerprints import fingerprint
from parvis.notices.models import Envelope
from parvis.notices.outbox import Recipient
from parvis.notices.standing import is_stuck, late_by, standing
from tests.notices.test_outbox import LEA, OMAR, hello
from tests.notices.test_sms import noon

pytestmark = pytest.mark.django_db
SERVERS = "tests.notices.mailservers."


def test_what_left_what_waits_and_what_failed_is_counted_by_channel(settings):
    settings.EMAIL_BACKEND = SERVERS + "Refusing"
    gone, refused = Recipient("v:8", "gone@x.test"), Recipient("v:9", "refuse@x.test")
    outbox.put("e:1", [LEA, OMAR, gone, refused], hello)
    preferences.stop(fingerprint(OMAR.address))
    at = timezone.now() + timedelta(minutes=3)
    outbox.send_due(at)
    (row,) = standing(at).rows
    assert (row.channel, row.sent, row.waiting, row.retried, row.failed) == ("courriel", 1, 1, 1, 1)
    errors = {error: count for _, error, count in standing(at).errors}
    assert errors == {"5.1.1": 1, "SMTPRecipientsRefused": 1, "stopped": 1}
    assert standing(at).bounced == 1


def test_an_outbox_that_lets_nothing_out_is_stuck_after_an_hour():
    outbox.put("e:1", [LEA], hello)
    now = timezone.now()
    assert not is_stuck(now + timedelta(minutes=50))
    assert is_stuck(now + timedelta(minutes=70))
    outbox.send_due(now + timedelta(minutes=70))
    assert not is_stuck(now + timedelta(minutes=70))


def test_what_is_held_for_the_night_is_not_stuck():
    preferences.choose(fingerprint(LEA.address), quiet_mail=True)
    outbox.put("e:1", [LEA], hello)
    outbox.send_due(noon(hours=10))
    assert not is_stuck(noon(hours=19))


def test_what_stands_behind_a_night_is_not_stuck_either():
    preferences.choose(fingerprint(LEA.address), quiet_mail=True)
    outbox.put("e:1", [LEA], hello, lane="report:1")
    outbox.put("e:2", [LEA], hello, lane="report:1")
    outbox.send_due(noon(hours=10))
    assert not is_stuck(noon(hours=19))
    assert late_by(noon(hours=19), timedelta(minutes=15)) == 0
    outbox.send_due(noon(hours=21))
    assert not Envelope.objects.exists()


def test_a_letter_that_nobody_posts_holds_up_nothing_and_is_not_late():
    home = Recipient(LEA.key, "Léa Essai\n1 rue X", channel="letter", printed_by="organisation:7")
    outbox.put("e:1", [home], hello, lane="report:1")
    outbox.put("e:2", [LEA], hello, lane="report:1")
    at = timezone.now() + timedelta(hours=3)
    assert outbox.send_due(at) == 1
    assert not is_stuck(at)
    assert late_by(at, timedelta(minutes=15)) == 0


def test_health_says_that_messages_do_not_leave(client):
    outbox.put("e:1", [LEA], hello, wait=timedelta(hours=-2))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\noutbox stuck\n")


def test_a_coordination_reads_it_and_nobody_else(client, cast):
    outbox.put("e:1", [LEA], hello)
    client.force_login(cast.claire)
    page = client.get("/envois/").content.decode()
    assert "Courriel" in page
    assert LEA.address not in page
    client.force_login(cast.karim)
    assert client.get("/envois/").status_code in (403, 404)


def test_the_command_says_it_without_a_name(capsys, settings):
    call_command("outbox")
    assert "vide" in capsys.readouterr().out
    settings.EMAIL_BACKEND = SERVERS + "Away"
    outbox.put("e:1", [LEA], hello, wait=timedelta(hours=-2))
    outbox.send_due()
    call_command("outbox")
    said = capsys.readouterr().out
    assert "courriel : 1 en attente" in said
    assert "ConnectionRefusedError" in said
    assert "bloquée" in said
    assert LEA.address not in said
    assert LEA.key not in said
