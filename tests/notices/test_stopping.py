"""Stopping in one click, as mail programs do it (RFC 8058)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from parvis.notices import digests, outbox, publishing, subscribing
from parvis.notices.fingerprints import fingerprint, token_of
from parvis.notices.models import Preference, Subscriber, Subscription
from tests.notices.test_outbox import LEA, hello
from tests.notices.test_sms import noon
from tests.notices.test_subscribing import NEWS, RESIDENCE, WORKSITE, follower

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def program() -> Client:
    """A mail program: no cookie, no form, and checks as in production."""
    return Client(enforce_csrf_checks=True)


def way_out(letter) -> str:
    headers = letter.message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = re.match(r"<(https?://[^>]+)>", headers["List-Unsubscribe"]).group(1)
    return "/" + url.split("/", 3)[3]


def test_one_click_stops_exactly_the_subscription_that_the_mail_is_about(program):
    one = follower()
    follower(topic=RESIDENCE)
    publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS)
    outbox.send_due(noon())
    path = way_out(mail.outbox[-1])
    assert program.post(path, ONE_CLICK).status_code == 200
    assert not Subscription.objects.filter(pk=one.pk).exists()
    assert Subscription.objects.count() == 1
    assert program.post(path, ONE_CLICK).status_code == 200  # mail programs repeat themselves
    assert Subscription.objects.count() == 1


def test_looking_at_the_address_stops_nothing(client):
    follower()
    publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS)
    outbox.send_due(noon())
    path = way_out(mail.outbox[-1])
    page = client.get(path).content.decode()
    assert WORKSITE.label in page
    assert Subscription.objects.count() == 1
    client.post(path)
    assert "C’est arrêté" in client.get(path).content.decode()


def test_one_click_on_a_digest_stops_all_that_it_sums_up(program):
    follower(pace="daily")
    follower(topic=RESIDENCE, pace="daily")
    publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS, now=noon(days=-1))
    digests.send_digests(noon())
    outbox.send_due(noon(minutes=5))
    path = way_out(mail.outbox[-1])
    assert program.post(path, ONE_CLICK).status_code == 200
    assert not Subscriber.objects.exists()
    assert program.post(path, ONE_CLICK).status_code == 200


def test_one_click_on_a_digest_that_an_address_chose_stops_what_is_sent_there(program):
    Preference.objects.create(fingerprint=fingerprint(LEA.address), pace="daily")
    outbox.put("e:1", [LEA], hello)
    outbox.send_due(noon())
    digests.send_digests(noon(days=1))
    outbox.send_due(noon(days=1, minutes=5))
    path = way_out(mail.outbox[-1])
    assert program.post(path, ONE_CLICK).status_code == 200
    assert Preference.objects.get().stopped_at
    assert program.post(path, ONE_CLICK).status_code == 200


def test_a_mail_of_a_report_has_no_such_button():
    outbox.put("report.settled:1", [LEA], hello)
    outbox.send_due(noon())
    assert "List-Unsubscribe" not in mail.outbox[0].message()


def test_a_mailbox_that_people_read_is_named_beside(settings):
    settings.UNSUBSCRIBE_EMAIL = "stop@exemple.test"
    follower()
    publishing.publish([WORKSITE.key], "worksite.cut:1", NEWS)
    outbox.send_due(noon())
    found = mail.outbox[-1].message()["List-Unsubscribe"]
    assert found.endswith(", <mailto:stop@exemple.test?subject=stop>")


@pytest.mark.parametrize(
    "path", ["/abonnements/1.x/arret/", "/abonnements/1.x/arret/3/", "/mes-envois/a.b/arret/"]
)
def test_a_link_that_is_not_ours_stops_nobody(program, path):
    mine = follower()
    Preference.objects.create(fingerprint=fingerprint("lea@exemple.test"))
    assert program.post(path, ONE_CLICK).status_code == 200
    assert Subscription.objects.filter(pk=mine.pk).exists()
    assert Preference.objects.get().stopped_at is None


def test_nobody_stops_a_subscription_of_another_by_their_own_link(program):
    mine, theirs = follower(), follower("omar@exemple.test")
    token = subscribing.token_of(mine.subscriber)
    program.post(f"/abonnements/{token}/arret/{theirs.pk}/", ONE_CLICK)
    assert Subscription.objects.filter(pk=theirs.pk).exists()


def test_the_page_of_an_address_is_stopped_for_good(program, client):
    path = f"/mes-envois/{token_of(fingerprint(LEA.address))}/arret/"
    assert "Ne plus recevoir" in client.get(path).content.decode()
    program.post(path, ONE_CLICK)
    outbox.put("e:1", [LEA], hello)
    assert outbox.send_due(noon() + timedelta(hours=1)) == 0
