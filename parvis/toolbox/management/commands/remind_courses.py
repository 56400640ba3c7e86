"""`parvis remind_courses`: tells who has a seat, some days before each date.

Run again it tells nobody twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from parvis.toolbox.course_events import remind
from parvis.toolbox.models import CourseDate

BEFORE = timedelta(days=3)  # time enough to give a seat to who waits


class Command(BaseCommand):
    help = "Rappelle les dates des formations aux personnes inscrites."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        near = CourseDate.objects.filter(
            course__published_at__isnull=False,
            course__cancelled_at=None,
            gathering__cancelled_at=None,
            gathering__starts_at__gt=now,
            gathering__starts_at__lte=now + BEFORE,
        )
        told = sum(remind(one) for one in near.select_related("course__organiser", "gathering"))
        self.stdout.write(f"{told} rappels.")
