"""Which sittings a body prepares, how far each is ready, and which quartiers hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from parvis.councils.body_models import Body
from parvis.councils.presence_models import Presence
from parvis.councils.referent_models import Preparation, Referent
from parvis.gatherings.models import Gathering
from parvis.meetings.models import Instance, Sitting
from parvis.works.project_events import PROJECT

PREPARATIONS = Preparation.objects.select_related(
    "body__organisation", "sitting__instance__organiser", "sitting__gathering", "meeting"
)
QUARTIERS = Body.quartiers.through.objects
OF_INSTANCES = Instance.quartiers.through.objects


@dataclass(frozen=True)
class Step:
    """One thing to have ready before a sitting."""

    label: str
    done: bool


@dataclass(frozen=True)
class Line:
    """A sitting of others, and how the body stands towards it."""

    sitting: Sitting
    preparation: Preparation | None
    steps: list[Step]

    @property
    def done(self) -> int:
        """How many of the steps are done."""
        return sum(step.done for step in self.steps)


def sittings_of(body: Body) -> QuerySet[Sitting]:
    """The sittings of instances to which the body's référents were invited, or that were convened
    and where one of them is designated that day, for the instance or for the project it steers.

    A sitting that its organiser still prepares is not among them: nobody outside knows of it.
    """
    called = Presence.objects.filter(
        member__body=body, as_referent=True, sitting=OuterRef("pk"), invited_at__isnull=False
    )
    held = Referent.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("day")),
        starts_on__lte=OuterRef("day"),
        member__body=body,
    )
    designated = Q(Exists(held.filter(instance=OuterRef("instance")))) | Q(
        Exists(held.filter(project=OuterRef("instance__subject_id"))),
        instance__subject_kind=PROJECT,
    )
    prepared = Preparation.objects.filter(body=body, sitting=OuterRef("pk"))
    return Sitting.objects.annotate(day=TruncDate("gathering__starts_at")).filter(
        Q(Exists(called)) | Q(designated, convened_at__isnull=False) | Q(Exists(prepared))
    )


def lines_of(
    body: Body, *, past: bool, now: datetime, start: int, count: int
) -> tuple[list[Line], bool]:
    """So many sittings from there on, to come or past, with what is ready; and whether more
    follow."""
    rows = sittings_of(body).select_related("instance__organiser", "gathering")
    if past:
        rows = rows.filter(gathering__ends_at__lt=now).order_by("-gathering__starts_at", "-pk")
    else:
        rows = rows.filter(gathering__ends_at__gte=now).order_by("gathering__starts_at", "pk")
    some = list(rows[start : start + count + 1])
    prepared = {
        one.sitting_id: one
        for one in Preparation.objects.filter(body=body, sitting__in=some[:count])
        .select_related("meeting")
        .annotate(carried=Count("words"))
        .order_by("pk")
    }
    found = []
    for sitting in some[:count]:
        one = prepared.get(sitting.pk)
        carried = one.carried if one else 0  # type: ignore[attr-defined]
        found.append(Line(sitting, one, steps_of(one, carried)))
    return found, len(some) > count


def steps_of(preparation: Preparation | None, carried: int) -> list[Step]:
    """What is ready of a preparation; nothing when there is none yet."""
    one = preparation
    return [
        Step("la réunion de préparation", bool(one and meeting_of(one))),
        Step("la note", bool(one and one.asked and one.decided and one.still_open)),
        Step("qui accompagne", bool(one and one.companion)),
        Step("les paroles à porter", carried > 0),
    ]


def meeting_of(preparation: Preparation) -> Gathering | None:
    """The preparatory meeting that stands; one that was called off counts for nothing."""
    meeting = preparation.meeting
    return meeting if meeting is not None and not meeting.cancelled_at else None


def called_to(preparation: Preparation) -> QuerySet[Presence]:
    """The members of the body who were called to that sitting as référents."""
    rows = Presence.objects.filter(
        sitting=preparation.sitting_id,
        member__body=preparation.body_id,
        as_referent=True,
        invited_at__isnull=False,
    )
    return rows.select_related("member__contact").order_by("member__number")


def told_in(quartiers: Any) -> QuerySet[Preparation]:
    """Preparations whose restitution lies in these quartiers: those of the body that are also the
    instance's, or all those of the body when they share none."""
    of_instance = OF_INSTANCES.filter(instance_id=OuterRef(OuterRef("sitting__instance_id")))
    mine = QUARTIERS.filter(body_id=OuterRef("body_id"))
    shared = mine.filter(
        Exists(of_instance.filter(quartier_id=OuterRef("quartier_id"))),
    )
    wanted = Q(quartier_id__in=quartiers)
    return Preparation.objects.filter(
        Q(Exists(shared.filter(wanted))) | (Q(Exists(mine.filter(wanted))) & ~Q(Exists(shared)))
    )


def quartiers_by(preparations: list[Preparation]) -> dict[int, list[tuple[int, str]]]:
    """The quartiers of each restitution, as `told_in` finds them: id and name; two queries."""
    bodies = {one.body_id for one in preparations}
    instances = {one.sitting.instance_id for one in preparations}
    of_body: dict[int, list[tuple[int, str]]] = {}
    rows = QUARTIERS.filter(body_id__in=bodies).order_by("quartier__name", "pk")
    for body_id, pk, name in rows.values_list("body_id", "quartier_id", "quartier__name"):
        of_body.setdefault(body_id, []).append((pk, name))
    of_instance: dict[int, set[int]] = {}
    for instance_id, pk in OF_INSTANCES.filter(instance_id__in=instances).values_list(
        "instance_id", "quartier_id"
    ):
        of_instance.setdefault(instance_id, set()).add(pk)
    found = {}
    for one in preparations:
        mine = of_body.get(one.body_id, [])
        there = of_instance.get(one.sitting.instance_id, set())
        found[one.pk] = [pair for pair in mine if pair[0] in there] or mine
    return found
