"""A web server of our own: started, asked one thing at a time, weighed, stopped."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from parvis.operations.processes import LEAN, web

PATIENCE = 60.0  # seconds that a server has to give its first answer
TICKS = os.sysconf("SC_CLK_TCK")  # of processor time, a second


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]
    seconds: float


class Server:
    """One process that answers, under the web server that `parvis serve` uses."""

    def __init__(self, application: str, environment: dict[str, str]) -> None:
        self.port = _free_port()
        started = time.perf_counter()
        self.process = subprocess.Popen(
            web("127.0.0.1", self.port, target=application),
            env={**os.environ, **LEAN, **environment},
            stdout=sys.stderr,
            start_new_session=True,
        )
        self._wait()
        self.start = time.perf_counter() - started  # seconds until the first answer
        self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def _wait(self) -> None:
        deadline = time.perf_counter() + PATIENCE
        while time.perf_counter() < deadline:
            try:
                link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                link.request("GET", "/")
                link.getresponse().read()
                link.close()
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("the web server died at once")
                time.sleep(0.005)
            else:
                return
        raise SystemExit(f"no answer after {PATIENCE:.0f} s")

    def ask(
        self, path: str, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request on the connection that stays open; seconds on the wall."""
        start = time.perf_counter()
        self.link.request("POST" if body is not None else "GET", path, body, headers or {})
        response = self.link.getresponse()
        content = response.read()
        seconds = time.perf_counter() - start
        return Answer(response.status, content, dict(response.getheaders()), seconds)

    def workers(self) -> list[int]:
        """The processes that answer: children of the one that was started."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(stat[1]) == self.process.pid:
                found.append(int(entry.name))
        return found

    def processor(self) -> float:
        """Seconds of processor that the worker has spent so far."""
        spent = 0
        for pid in self.workers():
            stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            spent += int(stat[11]) + int(stat[12])
        return spent / TICKS

    def memory(self) -> float:
        """Megabytes that the worker holds."""
        pages = sum(
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.workers()
        )
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def stop(self) -> None:
        self.link.close()
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def served(application: str, environment: dict[str, str]) -> Iterator[Server]:
    server = Server(application, environment)
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
