"""Addresses found by what people type: the national service when it is set, else our own index."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from parvis.places import geocoder
from parvis.places.models import Address
from parvis.places.streets import Match, StreetRow, gazetteer, plain_words, word_lists
from parvis.search.words import words_of

SHOWN = 8
_LOOKED_AT = 40  # streets whose numbers are read
_NUMBER = re.compile(r"(\d{1,4})(bis|ter|quater|quinquies|[a-z])?")


@dataclass(frozen=True)
class AddressFound:
    """A street, or one number of it, and where it lies (degrees)."""

    label: str
    where: str
    latitude: float
    longitude: float
    missing: str = ""  # the number asked for, when this street is not known to have it

    @property
    def full(self) -> str:
        """The address on one line."""
        return ", ".join(part for part in (self.label, self.where) if part)


class _Reading(NamedTuple):
    """One way to read what was typed: a number or none, and the words of the street."""

    number: int
    suffix: str
    words: list[str]


def find_addresses(text: str) -> list[AddressFound]:
    """The addresses that these words most likely mean, the likeliest first, SHOWN at most.

    With PARVIS_GEOCODER_URL the national service is asked first; whatever keeps it from answering,
    or when it knows nothing, the local index answers: one query when a number was typed, else none.
    """
    if not words_of(text):
        return []
    return [AddressFound(*one) for one in geocoder.ask(text, SHOWN)] or _find_here(text)


def find_local_addresses(text: str) -> list[AddressFound]:
    """The same from our own index alone: for addresses of people, which go to no other service."""
    return _find_here(text) if words_of(text) else []


def _find_here(text: str) -> list[AddressFound]:
    known = gazetteer()
    best: dict[int, tuple[Match, _Reading]] = {}
    for reading in _readings(words_of(text)):
        for match in known.matching(reading.words)[:_LOOKED_AT]:
            if match.pk not in best or match < best[match.pk][0]:
                best[match.pk] = (match, reading)
    ranked = sorted(best.values())[:_LOOKED_AT]
    points = _points({match.pk: reading for match, reading in ranked if reading.number})
    # Among streets that fit as well, those that have the number come first.
    ranked.sort(key=lambda one: (one[0].cost, one[0].pk not in points, one[0].unasked, *one[0]))
    return [
        _told(known.streets[match.pk], reading, points.get(match.pk))
        for match, reading in ranked[:SHOWN]
    ]


def _readings(words: list[str]) -> list[_Reading]:
    """Without a number, then with the first and the last that may be one ("12 rue du 8 mai")."""
    readings = [_Reading(0, "", plain_words(" ".join(words)))]
    places = [place for place, word in enumerate(words) if _NUMBER.fullmatch(word)]
    for place in dict.fromkeys(places[:1] + places[-1:]):
        told = _NUMBER.fullmatch(words[place])
        number, suffix = (int(told[1]), told[2] or "") if told else (0, "")
        rest = [*words[:place], *words[place + 1 :]]
        if not suffix and place < len(rest) and _is_suffix(rest[place]):
            suffix = rest.pop(place)
        short = word_lists()["suffixes"]
        readings.append(_Reading(number, short.get(suffix, suffix), plain_words(" ".join(rest))))
    return readings


def _is_suffix(word: str) -> bool:
    short = word_lists()["suffixes"]
    return word in short or word in short.values()


def _points(asked: dict[int, _Reading]) -> dict[int, Address]:
    """Of each street, the address that best fits the number asked, in one query."""
    if not asked:
        return {}
    found: dict[int, Address] = {}
    rows = Address.objects.filter(
        street__in=list(asked), number__in={reading.number for reading in asked.values()}
    ).order_by("suffix", "pk")
    for address in rows:
        reading = asked[address.street_id]
        if address.number != reading.number:
            continue
        # Sorted by suffix: the plain number comes first, and stays unless another one fits.
        fits = bool(reading.suffix) and _fits(address.suffix, reading.suffix)
        if fits or address.street_id not in found:
            found[address.street_id] = address
    return found


def _fits(suffix: str, asked: str) -> bool:
    short = word_lists()["suffixes"]
    return short.get(suffix, suffix) == asked


def _told(street: StreetRow, reading: _Reading, address: Address | None) -> AddressFound:
    where = f"{street.postcode} {street.commune}".strip()
    if address is None:
        missing = f"{reading.number} {reading.suffix}".strip() if reading.number else ""
        return AddressFound(street.name, where, street.latitude, street.longitude, missing)
    label = " ".join(filter(None, [str(address.number), address.suffix, street.name]))
    return AddressFound(label, where, address.latitude, address.longitude)
