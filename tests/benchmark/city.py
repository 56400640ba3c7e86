"""A hundred thousand reports over the territory of the demonstration, made a table at a time."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.partners.models import Organisation
from parvis.places.locate import Found, locate
from parvis.places.models import Commune, Quartier, Residence
from parvis.reports.cells import cell_of
from parvis.reports.counting import counted_under
from parvis.reports.models import Category, Part, Report, Voice
from parvis.reports.rebuilding import recount_cells
from parvis.reports.searching import index_reports
from parvis.reports.workflow import CLOSED, State
from parvis.thread.acts import Happening, record_many
from parvis.upkeep.models import Holding

AT_ONCE = 5_000
IN_A_QUARTIER = 0.6  # share of the reports
OPEN_SHARE = 0.12  # most of what a territory has ever reported is settled
YEARS = 4
WORDS = [
    "lampe", "trottoir", "hall", "ascenseur", "porte", "cave", "poubelle", "canapé", "matelas",
    "gravats", "verre", "tag", "mur", "escalier", "palier", "interphone", "serrure", "boîte",
    "local", "vélo", "voiture", "scooter", "épave", "parking", "borne", "barrière", "panneau",
    "trou", "chaussée", "caniveau", "bouche", "eau", "fuite", "odeur", "rat", "arbre", "branche",
    "pelouse", "buisson", "banc", "jeu", "toboggan", "grillage", "terrain", "but", "filet",
    "nuit", "matin", "semaine", "samedi", "enfants", "école", "arrêt", "bus", "passage", "feu",
    "éclairage", "câble", "fumée", "bruit", "cour", "allée", "square", "clôture", "vitre",
    "fenêtre", "plafond", "peinture",
]  # fmt: skip
IN_A_TEXT = 8  # words
STREETS = ("des Lilas", "du Moulin", "de la Fosse", "des Écoles", "du Canal", "Haute")


def fill_city(many: int) -> None:
    """That many reports with their part, voice, event and words to search, spread over communes and
    quartiers, most of them closed, two thirds of them public."""
    chance = random.Random(59)
    boxes = _boxes(Quartier.objects.exclude(west=None)), _boxes(Commune.objects.exclude(west=None))
    towns = dict(Organisation.objects.filter(kind="commune").values_list("commune_id", "pk"))
    holders = dict(Holding.objects.values_list("residence_id", "organisation_id"))
    residences = list(Residence.objects.order_by("pk"))
    categories = list(Category.objects.filter(active=True).exclude(parent=None).order_by("pk"))
    categories = [one for one in categories if not one.in_dwelling]
    now = timezone.now()
    made = 0
    while made < many:
        rows, owners, quartiers = [], [], []
        while len(rows) < min(AT_ONCE, many - made):
            category = chance.choice(categories)
            residence = chance.choice(residences) if category.inside_only else None
            point, found = _somewhere(chance, boxes, residence)
            if found.commune is None or found.commune.pk not in towns:
                continue
            at = now - timedelta(minutes=chance.randrange(1, YEARS * 365 * 24 * 60))
            number = made + len(rows)
            rows.append(_report(chance, number, category, residence, point, found, at))
            owners.append(holders.get(residence.pk) if residence else towns[found.commune.pk])
            quartiers.append([one.pk for one in found.quartiers])
        _insert(rows, owners, quartiers)
        made += len(rows)
    recount_cells()


def _boxes(places: Any) -> list[tuple[float, float, float, float]]:
    return list(places.order_by("pk").values_list("west", "south", "east", "north"))


def _somewhere(
    chance: random.Random, boxes: tuple[list, list], residence: Residence | None
) -> tuple[tuple[float, float], Found]:
    if residence is not None:
        point = (residence.latitude, residence.longitude)
    else:
        west, south, east, north = chance.choice(boxes[0 if chance.random() < IN_A_QUARTIER else 1])
        point = (chance.uniform(south, north), chance.uniform(west, east))
    return point, locate(*point)


def _report(
    chance: random.Random,
    number: int,
    category: Category,
    residence: Residence | None,
    point: tuple[float, float],
    found: Found,
    at: datetime,
) -> Report:
    is_open = chance.random() < OPEN_SHARE
    state = chance.choice([one for one in State if (one not in CLOSED) == is_open])
    public = category.may_be_public and chance.random() < 0.67
    report = Report(
        reference=f"R-VILLE-{number:06d}",
        category=category,
        text=" ".join(chance.sample(WORDS, IN_A_TEXT)),
        at=at,
        latitude=point[0],
        longitude=point[1],
        cell=cell_of(*point),
        place_label=f"{chance.randrange(1, 200)} rue {chance.choice(STREETS)}",
        commune_id=found.commune.pk if found.commune else None,
        residence=residence,
        public=public,
        text_shown=public,
        reviewed_at=at,
        state=state,
        due_on=timezone.localdate() + timedelta(days=chance.randrange(-9, 20)) if is_open else None,
        closed_at=None if is_open else at + timedelta(days=4),
    )
    report.counted = counted_under(report)
    return report


def _insert(rows: list[Report], owners: list[int | None], quartiers: list[list[int]]) -> None:
    reports = Report.objects.bulk_create(rows, batch_size=1_000)
    through = Report.quartiers.through
    through.objects.bulk_create(
        [
            through(report_id=report.pk, quartier_id=pk)
            for report, pks in zip(reports, quartiers, strict=True)
            for pk in pks
        ],
        batch_size=1_000,
    )
    Part.objects.bulk_create(
        [
            Part(
                report=report,
                organisation_id=owner,
                state=report.state,
                reason="Doublon" if report.state == State.DROPPED else "",
                due_on=report.due_on or report.at.date(),
                created_at=report.at,
                closed_at=report.closed_at,
                told_at=report.at,
            )
            for report, owner in zip(reports, owners, strict=True)
        ],
        batch_size=1_000,
    )
    Voice.objects.bulk_create(
        [Voice(report=report, nonce="x", at=report.at, greeted_at=report.at) for report in reports],
        batch_size=1_000,
    )
    record_many(
        NOBODY, [Happening("report", report.pk, "filed", at=report.at) for report in reports]
    )
    index_reports(reports)
