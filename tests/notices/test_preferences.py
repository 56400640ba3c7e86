"""Choosing how to be told, without an account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from parvis.notices import bounces, digests, outbox, preferences
from parvis.notices.fingerprints import choices_url, fingerprint, from_token, token_of
from parvis.notices.mail import render
from parvis.notices.models import DigestLine, Envelope, Message, PhoneCheck, Preference
from parvis.notices.outbox import Mail, Recipient
from parvis.notices.routing import after_quiet
from tests.notices.gateways import KEY, Gateway, gateway
from tests.notices.mailservers import addresses
from tests.notices.test_sms import noon

PARIS = ZoneInfo("Europe/Paris")
LEA = Recipient("voice:1", "lea@exemple.test", "https://parvis.test/suivre/1")
LEA_AGAIN = Recipient("voice:7", "Lea@Exemple.test", "https://parvis.test/suivre/7")
OMAR = Recipient("voice:2", "omar@exemple.test")
MARK = fingerprint(LEA.address)
PAGE = f"/mes-envois/{token_of(MARK)}/"
PHONE = "+33612345678"


def said(who: Recipient) -> Mail:
    return Mail("C’est réglé", f"Bonjour,\n\nLe banc est réparé.\n{who.link}\n\n-- \nParvis\n")


@pytest.fixture
def phones(settings) -> Iterator[Gateway]:
    with gateway() as found:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = found.url, KEY
        yield found


@pytest.fixture
def prefers_sms(db, phones) -> Gateway:
    Preference.objects.create(fingerprint=MARK, phone=PHONE, channel="sms")
    return phones


# --- The link ---------------------------------------------------------------------------------


def test_the_link_names_an_address_and_does_not_tell_it():
    url = choices_url(" Lea@exemple.test")
    assert "lea" not in url.lower().replace("parvis", "")
    assert from_token(url.rstrip("/").rsplit("/", 1)[1]) == MARK


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: "a" + t[1:], lambda t: "", str.upper]
)
def test_a_link_that_is_not_ours_leads_nowhere(spoil, client, db):
    token = spoil(token_of("b" * 32))
    assert from_token(token) is None
    assert client.get(f"/mes-envois/{token or 'x'}/").status_code == 404


@pytest.mark.django_db
def test_what_was_chosen_outlives_a_change_of_keys(settings):
    preferences.stop(MARK)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"
    outbox.put("e:1", [LEA], said)
    assert outbox.send_due(noon()) == 0
    assert Message.objects.get().last_error == "stopped"


# --- Channels ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_came_back_after_a_change_of_keys_has_not_stopped(settings):
    preferences.stop(fingerprint(LEA.address))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "k" * 50
    assert outbox.stopped_among([LEA.address]) == {LEA.address}
    preferences.resume(fingerprint(LEA.address))
    assert outbox.stopped_among([LEA.address]) == set()


@pytest.mark.django_db
def test_a_choice_holds_for_every_key_of_the_address_and_for_no_other(prefers_sms):
    outbox.put("e:1", [LEA, OMAR], said)
    outbox.put("e:2", [LEA_AGAIN], said)
    assert outbox.send_due(noon()) == 3
    assert len(prefers_sms.texts(PHONE)) == 2
    assert addresses() == [OMAR.address]


def test_a_change_of_channel_in_between_tells_nobody_twice(prefers_sms):
    prefers_sms.mood = lambda call: "503"
    outbox.put("e:1", [LEA], said)
    outbox.send_due(noon())
    preferences.choose(MARK, channel="")
    assert outbox.put("e:1", [LEA], said) == 0
    assert outbox.send_due(noon(minutes=1)) == 1
    assert outbox.send_due(noon(minutes=30)) == 0
    assert addresses() == [LEA.address]
    assert prefers_sms.phones == []


def test_a_gateway_that_is_away_holds_up_no_mail(prefers_sms):
    prefers_sms.mood = lambda call: "503"
    outbox.put("e:1", [LEA, OMAR], said)
    assert outbox.send_due(noon()) == 1
    assert addresses() == [OMAR.address]


def test_when_the_installation_has_no_gateway_any_more_mail_goes_on(prefers_sms, settings):
    settings.SMS_GATEWAY_URL = ""
    outbox.put("e:1", [LEA], said)
    assert outbox.send_due(noon()) == 1
    assert addresses() == [LEA.address]


@pytest.mark.django_db
class TestHoursAndPaces:
    def test_a_mail_leaves_at_night_unless_its_reader_said_no(self):
        outbox.put("e:1", [LEA, OMAR], said)
        preferences.choose(MARK, quiet_mail=True)
        assert outbox.send_due(noon(hours=11)) == 1
        assert addresses() == [OMAR.address]
        assert outbox.send_due(noon(hours=20, minutes=1)) == 1

    def test_who_wants_one_mail_a_day_has_all_of_it_in_the_morning(self):
        preferences.choose(MARK, pace="daily")
        for number in (1, 2):
            outbox.put(f"e:{number}", [LEA], said)
        outbox.put("e:3", [LEA_AGAIN], said)
        at = noon()
        assert outbox.send_due(at) == 0
        assert addresses() == []
        assert not Envelope.objects.exists()
        assert DigestLine.objects.count() == 3
        digests.send_digests(at + timedelta(days=1, hours=-4))
        assert outbox.send_due(at + timedelta(days=1)) == 1
        (letter,) = mail.outbox
        assert "3 nouvelles" in letter.subject.replace("\u00a0", " ")
        assert letter.body.count("Le banc est réparé.") == 3
        assert letter.extra_headers["List-Unsubscribe"] == f"<{choices_url(LEA.address)}arret/>"

    def test_who_wants_one_mail_a_week_has_it_on_monday(self):
        preferences.choose(MARK, pace="weekly")
        tuesday = datetime(2031, 3, 4, 10, tzinfo=PARIS)
        outbox.put("e:1", [LEA], said)
        outbox.send_due(tuesday)
        told = [
            day
            for day in range(1, 9)
            if digests.send_digests(tuesday + timedelta(days=day, hours=-2))
        ]
        assert told == [6]

    def test_what_was_grouped_is_taken_back_until_the_digest_left(self):
        preferences.choose(MARK, pace="daily")
        outbox.put("e:1", [LEA], said)
        outbox.send_due(noon())
        assert outbox.take_back("e:1") == 1
        assert not DigestLine.objects.exists()
        assert not outbox.has_left("e:1")

    def test_what_was_asked_for_is_neither_grouped_nor_stopped(self):
        preferences.choose(MARK, pace="weekly", quiet_mail=True)
        preferences.stop(MARK)
        outbox.put("code:1", [LEA], said, asked_for=True, wait=timedelta())
        assert outbox.send_due() == 1

    def test_who_stopped_everything_gets_nothing_not_even_what_waited(self):
        outbox.put("e:1", [LEA], said)
        preferences.stop(MARK)
        outbox.put("e:2", [LEA_AGAIN], said)
        assert outbox.send_due(noon()) == 0
        assert not Envelope.objects.exists()
        assert addresses() == []
        preferences.resume(MARK)
        outbox.put("e:3", [LEA], said)
        assert outbox.send_due(noon()) == 1

    def test_words_are_made_in_the_language_that_was_chosen(self):
        preferences.choose(MARK, language="en")
        heard = {}

        def compose(who: Recipient) -> Mail:
            heard[who.key] = (who.language, translation.get_language())
            return said(who)

        outbox.put("e:1", [LEA, OMAR], compose)
        assert heard == {LEA.key: ("en", "en"), OMAR.key: ("fr", "fr")}
        assert Message.objects.get(person=LEA.key).language == "en"


@pytest.mark.django_db
def test_the_database_refuses_sms_without_a_phone():
    with pytest.raises(IntegrityError, match="an_sms_choice_has_a_phone"), transaction.atomic():
        Preference.objects.create(fingerprint=MARK, channel="sms")
    with pytest.raises(ValidationError):
        preferences.choose(MARK, quiet_from=time(8))


@given(
    st.datetimes(datetime(2030, 1, 1), datetime(2032, 1, 1)),
    st.times(),
    st.times(),
)
def test_after_quiet_hours_it_is_no_more_quiet(moment, begin, end):
    begin, end = begin.replace(microsecond=0, second=0), end.replace(microsecond=0, second=0)
    if begin == end:
        return
    now = moment.replace(tzinfo=ZoneInfo("UTC"))
    until = after_quiet(now, begin, end)
    if until is None:
        return
    assert now.timestamp() < until.timestamp() <= now.timestamp() + 25 * 3600
    assert timezone.localtime(until).time().replace(fold=0) == end or until.date().month in (3, 10)


def test_in_the_hour_that_comes_twice_a_message_is_not_held_until_a_moment_that_is_past():
    """25 October 2026: clocks show 2:00 to 3:00 twice; quiet until 2:30."""
    again = datetime(2026, 10, 25, 1, 10, tzinfo=ZoneInfo("UTC"))  # 2:10 for the second time
    until = after_quiet(again, time(21), time(2, 30))
    assert until is not None
    assert until.timestamp() == again.timestamp() + 20 * 60


# --- The page ---------------------------------------------------------------------------------


@pytest.mark.django_db
class TestThePage:
    def choose(self, client, **choices):
        given = {"do": "keep", "channel": "", "pace": "now", "language": "", "quiet": "on"}
        hours = {"quiet_from": "22:00", "quiet_until": "07:30"}
        return client.post(PAGE, {**given, **hours, **choices})

    def test_every_mail_of_ours_brings_the_link(self, client):
        news = {"line": digests.Line("Une nouvelle"), "link": "https://parvis.test/x/"}
        outbox.put("e:1", [LEA], lambda who: render("notices/news", news))
        letter = Envelope.objects.get()
        assert choices_url(LEA.address) in letter.text
        assert choices_url(LEA.address) in letter.html
        assert "choices.invalid" not in letter.text + letter.html
        path = re.search(r"/mes-envois/\S+/", letter.text).group()
        assert client.get(path).status_code == 200

    def test_looking_writes_nothing_and_is_kept_nowhere(self, client):
        answer = client.get(PAGE)
        assert answer["Cache-Control"] == "private, no-store"
        assert not Preference.objects.exists()

    def test_pace_language_and_hours_are_kept(self, client):
        assert self.choose(client, pace="weekly", language="ar", quiet_mail="on").status_code == 302
        held = Preference.objects.get()
        assert (held.pace, held.language, held.quiet_mail) == ("weekly", "ar", True)
        assert (held.quiet_from, held.quiet_until) == (time(22), time(7, 30))

    def test_a_wrong_hour_is_said_and_nothing_is_kept(self, client):
        page = self.choose(client, quiet_until="22:00").content.decode()
        assert "heure de fin différente" in page
        assert not Preference.objects.exists()

    def test_a_channel_that_is_not_proved_cannot_be_chosen(self, client, phones):
        assert self.choose(client, channel="sms").status_code == 200
        assert self.choose(client, channel="push").status_code == 200
        assert not Preference.objects.exists()

    def test_a_phone_is_proved_by_the_code_that_it_got(self, client, phones):
        client.post(PAGE, {"do": "phone", "phone": "06 12 34 56 78"})
        assert not Preference.objects.filter(channel="sms").exists()
        outbox.send_due(timezone.now())  # at whatever hour: it was asked for
        (text,) = phones.texts(PHONE)
        code = re.match(r"\d{6}", text).group()
        client.post(PAGE, {"do": "code", "code": "000000" if code != "000000" else "111111"})
        assert not Preference.objects.filter(channel="sms").exists()
        client.post(PAGE, {"do": "code", "code": f"{code[:3]} {code[3:]}"})
        held = Preference.objects.get()
        assert (held.phone, held.channel) == (PHONE, "sms")
        assert not PhoneCheck.objects.exists()
        page = client.get(PAGE).content.decode()
        assert "•• 78" in page
        assert "612345678" not in page
        client.post(PAGE, {"do": "forget-phone"})
        held.refresh_from_db()
        assert (held.phone, held.channel) == ("", "")

    def test_guessing_a_code_ends_after_five_tries(self, client, phones):
        preferences.ask_phone(MARK, PHONE, "123456")
        for number in range(5):
            client.post(PAGE, {"do": "code", "code": f"00000{number}"})
        client.post(PAGE, {"do": "code", "code": "123456"})
        assert not Preference.objects.filter(channel="sms").exists()

    def test_a_code_is_too_old_after_a_quarter_of_an_hour_and_erased_after_a_day(self):
        now = timezone.now()
        preferences.ask_phone(MARK, PHONE, "123456", now)
        with pytest.raises(ValidationError):
            preferences.confirm_phone(MARK, "123456", now + timedelta(minutes=16))
        assert preferences.purge(now + timedelta(hours=23)) == 0
        assert preferences.purge(now + timedelta(hours=25)) == 1

    def test_nobody_has_a_stranger_flooded_with_codes(self, client, phones):
        for number in range(9):
            page = f"/mes-envois/{token_of(f'{number:032}')}/"
            client.post(page, {"do": "phone", "phone": PHONE})
        assert Message.objects.count() == 3

    def test_stopping_and_coming_back(self, client):
        client.post(PAGE, {"do": "stop"})
        assert "Vous ne recevez plus rien" in client.get(PAGE).content.decode()
        client.post(PAGE, {"do": "resume"})
        assert Preference.objects.get().stopped_at is None

    def test_the_owner_of_an_address_that_bounced_sees_it_and_says_that_it_works(self, client):
        bounces.record(LEA.address, "5.1.1", timezone.now())
        assert "refusé nos messages" in client.get(PAGE).content.decode()
        client.post(PAGE, {"do": "works"})
        outbox.put("e:1", [LEA], said)
        assert outbox.send_due(noon()) == 1
