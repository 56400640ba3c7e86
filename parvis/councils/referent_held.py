"""Sittings of others that were held on the quartiers of a body, with its référents or without.

The figures are the same for every reader: they count published bodies alone. What each reader may
read of a sitting is cut where it is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from parvis.councils.body_models import Body
from parvis.councils.presence_models import Presence
from parvis.councils.referent_access import PROJECT
from parvis.councils.referent_models import Referent
from parvis.meetings.models import Instance, Sitting
from parvis.partners.models import Organisation
from parvis.works.models import RenewalProject


@dataclass
class Held:
    """One sitting that was held; `quartiers` says of each quartier that has a body in activity that
    day whether a référent of it came."""

    pk: int
    instance: int
    project: int | None
    day: date
    invited: bool
    quartiers: dict[int, bool]

    def touches(self, some: Iterable[int]) -> bool:
        """Whether it concerns one of these quartiers."""
        return any(one in self.quartiers for one in some)

    def lacking(self, some: Iterable[int] | None = None) -> list[int]:
        """The quartiers, among these or all, that had no référent there."""
        wanted = self.quartiers if some is None else set(some)
        return [pk for pk, came in self.quartiers.items() if not came and pk in wanted]


@dataclass(frozen=True)
class Span:
    """A published body on its quartiers, from a day to a day."""

    body: int
    quartiers: frozenset[int]
    starts_on: date
    ends_on: date | None

    def on(self, day: date) -> bool:
        """Whether it was in activity that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def published_bodies(coordinator: int | None = None) -> list[Span]:
    """The published bodies with their quartiers, of one agglomération or all; one query."""
    rows = Body.objects.filter(published_at__isnull=False)
    if coordinator is not None:
        rows = rows.filter(coordinator_id=coordinator)
    found: dict[int, Any] = {}
    values = ("pk", "created_on", "closed_on", "quartiers__pk")
    for pk, starts, ends, quartier in rows.order_by("pk").values_list(*values):
        found.setdefault(pk, (starts, ends, set()))[2].add(quartier)
    return [
        Span(pk, frozenset(quartiers) - {None}, starts, ends)
        for pk, (starts, ends, quartiers) in found.items()
    ]


def held_in(year: int, now: datetime, bodies: list[Span]) -> list[Held]:
    """The sittings of a year that were convened and held, on quartiers where one of these bodies
    was in activity that day, the newest first; five queries whatever their number.

    Sittings that bodies of participation hold themselves are left out.
    """
    rows = (
        Sitting.objects.filter(
            gathering__starts_at__year=year,
            gathering__ends_at__lt=now,
            gathering__cancelled_at=None,
            convened_at__isnull=False,
        )
        .exclude(instance__organiser__kind=Organisation.Kind.PARTICIPATION)
        .filter(_on({pk for one in bodies for pk in one.quartiers}))
    )
    values = ("pk", "instance_id", "instance__subject_kind", "instance__subject_id")
    sittings = list(rows.order_by().values_list(*values, "gathering__starts_at"))
    if not sittings:
        return []
    touched = _touched(rows)
    came, invited = _calls(rows)
    designated = _designations(came)
    found = []
    for pk, instance, kind, subject, starts_at in sittings:
        day = timezone.localdate(starts_at)
        project = subject if kind == PROJECT else None
        lying = touched[0][instance] | (touched[1][project] if project else set())
        active = {one for body in bodies if body.on(day) for one in body.quartiers & lying}
        if not active:
            continue
        here = {
            quartier
            for member in came[pk]
            for quartier, its_instance, its_project, starts, ends in designated[member]
            if starts <= day
            and (ends is None or ends >= day)
            and (its_instance == instance or (project and its_project == project))
        }
        quartiers = {one: one in here for one in sorted(active)}
        found.append(Held(pk, instance, project, day, pk in invited, quartiers))
    return sorted(found, key=lambda one: (one.day, one.pk), reverse=True)


def _on(quartiers: set[int]) -> Q:
    own = Instance.quartiers.through.objects.filter(
        instance_id=OuterRef("instance_id"), quartier__in=quartiers
    )
    steered = RenewalProject.quartiers.through.objects.filter(
        renewalproject_id=OuterRef("instance__subject_id"), quartier__in=quartiers
    )
    return Q(Exists(own)) | Q(Exists(steered), instance__subject_kind=PROJECT)


def _touched(rows: Any) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """The quartiers of these sittings' instances, and of the projects that these steer."""
    instances: dict[int, set[int]] = defaultdict(set)
    own = Instance.quartiers.through.objects.filter(instance__in=rows.values("instance_id"))
    for instance, quartier in own.values_list("instance_id", "quartier_id"):
        instances[instance].add(quartier)
    projects: dict[int, set[int]] = defaultdict(set)
    steered = rows.filter(instance__subject_kind=PROJECT).values("instance__subject_id")
    theirs = RenewalProject.quartiers.through.objects.filter(renewalproject__in=steered)
    for project, quartier in theirs.values_list("renewalproject_id", "quartier_id"):
        projects[project].add(quartier)
    return instances, projects


def _calls(rows: Any) -> tuple[dict[int, list[int]], set[int]]:
    """Which référents came, by sitting, and the sittings to which somebody was invited."""
    came: dict[int, list[int]] = defaultdict(list)
    invited: set[int] = set()
    calls = Presence.objects.filter(
        sitting__in=rows.values("pk"), as_referent=True, member__body__published_at__isnull=False
    )
    values = calls.order_by("pk").values_list("sitting_id", "member_id", "came", "invited_at")
    for sitting, member, there, at in values:
        if there:
            came[sitting].append(member)
        if at:
            invited.add(sitting)
    return came, invited


def _designations(came: dict[int, list[int]]) -> dict[int, list[Any]]:
    """What each member who came at least once was designated for."""
    found: dict[int, list[Any]] = defaultdict(list)
    values = ("member_id", "quartier_id", "instance_id", "project_id", "starts_on", "ends_on")
    members = {one for some in came.values() for one in some}
    rows = Referent.objects.filter(member__body__published_at__isnull=False).order_by("pk")
    for member, *what in rows.values_list(*values):
        if member in members:
            found[member].append(what)
    return found
