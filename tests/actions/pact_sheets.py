"""Pages of conventions, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.actions import pledging
from parvis.upkeep.models import ManagedArea
from tests.actions.pact_scene import found, pledged, signed, today
from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet

SHEETS = [
    Sheet("actions/conventions.html", "/conventions-gup/"),
    Sheet("actions/conventions.html", "/conventions-gup/", COORDINATION),
    Sheet("actions/convention.html", "/conventions-gup/{convention}/"),
    Sheet("actions/convention.html", "/conventions-gup/{convention}/", COORDINATION),
    Sheet("actions/convention_form.html", "/conventions-gup/nouvelle/", COORDINATION),
    Sheet("actions/convention_form.html", "/conventions-gup/{convention}/espace/", COORDINATION),
    Sheet("actions/pledge.html", "/engagements/{pledge}/"),
    Sheet("actions/pledge.html", "/engagements/{pledge}/", COORDINATION),
    Sheet("actions/pledge.html", "/engagements/{pledge}/", "luc"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A convention with three pledges, of which one is not kept."""
    claire = cast.actor(cast.claire)
    convention = signed(
        cast,
        public=True,
        context="Des halls encombrés, des espaces que personne n’entretient.",
        means="Un poste de coordination.",
        steering="Un COTECH chaque mois.",
    )
    area = ManagedArea.objects.create(
        name="Square", manager=cast.town, owner=cast.town, commune=cast.anzin
    )
    for name, manager in (("Square des Lilas", cast.landlord), ("Voirie", cast.town)):
        pledging.name_ground(
            convention, actor=claire, name=name, owner=cast.town, manager=manager, area=area
        )
    kept = pledged(cast, convention, task="Nettoyer les halls", frequency="daily")
    found(cast, kept, "kept", next_check_on=today(90))
    pledged(cast, convention, organisation=cast.town, task="Tailler les haies", until=today(200))
    unkept = pledged(cast, convention, means="Deux agents")
    found(cast, unkept, "unkept", next_check_on=today(30))
    return {"convention": convention.pk, "pledge": unkept.pk}
