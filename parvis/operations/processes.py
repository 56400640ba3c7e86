"""Starting the children of `parvis serve`, and stopping them all together."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

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
) -> int:
    """Run the commands side by side until `stop` is set; one that dies is started again.

    Answers 0 after a wanted stop, 1 when a child keeps dying at once (the others are stopped).
    """
    children: dict[str, subprocess.Popen[bytes]] = {}
    born: dict[str, float] = {}
    quick_deaths = dict.fromkeys(commands, 0)

    def start(name: str) -> None:
        # A session of its own: Ctrl-C reaches the parent alone, which then stops each child once.
        children[name] = subprocess.Popen(commands[name], start_new_session=True)
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
            say(f"{name} s’est arrêté (code {child.returncode}) ; relance.")
            if quick_deaths[name] >= PATIENCE:
                say(f"{name} s’arrête dès son lancement : abandon.")
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


def parvis(*arguments: str) -> list[str]:
    """The command line of a management command, in this very environment."""
    return [sys.executable, "-m", "parvis", *arguments]
