"""The front of the web process: what is cut, slow or too heavy never reaches Django."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from parvis.operations import front
from parvis.operations.front import Front


@dataclass
class Scope:
    """A request as Granian tells it."""

    method: str = "POST"
    path: str = "/é/"
    query_string: str = "q=%C3%A9"
    headers: Any = field(default_factory=dict)
    proto: str = "http"
    http_version: str = "1.1"
    scheme: str = "http"
    server: str = "127.0.0.1:8000"
    client: str = "127.0.0.1:4711"
    authority: str | None = None


class Proto:
    """A visitor: sends pieces, with a pause before each, and takes the answer."""

    def __init__(self, *pieces: bytes, pause: float = 0, takes: bool = True) -> None:
        self.pieces, self.pause, self.takes = pieces, pause, takes
        self.status, self.body = 0, b""
        self.headers: list[tuple[str, str]] = []

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            yield piece

    def response_bytes(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    def response_empty(self, status: int, headers: Any) -> None:
        self.status, self.headers = status, headers

    def response_stream(self, status: int, headers: Any) -> Proto:
        self.status, self.headers = status, headers
        return self

    async def send_bytes(self, piece: bytes) -> None:
        if not self.takes:
            await asyncio.sleep(3600)
        self.body += piece


class Site:
    """An application that keeps what it was asked."""

    def __init__(self, *pieces: bytes, pause: float = 0) -> None:
        self.pieces, self.pause = pieces, pause
        self.asked: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        self.bodies.append(environ["wsgi.input"].read())
        start("200 OK", [("x-said", "yes")])
        return (self.pieces and self._stream()) or [b"whole"]

    def _stream(self) -> Iterable[bytes]:
        try:
            for piece in self.pieces:
                time.sleep(self.pause)
                yield piece
        finally:
            self.closed += 1


def ask(site: Any, scope: Scope, *protos: Proto, threads: int = 2) -> None:
    """All these visitors at once."""

    async def together() -> None:
        served = Front(site, threads)
        await asyncio.wait_for(
            asyncio.gather(*(served.__rsgi__(scope, proto) for proto in protos)), 20
        )

    # In a thread of its own: a browser of the tests leaves its loop running in this one.
    with ThreadPoolExecutor(1) as alone:
        alone.submit(asyncio.run, together()).result()


def told(length: int, **others: str) -> dict[str, str]:
    return {"content-length": str(length), **others}


def test_a_request_that_came_whole_is_answered() -> None:
    site, proto = Site(), Proto(b"half", b"half")
    ask(site, Scope(headers=told(8)), proto)
    assert (proto.status, proto.body, site.bodies) == (200, b"whole", [b"halfhalf"])


def test_a_request_that_was_cut_never_reaches_django() -> None:
    """Django would take half a form for a whole one, shorter words included."""
    site, proto = Site(), Proto(b"text=Un trou dange")
    ask(site, Scope(headers=told(30)), proto)
    assert (proto.status, site.asked) == (400, [])


def test_a_request_that_does_not_tell_its_length_is_refused() -> None:
    site, proto = Site(), Proto(b"half")
    ask(site, Scope(headers={"transfer-encoding": "chunked"}), proto)
    assert (proto.status, site.asked) == (411, [])


def test_a_request_that_is_too_heavy_is_refused_before_it_comes() -> None:
    site, proto = Site(), Proto(b"a")
    ask(site, Scope(headers=told(front.LARGEST + 1)), proto)
    assert (proto.status, site.asked) == (413, [])
    assert "trop lourd" in proto.body.decode()


@pytest.mark.parametrize("length", ["-1", "1e3", "²", "9" * 30, ""])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    site, proto = Site(), Proto()
    ask(site, Scope(headers={"content-length": length}), proto)
    assert (proto.status, site.asked) == (400, [])


def test_who_falls_silent_is_told_and_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "SILENCE", 0.05)
    site, proto = Site(), Proto(b"a", b"b", pause=5)
    ask(site, Scope(headers=told(2)), proto)
    assert (proto.status, site.asked) == (408, [])
    assert "n’est pas arrivé jusqu’au bout" in proto.body.decode()


def test_who_sends_a_byte_now_and_then_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "GRACE", 0.05)
    site, proto = Site(), Proto(*[b"a"] * 400, pause=0.02)
    ask(site, Scope(headers=told(400)), proto)
    assert (proto.status, site.asked) == (408, [])


def test_a_disk_without_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, piece: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(front.tempfile, "SpooledTemporaryFile", lambda **_: Full())
    site, proto = Site(), Proto(b"a")
    ask(site, Scope(headers=told(1)), proto)
    assert (proto.status, site.asked) == (507, [])
    assert "plus de place" in proto.body.decode()


def test_slow_senders_hold_up_nobody() -> None:
    """Fifty who send for a second are answered in about one, by two threads."""
    site = Site()
    slow = [Proto(*[b"a"] * 10, pause=0.1) for _ in range(50)]
    start = time.monotonic()
    ask(site, Scope(headers=told(10)), *slow)
    assert [proto.status for proto in slow] == [200] * 50
    assert time.monotonic() - start < 10


def test_when_all_threads_stay_busy_a_request_is_refused_clearly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(front, "QUEUE", 0.05)
    site = Site(b"a", pause=1)
    first, second = Proto(), Proto()
    ask(site, Scope(method="GET"), first, second, threads=1)
    assert sorted([first.status, second.status]) == [200, 503]
    refused = first if first.status == 503 else second
    assert ("retry-after", "60") in refused.headers
    assert "reprend son souffle" in refused.body.decode()


def test_an_answer_that_comes_by_pieces_arrives_whole() -> None:
    pieces = [bytes([number]) * 30_000 for number in range(40)]
    site, proto = Site(*pieces), Proto()
    ask(site, Scope(method="GET"), proto)
    assert proto.body == b"".join(pieces)
    assert site.closed == 1


def test_who_takes_nothing_is_given_up_and_the_thread_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(front, "SILENCE", 0.1)
    site, proto = Site(*[b"a" * 1000] * 50, pause=0.02), Proto(takes=False)
    ask(site, Scope(method="GET"), proto)
    assert site.closed == 1


def test_what_django_is_asked_is_what_was_sent() -> None:
    headers = told(2, host="parvis.test", cookie="a=1", **{"content-type": "text/plain"})
    headers |= {"x-forwarded-for": "192.0.2.1", "x_forwarded_for": "10.0.0.1"}
    site, proto = Site(), Proto(b"ab")
    ask(site, Scope(headers=headers), proto)
    (environ,) = site.asked
    asked = {name: value for name, value in environ.items() if not name.startswith("wsgi.")}
    assert asked == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/é/".encode().decode("latin-1"),
        "QUERY_STRING": "q=%C3%A9",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": "2",
        "CONTENT_TYPE": "text/plain",
        "HTTP_HOST": "parvis.test",
        "HTTP_COOKIE": "a=1",
        "HTTP_X_FORWARDED_FOR": "192.0.2.1",
    }


def test_an_application_that_breaks_is_answered_for() -> None:
    def broken(environ: Any, start: Any) -> Any:
        raise ZeroDivisionError

    proto = Proto()
    ask(broken, Scope(method="GET"), proto, threads=1)
    assert proto.status == 500
