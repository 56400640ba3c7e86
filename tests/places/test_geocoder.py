"""The national service: asked only when it is set, with the words typed and nothing of the person;
whatever goes wrong, the local index answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache

from parvis.places import geocoder
from parvis.places.addresses import find_addresses
from parvis.places.models import Street
from tests.places.conftest import commune, square

pytestmark = pytest.mark.django_db


def feature(name: str = "12 Rue des Lilas", **said: Any) -> dict[str, Any]:
    """An address as the service writes it."""
    properties = {"name": name, "postcode": "59410", "city": "Anzin", "citycode": "59014", **said}
    point = {"type": "Point", "coordinates": [3.511, 50.382]}
    return {"type": "Feature", "geometry": point, "properties": properties}


class Service:
    """A loopback service that answers what it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: bytes = b'{"features": []}'
        self.status, self.wait, self.location = 200, 0.0, ""
        self.asked: list[tuple[str, dict[str, str]]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append((self.path, dict(self.headers)))
                time.sleep(service.wait)
                self.send_response(service.status)
                if service.location:
                    self.send_header("Location", service.location)
                self.end_headers()
                self.wfile.write(service.answer)

            def log_message(self, *words: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/search"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def tell(self, *features: Any) -> None:
        self.answer = json.dumps({"features": features}).encode()


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    cache.clear()
    running = Service()
    settings.GEOCODER_URL = running.url
    yield running
    running.server.shutdown()
    running.server.server_close()
    cache.clear()


@pytest.fixture(autouse=True)
def local_street() -> Street:
    """What the local index would answer."""
    anzin = commune("59014", "Anzin", square(3.5, 50.37, 0.02))
    return Street.objects.create(
        code="x", name="Rue des Lilas", commune=anzin, latitude=50.38, longitude=3.51
    )


def names(text: str = "12 rue des lilas") -> list[str]:
    return [one.full for one in find_addresses(text)]


def test_the_service_answers_where_it_is_set(service: Service) -> None:
    service.tell(feature())
    found = find_addresses("12 rue des lilas")[0]
    assert found.full == "12 Rue des Lilas, 59410 Anzin"
    assert (found.latitude, found.longitude) == (50.382, 3.511)


def test_it_gets_the_words_and_the_middle_of_the_territory_only(service: Service) -> None:
    names("12 rue des Lilas & co")
    path, headers = service.asked[0]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    assert asked == {"q": "12 rue des Lilas & co", "limit": "20", "lat": "50.38", "lon": "3.51"}
    assert {name.lower() for name in headers} <= {
        "accept-encoding", "host", "accept", "user-agent", "connection",
    }  # fmt: skip
    assert headers["User-Agent"] == "Parvis"


def test_nobody_is_asked_when_it_is_not_set(service: Service, settings: Any) -> None:
    settings.GEOCODER_URL = ""
    assert names() == ["Rue des Lilas, Anzin"]
    assert service.asked == []


def test_addresses_of_other_communes_are_left_out(service: Service) -> None:
    service.tell(feature("1 Rue de Lille", citycode="59350"), feature())
    assert names() == ["12 Rue des Lilas, 59410 Anzin"]


def test_what_it_does_not_know_is_looked_for_here(service: Service) -> None:
    assert names() == ["Rue des Lilas, Anzin"]


def test_strange_words_are_cleaned(service: Service) -> None:
    service.tell(feature("Rue\n\x00 des\u202e Lilas" + "s" * 300))
    assert names()[0].startswith("Rue des Lilasss")
    assert len(names()[0]) < 200


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"features": 3}',
        b'{"features": [null]}',
        b'{"features": [{"properties": {}, "geometry": null}]}',
        b'{"features": [{"properties": null, "geometry": {"coordinates": [1]}}]}',
        b'{"features": [{"properties": {}, "geometry": {"coordinates": ["a", "b"]}}]}',
        b"[" * 100_000,
        b" " * 600_000,
    ],
)
def test_nonsense_leaves_the_local_index_to_answer(service: Service, answer: bytes) -> None:
    service.answer = answer
    assert names() == ["Rue des Lilas, Anzin"]


def test_an_impossible_point_is_left_out(service: Service) -> None:
    service.answer = json.dumps(
        {"features": [feature() | {"geometry": {"coordinates": [float("nan"), 950]}}]}
    ).encode()
    assert names() == ["Rue des Lilas, Anzin"]


def _error(service: Service) -> None:
    service.status = 503


def _elsewhere(service: Service) -> None:
    service.status, service.location = 302, service.url + "/elsewhere"


def _slow(service: Service) -> None:
    service.wait = 0.6


def _gone(service: Service) -> None:
    service.server.shutdown()
    service.server.server_close()


@pytest.mark.parametrize("failing", [_error, _elsewhere, _slow, _gone])
def test_a_failing_service_is_left_alone_for_a_while(
    service: Service, monkeypatch: pytest.MonkeyPatch, failing: Callable[[Service], None]
) -> None:
    monkeypatch.setattr(geocoder, "TIMEOUT", 0.2)
    service.tell(feature())
    failing(service)
    assert names() == ["Rue des Lilas, Anzin"]
    asked = len(service.asked)
    assert asked <= 1
    assert names() == ["Rue des Lilas, Anzin"]
    assert len(service.asked) == asked


def test_it_is_not_asked_more_than_it_takes(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geocoder.time, "time", lambda: 1_000.0)
    for _ in range(geocoder.A_SECOND + 5):
        names()
    assert len(service.asked) == geocoder.A_SECOND
