"""`parvis follow_courses`: once a course is over, gives certificates, asks what people thought of
it, and three months later what they use of it; tells who had asked for a course that it is there.

Run again it gives and tells nothing twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef
from django.utils import timezone

from parvis.thread.models import Link
from parvis.toolbox.after_certifying import issue_certificates
from parvis.toolbox.after_need_acts import tell_who_asked
from parvis.toolbox.after_questions import LATER_FROM, LATER_UNTIL
from parvis.toolbox.after_telling import ask_follow_up, ask_opinions
from parvis.toolbox.models import Course, Presence

AFTER = timedelta(hours=12)  # the morning after an evening
ASKED_FOR = timedelta(days=7)  # later, people no longer remember
CERTIFIED_FOR = timedelta(days=60)  # presences may be noted late
LATE = timedelta(days=14)  # of the questions of three months later: a clock may have stood still


class Command(BaseCommand):
    help = "Délivre les attestations, demande les avis, prévient qui avait demandé une formation."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        held = Course.objects.filter(cancelled_at=None, published_at__isnull=False)
        held = held.select_related("organiser")
        given = sum(
            len(issue_certificates(course, now=now))
            for course in held.filter(ends_at__gt=now - CERTIFIED_FOR, ends_at__lte=now - AFTER)
        )
        asked = sum(
            ask_opinions(course, _who_came(course, at_least_once=False))
            for course in held.filter(ends_at__gt=now - ASKED_FOR, ends_at__lte=now - AFTER)
        )
        since = max(now - LATER_FROM - LATE, now - LATER_UNTIL)
        followed = sum(
            ask_follow_up(course, _who_came(course, at_least_once=True))
            for course in held.filter(ends_at__gt=since, ends_at__lte=now - LATER_FROM)
        )
        wanted = Link.objects.filter(
            source_kind="need", target_kind="course", target_id=OuterRef("pk")
        )
        told = sum(
            tell_who_asked(course) for course in held.filter(Exists(wanted), ends_at__gte=now)
        )
        self.stdout.write(
            f"{given} attestations, {asked} avis demandés, {followed} suites demandées, "
            f"{told} demandeurs prévenus."
        )


def _who_came(course: Course, *, at_least_once: bool) -> Any:
    """Those who have a seat and came; where nothing was noted of them, they are asked too unless
    it must be known that they came."""
    noted = Presence.objects.filter(enrolment=OuterRef("pk"))
    rows = course.enrolments.seated().select_related("contact", "person")
    came = rows.filter(Exists(noted.filter(came=True)))
    return came if at_least_once else came | rows.exclude(Exists(noted))
