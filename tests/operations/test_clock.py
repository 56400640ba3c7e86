from datetime import timedelta

import pytest
from django.core.management import get_commands
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.operations.clock import due, tick
from parvis.operations.schedule import SCHEDULE


@pytest.fixture
def queue(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_every_entry_of_the_schedule_is_a_command_that_exists():
    assert {entry.command for entry in SCHEDULE} <= set(get_commands())


def test_everything_is_due_at_the_first_round():
    assert due({}, timezone.now()) == list(SCHEDULE)


def test_an_entry_is_due_again_only_after_its_time():
    entry, now = SCHEDULE[0], timezone.now()
    others = {other.command: now for other in SCHEDULE}
    before = others | {entry.command: now - entry.every + timedelta(seconds=1)}
    after = others | {entry.command: now - entry.every}
    assert (due(before, now), due(after, now)) == ([], [entry])


def test_a_round_queues_what_is_due(db, queue):
    names = tick({}, timezone.now())
    assert names == [entry.command for entry in SCHEDULE]
    assert DBTaskResult.objects.count() == len(SCHEDULE)


def test_a_command_still_waiting_is_not_queued_twice(db, queue):
    tick({}, timezone.now())
    assert tick({}, timezone.now()) == []
    assert DBTaskResult.objects.count() == len(SCHEDULE)


def test_a_task_left_at_work_by_a_killed_worker_goes_back_to_the_queue(db, queue):
    from django.core.management import call_command

    tick({}, timezone.now())
    stuck, fresh = DBTaskResult.objects.order_by("pk")[:2]
    now = timezone.now()
    for row, minutes in ((stuck, 31), (fresh, 5)):
        DBTaskResult.objects.filter(pk=row.pk).update(
            status="RUNNING", started_at=now - timedelta(minutes=minutes)
        )
    call_command("requeue_stuck_tasks", verbosity=0)
    stuck.refresh_from_db()
    fresh.refresh_from_db()
    assert (stuck.status, fresh.status) == ("READY", "RUNNING")
