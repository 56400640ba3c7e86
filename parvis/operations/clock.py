"""The clock: hands each periodic command to the worker when its time has come."""

from __future__ import annotations

from datetime import datetime

from django_tasks_db.models import DBTaskResult

from parvis.operations.schedule import SCHEDULE, Periodic
from parvis.operations.tasks import run_command

WAITING = ("READY", "RUNNING")


def due(last_runs: dict[str, datetime], now: datetime) -> list[Periodic]:
    """The entries of the schedule whose time has come; at the first round all of them."""
    return [
        entry
        for entry in SCHEDULE
        if entry.command not in last_runs or now - last_runs[entry.command] >= entry.every
    ]


def waiting_commands() -> set[str]:
    """Commands already queued or at work: a slow one is never queued twice."""
    rows = DBTaskResult.objects.filter(task_path=run_command.module_path, status__in=WAITING)
    return {args_kwargs["args"][0] for args_kwargs in rows.values_list("args_kwargs", flat=True)}


def tick(last_runs: dict[str, datetime], now: datetime) -> list[str]:
    """One round: queue what is due, note when; answers the names queued."""
    entries = due(last_runs, now)
    waiting = waiting_commands() if entries else set()
    queued = []
    for entry in entries:
        last_runs[entry.command] = now
        if entry.command not in waiting:
            run_command.enqueue(entry.command, list(entry.arguments))
            queued.append(entry.command)
    return queued
