"""Finding a place by what people type: residences, addresses and quartiers."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from parvis.places.addresses import find_addresses
from parvis.places.models import Quartier, Residence
from parvis.reports.addresses import token_of
from parvis.search.words import words_of

SHOWN = 12


@dataclass(frozen=True)
class PlaceFound:
    """A residence or a quartier, and where it lies."""

    pk: int
    name: str
    where: str


@dataclass(frozen=True)
class AddressToChoose:
    """An address, and what the link that chooses it carries."""

    name: str
    where: str
    missing: str  # the number asked for, when the street is not known to have it
    token: str


@dataclass(frozen=True)
class Found:
    residences: list[PlaceFound]
    addresses: list[AddressToChoose]
    quartiers: list[PlaceFound]
    more: bool  # there were others

    def __bool__(self) -> bool:
        return bool(self.residences or self.addresses or self.quartiers)


def find_places(words: str) -> Found:
    """Residences (name, address, commune) and quartiers (name, code, communes) in which every word
    asked begins a word, and addresses, with typing errors forgiven. Three queries at most, whatever
    is asked; accents and case do not matter."""
    asked = words_of(words)
    if not asked:
        return Found([], [], [], False)
    residences = [
        PlaceFound(pk, name, ", ".join(part for part in (address, commune) if part))
        for pk, name, address, commune in Residence.objects.order_by("name", "pk").values_list(
            "pk", "name", "address", "commune__name"
        )
        if _holds(asked, f"{name} {address} {commune}")
    ]
    communes: dict[tuple[int, str, str], list[str]] = {}
    rows = Quartier.objects.in_force(timezone.localdate()).order_by("name", "pk", "communes__name")
    for pk, name, code, commune in rows.values_list("pk", "name", "code", "communes__name"):
        communes.setdefault((pk, name, code), []).append(commune or "")
    quartiers = [
        PlaceFound(pk, name, ", ".join(part for part in names if part))
        for (pk, name, code), names in communes.items()
        if _holds(asked, f"{name} {code} {' '.join(names)}")
    ]
    more = len(residences) > SHOWN or len(quartiers) > SHOWN
    addresses = [
        AddressToChoose(one.label, one.where, one.missing, token_of(one))
        for one in find_addresses(words)
    ]
    return Found(residences[:SHOWN], addresses, quartiers[:SHOWN], more)


def _holds(asked: list[str], text: str) -> bool:
    known = words_of(text)
    return all(any(word.startswith(one) for word in known) for one in asked)
