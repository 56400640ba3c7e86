"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.councils import body_acts
from parvis.councils.models import Member
from tests.cast import Cast
from tests.councils.scene import a_member, seats_of
from tests.pages.sheet import COORDINATION, Sheet

ANIMATOR = "yasmine"
SHEETS: list[Sheet] = [
    Sheet("councils/bodies.html", "/participation/"),
    Sheet(
        "councils/body.html",
        "/participation/{council}/",
        pieces=(
            "councils/_tabs.html",
            "councils/_body_college.html",
            "councils/_body_rules.html",
        ),
        who=ANIMATOR,
    ),
    Sheet("councils/body_form.html", "/participation/{council}/modifier/", who=COORDINATION),
    Sheet(
        "councils/body_composition.html",
        "/participation/{council}/composition/",
        who=COORDINATION,
    ),
    Sheet("councils/member.html", "/participation/membres/{council_member}/", who=ANIMATOR),
    Sheet(
        "councils/body_quartier.html",
        "/participation/quartiers/{council_quartier}/",
        pieces=(
            "councils/_quartier_bodies.html",
            "councils/_quartier_opinions.html",
            "councils/_quartier_propositions.html",
            "councils/_quartier_told.html",
        ),
    ),
]


def furnish(cast: Cast, body: Any) -> dict[str, Any]:
    """What the pages of this part show, by the names that their addresses use."""
    body.presentation = "Nous parlons du quartier avec celles et ceux qui y vivent."
    body.contact = "Permanence le mardi à 18 h, maison de quartier"
    body.budget, body.budget_source = Decimal("4500"), "contrat de ville"
    body.regime_on = body.created_on
    body.save()
    body.quartiers.add(cast.faubourg)
    today, actor = timezone.localdate(), cast.actor(cast.yasmine)
    shown = a_member(body, "Rose Essai", shown="name", quartier=cast.rives)
    body_acts.seat_member(
        seats_of(body)[1],
        shown,
        actor=actor,
        regime="2014",
        starts_on=today - timedelta(days=20),
        expires_on=today + timedelta(days=30),
    )
    for_others = a_member(body, "Ines Essai", shown="first_name", organisation=cast.association)
    seat = seats_of(body, "acteurs", "suppleant")[0]
    body_acts.seat_member(seat, for_others, actor=actor, starts_on=today)
    a_member(body, "Paul Essai")
    hugo = Member.objects.get(body=body, user=cast.hugo)
    return {"council_member": hugo.pk, "council_quartier": cast.rives.pk}
