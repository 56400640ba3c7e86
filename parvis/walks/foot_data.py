"""What a telephone keeps of a walk, so that it is held without a network: the route, the stops,
what is to be looked at and checked, and who is called. Nothing more than this actor may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, Prefetch, Q
from django.utils import timezone

from parvis.gatherings.models import Gathering, Guest, Registration
from parvis.partners.actors import Actor
from parvis.thread.reading import rows_of
from parvis.thread.register import Kind, kinds
from parvis.ui.words import span_in_words
from parvis.upkeep.themes import themes
from parvis.walks.events import OBSERVATION
from parvis.walks.models import Check, Picture, Stop, Walk
from parvis.walks.plan import rings_of
from parvis.walks.practice import severities
from parvis.walks.workflow import Result

Node = tuple[str, int]  # a thing of the thread
WORDS = {code.value: str(code.label) for code in Result}  # of kinds that say nothing of their own


def data_of(
    actor: Actor, walk: Walk, *, guests: bool, picture_url: Callable[[int], str]
) -> dict[str, Any]:
    """The walk as its page on foot keeps it. The number of queries does not depend on the number
    of stops, checks, guests or people.

    `guests`: tell which organisations are called; people who registered are told by their right.
    `picture_url`: where this telephone reads a picture of an earlier finding, by its id.
    """
    checks = Prefetch("checks", Check.objects.order_by("position", "pk"))
    stops = list(walk.stops.order_by("position", "pk").prefetch_related(checks))
    things = {check.thing for stop in stops for check in stop.checks.all()}
    titles = {node: row.title for node, row in rows_of(actor, things).items()}
    pictures = {thing: picture_url(pk) for thing, pk in _pictures(actor, things).items()}
    registered = kinds()
    outlines = walk.gathering.quartiers.order_by("pk").values_list("outline", flat=True)
    return {
        "walk": _walk(walk),
        "themes": [[theme.code, theme.label] for theme in themes().values()],
        "severities": [[value, label] for value, label in severities().items()],
        "outlines": [_rounded(ring) for outline in outlines for ring in rings_of(outline)],
        "route": _rounded((walk.route or {}).get("coordinates", [])),
        "stops": [
            _stop(number, stop, titles, pictures, registered)
            for number, stop in enumerate(stops, start=1)
        ],
        "guests": _guests(actor, walk) if guests else [],
        "people": _people(actor, walk),
    }


def last_moment(walk: Walk) -> datetime:
    """The end of the day of the walk: what telephones keep of it is then of no more use."""
    day = timezone.localtime(walk.gathering.ends_at).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


def is_over(walk: Walk) -> bool:
    """Whether nothing is noted on this walk any more: called off, told, or of another day."""
    gone = walk.gathering.cancelled_at is not None or walk.sent_at is not None
    return gone or last_moment(walk) <= timezone.now()


def _walk(walk: Walk) -> dict[str, Any]:
    gathering = walk.gathering
    return {
        "id": walk.pk,
        "title": gathering.title,
        "when": span_in_words(gathering.starts_at, gathering.ends_at),
        "place": gathering.place_label,
        "purpose": walk.purpose,
        "return": walk.before_id is not None,
        "over": is_over(walk),
        "until": last_moment(walk).isoformat(),
    }


def _pictures(actor: Actor, things: Iterable[Node]) -> dict[Node, int]:
    """The first picture of each earlier finding, without anybody to be recognised."""
    ids = [pk for kind, pk in things if kind == OBSERVATION]
    rows = Picture.objects.visible_to(actor).filter(observation__in=ids, people=False)
    found: dict[Node, int] = {}
    for pk, finding in rows.order_by("noted_at", "pk").values_list("pk", "observation_id"):
        found.setdefault((OBSERVATION, finding), pk)
    return found


def _stop(
    number: int,
    stop: Stop,
    titles: dict[Node, str],
    pictures: dict[Node, str],
    registered: dict[str, Kind],
) -> dict[str, Any]:
    return {
        "id": stop.pk,
        "number": number,
        "title": stop.title,
        "kind": stop.nature.label,
        "note": stop.note,
        "lat": stop.latitude,
        "lon": stop.longitude,
        "looks": [{"theme": one["theme"], "label": one["label"]} for one in stop.looks],
        "checks": [
            _check(
                check,
                titles[check.thing],
                pictures.get(check.thing),
                registered[check.thing_kind],
            )
            for check in stop.checks.all()
            if check.thing in titles
        ],
    }


def _check(check: Check, title: str, picture: str | None, kind: Kind) -> dict[str, Any]:
    said = kind.checking.words if kind.checking else {}
    return {
        "id": check.pk,
        "kind": kind.label,
        "title": title,
        "words": {**WORDS, **said},
        "warns": kind.checking.warns if kind.checking else "",
        "photo": picture,
    }


def _guests(actor: Actor, walk: Walk) -> list[dict[str, Any]]:
    """The organisations that were called; those only chosen, for whoever prepares the walk."""
    mine = Walk.objects.allowed(actor, "edit").filter(pk=walk.pk).order_by()
    rows = Guest.objects.filter(Q(invited_at__isnull=False) | Exists(mine))
    rows = rows.filter(gathering=walk.gathering_id).order_by("organisation__name", "pk")
    return [
        {"id": pk, "name": name, "came": came}
        for pk, name, came in rows.values_list("pk", "organisation__name", "came")
    ]


def _people(actor: Actor, walk: Walk) -> list[dict[str, Any]]:
    """Who registered, for whoever holds the sheet of presence; not those whose name is erased."""
    if not Gathering.objects.allowed(actor, "attend").filter(pk=walk.gathering_id).exists():
        return []
    rows = Registration.objects.filter(
        gathering=walk.gathering_id,
        state=Registration.State.SEATED,
        contact__isnull=False,
    ).order_by("contact__name", "pk")
    return [
        {"id": pk, "name": name, "came": came}
        for pk, name, came in rows.values_list("pk", "contact__name", "came")
    ]


def _rounded(points: Iterable[Sequence[float]]) -> list[list[float]]:
    """To the metre: a telephone draws no finer, and carries less."""
    return [[round(one[0], 5), round(one[1], 5)] for one in points]
