"""The bench itself: databases, guards and browsers do what they promise."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.template import engines

from parvis.partners.models import User
from tests import bench, guards, lanes


@pytest.mark.django_db
def test_the_suite_runs_on_the_database_it_says() -> None:
    assert connection.vendor == ("postgresql" if bench.ON_POSTGRESQL else "sqlite")


@pytest.mark.django_db(transaction=True)
def test_a_test_with_real_transactions_finds_an_empty_database() -> None:
    assert User.objects.count() == 0
    User.objects.create_user("reste@parvis.example", "Reste")


@pytest.mark.skipif(not bench.ON_POSTGRESQL, reason="what PostgreSQL notes of its tables")
@pytest.mark.django_db(transaction=True)
def test_a_table_analysed_while_it_was_empty_is_not_taken_for_empty_afterwards() -> None:
    with transaction.atomic():
        User.objects.bulk_create(User(email=f"{n}@parvis.example") for n in range(400))
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE partners_user")
    bench.sweep()
    User.objects.bulk_create(User(email=f"{n}@parvis.example") for n in range(400))
    assert expected_rows("SELECT * FROM partners_user") > 40


def expected_rows(query: str) -> int:
    """How many rows the planner of PostgreSQL reckons with."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {query}")
        (plan,) = cursor.fetchone()
    return int(plan[0]["Plan"]["Plan Rows"])


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>p {}</style>",
        '<p style="color: red">',
        '<button onclick="go()">',
        '<a href="javascript:go()">',
        "<p>{{ name }}</p>",
    ],
)
def test_inline_code_is_found(html: str) -> None:
    assert guards.inline_code(html)


def test_files_and_data_are_not_inline_code() -> None:
    file = '<script type="module" src="/a.js"></script>'
    data = '<script id="d" type="application/json">{"a": 1}</script>'
    assert guards.inline_code(file + data) == []


@pytest.mark.django_db
def test_a_write_in_a_reading_is_refused() -> None:
    with (
        connection.execute_wrapper(guards._refuse_writes),
        pytest.raises(guards.WriteInReadingError),
    ):
        User.objects.create_user("alice@parvis.example", "Alice")


@pytest.mark.parametrize(
    "source", ["{{ missing }}", "{{ a.missing }}", "{% with b=missing %}{% endwith %}"]
)
def test_an_unknown_variable_in_our_templates_fails(source: str) -> None:
    with pytest.raises(guards.UnknownTemplateVariableError):
        _ours(source).render(_context(a={}))


@pytest.mark.parametrize(
    "source",
    [
        "{% if missing %}{% endif %}",
        '{{ missing|default:"x" }}',
        "{% for a in missing %}{% endfor %}",
    ],
)
def test_asking_whether_a_variable_exists_is_allowed(source: str) -> None:
    _ours(source).render(_context())


def _ours(source: str) -> Any:
    from django.template import Origin, Template

    engine = engines["django"].engine  # type: ignore[attr-defined]
    return Template(source, origin=Origin("/house/parvis/ui/templates/ui/a.html"), engine=engine)


def _context(**values: Any) -> Any:
    from django.template import Context

    return Context(values)


@pytest.mark.django_db
def test_rows_without_an_order_come_back_shuffled() -> None:
    for number in range(30):
        User.objects.create(email=f"{number}@parvis.example", name=str(number))
    seen = {tuple(User.objects.values_list("pk", flat=True)) for _ in range(5)}
    assert len(seen) > 1
    ordered = {tuple(User.objects.order_by("pk").values_list("pk", flat=True)) for _ in range(5)}
    assert len(ordered) == 1


def test_the_network_is_cut() -> None:
    import socket

    import pytest_socket

    with pytest.raises((pytest_socket.SocketConnectBlockedError, UserWarning)):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.smoke
@pytest.mark.browser
def test_a_browser_is_served_and_every_fault_is_noted(
    live: Any, phone: Any, faults: list[str]
) -> None:
    response = phone.goto(f"{live.url}/healthz")
    assert response.status == 200
    assert faults == []
    phone.goto(f"{live.url}/nulle-part")
    phone.evaluate("() => { setTimeout(() => { throw new Error('cassé') }, 0) }")
    phone.evaluate("() => fetch('http://192.0.2.1/').catch(() => 0)")
    phone.wait_for_timeout(200)
    text = "\n".join(faults)
    assert "404" in text
    assert "cassé" in text
    assert "asks another host" in text or "Content Security Policy" in text
    faults.clear()


def test_the_guard_of_variables_survives_a_change_of_template_settings(settings: Any) -> None:
    settings.TEMPLATES = [*settings.TEMPLATES]
    with pytest.raises(guards.UnknownTemplateVariableError):
        _ours("{{ missing }}").render(_context())


def test_a_lane_that_hangs_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    born = tmp_path / "born"
    child = f"import pathlib, os, time; pathlib.Path({str(born)!r}).write_text(str(os.getpid()))"
    parent = (
        "import subprocess, sys, time;"
        f"subprocess.Popen([sys.executable, '-c', {child + '; time.sleep(60)'!r}]); time.sleep(60)"
    )
    assert lanes.bounded([sys.executable, "-c", parent], dict(os.environ), 5) is None
    stat = Path(f"/proc/{born.read_text()}/stat")
    until = time.monotonic() + 5
    while stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z":
        assert time.monotonic() < until, "a process of the lane still runs"
        time.sleep(0.05)


def test_a_lane_that_ends_gives_its_code() -> None:
    code = [sys.executable, "-c", "raise SystemExit(3)"]
    assert lanes.bounded(code, dict(os.environ), 60) == 3


HUNG = """
import time
def test_that_hangs(): time.sleep(60)
def test_before(): pass
def test_after(): pass
"""


@pytest.mark.drill
def test_a_test_that_hangs_fails_and_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "test_hung.py").write_text(HUNG)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nfaulthandler_timeout = 3\nfaulthandler_exit_on_timeout = true\n"
    )
    command = [sys.executable, "-m", "pytest", "-n1", "-q", "-p", "no:django", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "1 failed, 2 passed" in done.stdout, done.stdout + done.stderr
    assert "test_that_hangs" in done.stdout
