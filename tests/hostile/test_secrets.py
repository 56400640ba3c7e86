"""Marked secrets in every personal column: nobody who has no right to one reads it anywhere, no
log tells it, and nothing that is done with a row carries it to another place."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from django.db import transaction

from parvis.documents import pdf
from parvis.notices.models import Envelope
from parvis.partners.actors import NOBODY, Actor
from tests.access.test_every_url import Worlds
from tests.hostile import secrets
from tests.hostile.walking import Stop, actor_of, addresses, client_of, opened


@pytest.fixture(autouse=True)
def papers_are_read_before_they_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words of a PDF are folded in it: what it is made of is looked at instead."""
    monkeypatch.setattr(pdf, "_compile", lambda members: b"%PDF-1.7 " + members["data.json"])


@pytest.fixture
def planted(worlds: Worlds) -> dict[int, secrets.Secret]:
    secrets.people_without_an_account()
    found = secrets.plant()
    assert len(found) > 150
    return found


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged meanwhile, down to the smallest remark."""
    caplog.set_level(logging.INFO)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)  # silent outside of DEBUG
    return caplog


def test_every_personal_column_is_planted_or_held_otherwise() -> None:
    models = {model for model, _ in secrets.declared()}
    assert models == set(secrets.OPENED_BY) | secrets.OTHERWISE_HELD
    assert not set(secrets.OPENED_BY) & secrets.OTHERWISE_HELD


def visits(worlds: Worlds, *, everybody: bool) -> Iterator[Stop]:
    """Each address by a stranger and by two of the cast in turn, on one side; or by everybody on
    all of them."""
    stranger, *people = worlds.browsers
    seen: set[str] = set()
    for name, whose, url, _ in addresses(worlds):
        turn = crc32(name.encode())
        sides = len(worlds.sides[""])
        if not everybody and list(worlds.sides[""]).index(whose) != turn % sides:
            continue
        here = people if everybody else [people[(turn + len(seen)) % len(people)]]
        seen.add(url)
        for who in dict.fromkeys([stranger, *here]):
            yield Stop(name, who, whose, url)


def leaks(worlds: Worlds, planted: dict[int, secrets.Secret], *, everybody: bool) -> list[str]:
    wrong: set[str] = set()
    shown = 0
    for stop in visits(worlds, everybody=everybody):
        response, content = opened(worlds, stop.who, stop.url)
        words = secrets.words_of(content) + str(response.headers)
        for number in secrets.found_in(words):
            secret = planted.get(number)
            if secret is None:
                continue
            shown += 1
            if not secrets.may_read(worlds, actor_of(worlds, stop.who), secret):
                wrong.add(f"{stop.name} {stop.who} ({stop.whose}): {secret.column}")
    assert shown > 20, "the walk must have shown secrets to those who may read them"
    return sorted(wrong)


@pytest.mark.django_db
def test_nobody_reads_what_the_policies_do_not_open_to_them(
    worlds: Worlds, planted: dict[int, secrets.Secret], told: pytest.LogCaptureFixture
) -> None:
    wrong = leaks(worlds, planted, everybody=False)
    assert not wrong, "\n".join(wrong)
    assert not secrets.found_in(told.text)


# Where secrets that lie deeper than in a column of words are shown to those who may read them.
SHOWN_AT = {
    "gatherings:results": "gatherings.Evaluation.words",
    "walks:sent_account": "walks.SentAccount.content",
    "reports:report": "reports.Report.answers",
    "vigilance:read": "vigilance.OrientationSecret.sealed",
}


@pytest.mark.django_db
def test_what_lies_deep_is_there_to_be_found(
    worlds: Worlds, planted: dict[int, secrets.Secret]
) -> None:
    """Otherwise the walks would find nothing because there is nothing."""
    shown = set()
    for name, _, url, side in addresses(worlds):
        if name not in SHOWN_AT:
            continue
        for who in may_press(worlds, name, side):
            for method in ("get", "post"):
                _, content = opened(worlds, who, url, method)
                found = secrets.found_in(secrets.words_of(content))
                shown |= {planted[one].column for one in found if one in planted}
    assert shown >= set(SHOWN_AT.values())


@pytest.mark.drill
@pytest.mark.django_db
def test_everybody_at_every_address_reads_only_their_own(
    worlds: Worlds, planted: dict[int, secrets.Secret]
) -> None:
    wrong = leaks(worlds, planted, everybody=True)
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_looking_for_a_secret_finds_it_for_nobody(
    worlds: Worlds, planted: dict[int, secrets.Secret]
) -> None:
    """A search must not tell that a word exists: the page with it is the page without it."""
    chosen = {secret.column: number for number, secret in planted.items()}
    for number in chosen.values():
        word = f"zqs{number}x"
        for url in ("/chercher/", "/signalements/"):
            response, content = opened(worlds, "a stranger", url, data={"q": word})
            text = content.decode().replace(word, "")
            assert response.status_code == 200
            assert not secrets.found_in(text), url


def reader_of(worlds: Worlds, key: str) -> Actor:
    """Who reads a message that is kept under this key."""
    kind, _, number = key.partition(":")
    for _, _, actor in worlds.browsers.values():
        if kind == "user" and str(actor.user_id) == number:
            return actor
    return NOBODY


@pytest.mark.django_db
def test_what_is_done_with_a_row_carries_no_secret_elsewhere(
    worlds: Worlds, planted: dict[int, secrets.Secret], told: pytest.LogCaptureFixture
) -> None:
    """Every button of the house is pressed by one who may: mails to others, events, links, logs
    and every other column of the database stay free of what lies in the personal columns."""
    before = set(secrets.outside(planted))
    assert before == set()
    wrong: set[str] = set()
    pressed = 0
    order = list(worlds.sides[""])
    for name, whose, url, side in addresses(worlds):
        if order.index(whose) != crc32(name.encode()) % len(order):
            continue
        for who in may_press(worlds, name, side):
            with transaction.atomic():
                newest = set(Envelope.objects.values_list("pk", flat=True))
                answer = client_of(worlds, who).post(url)
                if answer.status_code in (200, 302):
                    pressed += answer.status_code == 302
                    wrong |= in_mails(worlds, planted, newest, f"{name} ({whose})")
                    if answer.status_code == 302:
                        wrong |= {f"{name}: {one}" for one in quick_outside(planted)}
                transaction.set_rollback(True)
            if answer.status_code == 405:
                break
    assert pressed > 10
    assert not wrong, "\n".join(sorted(wrong))
    assert not secrets.found_in(told.text)


def may_press(worlds: Worlds, name: str, side: Any) -> list[str]:
    from parvis.partners import rights
    from tests.access.test_every_url import expected

    door = rights.doors()[name]
    people = [
        who for who, (_, _, actor) in worlds.browsers.items()
        if expected(worlds, door, actor, side) == "open"
    ]  # fmt: skip
    return people[-1:]


def in_mails(
    worlds: Worlds, planted: dict[int, secrets.Secret], before: set[int], what: str
) -> set[str]:
    wrong = set()
    for one in Envelope.objects.exclude(pk__in=before).select_related("message"):
        actor = reader_of(worlds, one.message.person)
        for number in secrets.found_in(f"{one.subject} {one.text} {one.html}"):
            secret = planted.get(number)
            if secret and not secrets.may_read(worlds, actor, secret):
                wrong.add(f"{what}: to {one.message.person}, {secret.column}")
    return wrong


WATCHED = ("thread_event", "thread_link", "search_word", "notices_message")


def quick_outside(planted: dict[int, secrets.Secret]) -> set[str]:
    """Where what tells of everything (events, links, messages, the index) holds a secret."""
    from django.db import connection

    found = set()
    tables = set(connection.introspection.table_names()) & set(WATCHED)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor:
                numbers = secrets.found_in(" ".join(str(cell) for cell in row))
                found |= {f"{table}: {planted[one].column}" for one in numbers & set(planted)}
    return found
