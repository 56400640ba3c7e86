"""Objects of this room for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.gatherings.acts import ask_organisations
from parvis.walks.account_acts import freeze
from parvis.walks.models import SentAccount, Walk
from tests.cast import IN_RAISMES, Cast
from tests.walks.scene import a_check, a_picture, a_walk, again, answered, first_stop, found

ARGUMENTS: dict[str, Any] = {
    "walks:picture": lambda side: {"pk": side.picture.pk, "size": "small"},
    **{
        name: lambda side: {"pk": side.walk.pk, "stop": side.stop.pk}
        for name in ("walks:stop", "walks:proposals", "walks:ask", "walks:drop")
    },
    "walks:account_table": lambda side: {"pk": side.walk.pk, "form": "ods"},
    "walks:sent_account": lambda side: {"pk": side.walk.pk, "number": 1},
    "walks:sent_account_pdf": lambda side: {"pk": side.walk.pk, "number": 1},
}
BY_RESOURCE: dict[str, Any] = {
    "walks.walk": lambda side: {"pk": side.walk.pk},
    "walks.observation": lambda side: {"pk": side.observation.pk},
    "walks.picture": lambda side: {"pk": side.picture.pk},
    "walks.answer": lambda side: {"pk": side.answer.pk},
}
OBJECTS = {
    "walks.walk": "walk",
    "walks.observation": "observation",
    "walks.picture": "picture",
    "walks.answer": "answer",
}


def side(cast: Cast, *, ours: bool, public: bool) -> dict[str, Any]:
    """A walk of our agglomération, or of the neighbour's, whose account is public or not."""
    organiser = cast.agglomeration if ours else cast.neighbour
    fields: dict[str, Any] = {}
    if not ours:
        fields = {"commune": cast.raismes, "quartiers": [], "actor": cast.actor(cast.bruno)}
    walk = a_walk(cast, days=-3, organiser=organiser, **fields)
    now = timezone.now()
    guest = cast.landlord if ours else cast.other_town
    ask_organisations(walk.gathering, [guest], at=now)
    states = {"convened_at": now}
    if public:
        states |= {"sent_at": now, "published_at": now}
    Walk.objects.filter(pk=walk.pk).update(**states)
    walk = again(walk)
    place: dict[str, Any] = {"reviewed_at": now, "shown": True} if public else {}
    if not ours:
        place |= {
            "commune": cast.raismes,
            "latitude": IN_RAISMES[0],
            "longitude": IN_RAISMES[1],
            "manager": cast.other_town,
            "organisation": cast.neighbour,
        }
    observation = found(cast, walk, **place)
    if not ours:
        observation.quartiers.clear()
    check = a_check(walk, ("observation", observation.pk), cast)
    answer = answered(check)
    shown = {"shown": True, "reviewed_at": now} if public else {}
    sender = cast.actor(cast.claire if ours else cast.bruno)
    SentAccount.objects.create(walk=walk, number=1, content=freeze(walk, sender), at=now)
    return {
        "walk": walk,
        "stop": first_stop(walk),
        "check": check,
        "observation": observation,
        "answer": answer,
        "picture": a_picture(observation, **shown),
    }
