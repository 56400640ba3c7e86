"""An installation of its own and its web server, to be killed, filled and starved by drills."""

from __future__ import annotations

import http.client
import io
import json
import os
import random
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3._functions import register
from PIL import Image

from parvis.operations.processes import LEAN, web
from tests import bench
from tests.cast import IN_ANZIN
from tests.ground import house

READY = 60.0  # seconds that a server has to give its first answer


@dataclass
class Installation:
    folder: Path
    database: str = ""  # URL; empty: SQLite in the folder
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    more: dict[str, str] = field(default_factory=dict)

    @property
    def surroundings(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        found = {
            **kept,
            **LEAN,
            "PYTHONPATH": str(house.ROOT),
            "PARVIS_VAR": str(self.folder),
            "PARVIS_TRUSTED_PROXIES": "127.0.0.1",  # so that each sender may have an address
            "PARVIS_CHALLENGE_COST": "0",
            "PARVIS_BASE_MAP_URL": "",
            "EMAIL_URL": "dummy://",
        }
        return found | ({"DATABASE_URL": self.database} if self.database else {}) | self.more

    def run(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "parvis", *arguments]
        subprocess.run(
            command, cwd=house.ROOT, env=self.surroundings, check=True, stdout=subprocess.DEVNULL
        )

    def lay(self) -> None:
        """Tables and lists."""
        self.run("migrate", "-v", "0")
        self.run("load_lists")

    def start(self) -> None:
        """Start the web server and wait for its first answer."""
        self.port = self.port or free_port()
        with (self.folder / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                web("127.0.0.1", self.port),
                cwd=house.ROOT,
                env=self.surroundings,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait()

    def wait(self) -> None:
        deadline = time.monotonic() + READY
        while time.monotonic() < deadline:
            if self.process and self.process.poll() is not None:
                raise AssertionError((self.folder / "web.log").read_text()[-3000:])
            try:
                if self.get("/healthz", timeout=10)[0]:
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("no answer from the server")

    def kill(self) -> None:
        """SIGKILL to the whole group, at once."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def get(self, path: str, timeout: float = 30) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as link:
            link.request("GET", path, headers={"Host": "localhost"})
            answer = link.getresponse()
            return answer.status, answer.read()

    def post(self, body: bytes, kind: str, timeout: float = 30) -> tuple[int, bytes]:
        """Send a report, from an address of its own."""
        headers = {
            "Host": "localhost",
            "Content-Type": kind,
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"10.{random.randrange(256)}.{random.randrange(256)}.7",
        }
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as link:
            link.request("POST", "/signaler/envoi/", body, headers)
            answer = link.getresponse()
            return answer.status, answer.read()

    def ask(self, query: str) -> list[Any]:
        """Rows, straight from the database."""
        if not self.database:
            with closing(sqlite3.connect(self.folder / "parvis.sqlite3", timeout=20)) as link:
                register(link)  # what constraints are written with
                return link.execute(query).fetchall()
        import psycopg

        with psycopg.connect(self.database.replace("postgres://", "postgresql://")) as link:
            return link.execute(query).fetchall()  # type: ignore[arg-type]


def fresh_database(name: str) -> str:
    """The URL of an empty database of the cluster that the suite runs on."""
    bench.drop_database(name)
    bench._as_owner(f'CREATE DATABASE "{name}"')
    return re.sub(r"@/[^?]*", f"@/{name}", os.environ["DATABASE_URL"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def report_with_photo(sent_as: str, noise: int = 0) -> tuple[bytes, str]:
    """What a page sends for a hole in the road, with one photo; `noise` makes it heavy (pixels a
    side)."""
    picture = io.BytesIO()
    side = noise or 48
    pixels = random.Random(sent_as).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), pixels).save(picture, "JPEG", quality=95)
    fields = {
        "sent_as": sent_as,
        "latitude": str(IN_ANZIN[0]),
        "longitude": str(IN_ANZIN[1]),
        "category": "trou_chaussee",
        "text": "Un trou",
    }
    return multipart(fields, picture.getvalue())


def multipart(fields: dict[str, str], photo: bytes) -> tuple[bytes, str]:
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
    parts.append(f"--{edge}\r\n{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo)
    parts.append(f"\r\n--{edge}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={edge}"


@dataclass
class Ledger:
    """What was acknowledged: the number of a sending, and the reference that came back."""

    kept: dict[str, str] = field(default_factory=dict)

    def send(self, at: Installation, sent_as: str, noise: int = 0) -> int:
        """Send one report; writes it down when it was acknowledged. 0: no answer came."""
        try:
            status, answer = at.post(*report_with_photo(sent_as, noise))
        except (OSError, http.client.HTTPException):
            return 0
        if status == 200:
            self.kept[sent_as] = json.loads(answer)["reference"]
        return status

    def hold(self, at: Installation, others: Sequence[str] = ()) -> None:
        """Everything acknowledged is there exactly once, with its photo; what was not
        acknowledged is there whole or not at all; and no half file lies about."""
        rows = at.ask(
            "SELECT v.sent_as, r.reference, p.file, p.thumbnail FROM reports_voice v"
            " JOIN reports_report r ON r.id = v.report_id"
            " LEFT JOIN reports_photo p ON p.report_id = r.id"
        )
        found: dict[str, list[tuple[str, str, str]]] = {}
        for sent_as, *rest in rows:
            found.setdefault(str(uuid.UUID(str(sent_as))), []).append(tuple(rest))  # type: ignore[arg-type]
        lost = [one for one in self.kept if one not in found]
        assert lost == [], f"{len(lost)} of {len(self.kept)} acknowledged reports are lost"
        for sent_as, held in found.items():
            assert len(held) == 1, f"twice: {sent_as}"
            reference, *files = held[0]
            assert self.kept.get(sent_as, reference) == reference
            assert sent_as in self.kept or sent_as in others
            for name in files:
                with Image.open(at.folder / "media" / name) as image:
                    image.load()
        for path in (at.folder / "media").rglob("*.jpg"):
            with Image.open(path) as image:
                image.load()
