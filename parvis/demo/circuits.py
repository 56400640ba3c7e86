"""Circuits of the demonstration: a commune's own tool, one for partners only, mails of the day."""

from __future__ import annotations

from datetime import datetime

from parvis.demo.accounts import read
from parvis.partners.actors import NOBODY, Actor
from parvis.places.models import Commune
from parvis.reports import acts
from parvis.reports.models import Category
from parvis.reports.placing import Place


def load_circuits(now: datetime) -> None:
    """Write the routes, then file the reports of the day."""
    facts = read("routes")
    communes = {commune.code: commune for commune in Commune.objects.all()}
    categories = {category.code: category for category in Category.objects.all()}
    writer = Actor(role="coordination", communes=frozenset(one.pk for one in communes.values()))
    for row in facts["route"]:
        acts.write_route(
            None,
            actor=writer,
            commune=communes[row["commune"]],
            category=categories.get(row.get("category", "")),
            way=row["way"],
            tool=row.get("tool", ""),
            email=row.get("email", ""),
        )
    centres = {row["code"]: row for row in read("territory")["commune"]}
    for number, row in enumerate(facts["report"], start=1):
        centre = centres[row["commune"]]
        acts.file_report(
            actor=NOBODY,
            place=Place(latitude=centre["latitude"], longitude=centre["longitude"]),
            category=categories[row["category"]],
            text=row["text"],
            email=f"habitant-du-jour-{number}@demo.invalid",
            now=now,
        )
