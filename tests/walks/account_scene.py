"""A walk of yesterday whose account can be told: strengths, weaknesses, what became of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.gatherings.models import Guest
from parvis.thread.acts import link
from parvis.walks.models import Observation, Walk
from tests.cast import Cast
from tests.reports.scene import filed, make_public
from tests.walks.scene import a_check, a_picture, again, answered, found, walked


def reviewed(**fields: Any) -> dict[str, Any]:
    """What a finding that was reviewed and is shown holds."""
    return {"shown": True, "reviewed_at": timezone.now(), **fields}


def tellable(cast: Cast, *, more: int = 0) -> Walk:
    """Three stops; a strength, a weakness that became a public report, another that is noted and
    was not reviewed, and `more` others of each kind."""
    walk = walked(cast)
    claire = cast.actor(cast.claire)
    Walk.objects.filter(pk=walk.pk).update(summary="Les entrées sont propres, les abords moins.")
    Guest.objects.filter(gathering=walk.gathering, organisation=cast.town).update(came=True)
    stops = list(walk.stops.all())
    strong = found(
        cast,
        walk,
        strength=True,
        stop=stops[1],
        theme_code="espaces_verts",
        title=f"Espaces verts · {stops[1].title}",
        note="Massifs refaits par Mme Duval.",
        **reviewed(public_note="Les massifs sont refaits."),
    )
    a_picture(strong, "#3c7a4a", **reviewed())
    weak = found(
        cast,
        walk,
        outcome="report",
        responsible=cast.landlord,
        outcome_note="Relancer le prestataire avant Noël.",
        due_on=timezone.localdate() + timedelta(days=9),
        severity=3,
        **reviewed(public_note="Des matelas au pied de l’immeuble."),
    )
    a_picture(weak, **reviewed())
    a_picture(weak, "#444444")
    a_picture(weak, "#777777", people=True)
    report = make_public(filed(email="awa@exemple.test").report)
    link(claire, ("observation", weak.pk), ("report", report.pk))
    found(
        cast,
        walk,
        stop=stops[2],
        outcome="noted",
        outcome_note="Vu avec le gardien.",
        note="Chez M. Petit, au 3.",
    )
    answered(a_check(walk, ("report", report.pk), cast), "seen", note="Rien n’a bougé.")
    for number in range(more):
        one = found(cast, walk, outcome="report", note=f"Constat {number}.", stop=stops[number % 3])
        a_picture(one)
        other = make_public(filed().report)
        link(claire, ("observation", one.pk), ("report", other.pk))
        found(cast, walk, strength=True, note=f"Bien {number}.", stop=stops[number % 3])
    return again(walk)


def sorted_out(walk: Walk) -> None:
    """As if everything that is left had been noted."""
    Observation.objects.filter(walk=walk, outcome="to_sort").update(outcome="noted")
