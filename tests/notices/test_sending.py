"""Sending: once each, on time, whatever the mail server does."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from parvis.notices import outbox, sending
from parvis.notices.models import Envelope, Message
from parvis.notices.outbox import Recipient
from parvis.notices.tasks import send_due_messages
from tests.notices.mailservers import Dying, PowerCut, addresses
from tests.notices.test_outbox import LEA, OMAR, hello, queries_of

SERVERS = "tests.notices.mailservers."
NOW = timedelta()


@pytest.mark.django_db
class TestOneSender:
    def test_nothing_leaves_before_two_minutes(self):
        outbox.put("report.settled:1", [LEA], hello)
        assert outbox.send_due(timezone.now() + timedelta(seconds=119)) == 0
        assert outbox.send_due(timezone.now() + timedelta(seconds=121)) == 1
        assert addresses() == [LEA.address]

    def test_what_is_sent_is_not_sent_again(self):
        outbox.put("report.settled:1", [LEA], hello, wait=NOW)
        assert [outbox.send_due(), outbox.send_due()] == [1, 0]

    def test_the_address_is_gone_once_the_message_left(self):
        outbox.put("report.settled:1", [LEA], hello, wait=NOW)
        outbox.send_due()
        assert not Envelope.objects.exists()
        message = Message.objects.get()
        assert message.sent_at
        assert message.claimed_until is None

    def test_oldest_first(self):
        outbox.put("b:1", [OMAR], hello, wait=timedelta(seconds=2))
        outbox.put("a:1", [LEA], hello, wait=timedelta(seconds=1))
        outbox.send_due(timezone.now() + timedelta(minutes=1))
        assert addresses() == [LEA.address, OMAR.address]

    def test_the_mail_says_who_sends_and_where_to_answer(self, settings):
        settings.DEFAULT_FROM_EMAIL = "Parvis <parvis@exemple.test>"
        settings.REPLY_TO_EMAIL = "gup@exemple.test"
        outbox.put("report.settled:1", [LEA], hello, wait=NOW)
        outbox.send_due()
        sent = mail.outbox[0]
        assert sent.from_email == "Parvis <parvis@exemple.test>"
        assert sent.reply_to == ["gup@exemple.test"]
        assert sent.to == [LEA.address]
        assert not sent.cc
        assert not sent.bcc

    def test_without_an_address_for_answers_there_is_no_such_header(self, settings):
        settings.REPLY_TO_EMAIL = ""
        outbox.put("report.settled:1", [LEA], hello, wait=NOW)
        outbox.send_due()
        assert "Reply-To" not in mail.outbox[0].message()

    def test_the_mail_has_plain_text_then_html(self):
        outbox.put("report.settled:1", [LEA], hello, wait=NOW)
        outbox.send_due()
        parts = mail.outbox[0].message().get_payload()
        assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]

    def test_the_mail_asks_robots_not_to_answer(self):
        outbox.put("report.settled:1", [LEA], hello, wait=NOW)
        outbox.send_due()
        assert mail.outbox[0].message()["Auto-Submitted"] == "auto-generated"

    def test_one_refused_address_stops_nobody_else(self, settings):
        settings.EMAIL_BACKEND = SERVERS + "Refusing"
        refused = Recipient("voice:9", "refuse@exemple.test")
        outbox.put("report.settled:1", [LEA, refused, OMAR], hello, wait=NOW)
        assert outbox.send_due() == 2
        assert sorted(addresses()) == [LEA.address, OMAR.address]
        assert Envelope.objects.get().address == refused.address

    def test_a_subject_spoilt_in_the_database_opens_no_header_and_stops_nobody(self):
        outbox.put("report.settled:1", [LEA, OMAR], hello, wait=NOW)
        Envelope.objects.filter(address=LEA.address).update(subject="a\nBcc: x@exemple.test")
        assert outbox.send_due() == 1
        assert addresses() == [OMAR.address]

    def test_a_refused_message_is_tried_again_after_longer_and_longer_pauses(self, settings):
        settings.EMAIL_BACKEND = SERVERS + "Refusing"
        now = timezone.now()
        outbox.put("r:1", [Recipient("voice:9", "refuse@exemple.test")], hello, wait=NOW)
        pauses = []
        for _ in range(4):
            now = max(now, Message.objects.get().due_at)
            outbox.send_due(now)
            pauses.append((Message.objects.get().due_at - now).total_seconds() / 60)
        assert pauses == [1, 2, 4, 8]

    def test_pauses_are_never_longer_than_an_hour(self):
        assert sending.pause_after(7) == sending.pause_after(30) == timedelta(hours=1)

    def test_nothing_is_tried_before_the_pause_is_over(self, settings):
        settings.EMAIL_BACKEND = SERVERS + "Refusing"
        outbox.put("r:1", [Recipient("voice:9", "refuse@exemple.test")], hello, wait=NOW)
        now = timezone.now()
        outbox.send_due(now)
        outbox.send_due(now + timedelta(seconds=59))
        assert Message.objects.get().attempts == 1

    def test_after_eight_refusals_it_gives_up_says_so_and_forgets_the_address(
        self, settings, caplog
    ):
        settings.EMAIL_BACKEND = SERVERS + "Refusing"
        now = timezone.now()
        outbox.put("r:1", [Recipient("voice:9", "refuse@exemple.test")], hello, wait=NOW)
        for _ in range(12):
            outbox.send_due(now)
            now += timedelta(hours=2)
        message = Message.objects.get()
        assert (message.attempts, bool(message.failed_at), message.sent_at) == (8, True, None)
        assert not Envelope.objects.exists()
        assert "abandonné après 8 essais : r:1 → voice:9" in caplog.text

    def test_a_refused_address_is_never_logged(self, settings, caplog):
        settings.EMAIL_BACKEND = SERVERS + "Refusing"
        outbox.put("r:1", [Recipient("voice:9", "refuse@exemple.test")], hello, wait=NOW)
        outbox.send_due()
        assert "SMTPRecipientsRefused" in caplog.text
        assert "refuse@" not in caplog.text

    def test_a_mail_server_that_is_away_costs_no_attempt(self, settings, caplog):
        settings.EMAIL_BACKEND = SERVERS + "Away"
        outbox.put("report.settled:1", [LEA, OMAR], hello, wait=NOW)
        assert outbox.send_due() == 0
        assert set(Message.objects.values_list("attempts", flat=True)) == {0}
        assert "Le serveur de courrier ne répond pas" in caplog.text
        settings.EMAIL_BACKEND = SERVERS + "Slow"
        assert outbox.send_due() == 2

    def test_after_a_week_without_mail_server_addresses_are_not_kept(self, settings):
        settings.EMAIL_BACKEND = SERVERS + "Away"
        outbox.put("report.settled:1", [LEA], hello)
        outbox.send_due(timezone.now() + timedelta(days=6))
        assert Envelope.objects.count() == 1
        outbox.send_due(timezone.now() + timedelta(days=8))
        assert not Envelope.objects.exists()
        assert Message.objects.get().failed_at

    def test_after_a_crash_between_sending_and_noting_it_leaves_once_more_only(self, settings):
        settings.EMAIL_BACKEND = SERVERS + "Dying"
        Dying.died = False
        outbox.put("report.settled:1", [LEA], hello, wait=NOW)
        now = timezone.now()
        with pytest.raises(PowerCut):
            outbox.send_due(now)
        assert outbox.send_due(now + timedelta(minutes=9)) == 0
        assert outbox.send_due(now + timedelta(minutes=11)) == 1
        assert outbox.send_due(now + timedelta(minutes=60)) == 0
        first, second = mail.outbox
        assert first.message()["Message-ID"] == second.message()["Message-ID"]

    def test_a_message_that_crashes_every_sender_is_given_up(self, settings):
        settings.EMAIL_BACKEND = SERVERS + "Dying"
        outbox.put("report.settled:1", [LEA], hello, wait=NOW)
        now = timezone.now()
        for _ in range(sending.MAX_ATTEMPTS):
            Dying.died = False
            with pytest.raises(PowerCut):
                outbox.send_due(now)
            now += timedelta(minutes=11)
        assert outbox.send_due(now) == 0
        assert Message.objects.get().failed_at

    def test_an_empty_outbox_costs_one_query_and_opens_no_connection(self, settings):
        settings.EMAIL_BACKEND = SERVERS + "Away"
        outbox.put("report.settled:1", [LEA], hello)
        assert len(queries_of(outbox.send_due)) == 1

    def test_each_message_costs_the_same_number_of_queries(self):
        counts = []
        for event, number in (("a:1", 1), ("b:1", 11)):
            people = [Recipient(f"voice:{i}", f"p{i}@exemple.test") for i in range(number)]
            outbox.put(event, people, hello, wait=NOW)
            counts.append(len(queries_of(outbox.send_due)))
        assert counts == [2 + 6, 2 + 66]

    def test_the_command_tells_what_left(self, capsys, settings):
        settings.EMAIL_BACKEND = SERVERS + "Refusing"
        refused = Recipient("voice:9", "refuse@exemple.test")
        outbox.put("report.settled:1", [LEA, refused], hello, wait=NOW)
        Message.objects.filter(person="voice:9").update(attempts=sending.MAX_ATTEMPTS - 1)
        call_command("send_notices")
        out = capsys.readouterr().out
        assert "Messages envoyés : 1" in out
        assert "Messages abandonnés : 1" in out

    def test_the_command_tells_what_still_waits(self, capsys, settings):
        settings.EMAIL_BACKEND = SERVERS + "Away"
        outbox.put("report.settled:1", [LEA], hello, wait=NOW)
        call_command("send_notices")
        assert "Messages qui attendent encore : 1" in capsys.readouterr().out

    def test_the_task_sends_too(self):
        outbox.put("report.settled:1", [LEA], hello, wait=NOW)
        assert send_due_messages.func() == 1


def at_once(number, act):
    """Run the same act in several threads that start together; their results and errors."""
    start, results, errors = threading.Barrier(number), [], []

    def run():
        try:
            start.wait(10)
            results.append(act())
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors, errors
    return results


@pytest.mark.django_db(transaction=True)
class TestSeveralAtOnce:
    def test_several_senders_never_send_a_message_twice(self, settings):
        settings.EMAIL_BACKEND = SERVERS + "Slow"
        people = [Recipient(f"voice:{i}", f"p{i}@exemple.test") for i in range(40)]
        outbox.put("report.settled:1", people, hello, wait=NOW)
        assert sum(at_once(4, outbox.send_due)) == 40
        assert Counter(addresses()) == Counter(person.address for person in people)
        assert not Envelope.objects.exists()

    def test_several_who_put_the_same_event_tell_each_person_once(self):
        people = [Recipient(f"voice:{i}", f"p{i}@exemple.test") for i in range(30)]
        assert sum(at_once(4, lambda: outbox.put("report.settled:1", people, hello))) == 30
        assert Envelope.objects.count() == 30

    def test_a_message_is_either_sent_or_taken_back(self, settings):
        settings.EMAIL_BACKEND = SERVERS + "Slow"
        people = [Recipient(f"voice:{i}", f"p{i}@exemple.test") for i in range(20)]
        outbox.put("report.settled:1", people, hello, wait=NOW)
        acts = iter(
            [outbox.send_due, outbox.send_due, lambda: outbox.take_back("report.settled:1")]
        )
        at_once(3, lambda: next(acts)())
        outbox.send_due()
        sent = Message.objects.filter(sent_at__isnull=False).count()
        assert len(addresses()) == len(set(addresses())) == sent == Message.objects.count()
