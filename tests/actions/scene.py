"""A plan of the cast and a fiche with everything in it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from parvis.actions import acts
from parvis.actions.models import Action, Plan
from parvis.partners.actors import Actor
from tests.cast import Cast


def plan(cast: Cast, **fields: Any) -> Plan:
    """The plan of Rives for this year, which claire's agglomération animates."""
    year = timezone.localdate().year
    organiser = fields.pop("organiser", cast.agglomeration)
    given = {
        "title": "Plan d’actions des Rives",
        "quartiers": [cast.rives],
        "starts_on": date(year, 1, 1),
        "ends_on": date(year, 12, 31),
        **fields,
    }
    return acts.write_plan(Plan(organiser=organiser), **given)


def fiche(cast: Cast, found: Plan | None = None, **record: Any) -> Action:
    """An action led by the landlord, with its steps, two funders and an indicator."""
    actor: Actor = record.pop("actor", cast.actor(cast.claire))
    state = record.pop("state", "running")
    day = timezone.localdate()
    given = {
        "title": "Des bacs enterrés rue des Lilas",
        "domain": "dechets",
        "moment": "pendant",
        "themes": ["encombrants", "proprete"],
        "finding": "Les sacs restent au pied des halls.",
        "objective": "Des pieds d’immeubles propres.",
        "lead": cast.landlord.pk,
        "quartiers": [cast.rives.pk],
        "residences": [cast.tilleuls.pk],
        "ends_on": (day + timedelta(days=90)).isoformat(),
        "budget": "12000.00",
        "summary": "Huit bacs enterrés remplacent les conteneurs.",
        "partners": [{"organisation": cast.town.pk, "does": "voirie"}],
        "steps": [
            step("Choisir les lieux", done_on=(day - timedelta(days=5)).isoformat()),
            step("Poser les bacs", due_on=(day + timedelta(days=30)).isoformat()),
        ],
        "fundings": [
            funding(cast.landlord.pk, "bailleur", granted="8000.00", spent="7500.00"),
            funding(cast.town.pk, "commune", granted="4000.00"),
        ],
        "insertions": [
            {"kind": "clause", "total": 2000, "promised": 140, "worked": 0, "people": 0}
        ],
        "indicators": [indicator("Dépôts relevés par semaine")],
        **record,
    }
    return acts.new_action(found or plan(cast), given, actor=actor, state=state)


def step(title: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "organisation": None, "due_on": None, "done_on": None, **more}


def funding(funder: int, scheme: str, **more: Any) -> dict[str, Any]:
    empty = {"asked": "0.00", "granted": "0.00", "spent": "0.00", "file_number": ""}
    return {
        "funder": funder,
        "scheme": scheme,
        **empty,
        "asked_on": None,
        "granted_on": None,
        **more,
    }


def indicator(label: str, **more: Any) -> dict[str, Any]:
    given = {"unit": "dépôts", "baseline": "12.00", "target": "3.00", "due_on": None}
    return {"label": label, **given, **more}
