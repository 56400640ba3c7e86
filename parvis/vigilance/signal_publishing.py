"""The figures of a quarter, made once when it is over and never again.

What is counted are acts of the quarter: sent, first contacted, ended in it. Each table is made safe
by `figures`; tables of one publication share nothing but their total, which no hidden count of
another one can be worked out from. Publications of a territory are of all its communes together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from parvis.places.models import Commune, Quartier, Residence
from parvis.vigilance.catalogue import door_kinds, labels, needs
from parvis.vigilance.figures import FEWEST, band, hide_in_line, hide_in_table
from parvis.vigilance.models import (
    DwellingSignal,
    Orientation,
    QuarterFigures,
    SupportDoor,
)
from parvis.vigilance.quarters import Quarter, finished
from parvis.vigilance.workflow import State

WAITED = timedelta(days=7)  # after a quarter's end, for what is written down late
BACK = 8  # quarters that are made when a house begins to count, or stood still
DELAYS = (
    (7, "sous 7 jours"),
    (15, "de 8 à 15 jours"),
    (30, "de 16 à 30 jours"),
    (100_000, "plus de 30 jours"),
)
ELSEWHERE = "Hors quartier, ou non précisé"
ALL = "Ensemble"
Tables = list[dict[str, Any]]


@dataclass(frozen=True)
class Territory:
    """An agglomération, or a commune that belongs to none."""

    code: str
    name: str
    communes: frozenset[int]


def territories() -> list[Territory]:
    """Those where at least one door helps; each with all of its communes."""
    served = SupportDoor.communes.through.objects.values("commune_id")
    wanted = Commune.objects.filter(pk__in=served)
    sirens = wanted.exclude(epci_siren="").values("epci_siren")
    rows = Commune.objects.filter(Q(epci_siren__in=sirens) | Q(pk__in=wanted.values("pk")))
    found: dict[str, tuple[str, set[int]]] = {}
    for pk, code, name, siren, epci in rows.order_by("code").values_list(
        "pk", "code", "name", "epci_siren", "epci_name"
    ):
        whole = found.setdefault(siren or code, ((epci or siren) if siren else name, set()))
        whole[1].add(pk)
    return [Territory(code, name, frozenset(pks)) for code, (name, pks) in found.items()]


def publish_figures(now: datetime | None = None) -> int:
    """Make what is missing of the figures of the last quarters; how many were made."""
    today = timezone.localdate(now or timezone.now())
    first = _first_day()
    if first is None:
        return 0
    over = [one for one in finished(today, BACK) if one.end + WAITED < today and one.end >= first]
    return sum(_publish(quarter) for quarter in reversed(over))


def _first_day() -> date | None:
    """The day of the first thing that counts; nothing is told of quarters before it."""
    sent = Orientation.objects.exclude(sent_at=None).order_by("sent_at").values_list("sent_at")
    signalled = DwellingSignal.objects.order_by("month").values_list("month", flat=True).first()
    found = [timezone.localdate(sent[0][0])] if sent[:1] else []
    return min([*found, *([signalled] if signalled else [])], default=None)


@transaction.atomic
def _publish(quarter: Quarter) -> int:
    known = QuarterFigures.objects.filter(quarter=quarter.start)
    told = set(known.values_list("territory", flat=True))
    doors = set(known.values_list("door_id", flat=True))
    made = [
        QuarterFigures(
            territory=one.code,
            quarter=quarter.start,
            name=one.name,
            tables=tables_of_territory(one, quarter),
        )
        for one in territories()
        if one.code not in told
    ]
    received = Orientation.objects.filter(_within("sent_at", quarter)).values("door_id")
    kept = SupportDoor.objects.filter(pk__in=received, organisation__isnull=False)
    made += [
        QuarterFigures(
            door=one, quarter=quarter.start, name=one.name, tables=_of_door(one, quarter)
        )
        for one in kept.order_by("pk")
        if one.pk not in doors
    ]
    # Somebody else may publish at the same moment: the first one counts.
    QuarterFigures.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _within(column: str, quarter: Quarter) -> Q:
    start, end = quarter.moments()
    return Q(**{f"{column}__gte": start, f"{column}__lt": end})


# --- Tables -----------------------------------------------------------------------------------


def tables_of_territory(territory: Territory, quarter: Quarter) -> Tables:
    """What is told of a territory: where and what for, to whom, how fast, with what outcome, and
    which quartiers are said cold or damp."""
    inside = Orientation.objects.filter(commune_id__in=territory.communes)
    sent = list(
        inside.filter(_within("sent_at", quarter))
        .exclude(state=State.DRAFT)
        .order_by("pk")
        .values_list("quartier_id", "need", "door__kind")
    )
    listed = _quartiers(territory, quarter, {place for place, _, _ in sent})
    return [
        _crossed(
            "Orientations par quartier et par difficulté",
            [*listed, (None, ELSEWHERE)],
            [(one.code, one.label) for one in needs().values()],
            [(place, need) for place, need, _ in sent],
        ),
        _line(
            "Orientations par nature de service",
            [(one.code, one.label) for one in door_kinds().values()],
            [kind for _, _, kind in sent],
        ),
        *_what_came(inside, quarter),
        _signals(territory, listed, quarter),
        *_signalled_residences(territory, quarter),
    ]


def _of_door(door: SupportDoor, quarter: Quarter) -> Tables:
    inside = Orientation.objects.filter(door=door)
    sent = inside.filter(_within("sent_at", quarter)).exclude(state=State.DRAFT).order_by("pk")
    by_need = _line(
        "Orientations reçues par difficulté",
        [(one.code, one.label) for one in needs().values()],
        sent.values_list("need", flat=True),
    )
    return [by_need, *_what_came(inside, quarter)]


def _what_came(inside: Any, quarter: Quarter) -> Tables:
    """How fast the first contact came, and what became of those that ended in the quarter."""
    contacted = inside.exclude(sent_at=None).filter(
        first_contact_on__gte=quarter.start, first_contact_on__lte=quarter.end
    )
    waits = [
        (on - timezone.localdate(sent)).days
        for sent, on in contacted.order_by("pk").values_list("sent_at", "first_contact_on")
    ]
    ended = inside.filter(_within("closed_at", quarter), state=State.CLOSED).order_by("pk")
    refused = inside.filter(_within("answered_at", quarter), state=State.REFUSED).count()
    return [
        _line(
            "Délai jusqu’au premier contact",
            [(str(most), label) for most, label in DELAYS],
            [str(next(most for most, _ in DELAYS if wait <= most)) for wait in waits],
        ),
        _line(
            "Suites données pendant le trimestre",
            [*labels("outcome").items(), ("refused", "le service ne pouvait pas la prendre")],
            [*ended.values_list("outcome", flat=True), *["refused"] * refused],
        ),
    ]


def _quartiers(
    territory: Territory, quarter: Quarter, besides: set[int | None]
) -> list[tuple[int | None, str]]:
    """The quartiers of a territory in that quarter, and those that something was counted in: a row
    for each, whatever there is to count, for a missing row would tell something too."""
    touching = Quartier.communes.through.objects.filter(commune_id__in=territory.communes)
    running = Quartier.objects.in_force(quarter.end).filter(pk__in=touching.values("quartier_id"))
    rows = running | Quartier.objects.filter(pk__in=[pk for pk in besides if pk])
    named = (
        rows.distinct()
        .defer("outline")
        .order_by("name", "code")
        .prefetch_related(
            Prefetch("communes", Commune.objects.defer("outline").order_by("name", "code"))
        )
    )
    # Several quartiers are called « Centre Ville ».
    return [
        (one.pk, f"{one.name} ({', '.join(place.name for place in one.communes.all())})")
        for one in named
    ]


def _crossed(
    title: str,
    rows: Sequence[tuple[Any, str]],
    columns: Sequence[tuple[str, str]],
    pairs: Iterable[tuple[Any, str]],
) -> dict[str, Any]:
    counted = Counter(pairs)
    shown = hide_in_table([[counted[row, column] for column, _ in columns] for row, _ in rows])
    names = [*(label for _, label in rows), ALL]
    return {
        "title": title,
        "heads": ["Quartier", *(label for _, label in columns), ALL],
        "rows": [[name, *cells] for name, cells in zip(names, shown, strict=True)],
        "summed": True,
    }


def _line(title: str, kinds: Sequence[tuple[str, str]], found: Iterable[str]) -> dict[str, Any]:
    counted = Counter(found)
    shown, total = hide_in_line([counted[code] for code, _ in kinds])
    rows = [[label, count] for (_, label), count in zip(kinds, shown, strict=True)]
    return {"title": title, "heads": ["", "Nombre"], "rows": [*rows, [ALL, total]], "summed": True}


def _signals(
    territory: Territory, listed: Sequence[tuple[int | None, str]], quarter: Quarter
) -> dict[str, Any]:
    """In bands and without totals: nobody needs to know how many, only where it comes up again."""
    kinds = DwellingSignal.What.choices
    counted = Counter(_signalled(territory, quarter).values_list("quartier_id", "what"))
    places = [*listed, (None, ELSEWHERE)]
    return {
        "title": "Logements signalés froids ou humides, par quartier",
        "heads": ["Quartier", *(label for _, label in kinds)],
        "rows": [[name, *(band(counted[pk, code]) for code, _ in kinds)] for pk, name in places],
        "summed": False,
    }


def _signalled_residences(territory: Territory, quarter: Quarter) -> Tables:
    """Residences that came up five times or more, several organisations saying so; the others are
    not named at all. A signal bears a residence only when it has twenty dwellings."""
    rows = list(
        _signalled(territory, quarter)
        .exclude(residence=None)
        .values_list("residence_id", "what", "organisation_id")
    )
    counted = Counter((pk, what) for pk, what, _ in rows)
    who: dict[tuple[int, str], set[int]] = {}
    for pk, what, organisation in rows:
        who.setdefault((pk, what), set()).add(organisation)
    often = [key for key, count in counted.items() if count >= FEWEST and len(who[key]) > 1]
    if not often:
        return []
    names = dict(Residence.objects.filter(pk__in=[pk for pk, _ in often]).values_list("pk", "name"))
    kinds = dict(DwellingSignal.What.choices)
    lines = [[names[pk], kinds[what], band(counted[pk, what])] for pk, what in often]
    return [
        {
            "title": "Résidences signalées plusieurs fois",
            "heads": ["Résidence", "Constat", "Signaux"],
            "rows": sorted(lines),
            "summed": False,
        }
    ]


def _signalled(territory: Territory, quarter: Quarter) -> Any:
    return DwellingSignal.objects.filter(
        commune_id__in=territory.communes, month__gte=quarter.start, month__lte=quarter.end
    ).order_by("pk")
