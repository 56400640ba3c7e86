"""Pages of this room, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.gatherings import acts, evaluating, events
from tests.cast import Cast
from tests.gatherings.scene import held, in_days, workshop
from tests.pages.sheet import COORDINATION, Sheet

SHEETS = [
    Sheet("gatherings/list.html", "/rendez-vous/"),
    Sheet("gatherings/list.html", "/rendez-vous/", COORDINATION),
    Sheet("gatherings/gathering.html", "/rendez-vous/{workshop}/"),
    Sheet("gatherings/gathering.html", "/rendez-vous/{workshop}/", "karim"),
    Sheet("gatherings/gathering.html", "/rendez-vous/{called_off}/"),
    Sheet("gatherings/registered.html", "/rendez-vous/inscription/{seat}/"),
    Sheet("gatherings/registered.html", "/rendez-vous/inscription/{waiting}/"),
    Sheet("gatherings/form.html", "/rendez-vous/nouveau/", "karim"),
    Sheet("gatherings/people.html", "/rendez-vous/{workshop}/presences/", "karim"),
    Sheet("gatherings/opinion.html", "/rendez-vous/inscription/{came}/avis/"),
    Sheet("gatherings/opinion.html", "/rendez-vous/avis/{room}/"),
    Sheet("gatherings/opinion.html", "/rendez-vous/inscription/{seat}/avis/"),
    Sheet("gatherings/results.html", "/rendez-vous/{held}/avis/", "karim"),
    Sheet("gatherings/results.html", "/rendez-vous/{workshop}/avis/", "karim"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A workshop that is full, with a waiting list and organisations; and one called off."""
    karim = cast.actor(cast.karim)
    full = workshop(cast, seats=1, contact="Maison du projet, 03 00 00 00 00")
    seat = acts.register_person(full, name="Léa", email="lea@exemple.test")
    waiting = acts.register_person(full, name="Ali", phone="0612345678")
    acts.ask_organisations(full, [cast.landlord, cast.town], at=in_days(0))
    off = workshop(cast, title="Réunion publique", kind="reunion_publique", entry="free")
    acts.cancel_gathering(off, actor=karim, reason="La salle n’est plus libre.")
    over = held(cast)
    came = [
        acts.register_person(over, name=f"N{n}", phone=f"060000000{n}", now=in_days(-3))
        for n in range(4)
    ]
    for one in came[:3]:
        evaluating.evaluate_by_link(one, said={"utile": 4, "clair": 3}, words="Très utile.")
    return {
        "held": over.pk,
        "came": events.token_of(came[3]),
        "room": evaluating.room_address(over).split("/")[-2],
        "workshop": full.pk,
        "called_off": off.pk,
        "seat": events.token_of(seat),
        "waiting": events.token_of(waiting),
    }
