"""Putting every orientation under the newest key, and forgetting the old ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from parvis.vigilance import sealing
from parvis.vigilance.models import OrientationSecret

AT_ONCE = 200


@dataclass(frozen=True)
class Resealed:
    """How many rows stand under the newest key now, and how many no key held here opens."""

    rows: int
    lost: int


def rotate(wait: Callable[[], None]) -> Resealed:
    """A new key, every row under it, and the old keys forgotten where the file holds them.

    Killed half way it loses nothing: both keys are held until the last row has changed. `wait`
    lasts as long as a page that was sealing under the old key may take to write it: those rows
    are resealed too before that key goes. Keys of the settings are added and taken away by hand.
    BusyError while another rotation lasts.
    """
    in_file = not settings.SEAL_KEYS
    with sealing.changing_keys():
        if in_file:
            sealing.add_key()
        first = reseal_all()
        wait()
        last = reseal_all()
        if in_file:
            sealing.keep_newest_key()
    return Resealed(max(first.rows, last.rows), last.lost)


def reseal_all() -> Resealed:
    """Put every row under the newest key, some at a time, each batch for itself."""
    rows = lost = after = 0
    while True:
        with transaction.atomic():
            some = list(
                OrientationSecret.objects.select_for_update()
                .filter(pk__gt=after)
                .order_by("pk")[:AT_ONCE]
            )
            changed = []
            for one in some:
                try:
                    one.sealed = sealing.reseal(one.sealed)
                except sealing.LostKeyError:
                    lost += 1
                else:
                    changed.append(one)
            OrientationSecret.objects.bulk_update(changed, ["sealed"])
        rows += len(changed)
        if len(some) < AT_ONCE:
            return Resealed(rows, lost)
        after = some[-1].pk
