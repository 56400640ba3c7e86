"""Notifications: kept keys, words that only that browser reads, browsers that go away."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import ValidationError
from py_vapid import Vapid02

from parvis.documents import outgoing
from parvis.documents.outgoing import CallRefused, Reply
from parvis.notices import outbox, preferences, push
from parvis.notices.fingerprints import fingerprint, token_of
from parvis.notices.models import Message, Preference, PushDevice
from parvis.notices.outbox import Mail
from tests.notices.mailservers import addresses
from tests.notices.test_outbox import LEA
from tests.notices.test_sms import noon

pytestmark = pytest.mark.django_db
MARK = fingerprint(LEA.address)


class Browser:
    """A browser that has asked for notifications."""

    def __init__(self, number: int = 1) -> None:
        self.endpoint = f"https://push.exemple.test/send/{number}"
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)

    def subscription(self) -> dict[str, Any]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": push._coded(point), "auth": push._coded(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def allow(self) -> Browser:
        keys = self.subscription()["keys"]
        push.keep(MARK, self.endpoint, keys["p256dh"], keys["auth"])
        Preference.objects.update_or_create(fingerprint=MARK, defaults={"channel": "push"})
        return self

    def read(self, body: bytes) -> dict[str, str]:
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth)
        return json.loads(plain)


class Service:
    """The push service of a browser's maker."""

    def __init__(self) -> None:
        self.status: dict[str, int] = {}
        self.calls: list[tuple[str, bytes, dict[str, str]]] = []

    def call(self, url: str, *, method: str, body: bytes, headers: dict[str, str]) -> Reply:
        assert method == "POST"
        self.calls.append((url, body, headers))
        status = self.status.get(url, 201)
        if status == 0:
            raise CallRefused("Ce site ne répond pas.", may_pass=True)
        return Reply(status, b"", {})


@pytest.fixture
def service(monkeypatch, tmp_path, settings) -> Iterator[Service]:
    settings.VAR_DIR = tmp_path
    found = Service()
    monkeypatch.setattr(outgoing, "call", found.call)
    return found


def settled(who):
    return Mail("Votre signalement est réglé", f"Long texte.\n{who.link}", "<p>Long</p>")


def test_a_notification_says_the_subject_and_opens_the_page(service):
    browser = Browser().allow()
    outbox.put("report.settled:1", [LEA], settled)
    assert outbox.send_due(noon()) == 1
    ((url, body, headers),) = service.calls
    assert url == browser.endpoint
    said = browser.read(body)
    assert (said["body"], said["url"]) == ("Votre signalement est réglé", LEA.link)
    assert LEA.address not in json.dumps(said)
    assert Vapid02.verify(headers["Authorization"])
    assert len(headers["Topic"]) == 32
    assert Message.objects.get().channel == "push"
    assert addresses() == []


def test_another_browser_cannot_read_it(service):
    Browser().allow()
    outbox.put("report.settled:1", [LEA], settled)
    outbox.send_due(noon())
    with pytest.raises(http_ece.ECEException):
        Browser().read(service.calls[0][1])


def test_the_same_message_told_again_replaces_itself(service):
    browser = Browser().allow()
    service.status[browser.endpoint] = 503
    outbox.put("report.settled:1", [LEA], settled)
    assert outbox.send_due(noon()) == 0
    service.status.clear()
    assert outbox.send_due(noon(minutes=5)) == 1
    first, second = service.calls
    assert first[2]["Topic"] == second[2]["Topic"]
    assert browser.read(first[1])["tag"] == browser.read(second[1])["tag"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_and_mail_goes_on(service, status):
    browser = Browser().allow()
    service.status[browser.endpoint] = status
    outbox.put("report.settled:1", [LEA], settled)
    assert outbox.send_due(noon()) == 1
    assert not PushDevice.objects.exists()
    assert addresses() == [LEA.address]


def test_one_of_two_browsers_is_enough(service):
    gone, here = Browser(1).allow(), Browser(2).allow()
    service.status[gone.endpoint] = 410
    outbox.put("report.settled:1", [LEA], settled)
    assert outbox.send_due(noon()) == 1
    assert PushDevice.objects.get().endpoint == here.endpoint
    assert addresses() == []


def test_a_service_that_does_not_answer_loses_nothing(service):
    browser = Browser().allow()
    service.status[browser.endpoint] = 0
    outbox.put("report.settled:1", [LEA], settled)
    assert outbox.send_due(noon()) == 0
    assert Message.objects.get().last_error == "no answer"
    service.status.clear()
    assert outbox.send_due(noon(minutes=5)) == 1


def test_nothing_shows_at_night(service):
    Browser().allow()
    outbox.put("report.settled:1", [LEA], settled)
    assert outbox.send_due(noon(hours=10)) == 0
    assert service.calls == []
    assert outbox.send_due(noon(hours=20, minutes=1)) == 1


def test_an_endpoint_at_home_is_never_called(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    browser = Browser()
    browser.endpoint = "https://localhost/send"
    browser.allow()
    outbox.put("report.settled:1", [LEA], settled)
    assert outbox.send_due(noon()) == 1
    assert not PushDevice.objects.exists()
    assert addresses() == [LEA.address]


def test_the_key_is_made_once_and_readable_by_its_owner_alone(service, settings):
    first = push.public_key()
    assert push.public_key() == first
    assert (settings.VAR_DIR / push.FILE).stat().st_mode & 0o777 == 0o600
    settings.VAPID_PRIVATE_KEY = (settings.VAR_DIR / push.FILE).read_text().strip()
    (settings.VAR_DIR / push.FILE).unlink()
    assert push.public_key() == first


class TestThePage:
    def test_a_browser_says_that_it_takes_notifications(self, client, service):
        page = f"/mes-envois/{token_of(MARK)}/appareil/"
        said = Browser().subscription()
        assert client.post(page, said, content_type="application/json").status_code == 204
        assert client.post(page, said, content_type="application/json").status_code == 204
        assert PushDevice.objects.count() == 1
        assert Preference.objects.get().channel == "push"
        preferences.forget_devices(MARK)
        assert not PushDevice.objects.exists()
        assert Preference.objects.get().channel == ""

    @pytest.mark.parametrize(
        "change",
        [
            {"endpoint": "http://push.exemple.test/1"},
            {"endpoint": "https:///1"},
            {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
            {"keys": {}},
            {"keys": None},
        ],
    )
    def test_what_no_browser_says_is_refused(self, client, service, change):
        page = f"/mes-envois/{token_of(MARK)}/appareil/"
        said = Browser().subscription() | change
        assert client.post(page, said, content_type="application/json").status_code == 400
        assert not PushDevice.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [
            "[" * 100_000,
            '{"endpoint": ' + "[" * 100_000,
            *(
                json.dumps(Browser().subscription() | {"endpoint": f"https://push.test/{odd}"})
                for odd in ("\x00", "\ud800", "é", "a b", "x\r\nHost: a")
            ),
        ],
        ids=["deep", "deep inside", "null", "half a sign", "accent", "blank", "two lines"],
    )
    def test_odd_signs_are_refused_and_break_nothing(self, client, service, body):
        page = f"/mes-envois/{token_of(MARK)}/appareil/"
        assert client.post(page, body, content_type="application/json").status_code == 400
        assert not PushDevice.objects.exists()

    def test_keys_padded_with_what_is_no_key_are_kept_as_they_are_used(self, client, service):
        said = Browser().subscription()
        said["keys"] = {name: key + "=" * 200 for name, key in said["keys"].items()}
        page = f"/mes-envois/{token_of(MARK)}/appareil/"
        status = client.post(page, said, content_type="application/json").status_code
        assert status in (204, 400)
        for device in PushDevice.objects.all():
            device.full_clean()

    def test_an_address_has_five_browsers_at_most(self, service):
        for number in range(7):
            Browser(number).allow()
        assert PushDevice.objects.count() == push.DEVICES

    def test_the_worker_is_served_where_it_may_act(self, client):
        answer = client.get("/mes-envois/sw.js")
        assert answer["Content-Type"].startswith("text/javascript")
        assert "push-worker" in answer.content.decode()


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValidationError):
        preferences.ask_phone(MARK, "12", "000000")
