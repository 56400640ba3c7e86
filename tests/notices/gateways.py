"""SMS gateways of the tests: a real server on the loopback that speaks the interface of
docs/sms-gateway.md, and has bad days."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "a-key"


class Gateway:
    """What it took, once for each idempotency key; `mood` decides how it answers a call."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.phones: list[tuple[str, str]] = []  # (number, text) in the order in which they rang
        self.keys: dict[str, int] = {}
        self.mood: Callable[[dict[str, Any]], str] = lambda said: "well"
        self.lock = threading.Lock()
        self.url = ""

    def take(self, said: dict[str, Any]) -> None:
        with self.lock:
            if said["id"] not in self.keys:
                self.keys[said["id"]] = 1
                self.phones.append((said["to"], said["text"]))
            else:
                self.keys[said["id"]] += 1

    def texts(self, number: str) -> list[str]:
        return [text for to, text in self.phones if to == number]


@contextmanager
def gateway() -> Iterator[Gateway]:
    """A gateway at work; gone afterwards."""
    state = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.headers["Idempotency-Key"] == said["id"]
            with state.lock:
                state.calls.append(said)
            if self.headers["Authorization"] != f"Bearer {KEY}":
                return self._say(401, {"error": "key"})
            mood = state.mood(said)
            if mood in ("well", "cut", "500 after taking"):
                state.take(said)
            if mood == "well":
                return self._say(202, {"id": said["id"]})
            if mood == "slow":
                time.sleep(0.6)
                return self._say(202, {})
            if mood == "cut":
                return self.connection.close()
            if mood in ("invalid_number", "invalid_text", "invalid_request"):
                return self._say(422, {"error": mood})
            return self._say(int(mood.split()[0]), {"error": "bad day"})

        def _say(self, status: int, words: dict[str, Any]) -> None:
            body = json.dumps(words).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):  # who called may be gone
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}/sms"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
