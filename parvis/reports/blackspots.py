"""Finding points noirs: what comes back at one place and theme, several times in some weeks.

The numbers are settings (BLACKSPOT_*): three reports in sixty days within sixty metres, or in one
residence. A report united with another is the same thing said twice, and does not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import cos, radians
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.reports.models import Blackspot, Report
from parvis.reports.similar import metres
from parvis.reports.workflow import BlackspotState
from parvis.thread.acts import link, record
from parvis.thread.models import Link
from parvis.upkeep.themes import themes

KIND = "blackspot"
LIVE = (BlackspotState.PROPOSED, BlackspotState.KEPT)


class Seen(NamedTuple):
    """What of a report says whether it is the same place and theme as another."""

    pk: int
    at: datetime
    theme: str
    residence: int | None
    commune: int | None
    latitude: float | None
    longitude: float | None
    label: str


@dataclass
class Spot:
    """Reports of one theme at one place, oldest first."""

    reports: list[Seen] = field(default_factory=list)

    @property
    def first(self) -> Seen:
        return self.reports[0]

    def is_at(self, blackspot: Blackspot) -> bool:
        """Whether this point noir stands for the same place and theme."""
        first = self.first
        if blackspot.theme_code != first.theme or blackspot.residence_id != first.residence:
            return False
        if first.residence is not None:
            return True
        return _near(first, blackspot.latitude, blackspot.longitude)


def _near(seen: Seen, latitude: float | None, longitude: float | None) -> bool:
    if None in (seen.latitude, seen.longitude, latitude, longitude):
        return False
    return metres(seen.latitude, seen.longitude, latitude, longitude) <= settings.BLACKSPOT_METRES  # type: ignore[arg-type]


def spots(reports: Iterable[Seen]) -> list[Spot]:
    """Reports grouped by theme and place: by residence, else around the oldest of them."""
    by_residence: dict[tuple[str, int], Spot] = {}
    on_the_ground: dict[tuple[str, int, int], list[Spot]] = {}
    found: list[Spot] = []
    for seen in sorted(reports, key=lambda one: (one.at, one.pk)):
        if seen.residence is not None:
            spot = by_residence.get((seen.theme, seen.residence))
            if spot is None:
                spot = by_residence[(seen.theme, seen.residence)] = Spot()
                found.append(spot)
        else:
            around = _squares(seen)
            near = (
                one for square in around for one in on_the_ground.get((seen.theme, *square), ())
            )
            spot = next(
                (one for one in near if _near(one.first, seen.latitude, seen.longitude)), None
            )
            if spot is None:
                spot = Spot()
                on_the_ground.setdefault((seen.theme, *around[0]), []).append(spot)
                found.append(spot)
        spot.reports.append(seen)
    return found


def _squares(seen: Seen) -> list[tuple[int, int]]:
    """The square of the ground on which a report lies, then the eight around it."""
    side = settings.BLACKSPOT_METRES / 111_000  # degrees of latitude
    row = int((seen.latitude or 0) // side)
    # Wider with the latitude, by the row's own width so that a whole row is cut alike.
    column = int((seen.longitude or 0) // (side / max(cos(radians(row * side)), 0.01)))
    return [(row, column)] + [
        (row + down, column + right)
        for down in (-1, 0, 1)
        for right in (-2, -1, 0, 1, 2)
        if (down, right) != (0, 0)
    ]


def propose_blackspots(now: datetime | None = None) -> int:
    """Propose what comes back as one subject, and tie new reports to the subjects that exist; how
    many are new. Run again, it finds nothing more."""
    at = now or timezone.now()
    known = list(Blackspot.objects.order_by("-created_at", "-pk"))
    tied = set(
        Link.objects.filter(source_kind="report", target_kind=KIND).values_list(
            "source_id", "target_id"
        )
    )
    made = 0
    for spot in spots(_recent(at)):
        here = [blackspot for blackspot in known if spot.is_at(blackspot)]
        live = next((one for one in here if one.state in LIVE), None)
        if live is not None:
            _tie(live, [one for one in spot.reports if (one.pk, live.pk) not in tied], at)
            continue
        # What was closed or refused is proposed again for what came afterwards alone.
        over = max(
            (one.closed_at or one.decided_at for one in here if one.decided_at), default=None
        )
        since = [one for one in spot.reports if over is None or one.at > over]
        if len(since) >= settings.BLACKSPOT_REPORTS and _propose(since, here, at):
            made += 1
    return made


def _recent(at: datetime) -> Iterable[Seen]:
    rows = Report.objects.filter(
        at__gt=at - timedelta(days=settings.BLACKSPOT_DAYS),
        at__lte=at,
        withdrawn_at=None,
        merged_into=None,
        private=False,
    ).exclude(residence=None, latitude=None)
    return (
        Seen._make(row)
        for row in rows.values_list(
            "pk",
            "at",
            "category__theme_code",
            "residence_id",
            "commune_id",
            "latitude",
            "longitude",
            "place_label",
        ).order_by("at", "pk")
    )


def _propose(reports: list[Seen], before: list[Blackspot], at: datetime) -> bool:
    first = reports[0]
    with transaction.atomic():
        # Held, so that two runs side by side do not propose the same place twice.
        oldest = Report.objects.select_for_update(of=("self",)).get(pk=first.pk)
        live = Blackspot.objects.filter(state__in=LIVE)
        theirs = Link.objects.filter(
            source_kind="report", source_id=first.pk, target_kind=KIND
        ).values("target_id")
        if live.filter(pk__in=theirs).exists():
            return False
        theme = themes().get(first.theme)
        where = oldest.residence.name if oldest.residence else first.label
        words = [theme.label if theme else first.theme, where]
        blackspot = Blackspot.objects.create(
            title=" · ".join(word for word in words if word)[:160],
            theme_code=first.theme,
            commune_id=first.commune,
            residence_id=first.residence,
            latitude=first.latitude,
            longitude=first.longitude,
            place_label=first.label,
            created_at=at,
        )
        through = Report.quartiers.through.objects.filter(report_id__in=[one.pk for one in reports])
        blackspot.quartiers.set(set(through.values_list("quartier_id", flat=True)))
        record(NOBODY, KIND, blackspot.pk, "proposed", public=False, at=at)
        for one in reports:
            link(NOBODY, ("report", one.pk), (KIND, blackspot.pk))
        for old in before[:1]:
            link(NOBODY, (KIND, old.pk), (KIND, blackspot.pk))
    return True


def _tie(blackspot: Blackspot, reports: list[Seen], at: datetime) -> None:
    if not reports:
        return
    with transaction.atomic():
        for one in reports:
            link(NOBODY, ("report", one.pk), (KIND, blackspot.pk))
        record(NOBODY, KIND, blackspot.pk, "came_back", new=str(len(reports)), public=False, at=at)
