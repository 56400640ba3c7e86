"""Every URL of the house: no POST without the page that it comes from, a strict policy, headers,
no way out to another site, and no odd address that breaks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.access.test_every_url import SHUT, URLS, Worlds
from tests.hostile.walking import OFFICE, client_of, opened, stops

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]

# Machines, or pages without a session, post there; what stands in the token's place.
OWN_PROOF = {
    "reports:receive": "asks that the browser says it comes from a page of this site",
    "works:answer": "does nothing in anybody's name: an anonymous answer, by an unguessable link",
    # What a mail program presses for its reader, who has no page of ours open (RFC 8058).
    "notices:stop_all": "the signed link of who follows",
    "notices:stop_one": "the signed link of who follows",
    "notices:stop_everything": "the signed link of an address",
    "notices:delivery": "the signed address that the gateway was given with the message",
    "notices:incoming": "the signature of the body, fresh and once",
    "notices:returned": "the signature of the body, fresh",
    "demo:gateway": "the key of the gateway, in the demonstration alone",
}
# Exempt for Django, which would answer in HTML: the view checks the token itself, see
# test_a_walk_is_received_with_the_token_alone.
CHECK_THEMSELVES = {"walks:receive", "walks:receive_picture", "walks:joined_receive",
                    "walks:joined_picture"}  # fmt: skip
ELSEWHERE = ("https://evil.test/", "//evil.test/", "/\\evil.test/", "javascript:alert(1)",
             "https:evil.test", "\t//evil.test/")  # fmt: skip
WHERE_TO = ("next", "retour", "back", "suite", "url", "redirect", "vers", "de", "continue")
ODD = {
    "IntConverter": (0, 10**18, 10**30),
    "SlugConverter": ("-", "x" * 300, "0"),
    "StringConverter": (
        "é\u202e😀",
        "x" * 3000,
        "%00",
        "..",
        "'\"<>",
        "1.",
        "99999999999999999999.x",
    ),
    "PathConverter": ("../..", "a" * 3000),
    "UUIDConverter": ("00000000-0000-0000-0000-000000000000",),
}


def views() -> dict[str, Any]:
    found = {}

    def walk(resolver: Any, space: str = "") -> None:
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                walk(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
            elif entry.name:
                found[f"{space}{entry.name}"] = entry

    walk(get_resolver())
    return found


def plain_address(name: str) -> str:
    """An address of this name, whatever it leads to."""
    entry = views()[name]
    usual = {"IntConverter": 1, "UUIDConverter": "0" * 8 + "-0000-0000-0000-" + "0" * 12}
    given = {
        key: usual.get(type(one).__name__, "x") for key, one in entry.pattern.converters.items()
    }
    try:
        return reverse(name, kwargs=given)
    except NoReverseMatch:
        return ""


def test_no_form_is_taken_without_the_token_of_its_page(db: None) -> None:
    """Everywhere but where another proof is asked, and those are listed."""
    browser = Client(enforce_csrf_checks=True)
    taken = set()
    for name, _ in URLS:
        address = plain_address(name)
        if not address:
            continue
        with transaction.atomic():
            answer = browser.post(address, {"a": "b"})
            transaction.set_rollback(True)
        if answer.status_code != 403:
            taken.add(name)
    assert taken <= set(OWN_PROOF) | CHECK_THEMSELVES, taken
    exempt = {name for name, one in views().items() if getattr(one.callback, "csrf_exempt", False)}
    assert exempt - SHUT <= set(OWN_PROOF) | CHECK_THEMSELVES, exempt


def test_a_report_is_not_received_from_another_site(client: Client) -> None:
    for headers in ({}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.test"}):
        assert client.post(reverse("reports:receive"), headers=headers).status_code == 403


@pytest.mark.drill
def test_every_answer_says_what_browsers_may_do_with_it(worlds: Worlds) -> None:
    wrong = []
    seen = 0
    for stop in stops(worlds, everybody=False):
        response, _ = opened(worlds, stop.who, stop.url)
        policy = response.get("Content-Security-Policy", "")
        faults = [
            "unsafe" if "unsafe" in policy else "",
            "" if "script-src 'self'" in policy and "object-src 'none'" in policy else "policy",
            "" if "frame-ancestors 'none'" in policy else "frames",
            "" if response.get("X-Frame-Options") == "DENY" else "old frames",
            "" if response.get("X-Content-Type-Options") == "nosniff" else "sniffed",
            "" if response.get("Referrer-Policy") else "referrer",
            "" if "camera=()" in response.get("Permissions-Policy", "") else "permissions",
            "" if response.get("Cross-Origin-Opener-Policy") == "same-origin" else "opener",
            "" if stop.who == "a stranger" or is_kept_apart(response) else "shared cache",
            "" if not may_be_run(response) else "uploaded page",
        ]
        seen += 1
        wrong += [f"{stop.name} {stop.who}: {fault}" for fault in faults if fault]
    assert seen > 400
    assert not wrong, "\n".join(wrong)


def is_kept_apart(response: Any) -> bool:
    """Whether no cache that others share keeps it; what is the same for everybody may be."""
    told = response.get("Cache-Control", "")
    return "private" in told or "no-store" in told or "public" in told


def may_be_run(response: Any) -> bool:
    """Whether a file that somebody gave would be opened as a page of ours."""
    kind = response.get("Content-Type", "").partition(";")[0]
    return response.streaming and kind in {"text/html", "image/svg+xml", "application/xhtml+xml"}


@pytest.mark.drill
def test_nothing_leads_to_another_site(worlds: Worlds) -> None:
    wrong = []
    for stop in stops(worlds, everybody=False):
        away = ELSEWHERE[crc32(stop.url.encode()) % len(ELSEWHERE)]
        sent = dict.fromkeys(WHERE_TO, away)
        for method in ("get", "post"):
            response, _ = opened(worlds, stop.who, stop.url, method, data=sent)
            there = response.get("Location", "") + json.dumps(response.get("HX-Redirect", ""))
            if "evil" in there.partition("?")[0] or there.lower().startswith("javascript"):
                wrong.append(f"{method} {stop.name}: {there}")
    assert not wrong, "\n".join(wrong)


def test_signing_in_leads_to_no_other_site(cast: Any, client: Client) -> None:
    from tests.cast import PASSWORD

    for away in ELSEWHERE:
        client.logout()
        given = {"login": "karim@exemple.test", "password": PASSWORD, "next": away}
        answer = client.post("/connexion/", given)
        assert "evil" not in answer.get("Location", "").partition("?")[0]
        assert not answer.get("Location", "").startswith("javascript")


def odd_addresses() -> Iterator[tuple[str, str]]:
    for name, entry in views().items():
        converters = entry.pattern.converters
        if not converters or name in SHUT:
            continue
        for turn in range(3):
            given = {}
            for key, one in converters.items():
                values = ODD.get(type(one).__name__, ("x",))
                given[key] = values[(turn + crc32(name.encode())) % len(values)]
            try:
                address = reverse(name, kwargs=given)
            except NoReverseMatch:
                continue
            if not address.startswith(OFFICE):
                yield name, address


@pytest.mark.drill
def test_no_odd_address_breaks_anything(worlds: Worlds) -> None:
    wrong = []
    tried = 0
    for name, address in odd_addresses():
        for who in ("a stranger", "claire"):
            for method in ("get", "post"):
                try:
                    with transaction.atomic():
                        answer = getattr(client_of(worlds, who), method)(address)
                        transaction.set_rollback(True)
                    if answer.status_code >= 500:
                        wrong.append(f"{method} {name} {who}: {answer.status_code}")
                except Exception as error:
                    wrong.append(f"{method} {name} {who} {address[:60]}: {type(error).__name__}")
                tried += 1
    assert tried > 1500
    assert not wrong, "\n".join(wrong)
