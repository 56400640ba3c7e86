"""Destroying the lists of a draw, on the day that was published with its rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from parvis.councils.draw_models import Draw, DrawnContact, ListedPerson, SourceList
from parvis.councils.lot_events import DRAW
from parvis.councils.lot_lists import held_draw
from parvis.councils.workflow import DrawState
from parvis.partners.actors import NOBODY, Actor
from parvis.thread.acts import record


def destroy(draw: Draw, *, actor: Actor = NOBODY, now: datetime | None = None) -> Draw:
    """Erase rows, coordinates and salt; a draw that was not taken is over too. A second time
    changes nothing."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held_draw(draw)
        if fresh.destroyed_at is not None:
            return fresh
        ListedPerson.objects.filter(source__draw=fresh).delete()
        DrawnContact.objects.filter(person__draw=fresh).delete()
        # A file without a line of names has somebody's for names of columns.
        SourceList.objects.filter(draw=fresh).update(destroyed_at=at, columns={})
        fresh.salt, fresh.destroyed_at, fresh.computing_at = "", at, None
        drawn = fresh.state in (DrawState.DRAWN, DrawState.ENDED)
        fresh.state = DrawState.ENDED if drawn else DrawState.CANCELLED
        fresh.save(update_fields=["salt", "destroyed_at", "computing_at", "state"])
        record(actor, DRAW, fresh.pk, "destroyed", new=fresh.state, at=at)
    return fresh


def cancel(draw: Draw, *, actor: Actor, now: datetime | None = None) -> Draw:
    """Give a draw up before it is taken; its lists are destroyed at once."""
    with transaction.atomic():
        fresh = held_draw(draw, DrawState.PREPARED, DrawState.SEALED)
        record(actor, DRAW, fresh.pk, "cancelled", at=now)
        return destroy(fresh, actor=actor, now=now)


def due_draws(now: datetime) -> Any:
    """Draws whose lists were to be destroyed by that day, and are not."""
    return Draw.objects.filter(destroyed_at=None, destroy_on__lte=timezone.localdate(now))


def destroy_due(now: datetime | None = None) -> int:
    """Destroy the lists of every draw whose day has come; how many draws."""
    at = now or timezone.now()
    done = 0
    for draw in due_draws(at).defer("record").order_by("pk"):
        destroy(draw, now=at)
        done += 1
    sweep()  # of who refused or was seated since, too
    return done


def sweep() -> None:
    """Leave no trace of erased rows in the files of the database: SQLite writes over them (the
    settings ask for it) and keeps a journal, which is emptied; PostgreSQL sweeps its tables."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for model in (ListedPerson, DrawnContact, SourceList, Draw):  # a draw held the salt
                cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
