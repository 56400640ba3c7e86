"""The front of the web process: takes requests in whole, hands them to Django, sends answers out.

Django answers in a handful of threads, each with a connection to the database. A thread must never
wait for a visitor: a telephone at the end of the network sends a photo in minutes, and whoever
wishes harm sends one byte a second. So a request is first received in full by the event loop,
which holds thousands of them; only then does a thread take it. Answers go the same way: the
thread leaves them here and is free. What was cut on its way never reaches Django, which would take
half a form for a whole one.

Granian calls this by its own protocol (RSGI); what Django sees is plain WSGI (PEP 3333).
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.conf import settings
from django.template import loader

from parvis.operations.health import is_full
from parvis.wsgi import application as django

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

LARGEST = 110_000_000  # bytes of a request: five photos of 15 MB, or a heavy package of sheets
IN_MEMORY = 64 * 1024  # bytes of a request, or of an answer that comes by pieces, before the disk
SILENCE = 30.0  # seconds without a byte, in or out, after which a visitor is gone
GRACE = 60.0  # seconds that any request may take to arrive
SLOWEST = 500  # bytes a second, on the whole, that it must have come at afterwards
QUEUE = 30.0  # seconds that a request waits for a thread
AT_ONCE = 64 * 1024  # bytes of an answer sent at a time

logger = logging.getLogger(__name__)


class Turned(Exception):  # noqa: N818 - what happened
    """A request that is answered here, without Django."""

    def __init__(self, status: int, template: str = "") -> None:
        super().__init__(status)
        self.status = status
        self.template = template


class Cut(Exception):  # noqa: N818 - what happened
    """The visitor left before the end."""


class Answer:
    """What a thread writes and the event loop sends; neither waits for the other."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.status = 500
        self.headers: Headers = []
        self.whole: bytes | None = None  # a body that came in one piece
        self.left = False  # the visitor is gone: nothing more is wanted
        self._loop = loop
        self._moved = asyncio.Event()
        self._lock = threading.Lock()
        self._pieces: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._written = self._sent = 0
        self._ended = False

    # From the thread.
    def start(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        self.status, self.headers = int(status.split(" ", 1)[0]), headers

    def add(self, piece: bytes) -> None:
        if self.left:
            raise Cut
        with self._lock:
            self._pieces.seek(self._written)
            self._pieces.write(piece)
            self._written += len(piece)
        self._tell()

    def end(self, whole: bytes | None = None) -> None:
        self.whole = whole
        self._ended = True
        self._tell()

    def _tell(self) -> None:
        self._loop.call_soon_threadsafe(self._moved.set)

    # From the event loop.
    async def begun(self) -> None:
        """Wait until there is something to send."""
        await self._moved.wait()

    async def next_piece(self) -> bytes:
        """The next bytes; empty at the end."""
        while True:
            self._moved.clear()
            ended = self._ended  # before reading: what is written afterwards tells anew
            with self._lock:
                self._pieces.seek(self._sent)
                piece = self._pieces.read(AT_ONCE)
            if piece or ended:
                self._sent += len(piece)
                return piece
            await self._moved.wait()

    def close(self) -> None:
        self.left = True
        with self._lock:
            self._pieces.close()


class Front:
    """Serves a WSGI application; see above."""

    def __init__(self, application: Application, threads: int) -> None:
        self.application = application
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="answer")
        self._free: asyncio.Semaphore | None = None

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """One request, from its head to the last byte of its answer."""
        if scope.proto != "http":
            return
        try:
            with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
                length = await receive(scope, proto, body)
                body.seek(0)
                await self._answer(environ_of(scope, body, length), proto)
        except Turned as turned:
            proto.response_bytes(turned.status, *_page(turned))
        except Cut:
            proto.response_empty(400, [("connection", "close")])

    async def _answer(self, environ: dict[str, Any], proto: Any) -> None:
        if self._free is None:
            self._free = asyncio.Semaphore(self.threads)
        try:
            await asyncio.wait_for(self._free.acquire(), QUEUE)
        except TimeoutError:
            raise Turned(503, "503.html") from None
        loop = asyncio.get_running_loop()
        answer = Answer(loop)
        try:
            done = loop.run_in_executor(self._pool, self._run, environ, answer)
        except BaseException:
            self._free.release()
            raise
        free = self._free
        done.add_done_callback(lambda _: free.release())
        try:
            await send(answer, proto)
        finally:
            answer.left = True
            # The body that the thread may still read is closed after it.
            await asyncio.wait([done])
            answer.close()

    def _run(self, environ: dict[str, Any], answer: Answer) -> None:
        """In a thread: let the application answer."""
        try:
            result = self.application(environ, answer.start)
            try:
                if getattr(result, "streaming", True) and not isinstance(result, list):
                    for piece in result:
                        answer.add(piece)
                    answer.end()
                else:
                    answer.end(b"".join(result))
            finally:
                if close := getattr(result, "close", None):
                    close()
        except Cut:
            answer.end()
        except Exception as fault:
            logger.exception("no answer to %s", environ["PATH_INFO"])
            answer.status, answer.headers = (507 if is_full(fault) else 500), []
            answer.end(b"")


async def receive(scope: Any, proto: Any, body: IO[bytes]) -> int:
    """Take the body of a request in; gives its length in bytes.

    Turned for one that is too heavy, too slow, or for which there is no room; Cut for one that
    ended before the length that it told.
    """
    told = _told_length(scope)
    if not told:
        return 0
    start, length = time.monotonic(), 0
    pieces = aiter(proto)
    try:
        while True:
            piece = await asyncio.wait_for(anext(pieces), SILENCE)
            length += len(piece)
            body.write(piece)
            since = time.monotonic() - start - GRACE
            if since > 0 and length < since * SLOWEST:
                raise Turned(408, "408.html")
    except StopAsyncIteration:
        pass
    except TimeoutError:
        raise Turned(408, "408.html") from None
    except OSError as fault:
        if is_full(fault):
            raise Turned(507, "507.html") from fault
        raise
    except RuntimeError:  # the connection went away
        raise Cut from None
    if length != told:
        raise Cut
    return length


def _told_length(scope: Any) -> int:
    """How long a request says that it is. One that does not say it is refused: nobody could tell
    whether it arrived whole."""
    told = scope.headers.get("content-length")
    if told is None:
        may_have_one = scope.method not in ("GET", "HEAD", "OPTIONS")
        if "transfer-encoding" in scope.headers or (scope.http_version == "2" and may_have_one):
            raise Turned(411, "400.html")
        return 0
    if not (told.isascii() and told.isdigit() and len(told) < 16):
        raise Turned(400, "400.html")
    if int(told) > LARGEST:
        raise Turned(413, "413.html")
    return int(told)


async def send(answer: Answer, proto: Any) -> None:
    """Send an answer as it is made; a visitor who takes nothing for a while is given up."""
    await answer.begun()
    if answer.whole is not None:
        proto.response_bytes(answer.status, answer.headers, answer.whole)
        return
    stream = proto.response_stream(answer.status, answer.headers)
    try:
        while piece := await answer.next_piece():
            await asyncio.wait_for(stream.send_bytes(piece), SILENCE)
    except (TimeoutError, RuntimeError):
        logger.info("a visitor left before the end of an answer")


def environ_of(scope: Any, body: IO[bytes], length: int) -> dict[str, Any]:
    """What WSGI calls a request."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        # A name with an underscore would pass for one that a proxy writes.
        if "_" in name or name == "content-length":
            continue
        key = name.upper().replace("-", "_")
        key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
        between = "; " if name == "cookie" else ","
        known = key in environ and key != "HTTP_HOST"
        environ[key] = f"{environ[key]}{between}{value}" if known else value
    return environ


def _page(turned: Turned) -> tuple[Headers, bytes]:
    headers = [("content-type", "text/html; charset=utf-8"), ("connection", "close")]
    if turned.status in (503, 507):
        headers.append(("retry-after", "60"))
    return headers, loader.get_template(turned.template).render().encode()


application = Front(django, settings.THREADS)
