"""Erasing what has served, in every room, and keeping a report of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection
from django.utils import timezone

from parvis.notices.keeping import Due, Retention
from parvis.partners.rights import rooms_with
from parvis.portal.models import RetentionRun
from parvis.search import index

logger = logging.getLogger(__name__)


@cache
def retentions() -> dict[str, Retention]:
    """Everything that is erased once it has served, by code; what every room says of itself."""
    found: dict[str, Retention] = {}
    for module in reversed(rooms_with("retention")):
        for one in module.RETENTIONS:
            if one.code in found:
                raise ValueError(f"two retentions are called {one.code}")
            found[one.code] = one
    return found


def all_due(now: datetime | None = None) -> Iterator[tuple[Retention, Due]]:
    """What would be erased now; only reads."""
    at = now or timezone.now()
    for one in retentions().values():
        yield one, one.due(at)


@dataclass(frozen=True)
class Ran:
    """One retention that ran."""

    retention: Retention
    erased: int
    failed: str = ""


def run_all(now: datetime | None = None) -> list[Ran]:
    """Erase everything that has served, and keep the count. One that fails stops no other; of an
    error its kind alone is kept and logged, since its words may hold what it stumbled on."""
    at = now or timezone.now()
    ran = []
    for one in retentions().values():
        try:
            erased, failed = one.erase(at), ""
        except Exception as error:
            erased, failed = 0, type(error).__name__
            logger.error("retention of %s failed: %s", one.code, failed)
        ran.append(Ran(one, erased, failed))
    RetentionRun.objects.bulk_create(
        RetentionRun(code=one.retention.code, at=at, erased=one.erased, failed=one.failed)
        for one in ran
    )
    sweep()
    return ran


def sweep() -> None:
    """Leave no trace of erased rows in SQLite's journal: the file itself is written over at once
    (`secure_delete`), and the index of words is merged, for it keeps what it deleted until then.
    PostgreSQL sweeps its own tables."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    index.merge()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
