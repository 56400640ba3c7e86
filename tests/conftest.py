"""Fixtures that all rooms share: databases, and browsers that fail on any fault of the page.

- `live`: the site served on a loopback port; `live.url`.
- `page`: a desktop page; `phone`: 360 px wide; `desk`: 1280 px, dark. Each has a context of its
  own, so `phone` and `desk` are two different visitors.
- `axe(page)`: asserts that axe finds nothing.
- `faults`: what browsers complained about (console errors, uncaught errors, requests to another
  host). A test that provokes one on purpose looks at it, then calls `faults.clear()`.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings

from tests import bench, guards

# A busy machine draws examples slowly: that is no fault of what is tested.
settings.register_profile(
    "suite",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=40 if bench.ON_POSTGRESQL else 100,  # all of them on SQLite
)
settings.load_profile("suite")

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}
DESKTOP = {
    "locale": "fr-FR",
    "timezone_id": "Europe/Paris",
    "viewport": {"width": 1280, "height": 800},
}
# Who may open what, walked over each URL, what the demonstration tells, what papers and packages
# say is not the database’s business: rooms test their rights and pages on both. On SQLite alone.
ON_ONE_DATABASE = (
    *("access/*", "demo/*", "toolbox/test_booklet*.py", "toolbox/test_swap*.py"),
    *("toolbox/test_edit_checks.py", "toolbox/test_edit_files.py"),
)
ON_BOTH_EVEN_SO = ("access/test_crossing.py", "demo/test_load.py")
PROCESSES = ("ground", "operations")  # folders of tests that start processes of ours
# What axe finds wrong; all that it finds right would take as long to bring here as to find.
VIOLATIONS = """async () => {
    const {url, violations} = await axe.run({resultTypes: ['violations']});
    return {url, violations};
}"""
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """This worker's copy of the migrated template."""
    from django.db import connections

    with django_db_blocker.unblock():
        name = bench.own_database()
        for connection in connections.all():
            connection.close()
            connection.settings_dict["NAME"] = name
        yield
        connections.close_all()
        bench.drop_database(name)


@pytest.fixture(scope="module", autouse=True)
def swept(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """PostgreSQL keeps the rows that tests took back until they are swept away: after a thousand
    tests the table of categories, which has eighty rows, would be as long to read as one of eighty
    thousand."""
    from django.contrib.contenttypes.models import ContentType

    yield
    # A test may have emptied the database, or looked at another one: numbers kept are not true.
    ContentType.objects.clear_cache()
    if bench.ON_POSTGRESQL:
        with django_db_blocker.unblock():
            bench.sweep()


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a fixture of the module puts in the database after this stays for all its tests; each
    test is undone to that point, and all of it at the end. For tests that only read."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session", autouse=True)
def no_order_unless_asked_for(django_test_environment: None) -> Iterator[None]:
    """Rows without an order come back shuffled."""
    with guards.shuffled():
        yield


@pytest.fixture(autouse=True)
def closed_files() -> Iterator[None]:
    """Answers that stream a file are closed at the end of the test, as a server would."""
    yield
    guards.close_streams()


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and figures of one test never reach the next."""
    cache.clear()


# --- Browsers --------------------------------------------------------------------------------


def touches_a_database(item: pytest.Item) -> bool:
    """Whether a test says something of the database, or starts processes of ours that do."""
    path = item.path
    if any(map(path.match, ON_ONE_DATABASE)) and not any(map(path.match, ON_BOTH_EVEN_SO)):
        return False
    if item.path.parent.name in PROCESSES or item.get_closest_marker("django_db"):
        return True
    return bool({"db", "transactional_db"} & set(getattr(item, "fixturenames", ())))


def pytest_collection_finish() -> None:
    """What was collected stays: to look for garbage in it takes a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if bench.ON_POSTGRESQL:  # what touches no database says the same on both: it runs once
        once = [item for item in items if not touches_a_database(item)]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if touches_a_database(item)]
    for item in items:
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(
                pytest.mark.skip(reason="chromium is missing: apt-get install chromium")
            )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; it resolves no name but the loopback's."""
    arguments = [
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture
def faults() -> list[str]:
    """What browsers complained about; must be empty at the end of the test."""
    return []


@pytest.fixture
def new_context(new_context: Callable[..., Any], faults: list[str]) -> Iterator[Callable[..., Any]]:
    """Makes contexts whose faults fail the test."""

    def on_console(message: Any) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def on_request(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in LOOPBACK:
            faults.append(f"asks another host: {request.url}")

    def make(**options: Any) -> Any:
        context = new_context(**{**DESKTOP, **options})
        context.set_default_timeout(20_000)
        context.on("console", on_console)
        context.on("weberror", lambda error: faults.append(f"uncaught: {error.error}"))
        context.on("request", on_request)
        return context

    yield make
    assert not faults, "\n".join(["the browser found faults:", *faults])


@pytest.fixture
def phone(new_context: Callable[..., Any]) -> Any:
    """A page on a small phone."""
    screen = {"width": 360, "height": 740}
    return new_context(
        viewport=screen, has_touch=True, is_mobile=True, device_scale_factor=2
    ).new_page()


@pytest.fixture
def desk(new_context: Callable[..., Any]) -> Any:
    """A page on a dark desktop."""
    return new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark").new_page()


@pytest.fixture
def live(live_server: Any, settings: Any) -> Any:
    """The site on a loopback port; links in mails lead to it."""
    settings.SITE_URL = live_server.url
    return live_server


@pytest.fixture
def axe() -> Callable[[Any], None]:
    """Asserts that axe finds no violation on a page."""
    from axe_playwright_python.sync_playwright import Axe, AxeResults

    script = Axe().axe_script

    def check(page: Any) -> None:
        if not page.evaluate("() => 'axe' in window"):  # half a megabyte: once per page
            page.evaluate(script)
        found = AxeResults(page.evaluate(VIOLATIONS))
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check
