"""The bench itself: databases, guards and browsers do what they promise."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.template import engines

from parvis.partners.models import User
from tests import bench, guards


@pytest.mark.django_db
def test_the_suite_runs_on_the_database_it_says() -> None:
    assert connection.vendor == ("postgresql" if bench.ON_POSTGRESQL else "sqlite")


@pytest.mark.django_db(transaction=True)
def test_a_test_with_real_transactions_finds_an_empty_database() -> None:
    assert User.objects.count() == 0
    User.objects.create_user("reste@parvis.example", "Reste")


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
