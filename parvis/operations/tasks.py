"""The job that the clock hands to the worker."""

from __future__ import annotations

from django.core.management import call_command
from django_tasks import task


@task()
def run_command(command: str, arguments: list[str]) -> None:
    """Run one command of the schedule."""
    call_command(command, *arguments)
