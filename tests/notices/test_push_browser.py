"""Notifications as a person meets them: a button, a worker, a word on the screen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from parvis.notices.fingerprints import fingerprint, token_of
from parvis.notices.models import Preference, PushDevice
from tests.notices.test_push import Browser

pytestmark = pytest.mark.browser
MARK = fingerprint("lea@exemple.test")

# A browser under test has no push service: the rest of the page is the real one.
SUBSCRIBE = """
PushManager.prototype.subscribe = async function (options) {
  window.asked = { visible: options.userVisibleOnly, key: options.applicationServerKey.length };
  return { toJSON: () => (%s) };
};
"""


def test_a_person_has_this_device_told_and_stops_it(
    live: Any, page: Any, transactional_db: None, settings: Any, tmp_path: Any
) -> None:
    settings.VAR_DIR = tmp_path
    page.add_init_script(SUBSCRIBE % json.dumps(Browser().subscription()))
    page.context.grant_permissions(["notifications"], origin=live.url)
    page.goto(f"{live.url}/mes-envois/{token_of(MARK)}/")
    page.get_by_role("button", name="Prévenir cet appareil").click()
    expect(page.get_by_text("1 appareil est prévenu")).to_be_visible()
    assert PushDevice.objects.get().fingerprint == MARK
    assert Preference.objects.get().channel == "push"
    expect(page.get_by_label("Par une notification sur mes appareils")).to_be_checked()

    # The worker shows what comes, once for one tag, and nothing that it cannot read.
    cdp = page.context.new_cdp_session(page)
    found: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")
    said = {"title": "Parvis", "body": "C’est réglé", "url": "/suivre/1/", "tag": "a"}
    for data in (json.dumps(said), json.dumps(said)):
        cdp.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": live.url, "registrationId": found[0], "data": data},
        )
    shown = """async () => {
        const held = await navigator.serviceWorker.ready;
        const all = await held.getNotifications();
        return all.map((one) => [one.title, one.body, one.data.url]);
    }"""
    for _ in range(50):
        if page.evaluate(shown):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(shown) == [["Parvis", "C’est réglé", "/suivre/1/"]]

    page.get_by_role("button", name="Arrêter les notifications").click()
    expect(page.get_by_text("Plus aucune notification sur vos appareils")).to_be_visible()
    assert not PushDevice.objects.exists()
