"""Preparing a walk: its date, its route and stops, what is checked at each, who does what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from parvis.gatherings.acts import change_gathering, plan_gathering
from parvis.gatherings.kinds import DIAGNOSTIC
from parvis.gatherings.models import Guest, Registration
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.places.models import Quartier
from parvis.thread.acts import record
from parvis.thread.register import Where, kind_of, kinds
from parvis.walks.events import WALK
from parvis.walks.holding import held, refuse_over
from parvis.walks.models import Check, HeldRole, Stop, Walk
from parvis.walks.practice import checklist, roles, stop_kinds

STOPS_AT_MOST = 40
CHECKS_AT_MOST = 30  # at one stop
CORNERS_AT_MOST = 500  # of a route
LOOKS_AT_MOST = 20  # lines of one grid
_NO_ROUTE = "Ce parcours n’est pas un tracé : dessinez-le de nouveau."


def plan_walk(
    *,
    actor: Actor,
    organiser: Organisation,
    quartiers: Iterable[Quartier] = (),
    purpose: str = "",
    before: Walk | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Walk:
    """Prepare a walk on a date: its gathering is made with it. Nobody is called yet. `fields` are
    the gathering's: title, starts_at, ends_at, place_label (where people meet), commune...

    ValidationError when its fields contradict each other.
    """
    with transaction.atomic():
        gathering = plan_gathering(
            actor=actor,
            organiser=organiser,
            quartiers=quartiers,
            now=now,
            kind=DIAGNOSTIC,
            **fields,
        )
        walk = Walk(gathering=gathering, purpose=purpose.strip(), before=before)
        walk.full_clean(exclude=["gathering"])
        walk.save()
        record(actor, WALK, walk.pk, "prepared", concerns=organiser, public=False, at=now)
    return walk


def change_walk(
    walk: Walk,
    *,
    actor: Actor,
    purpose: str,
    quartiers: Iterable[Quartier] | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Walk:
    """Change its purpose, date or place; who was called is told of another date or place."""
    with transaction.atomic():
        fresh = held(walk)
        refuse_over(fresh)
        change_gathering(fresh.gathering, actor=actor, quartiers=quartiers, now=now, **fields)
        fresh.purpose = purpose.strip()
        fresh.full_clean(exclude=["gathering"])
        fresh.save(update_fields=["purpose"])
        record(actor, WALK, fresh.pk, "rewritten", public=False, at=now)
    return fresh


def is_open(walk: Walk) -> bool:
    """Whether it is still prepared: not called off, its account not sent."""
    return walk.gathering.cancelled_at is None and walk.sent_at is None


def draw_route(walk: Walk, *, actor: Actor, route: dict[str, Any] | None) -> Walk:
    """Keep the way between the stops: a GeoJSON LineString in degrees, or nothing.

    ValidationError for anything else.
    """
    with transaction.atomic():
        fresh = held(walk)
        refuse_over(fresh)
        fresh.route = clean_route(route)
        fresh.save(update_fields=["route"])
        record(actor, WALK, fresh.pk, "rewritten", public=False)
    return fresh


def clean_route(route: dict[str, Any] | None) -> dict[str, Any] | None:
    """A route as it is kept; ValidationError when it is none."""
    if not route:
        return None
    corners = route.get("coordinates") if isinstance(route, dict) else None
    if not isinstance(corners, list) or route.get("type") != "LineString":
        raise ValidationError({"route": _NO_ROUTE})
    if not 2 <= len(corners) <= CORNERS_AT_MOST:
        raise ValidationError({"route": _NO_ROUTE})
    return {"type": "LineString", "coordinates": [clean_corner(one) for one in corners]}


def clean_corner(corner: Any) -> list[float]:
    """A corner of a route, [longitude, latitude] to the decimetre; ValidationError for another."""
    if not isinstance(corner, list) or len(corner) < 2:
        raise ValidationError({"route": _NO_ROUTE})
    for value, most in zip(corner, (180, 90), strict=False):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError({"route": _NO_ROUTE})
        if not -most <= value <= most:
            raise ValidationError({"route": _NO_ROUTE})
    return [round(float(corner[0]), 6), round(float(corner[1]), 6)]


# --- Stops ------------------------------------------------------------------------------------


def add_stop(walk: Walk, *, actor: Actor, kind: str, title: str, **fields: Any) -> Stop:
    """One more stop, at the end, with the grid of its type."""
    with transaction.atomic():
        fresh = held(walk)
        refuse_over(fresh)
        if fresh.stops.count() >= STOPS_AT_MOST:
            raise Refused(f"Un parcours tient en {STOPS_AT_MOST} arrêts.")
        last = fresh.stops.aggregate(last=Max("position"))["last"]
        stop = Stop(walk=fresh, kind=kind, title=title.strip(), **fields)
        stop.position = 0 if last is None else last + 1
        if not stop.looks and kind in stop_kinds():
            stop.looks = [dict(line) for line in stop_kinds()[kind].looks]
        _check_stop(stop)
        stop.save()
        record(actor, WALK, fresh.pk, "rewritten", public=False)
    return stop


def write_stop(stop: Stop, *, actor: Actor, **fields: Any) -> Stop:
    """Change a stop; another type brings its grid unless `looks` says another one."""
    with transaction.atomic():
        walk = held(stop.walk)
        refuse_over(walk)
        fresh = Stop.objects.select_for_update(of=("self",)).get(pk=stop.pk)
        if "looks" not in fields and fields.get("kind", fresh.kind) != fresh.kind:
            known = stop_kinds().get(fields["kind"])
            fields["looks"] = [dict(line) for line in known.looks] if known else []
        for name, value in fields.items():
            setattr(fresh, name, value)
        _check_stop(fresh)
        fresh.save(update_fields=[*fields])
        record(actor, WALK, walk.pk, "rewritten", public=False)
    return fresh


def move_stop(stop: Stop, *, up: bool) -> None:
    """One place up or down the route; at an end nothing happens."""
    with transaction.atomic():
        walk = held(stop.walk)
        refuse_over(walk)
        stops = list(walk.stops.all())
        here = next(place for place, one in enumerate(stops) if one.pk == stop.pk)
        there = here - 1 if up else here + 1
        if 0 <= there < len(stops):
            stops[here], stops[there] = stops[there], stops[here]
        for place, one in enumerate(stops):
            if one.position != place:
                one.position = place
                one.save(update_fields=["position"])


def remove_stop(stop: Stop, *, actor: Actor) -> None:
    """Take a stop off the route; one where something was noted stays."""
    with transaction.atomic():
        walk = held(stop.walk)
        refuse_over(walk)
        fresh = Stop.objects.get(pk=stop.pk)
        if fresh.observations.exists() or fresh.checks.filter(answers__isnull=False).exists():
            raise Refused("Quelque chose y a été noté : cet arrêt reste sur le parcours.")
        fresh.delete()
        record(actor, WALK, walk.pk, "rewritten", public=False)


def _check_stop(stop: Stop) -> None:
    if stop.kind not in stop_kinds():
        raise ValidationError({"kind": "Choisissez un type d’arrêt de la liste."})
    if len(stop.looks) > LOOKS_AT_MOST:
        raise ValidationError({"looks": f"Une grille tient en {LOOKS_AT_MOST} lignes."})
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = getattr(stop, name)
        if value is not None and not -most <= value <= most:
            raise ValidationError({name: "Ce point n’est pas sur la carte."})
    stop.full_clean(exclude=["walk"])


# --- What is checked --------------------------------------------------------------------------


def where_of(walk: Walk) -> Where:
    """Where a walk goes: its quartiers, or else its commune."""
    quartiers = frozenset(walk.gathering.quartiers.values_list("pk", flat=True))
    if quartiers:
        return Where(quartiers=quartiers)
    commune = walk.gathering.commune_id
    return Where(communes=frozenset({commune} if commune else ()))


def checkable_of(actor: Actor, walk: Walk, kind: str, ids: Iterable[int]) -> set[int]:
    """Which of these things of a kind this actor may have checked on this walk. One query."""
    checking = kind_of(kind).checking if kind in kinds() else None
    if checking is None:
        return set()
    offered = checking.offered(actor, where_of(walk))
    return {row[0] for row in offered.filter(pk__in=list(ids)).values_list("pk")}


def ask_check(stop: Stop, thing: tuple[str, int], *, actor: Actor) -> Check:
    """Have a thing looked at from a stop, for the actor's organisation; asking twice changes
    nothing.

    ValidationError for a thing that this actor may not have checked here.
    """
    kind, pk = thing
    with transaction.atomic():
        ask_checks(stop, [thing], actor=actor)
        found = Check.objects.filter(stop=stop, thing_kind=kind, thing_id=pk).first()
        if found is None:
            raise ValidationError("Ce point ne peut pas être vérifié sur ce parcours.")
    return found


def ask_checks(stop: Stop, things: Iterable[tuple[str, int]], *, actor: Actor) -> list[Check]:
    """Have several things looked at from a stop; those that are asked already, or that this actor
    may not have checked here, are left out. One query a kind.

    Refused when the stop would hold too many.
    """
    with transaction.atomic():
        walk = held(stop.walk)
        refuse_over(walk)
        here = list(Check.objects.filter(stop=stop))
        known = {one.thing for one in here}
        wanted = [thing for thing in dict.fromkeys(things) if thing not in known]
        allowed = {
            (kind, pk)
            for kind in {kind for kind, _ in wanted}
            for pk in checkable_of(actor, walk, kind, [pk for code, pk in wanted if code == kind])
        }
        asked = [thing for thing in wanted if thing in allowed]
        if len(here) + len(asked) > CHECKS_AT_MOST:
            raise Refused(f"Un arrêt tient en {CHECKS_AT_MOST} points à vérifier.")
        after = max((one.position for one in here), default=-1) + 1
        made = Check.objects.bulk_create(
            Check(
                stop=stop,
                thing_kind=kind,
                thing_id=pk,
                organisation_id=actor.organisation_id or walk.gathering.organiser_id,
                position=after + place,
            )
            for place, (kind, pk) in enumerate(asked)
        )
        if made:
            record(actor, WALK, walk.pk, "rewritten", public=False)
    return made


def drop_check(check: Check, *, actor: Actor) -> None:
    """No longer have it checked; one that was answered stays."""
    with transaction.atomic():
        walk = held(check.stop.walk)
        refuse_over(walk)
        if check.answers.exists():
            raise Refused("Ce point a déjà été vérifié : il reste.")
        check.delete()
        record(actor, WALK, walk.pk, "rewritten", public=False)


# --- Roles and checklist ----------------------------------------------------------------------


def give_role(
    walk: Walk,
    code: str,
    *,
    guest: Guest | None = None,
    registration: Registration | None = None,
) -> HeldRole:
    """Say who takes on a role: an organisation that is called, or somebody who registered."""
    if code not in roles():
        raise ValidationError({"code": "Choisissez un rôle de la liste."})
    with transaction.atomic():
        fresh = held(walk)
        refuse_over(fresh)
        who = guest or registration
        if who is None or who.gathering_id != fresh.gathering_id:
            raise ValidationError("Choisissez quelqu’un qui vient à ce diagnostic.")
        role, _ = HeldRole.objects.get_or_create(
            walk=fresh, code=code, guest=guest, registration=registration
        )
    return role


def take_role_back(role: HeldRole) -> None:
    """Nobody in particular holds it any more."""
    role.delete()


def tick(walk: Walk, codes: Iterable[str]) -> Walk:
    """What is ready: these lines of the checklist and no other."""
    wanted = set(codes)
    with transaction.atomic():
        fresh = held(walk)
        fresh.ready = [code for code in checklist() if code in wanted]
        fresh.save(update_fields=["ready"])
    return fresh
