import sys
import threading

import pytest
from django.core.management import CommandError, call_command

from parvis.operations.processes import run_together


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_wanted_stop_stops_every_child():
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    sleep = python("import time; time.sleep(60)")
    assert run_together({"a": sleep, "b": sleep}, stop=stop, say=lambda line: None, pause=0.05) == 0


def test_a_child_that_dies_is_started_again(tmp_path):
    said, stop = [], threading.Event()
    once = python(
        f"import pathlib, time; p = pathlib.Path({str(tmp_path / 'seen')!r})\n"
        "if not p.exists(): p.touch(); raise SystemExit(3)\n"
        "time.sleep(60)"
    )

    def say(line: str) -> None:
        said.append(line)
        threading.Timer(0.5, stop.set).start()

    assert run_together({"web": once}, stop=stop, say=say, pause=0.05) == 0
    assert said == ["web s’est arrêté (code 3) ; relance."]


def test_a_child_that_keeps_dying_ends_the_service_with_an_error():
    said = []
    code = run_together(
        {"web": python("raise SystemExit(2)")},
        stop=threading.Event(),
        say=said.append,
        pause=0.01,
    )
    assert (code, said[-1]) == (1, "web s’arrête dès son lancement : abandon.")
    assert len(said) == 5 + 1  # five deaths, then the word that ends it


def test_several_web_processes_ask_for_a_shared_cache():
    with pytest.raises(CommandError, match="PARVIS_CACHE_URL"):
        call_command("serve", workers=2)
