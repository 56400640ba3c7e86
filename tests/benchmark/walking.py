"""A walk of the benchmark, and a telephone that comes back from it with three hundred findings."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.benchmark.serving import Answer, Server

FINDINGS, STOPS = 300, 10
SECRET = "b" * 32


def a_walk(mandate: Any, quartier: Any) -> dict[str, Any]:
    """A walk of today across that quartier, prepared by the organisation of that mandate."""
    from parvis.partners.actors import actors_of
    from parvis.walks.planning import add_stop, plan_walk
    from parvis.walks.practice import stop_kinds

    actor = next(one for one in actors_of(mandate.person) if one.mandate_id == mandate.pk)
    now = timezone.now()
    walk = plan_walk(
        actor=actor,
        organiser=mandate.organisation,
        quartiers=[quartier],
        title="Diagnostic du banc d’essai",
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        place_label="Devant la maison de quartier",
        commune=quartier.communes.order_by("pk")[0],
    )
    kinds = list(stop_kinds())
    for number in range(STOPS):
        part = (number + 1) / (STOPS + 1)
        add_stop(
            walk,
            actor=actor,
            kind=kinds[number % len(kinds)],
            title=f"Arrêt {number + 1}",
            latitude=quartier.south + part * (quartier.north - quartier.south),
            longitude=quartier.west + part * (quartier.east - quartier.west),
        )
    stops = list(walk.stops.order_by("pk").values_list("pk", "latitude", "longitude"))
    return {"walk": walk.pk, "stops": stops}


class Receiving:
    """Sends three hundred findings more each time, each with a point of its own, as a telephone
    that was without network for the whole walk."""

    def __init__(self, server: Server, known: dict[str, Any], partner: dict[str, str]) -> None:
        self.server, self.known, self.chance = server, known, random.Random(60)
        self.headers = {
            **partner,
            "Cookie": f"{partner['Cookie']}; csrftoken={SECRET}",
            "X-CSRFToken": SECRET,
            "Content-Type": "application/json",
        }

    def __call__(self) -> Answer:
        now = timezone.now().isoformat()
        body = {"sent_at": now, "items": [self.finding(now) for _ in range(FINDINGS)]}
        path = f"/diagnostics/{self.known['walk']}/sur-place/envoi/"
        answer = self.server.ask(path, self.headers, json.dumps(body).encode())
        if answer.status == 200:
            assert len(json.loads(answer.body)["kept"]) == FINDINGS, answer.body[:300]
        return answer

    def finding(self, now: str) -> dict[str, Any]:
        stop, north, east = self.chance.choice(self.known["stops"])
        theme = self.chance.choice(("proprete", "voirie", "eclairage", "espaces_verts"))
        return {
            "kind": "observation",
            "uid": str(uuid4()),
            "noted_at": now,
            "stop": stop,
            "theme": theme,
            "strength": False,
            "severity": self.chance.choice((1, 2, 3)),
            "note": "Un trou devant l’école, profond et plein d’eau.",
            "lat": north + self.chance.uniform(-0.0005, 0.0005),
            "lon": east + self.chance.uniform(-0.0005, 0.0005),
            "pictures": 0,
        }
