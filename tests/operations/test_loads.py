"""Too many visitors, slow ones, cut ones, and a disk that is full: the site answers or says no."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests import bench
from tests.operations.service import Installation, Ledger, report_with_photo

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(bench.ON_POSTGRESQL, reason="about the web process and the disk"),
]
SLOW = 500  # visitors who send a byte a second
ROOM = 48  # megabytes of the small disk


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    made.lay()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder with little room, on a disk of its own in memory."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("a small disk is mounted by root alone")
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine mounts no small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def trickle(links: list[socket.socket], stop: threading.Event) -> None:
    while not stop.wait(1):
        for link in links:
            with suppress(OSError):
                link.sendall(b"a")


def test_five_hundred_slow_visitors_hold_up_nobody(site: Installation) -> None:
    head = b"POST /signaler/envoi/ HTTP/1.1\r\nHost: localhost\r\n"
    body = head + b"Sec-Fetch-Site: same-origin\r\nContent-Length: 50000\r\n\r\n"
    links = []
    for number in range(SLOW):
        link = socket.create_connection(("127.0.0.1", site.port))
        link.sendall(head if number % 2 else body)
        links.append(link)
    stop, ledger = threading.Event(), Ledger()
    trickling = threading.Thread(target=trickle, args=(links, stop))
    trickling.start()
    try:
        time.sleep(3)
        start = time.monotonic()
        sent = [str(uuid.uuid4()) for _ in range(40)]
        with ThreadPoolExecutor(8) as visitors:
            pages = list(visitors.map(lambda _: site.get("/signaler/")[0], range(100)))
            reports = list(visitors.map(lambda one: ledger.send(site, one), sent))
        took = time.monotonic() - start
    finally:
        stop.set()
        trickling.join()
        for link in links:
            link.close()
    assert set(pages) == {200}
    assert set(reports) == {200}
    ledger.hold(site)
    print(f"{SLOW} slow visitors; 140 others answered in {took:.1f} s")


def test_five_hundred_at_once_are_all_answered(site: Installation) -> None:
    with ThreadPoolExecutor(500) as visitors:
        found = list(visitors.map(lambda _: site.get("/quartiers/", timeout=120)[0], range(500)))
    assert set(found) <= {200, 503}
    assert found.count(200) > 250
    assert site.get("/healthz")[0] == 200


def test_uploads_cut_half_way_leave_nothing(site: Installation) -> None:
    ledger = Ledger()
    for _ in range(50):
        body, kind = report_with_photo(str(uuid.uuid4()), noise=300)
        head = (
            "POST /signaler/envoi/ HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with closing(socket.create_connection(("127.0.0.1", site.port))) as link:
            link.sendall(head.encode() + body[: len(body) // 2])
    assert ledger.send(site, str(uuid.uuid4())) == 200
    assert site.ask("SELECT count(*) FROM reports_report") == [(1,)]
    assert len(list((site.folder / "media").rglob("*.*"))) == 2  # a photo and its small one
    ledger.hold(site)


@pytest.mark.parametrize("spool", ["elsewhere", "on the same disk"])
def test_a_full_disk_refuses_clearly_and_recovers(small_disk: Path, spool: str) -> None:
    site = Installation(small_disk, more={"PARVIS_DISK_RESERVE": "5"})
    if spool == "on the same disk":
        (small_disk / "tmp").mkdir()
        site.more["TMPDIR"] = str(small_disk / "tmp")
    ledger = Ledger()
    site.lay()
    site.start()
    try:
        before = [ledger.send(site, str(uuid.uuid4())) for _ in range(5)]
        assert before == [200] * 5
        assert site.get("/healthz")[0] == 200
        filler = small_disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        refused = [ledger.send(site, str(uuid.uuid4()), noise=300) for _ in range(10)]
        assert set(refused) <= {507, 503}, refused
        assert 507 in refused
        status, page = site.post(*report_with_photo(str(uuid.uuid4()), noise=300))
        assert status == 507
        assert "plus de place" in page.decode()
        assert site.get("/healthz") == (503, b"unwell\n")
        assert site.get("/signaler/")[0] == 200
        filler.unlink()
        after = [ledger.send(site, str(uuid.uuid4()), noise=300) for _ in range(5)]
        assert after == [200] * 5
        assert site.get("/healthz")[0] == 200
        ledger.hold(site)
        assert not list(small_disk.rglob("*.part"))
        assert site.ask("PRAGMA integrity_check") == [("ok",)]
    finally:
        site.stop()
