"""The national address service, asked by the server and only where PARVIS_GEOCODER_URL is set.

It gets the words typed and the middle of the territory, nothing else: no cookie, no address of the
visitor. Whatever goes wrong, it is left alone for a minute and the local index answers.
"""

from __future__ import annotations

import http.client
import json
import math
import time
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache

from parvis.places.locate import atlas

TIMEOUT = 2.0  # seconds, from the question to the whole answer
REST = 60  # seconds without a question after one that failed
A_SECOND = 20  # questions; the service takes 50 from one address
LONGEST_QUESTION = 200
LONGEST_ANSWER = 500_000  # bytes
_LONGEST_LABEL = 160
_RESTING = "places:geocoder:resting"


class Told(NamedTuple):
    """One address of the service, in the order of `AddressFound`."""

    label: str
    where: str
    latitude: float
    longitude: float


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Only the address that was set is asked."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def ask(text: str, most: int) -> list[Told]:
    """Addresses of the communes known here; nothing when the service is not set, busy or wrong."""
    if not settings.GEOCODER_URL or cache.get(_RESTING) or _too_many():
        return []
    try:
        answer = _fetch(text)
        features = answer["features"]
        return list(_known_here(features))[:most]
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError,
            AttributeError, RecursionError):  # fmt: skip
        cache.set(_RESTING, True, REST)
        return []


def _too_many() -> bool:
    key = f"places:geocoder:{int(time.time())}"
    cache.add(key, 0, 5)
    try:
        return cache.incr(key) > A_SECOND
    except ValueError:  # gone between the two
        return False


def _fetch(text: str) -> Any:
    words = {"q": text[:LONGEST_QUESTION], "limit": "20", **_middle()}
    joint = "&" if "?" in settings.GEOCODER_URL else "?"
    question = urllib.request.Request(
        f"{settings.GEOCODER_URL}{joint}{urlencode(words)}",
        headers={"Accept": "application/json", "User-Agent": "Parvis"},
    )
    until = time.monotonic() + TIMEOUT
    received = b""
    with _opener.open(question, timeout=TIMEOUT) as answer:
        while block := answer.read1(65_536):
            received += block
            if len(received) > LONGEST_ANSWER or time.monotonic() > until:
                raise TimeoutError("the answer is too long")
    return json.loads(received)


def _middle() -> dict[str, str]:
    """The middle of the communes known here: a street without its town is looked for around it."""
    shapes = atlas().communes.values()
    if not shapes:
        return {}
    east = sum((shape.west + shape.east) / 2 for shape in shapes) / len(shapes)
    north = sum((shape.south + shape.north) / 2 for shape in shapes) / len(shapes)
    return {"lat": f"{north:.2f}", "lon": f"{east:.2f}"}


def _known_here(features: list[Any]) -> Iterator[Told]:
    codes = {shape.row.code for shape in atlas().communes.values()}
    for feature in features:
        said = feature["properties"]
        longitude, latitude = (float(value) for value in feature["geometry"]["coordinates"][:2])
        if codes and said.get("citycode") not in codes:
            continue
        if not (math.isfinite(longitude) and -180 <= longitude <= 180 and -90 <= latitude <= 90):
            continue
        label = _line(said.get("name"))
        if label:
            where = _line(f"{said.get('postcode') or ''} {said.get('city') or ''}")
            yield Told(label, where, latitude, longitude)


def _line(value: object) -> str:
    """A clean line of what somebody else wrote."""
    plain = "".join(
        " " if unicodedata.category(letter)[0] == "C" else letter for letter in str(value or "")
    )
    return " ".join(plain.split())[:_LONGEST_LABEL]
