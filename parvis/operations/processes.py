"""Starting the children of `parvis serve`, and stopping them all together."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

FRONT = "parvis.operations.front:application"
HELD = 2000  # requests that a web process holds at once, most of them arriving or leaving
# The threads of a web process share what they free, where each would keep its own: a tenth of all.
# They take turns in Python anyway, and do not wait for each other there.
LEAN = {"MALLOC_ARENA_MAX": "1"}
LOCK = "serving.lock"  # in the data folder; held as long as a process of the service lives
GRACE = 20.0  # seconds a child has to stop by itself
QUICK = 5.0  # a child that lived less than this many seconds died at once
PATIENCE = 5  # how often in a row a child may die at once


def on_stop(act: Callable[[], None]) -> None:
    """Call `act` at SIGTERM or Ctrl-C instead of dying in the middle of something."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: act())


def run_together(
    commands: dict[str, Sequence[str]],
    *,
    stop: threading.Event,
    say: Callable[[str], None],
    pause: float = 0.3,
    keep: Sequence[int] = (),
) -> int:
    """Run the commands side by side until `stop` is set; one that dies is started again.

    `keep`: open files that the children inherit. Answers 0 after a wanted stop, 1 when a child
    keeps dying at once (the others are stopped).
    """
    children: dict[str, subprocess.Popen[bytes]] = {}
    born: dict[str, float] = {}
    quick_deaths = dict.fromkeys(commands, 0)

    def start(name: str) -> None:
        # A session of its own: Ctrl-C reaches the parent alone, which then stops each child once.
        children[name] = subprocess.Popen(
            commands[name],
            start_new_session=True,
            pass_fds=keep,
            preexec_fn=_end_with_parent,
        )
        born[name] = time.monotonic()

    for name in commands:
        start(name)
    code = 0
    while not stop.wait(pause):
        for name, child in list(children.items()):
            if child.poll() is None:
                continue
            lived = time.monotonic() - born[name]
            quick_deaths[name] = quick_deaths[name] + 1 if lived < QUICK else 0
            say(f"{name} s’est arrêté (code {child.returncode}) ; relance.")
            if quick_deaths[name] >= PATIENCE:
                say(f"{name} s’arrête dès son lancement : abandon.")
                code = 1
                stop.set()
                break
            start(name)
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    return code


def _end_with_parent() -> None:
    """Ask Linux to stop this process when its parent is killed: a service that is started again
    must find its port free."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@contextmanager
def holding(lock: Path, *, alone: bool) -> Iterator[int | None]:
    """Hold this lock while the block runs, `alone` or beside others; gives its open file, or None
    when somebody holds it otherwise. It goes with the last process that inherited the file, however
    that ends."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of this process, with more in it, for one that it starts."""
    return {**os.environ, **more}


def parvis(*arguments: str) -> list[str]:
    """The command line of a management command, in this very environment."""
    return [sys.executable, "-m", "parvis", *arguments]


def web(host: str, port: int, *, workers: int = 1, target: str = FRONT) -> list[str]:
    """The command line of the web server, to be run with `LEAN` in its surroundings."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "rsgi", "--no-ws"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--backlog", "4096"),
        *("--backpressure", str(HELD), "--http1-header-read-timeout", "30000"),
        *("--respawn-failed-workers", "--log-level", "warning"),
        target,
    ]
