"""Communes and organisations as files name them: by number, else by exact name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from parvis.partners.models import Organisation
from parvis.places.importing import columns
from parvis.places.importing.outcome import RowRefused
from parvis.places.models import Commune

T = TypeVar("T")
COLUMNS = Path(__file__).resolve().parent.parent / "data" / "columns.toml"


class Communes:
    """The communes known here."""

    @cached_property
    def _by_code(self) -> dict[str, Commune]:
        return {one.code: one for one in Commune.objects.defer("outline").order_by("code")}

    @cached_property
    def _by_name(self) -> dict[str, list[Commune]]:
        return _by_fold((one.name, one) for one in self._by_code.values())

    def named(self, code: str, name: str) -> Commune | None:
        """The commune of this INSEE code, else of this name; None when both are blank."""
        if not code and columns.looks_like_a_commune_code(name):
            code = name
        if code:
            found = self._by_code.get(columns.commune_code(code))
            if found is None:
                raise RowRefused(f"la commune {code} n’est pas connue ici")
            return found
        if not name:
            return None
        named = self._by_name[columns.fold(name)]
        if not named:
            raise RowRefused(f"la commune « {name} » n’est pas connue ici")
        if len(named) > 1:
            raise RowRefused(f"plusieurs communes s’appellent « {name} » : donnez le code INSEE")
        return named[0]


class Organisations:
    """The organisations that are open on a day."""

    def __init__(self, on: date) -> None:
        self._open_on = on

    @cached_property
    def _all(self) -> list[Organisation]:
        return list(Organisation.objects.order_by("pk"))

    @cached_property
    def _by_siren(self) -> dict[str, list[Organisation]]:
        return _by_fold((one.siren or "", one) for one in self._all)

    @cached_property
    def _by_name(self) -> dict[str, list[Organisation]]:
        return _by_fold((one.name, one) for one in self._all)

    def named(self, siren: str, name: str) -> Organisation | None:
        """The organisation of this SIREN, else of this exact name; None when both are blank."""
        if not siren and columns.siren(name):
            siren = name
        if not (siren or name):
            return None
        if siren and not columns.siren(siren):
            raise RowRefused(f"« {siren} » n’est pas un SIREN (neuf chiffres)")
        told = columns.siren(siren) or name
        found = (self._by_siren if siren else self._by_name)[columns.fold(told)]
        if not found:
            raise RowRefused(
                f"l’organisation « {told} » n’est pas connue ici : créez-la d’abord, "
                "ou corrigez son nom"
            )
        if len(found) > 1:
            raise RowRefused(f"plusieurs organisations s’appellent « {told} » : donnez le SIREN")
        if found[0].closed_on and found[0].closed_on <= self._open_on:
            raise RowRefused(f"l’organisation « {found[0].name} » est fermée")
        return found[0]


def _by_fold(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    named: dict[str, list[T]] = defaultdict(list)
    for name, thing in pairs:
        if name:
            named[columns.fold(name)].append(thing)
    return named
