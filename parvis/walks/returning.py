"""Preparing the walk that returns: same route, and every earlier finding asked for again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.gatherings.models import Guest
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.thread.acts import link
from parvis.walks.events import OBSERVATION, WALK
from parvis.walks.holding import held
from parvis.walks.models import Check, Observation, Stop, Walk
from parvis.walks.planning import plan_walk
from parvis.walks.practice import stop_kinds
from parvis.walks.return_checks import findings_to_see

# What a return takes over from the walk before, unless it is said otherwise.
SAME = ("place_label", "commune", "residence", "contact", "entry", "seats")
NO_STOP = "Sur le parcours"  # the stop of a return to a walk that had none


@dataclass(frozen=True)
class Ahead:
    """What a return will hold: the findings to look at again, its stops and who may be called."""

    findings: int
    stops: int
    organisations: list[str]


def refuse_too_early(walk: Walk, now: datetime | None = None) -> None:
    """Refused as long as the walk is not over, or when it was called off."""
    if walk.gathering.cancelled_at is not None:
        raise Refused("Ce diagnostic a été annulé : il n’y a rien à y vérifier de nouveau.")
    if walk.gathering.ends_at > (now or timezone.now()):
        raise Refused("Ce diagnostic n’est pas terminé : préparez le retour ensuite.")


def ahead_of(walk: Walk, actor: Actor) -> Ahead:
    """What a return to this walk would hold. Three queries."""
    guests = walk.gathering.guests.order_by("organisation__name")
    return Ahead(
        findings=_to_look_at(walk, actor).count(),
        stops=walk.stops.count(),
        organisations=list(guests.values_list("organisation__name", flat=True)),
    )


def prepare_return(
    walk: Walk,
    *,
    actor: Actor,
    starts_at: datetime,
    ends_at: datetime,
    title: str = "",
    now: datetime | None = None,
    **fields: Any,
) -> Walk:
    """A new walk on the same way, which asks to look again at every weakness that is not settled;
    the organisations of the last time are proposed, and nobody is called yet. `fields` are the
    gathering's, when they differ.

    Refused before the walk is over; ValidationError when the dates contradict each other.
    """
    with transaction.atomic():
        walk = held(walk)
        refuse_too_early(walk, now)
        before = walk.gathering
        given = {name: getattr(before, name) for name in SAME} | fields
        made = plan_walk(
            actor=actor,
            organiser=before.organiser,
            quartiers=before.quartiers.all(),
            purpose=walk.purpose,
            before=walk,
            now=now,
            title=title.strip() or title_of_return(walk),
            starts_at=starts_at,
            ends_at=ends_at,
            **given,
        )
        made.route = walk.route
        made.save(update_fields=["route"])
        _ask_again(walk, made, _copy_stops(walk, made), actor)
        guests = before.guests.order_by("pk").values_list("organisation_id", flat=True)
        Guest.objects.bulk_create(
            Guest(gathering=made.gathering, organisation_id=pk) for pk in guests
        )
        link(actor, (WALK, walk.pk), (WALK, made.pk))
    return made


def title_of_return(walk: Walk) -> str:
    """« Retour : » and the title of the walk, once even for the return of a return."""
    title = walk.gathering.title.removeprefix("Retour : ")
    return f"Retour : {title}"[:160]


def _to_look_at(walk: Walk, actor: Actor) -> Any:
    """The findings of this walk, and those that it looked at again, which are not settled."""
    checked = Check.objects.filter(stop__walk=walk, thing_kind=OBSERVATION).values("thing_id")
    mine = Observation.objects.filter(Q(walk=walk) | Q(pk__in=checked)).order_by().values("pk")
    return findings_to_see(actor, mine)


def _copy_stops(walk: Walk, made: Walk) -> dict[int, Stop]:
    """The stops of the return, by the id of the one that each stands for."""
    before = list(walk.stops.all())
    copies = Stop.objects.bulk_create(
        Stop(
            walk=made,
            position=number,
            kind=one.kind,
            title=one.title,
            note=one.note,
            latitude=one.latitude,
            longitude=one.longitude,
            residence_id=one.residence_id,
            looks=[dict(line) for line in one.looks],
        )
        for number, one in enumerate(before)
    )
    return {one.pk: copy for one, copy in zip(before, copies, strict=True)}


def _ask_again(walk: Walk, made: Walk, copies: dict[int, Stop], actor: Actor) -> None:
    """One check for each finding, at the stop where it was noted or looked at, or else at the
    nearest one."""
    findings = Observation.objects.filter(pk__in=_to_look_at(walk, actor))
    rows = list(findings.order_by("noted_at", "pk"))
    if not rows:
        return
    if not copies:
        kind = next(iter(stop_kinds().values()))
        looks = [dict(line) for line in kind.looks]
        copies = {0: Stop.objects.create(walk=made, kind=kind.code, title=NO_STOP, looks=looks)}
    asked = Check.objects.filter(stop__walk=walk, thing_kind=OBSERVATION)
    where = dict(asked.order_by("-pk").values_list("thing_id", "stop_id"))
    positions: dict[int, int] = {}
    checks = []
    for one in rows:
        stop = copies.get(where.get(one.pk, one.stop_id or 0)) or _nearest(one, copies)
        positions[stop.pk] = positions.get(stop.pk, -1) + 1
        checks.append(
            Check(
                stop=stop,
                thing_kind=OBSERVATION,
                thing_id=one.pk,
                organisation_id=actor.organisation_id or made.gathering.organiser_id,
                position=positions[stop.pk],
            )
        )
    Check.objects.bulk_create(checks)


def _nearest(finding: Observation, copies: dict[int, Stop]) -> Stop:
    """The stop nearest to a finding; the first one when either has no point."""
    stops = list(copies.values())
    if finding.latitude is None or finding.longitude is None:
        return stops[0]
    latitude, longitude = finding.latitude, finding.longitude
    narrow = cos(radians(latitude))

    def far(stop: Stop) -> float:
        if stop.latitude is None or stop.longitude is None:
            return float("inf")
        east = (stop.longitude - longitude) * narrow
        return east**2 + (stop.latitude - latitude) ** 2

    return min(stops, key=far)
