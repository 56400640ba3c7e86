"""The daily digest: one mail per person, in the morning, each line once."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.notices import digests, outbox, preferences
from parvis.notices.digests import Line
from parvis.notices.fingerprints import fingerprint
from parvis.notices.models import DigestLine, Envelope, Message
from parvis.notices.outbox import Recipient

pytestmark = pytest.mark.django_db

LEA = Recipient("subscriber:1", "lea@exemple.test", "https://parvis.test/abonnements/1.a/")
KARIM = Recipient("user:5", "karim@exemple.test")


def paris(day, hour, minute=0, month=3):
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))


def news(number=1):
    return Line(f"Nouvelle {number}", "Quelques mots.", f"https://parvis.test/{number}/")


def test_several_lines_make_one_mail():
    for number in (1, 2):
        digests.note(f"event:{number}", [LEA], news(number), now=paris(3, 15))
    assert digests.send_digests(paris(4, 7, 5)) == 1
    mail = Envelope.objects.get()
    assert "2 nouvelles" in mail.subject
    assert "mercredi 4 mars" in mail.subject
    assert mail.text.index("Nouvelle 1") < mail.text.index("Nouvelle 2")
    assert LEA.link in mail.text
    assert LEA.link in mail.html


def test_nothing_leaves_before_the_morning():
    digests.note("event:1", [LEA], news(), now=paris(3, 15))
    assert digests.send_digests(paris(4, 6, 59)) == 0
    assert digests.send_digests(paris(4, 7)) == 1


def test_what_comes_during_the_day_waits_for_the_next_morning():
    digests.note("event:1", [LEA], news(1), now=paris(3, 15))
    digests.send_digests(paris(4, 7))
    digests.note("event:2", [LEA], news(2), now=paris(4, 9))
    assert digests.send_digests(paris(4, 18)) == 0
    assert digests.send_digests(paris(5, 7)) == 1
    assert "Nouvelle 1" not in Envelope.objects.latest("pk").text


@pytest.mark.parametrize(("day", "month"), [(29, 3), (25, 10)])
def test_the_morning_is_the_one_of_paris_when_clocks_change(day, month):
    digests.note("event:1", [LEA], news(), now=paris(day - 1, 15, month=month))
    assert digests.send_digests(paris(day, 6, 59, month)) == 0
    assert digests.send_digests(paris(day, 7, 0, month)) == 1


def test_run_again_it_tells_nobody_twice():
    digests.note("event:1", [LEA, KARIM], news(), now=paris(3, 15))
    assert digests.send_digests(paris(4, 7)) == 2
    assert digests.send_digests(paris(4, 7, 10)) == 0
    digests.note("event:1", [LEA, KARIM], news(), now=paris(4, 15))
    assert digests.send_digests(paris(5, 7)) == 0


def test_a_partner_is_told_without_a_link_to_subscriptions():
    digests.note("reminder:1", [KARIM], news(), now=paris(3, 15))
    digests.send_digests(paris(4, 7))
    assert "agissez pour une organisation" in Envelope.objects.get().text


def test_once_told_neither_address_nor_words_stay():
    digests.note("event:1", [LEA], news(), now=paris(3, 15))
    digests.send_digests(paris(4, 7))
    line = DigestLine.objects.get()
    assert (line.address, line.link, line.title, line.text, line.url) == ("", "", "", "", "")


def test_the_database_refuses_an_address_on_a_told_line():
    digests.note("event:1", [LEA], news(), now=paris(3, 15))
    with pytest.raises(IntegrityError, match="a_told_line_keeps_no_address"), transaction.atomic():
        DigestLine.objects.update(told_at=timezone.now())


def test_very_many_lines_are_counted_and_not_all_written():
    for number in range(digests.TOLD_IN_FULL + 3):
        digests.note(f"event:{number}", [LEA], news(number), now=paris(3, 15))
    digests.send_digests(paris(4, 7))
    assert "3\u00a0autres nouvelles" in Envelope.objects.get().text


def test_a_line_taken_back_is_not_told():
    digests.note("event:1", [LEA], news(), now=paris(3, 15))
    assert digests.take_back("event:1") == 1
    assert digests.send_digests(paris(4, 7)) == 0


def test_a_line_taken_back_while_digests_are_made_is_not_told(monkeypatch):
    for number in (1, 2):
        digests.note(f"event:{number}", [LEA], news(number), now=paris(3, 15))
    digests.note("event:1", [KARIM], news(), now=paris(3, 15))

    def meanwhile(lines, at):
        digests.take_back("event:1")
        return lines

    monkeypatch.setattr(digests, "_wanted_today", meanwhile)
    assert digests.send_digests(paris(4, 7)) == 1
    assert "Nouvelle 1" not in Envelope.objects.get().text


def test_what_a_monday_without_sending_left_behind_comes_the_day_after():
    preferences.choose(fingerprint(LEA.address), pace="weekly")
    digests.note("event:1", [LEA], news(1), now=paris(3, 15))
    assert digests.send_digests(paris(4, 7)) == 0
    assert digests.send_digests(paris(10, 7)) == 1
    digests.note("event:2", [LEA], news(2), now=paris(10, 15))
    assert digests.send_digests(paris(11, 7)) == 0


def test_one_a_week_stays_one_a_week_when_keys_change(settings):
    preferences.choose(fingerprint(LEA.address), pace="weekly")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "k" * 50
    digests.note("event:1", [LEA], news(1), now=paris(3, 15))
    assert digests.send_digests(paris(4, 7)) == 0
    preferences.choose(fingerprint(LEA.address), pace="daily")
    assert digests.send_digests(paris(4, 7)) == 1


def test_who_has_no_usable_address_is_left_out():
    digests.note("event:1", [Recipient("user:9", "")], news(), now=paris(3, 15))
    assert not DigestLine.objects.exists()


def test_many_people_are_told_in_few_queries(django_assert_max_num_queries):
    people = [Recipient(f"user:{n}", f"p{n}@exemple.test") for n in range(120)]
    digests.note("event:1", people, news(), now=paris(3, 15))
    with django_assert_max_num_queries(10):
        assert digests.send_digests(paris(4, 7)) == 120
    assert Message.objects.count() == 120


def test_the_command_of_the_schedule_runs(capsys):
    outbox.put("event:0", [LEA], lambda who: outbox.Mail("Bonjour", "texte"))
    call_command("send_digests")
    assert "Résumés : 0" in capsys.readouterr().out
