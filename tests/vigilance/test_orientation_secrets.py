"""Marks planted in an orientation are found in clear in no page, mail, log, export nor table."""

from __future__ import annotations

import contextlib
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.notices.sending import send_due
from parvis.partners import rights
from parvis.vigilance import orientation_acts as acts
from parvis.vigilance.models import Orientation, OrientationSecret
from parvis.vigilance.orientation_erasing import erase_old
from parvis.vigilance.views import orientation_reading
from tests import bench
from tests.cast import Cast
from tests.vigilance.orienting import browser, given, page, press, third_step
from tests.vigilance.scene import a_door, a_receiver, an_orientation

MARKS = {
    "name": "Zébuline Quarkenmarque",
    "phone": "06 39 98 77 77",
    "reach": "entre chien et loup-marqué",
    "words": "La xylophactrice impayée du gaz.",
}
PIECES = ("Quarkenmarque", "06 39 98 77 77", "0639987777", "loup-marqué", "xylophactrice")


def marks_in(text: str | bytes) -> list[str]:
    """The marks that this holds, whatever its encoding."""
    data = text if isinstance(text, bytes) else text.encode()
    folded = data.lower()
    return [one for one in PIECES if one.encode() in data or one.lower().encode() in folded]


def dump() -> bytes:
    """Every row of every table, as a copy of the database would hold it, sessions opened."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if "_fts_" in table or table.endswith(("_data", "_idx", "_docsize", "_config")):
                continue  # the insides of the word index; the index itself is read
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                found += [
                    bytes(one) if isinstance(one, memoryview | bytes) else str(one).encode()
                    for one in row
                ]
    found += [str(one.get_decoded()).encode() for one in Session.objects.all()]
    return b"\n".join(found)


def handle(cast: Cast) -> dict[str, Any]:
    """An orientation that went through everything: refused once by the form, kept, sent, read, read
    out of turn, taken up, with a contact."""
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    today = timezone.localdate()
    ines, sofia, karim = browser(cast.ines), browser(cast.sofia), browser(cast.karim)
    posted = given(door, today, **MARKS)
    ines.post(third_step(cast, door), {**posted, "agreed": ""})
    ines.post(third_step(cast, door), {**posted, "do": "keep"})
    one = Orientation.objects.get()
    press(ines, "edit", one)
    press(ines, "edit", one, **posted)
    read = press(sofia, "read", one)
    assert len(marks_in(read.content)) == 5  # the mark is there to be found
    press(karim, "break_glass", one, reason="Sofia est absente.")
    press(sofia, "answer", one, do="accept")
    press(sofia, "answer", one, do="contact", on=today.isoformat())
    return {"one": one, "ines": ines, "sofia": sofia, "karim": karim}


@pytest.fixture
def handled(cast: Cast) -> dict[str, Any]:
    return handle(cast)


@pytest.mark.django_db
def test_no_table_holds_a_mark_before_or_after_the_mails_leave(handled: Any) -> None:
    held = dump()
    assert handled["one"].code.encode() in held
    assert not marks_in(held)
    mail.outbox.clear()
    send_due(timezone.now() + timedelta(hours=1))
    assert len(mail.outbox) >= 3
    assert not [
        one for one in mail.outbox if marks_in(one.message().as_bytes() + one.body.encode())
    ]
    assert not marks_in(dump())


@pytest.mark.django_db
def test_no_log_holds_a_mark_not_even_that_of_every_query(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="django.db.backends")
    with CaptureQueriesContext(connection) as queries:  # makes the database log what it is asked
        handle(cast)
    assert len(caplog.records) >= len(queries) > 50
    assert not marks_in(caplog.text + "".join(str(vars(one)) for one in caplog.records))


@pytest.mark.django_db
def test_no_page_that_is_only_read_holds_a_mark(cast: Cast, handled: Any) -> None:
    one = handled["one"]
    shown = [page(handled[who], one).content for who in ("ines", "sofia", "karim")]
    names = [
        name
        for name, door in rights.doors().items()
        if not door.resource and name.startswith(("vigilance:", "portal:", "steering:", "reports:"))
    ]
    people = [browser(person) for person in (cast.claire, cast.karim, cast.ines, cast.sofia)]
    for client in people:
        for name in names:
            with contextlib.suppress(Exception):  # one that asks for more in its address
                answer = client.get(reverse(name))
                shown.append(b"".join(answer) if answer.streaming else answer.content)
    for client in (*people, browser(cast.luc), browser(cast.nadia), Client()):
        for mark in PIECES:
            answer = client.get(reverse("portal:search"), {"q": "gaz " + mark[:-1]})
            shown.append(answer.content)
    assert len(shown) > 60
    assert not [text[:200] for text in shown if marks_in(text)]


@pytest.mark.django_db
def test_a_fault_while_reading_shows_and_logs_nothing_of_it(
    handled: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("Le gabarit manque.")

    monkeypatch.setattr(orientation_reading, "render", fails)
    client = handled["sofia"]
    client.raise_request_exception = False
    answer = press(client, "read", handled["one"])
    assert answer.status_code == 500
    assert not marks_in(answer.content)
    assert "Le gabarit manque" in caplog.text
    assert not marks_in(caplog.text)
    # It was opened: that stays written, although nothing was shown.
    assert handled["one"].entries.filter(code="read", person__name="Sofia").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(bench.ON_POSTGRESQL, reason="the file of SQLite")
def test_the_file_holds_no_mark_and_once_erased_not_even_the_sealed_bytes(cast: Cast) -> None:
    door = a_door(cast)
    a_receiver(door, cast.sofia)
    one = an_orientation(cast, door, secret=MARKS)
    sealed = bytes(OrientationSecret.objects.get(pk=one.pk).sealed)
    file = Path(connection.settings_dict["NAME"])

    def on_disk() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))

    assert sealed in on_disk()
    assert not marks_in(on_disk())
    acts.accept(one, actor=cast.actor(cast.sofia))
    erase_old(timezone.now() + timedelta(days=800))
    assert sealed not in on_disk()  # overwritten at once
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    assert sealed not in on_disk()
    assert sealed[40:80] not in on_disk()
