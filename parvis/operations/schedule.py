"""Everything that happens by itself, and how often. A test checks that each command exists.

Each command is idempotent: run twice, or a minute late, it does the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Periodic:
    """A management command and the time between two runs."""

    command: str
    every: timedelta
    arguments: tuple[str, ...] = ()


SCHEDULE = (
    Periodic("send_notices", timedelta(seconds=20)),
    Periodic("follow_up_reports", timedelta(seconds=20)),
    Periodic("requeue_stuck_tasks", timedelta(minutes=10)),
    Periodic("propose_blackspots", timedelta(hours=6)),
    Periodic("remind_gatherings", timedelta(hours=6)),
    Periodic("follow_courses", timedelta(hours=6)),
    Periodic("remind_courses", timedelta(hours=6)),
    Periodic("send_digests", timedelta(minutes=10)),
    Periodic("remind_actions", timedelta(hours=6)),
    Periodic("alert_tfpb", timedelta(hours=6)),
    Periodic("invite_referents", timedelta(hours=6)),
    Periodic("remind_frames", timedelta(hours=6)),
    Periodic("remind_replies", timedelta(hours=6)),
    Periodic("chase_orientations", timedelta(hours=6)),
    Periodic("review_sheets", timedelta(hours=6)),
    Periodic("remind_doors", timedelta(hours=6)),
    Periodic("publish_figures", timedelta(hours=6)),
    Periodic("retention", timedelta(hours=24)),
    Periodic("erase_booklets", timedelta(hours=6)),
    Periodic("read_feeds", timedelta(hours=24)),
    Periodic("purge_photo_drafts", timedelta(hours=6)),
    Periodic("purge_challenges", timedelta(hours=6)),
    Periodic("sweep_files", timedelta(hours=24)),
    Periodic("clearsessions", timedelta(hours=24)),
    Periodic("prune_db_task_results", timedelta(hours=6), ("--min-age-days", "1")),
)
