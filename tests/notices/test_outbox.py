"""The outbox: what goes in, what comes back out before it leaves."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.notices import outbox
from parvis.notices.models import Envelope, Message
from parvis.notices.outbox import Mail, Recipient

pytestmark = pytest.mark.django_db

LEA = Recipient("voice:1", "lea@exemple.test", "https://parvis.test/suivre/1")
OMAR = Recipient("voice:2", "omar@exemple.test")


def hello(who: Recipient) -> Mail:
    return Mail("Bonjour", f"Votre page : {who.link}", "<p>Bonjour</p>")


def queries_of(act) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [
        q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]


def test_a_message_waits_two_minutes():
    before = timezone.now()
    assert outbox.put("report.settled:1", [LEA], hello) == 1
    wait = Message.objects.get().due_at - before
    assert timedelta(minutes=2) <= wait < timedelta(minutes=2, seconds=5)


def test_each_person_gets_words_of_their_own():
    outbox.put("report.settled:1", [LEA, OMAR], hello)
    assert LEA.link in Envelope.objects.get(message__person="voice:1").text
    assert LEA.link not in Envelope.objects.get(message__person="voice:2").text


def test_a_person_is_told_once_of_an_event():
    assert outbox.put("report.settled:1", [LEA], hello) == 1
    assert outbox.put("report.settled:1", [LEA, OMAR], hello) == 1
    assert outbox.put("report.settled:1", [OMAR, LEA], hello) == 0
    assert Message.objects.count() == Envelope.objects.count() == 2


def test_a_person_named_twice_in_one_call_is_told_once():
    assert outbox.put("report.settled:1", [LEA, LEA], hello) == 1


def test_a_person_is_told_of_two_events():
    outbox.put("report.settled:1", [LEA], hello)
    assert outbox.put("report.settled:2", [LEA], hello) == 1


def test_a_message_already_sent_is_not_put_again():
    outbox.put("report.settled:1", [LEA], hello, wait=timedelta())
    assert outbox.send_due() == 1
    assert outbox.put("report.settled:1", [LEA], hello) == 0
    assert not Envelope.objects.exists()


def test_words_are_made_only_for_those_not_told_yet():
    made = []
    outbox.put("report.settled:1", [LEA], hello)
    outbox.put("report.settled:1", [LEA, OMAR], lambda who: made.append(who.key) or hello(who))
    assert made == ["voice:2"]


@pytest.mark.parametrize("address", ["", "personne", "a@b.fr\nBcc: c@d.fr", "a" * 250 + "@b.fr"])
def test_who_has_no_usable_address_is_left_out_and_stops_nobody(address):
    assert outbox.put("report.settled:1", [Recipient("voice:3", address), LEA], hello) == 1
    assert Message.objects.get().person == "voice:1"


def test_nobody_to_tell_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert outbox.put("report.settled:1", [], hello) == 0


@pytest.mark.parametrize("count", [1, 10, 150])
def test_putting_takes_two_queries_whatever_the_number_of_people(count):
    people = [Recipient(f"voice:{i}", f"p{i}@exemple.test") for i in range(count)]
    assert len(queries_of(lambda: outbox.put("report.settled:1", people, hello))) == 2


def test_more_people_than_one_insert_takes_are_all_told():
    people = [Recipient(f"voice:{i}", f"p{i}@exemple.test") for i in range(2500)]
    assert outbox.put("meeting.called:1", people, hello) == 2500
    assert Envelope.objects.count() == 2500


@pytest.mark.parametrize(
    "subject", ["Bonjour\nBcc: tous@exemple.test", "a\rb", "a\x00b", "a\u2028b"]
)
def test_a_subject_that_would_open_a_header_is_refused(subject):
    with pytest.raises(ValueError, match="une seule ligne"):
        Mail(subject, "texte")


def test_a_narrow_space_is_no_reason_to_refuse_a_subject():
    assert Mail("C’est fait\u202f! 12\u00a0€", "texte").subject


def test_an_endless_subject_is_cut():
    outbox.put("report.settled:1", [LEA], lambda who: Mail("é" * 500, "texte"))
    assert len(Envelope.objects.get().subject) == outbox.SUBJECT_LENGTH


def test_when_words_cannot_be_made_nothing_is_put():
    with pytest.raises(ZeroDivisionError):
        outbox.put("report.settled:1", [LEA], lambda who: 1 / 0)
    assert not Message.objects.exists()


def test_undo_withdraws_what_did_not_leave():
    outbox.put("report.settled:1", [LEA, OMAR], hello)
    outbox.put("report.settled:2", [LEA], hello)
    assert outbox.take_back("report.settled:1") == 2
    assert Message.objects.get().event == "report.settled:2"
    assert Envelope.objects.count() == 1


def test_after_an_undo_the_same_event_may_be_told_again():
    outbox.put("report.settled:1", [LEA], hello)
    outbox.take_back("report.settled:1")
    assert outbox.put("report.settled:1", [LEA], hello) == 1


def test_what_left_cannot_be_taken_back():
    outbox.put("report.settled:1", [LEA], hello, wait=timedelta())
    outbox.send_due()
    assert outbox.take_back("report.settled:1") == 0
    assert Message.objects.get().sent_at


def test_what_a_sender_holds_cannot_be_taken_back():
    outbox.put("report.settled:1", [LEA], hello)
    Message.objects.update(claimed_until=timezone.now() + timedelta(minutes=5))
    assert outbox.take_back("report.settled:1") == 0


def test_undo_takes_a_fixed_number_of_queries():
    people = [Recipient(f"voice:{i}", f"p{i}@exemple.test") for i in range(50)]
    outbox.put("report.settled:1", people, hello)
    assert len(queries_of(lambda: outbox.take_back("report.settled:1"))) <= 4


def test_who_is_erased_gets_nothing_more():
    outbox.put("report.settled:1", [LEA, OMAR], hello)
    outbox.put("report.answered:2", [LEA], hello)
    assert outbox.forget("voice:1") == 2
    assert list(Envelope.objects.values_list("address", flat=True)) == [OMAR.address]
