"""The number that says to every process that what it keeps of the map is out of date."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from parvis.places.models import AtlasVersion

# Told in this process when the number rises; the other processes look by themselves.
on_bump: list[Callable[[], None]] = []


def current() -> int:
    """The number, in one query."""
    return AtlasVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def bump() -> None:
    """Raise the number, in the transaction of the change that it tells of."""
    if not AtlasVersion.objects.filter(pk=1).update(number=F("number") + 1):
        AtlasVersion.objects.get_or_create(pk=1, defaults={"number": 1})
    _tell()
    # Again once others can read it: somebody may have looked between the two.
    transaction.on_commit(_tell)


def _tell() -> None:
    for told in on_bump:
        told()
