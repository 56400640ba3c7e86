"""What was acknowledged survives: the web processes are killed while residents report."""

from __future__ import annotations

import os
import random
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import bench
from tests.operations.service import Installation, Ledger, fresh_database

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
KILLS = int(os.environ.get("KILLS", "20" if bench.ON_POSTGRESQL else "100"))
SENDERS = 6


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    name = f"kills_{os.getpid()}"
    made = Installation(tmp_path, fresh_database(name) if bench.ON_POSTGRESQL else "")
    made.lay()
    yield made
    made.stop()
    if bench.ON_POSTGRESQL:
        bench.drop_database(name)


def residents(site: Installation, ledger: Ledger, stop: threading.Event, begun: list[str]) -> None:
    """Send one report after the other, each until it is acknowledged, as a page does."""
    while not stop.is_set():
        sent_as = str(uuid.uuid4())
        begun.append(sent_as)
        while not stop.is_set() and ledger.send(site, sent_as) != 200:
            time.sleep(0.05)


def until_under_load(ledger: Ledger) -> None:
    """Wait until some more reports came through, on a busy machine too, then a moment of chance."""
    wanted = len(ledger.kept) + random.randint(1, 8)
    deadline = time.monotonic() + 30
    while len(ledger.kept) < wanted and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(random.uniform(0, 0.05))


def test_what_was_acknowledged_survives_a_hundred_kills(site: Installation) -> None:
    ledger, stop, begun = Ledger(), threading.Event(), list[str]()
    site.start()
    senders = [
        threading.Thread(target=residents, args=(site, ledger, stop, begun)) for _ in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    try:
        for _ in range(KILLS):
            until_under_load(ledger)
            site.kill()
            site.start()
    finally:
        stop.set()
        for sender in senders:
            sender.join(60)
    assert len(ledger.kept) >= KILLS
    ledger.hold(site, begun)
    if not bench.ON_POSTGRESQL:
        assert site.ask("PRAGMA integrity_check") == [("ok",)]
    print(f"{KILLS} kills, {len(ledger.kept)} reports acknowledged, none lost, none twice")
