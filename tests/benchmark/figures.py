"""The figures of one database: an installation in service, a full territory, and each page asked
in turn beside the two controls. Prints them as JSON for `python -m tests.benchmark`."""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from io import StringIO
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import django
from altcha import Challenge, Payload, solve_challenge

from parvis.operations.processes import FRONT
from tests.benchmark.serving import Answer, Server, served
from tests.benchmark.walking import Receiving, a_walk

REPORTS = int(os.environ.get("REPORTS", "100000"))
ROUNDS = 12  # turns of each page
A_TURN = 5  # openings in a turn, so that the clock of the processor moves
STARTS = 3
MIXED = 1_000  # requests before the worker is weighed
BARE, HOUSE = "tests.benchmark.bare:application", FRONT
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.benchmark.house_settings"}
Ask = Callable[[], Answer]


@dataclass
class Cost:
    """One page: medians in milliseconds, and what they are compared with."""

    name: str
    wall: float
    processor: float
    kilobytes: float
    against: str = ""
    times: float = 0.0  # on the wall, turn by turn
    times_processor: float = 0.0
    limit: float = 0.0


def measured(name: str, server: Server, ask: Ask, beside: tuple[str, Server, Ask] | None) -> Cost:
    """A page and its control in turns, so that both meet the same weather."""
    walls: list[float] = []
    controls: list[float] = []
    spent = control_spent = 0.0
    for _ in range(2):
        answer = ask()
        if answer.status not in (200, 302):
            raise SystemExit(f"{name}: {answer.status} {answer.body[:300]!r}")
        if beside:
            beside[2]()
    for _ in range(ROUNDS):
        before = server.processor()
        walls += [ask().seconds for _ in range(A_TURN)]
        spent += server.processor() - before
        if beside:
            before = beside[1].processor()
            controls += [beside[2]().seconds for _ in range(A_TURN)]
            control_spent += beside[1].processor() - before
    many = ROUNDS * A_TURN
    cost = Cost(
        name,
        1000 * statistics.median(walls),
        1000 * spent / many,
        len(answer.body) / 1000,
    )
    if beside:
        cost.against = beside[0]
        cost.times = statistics.median(walls) / statistics.median(controls)
        cost.times_processor = spent / max(control_spent, 0.01)
    return cost


def fill() -> None:
    """An installation with the lists, the demonstration and its crowd of reports."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("load_lists", stdout=StringIO())
    call_command("load_demo", stdout=StringIO())
    call_command("collectstatic", interactive=False, verbosity=0)
    from tests.benchmark.city import fill_city
    from tests.benchmark.sheets import fill_sheets

    fill_city(REPORTS)
    fill_sheets()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def targets() -> dict[str, Any]:
    """Whom to be and what to ask for."""
    from django.db import connection

    from parvis.partners.models import Mandate, Role
    from parvis.places.models import Quartier
    from parvis.reports.links import token_of
    from parvis.reports.models import Report, Voice

    mandate = Mandate.objects.filter(role=Role.COORDINATION).order_by("pk")[0]
    deep = Report.objects.order_by("-at", "-pk")[REPORTS // 2]
    quartier = Quartier.objects.exclude(west=None).order_by("code")[0]
    voice = Voice.objects.filter(report__public=True, kind="author").order_by("-pk")[0]
    return {
        "cookie": _signed_in(mandate.person),
        "before": f"{deep.at.isoformat()}~{deep.pk}",
        "quartier": quartier.code,
        "follow": token_of(voice),
        "box": f"{quartier.west},{quartier.south},{quartier.east},{quartier.north}",
        "point": (quartier.south + quartier.north) / 2,
        "point_east": (quartier.west + quartier.east) / 2,
        "database": connection.vendor,
        **a_walk(mandate, quartier),
    }


def _signed_in(person: Any) -> str:
    """The cookie of somebody who signed in and proved a second factor."""
    from django.test import Client

    from tests.partners.factors import sign_in_proved

    client = Client()
    sign_in_proved(client, person)
    return f"sessionid={client.cookies['sessionid'].value}"


def all_figures(known: dict[str, Any]) -> dict[str, Any]:
    partner = {"Cookie": known["cookie"], "Host": "localhost"}
    anybody = {"Host": "localhost"}
    with served(BARE, {}) as bare, served(HOUSE, SETTINGS) as parvis:

        def opened(path: str, who: dict[str, str]) -> Ask:
            return lambda: parvis.ask(path, who)

        def in_bare() -> Answer:
            return bare.ask("/")

        house = opened("/maison/", partner)
        costs = [
            measured("bare", bare, in_bare, None),
            measured("house", parvis, house, ("bare", bare, in_bare)),
        ]
        costs[-1].limit = 10
        beside = ("house", parvis, house)
        listed = "/signalements/"
        deep = "?" + urlencode({"before": known["before"]})
        pages: list[tuple[str, str, dict[str, str], float]] = [
            ("list of 20", listed, partner, 4),
            ("list of 100", listed + "?par=100", partner, 7),
            ("follow page", f"/suivre/{known['follow']}/", anybody, 3),
            ("quartier page", f"/quartiers/{known['quartier']}/", anybody, 5),
            ("text search", listed + "?q=lampe+trottoir", partner, 4),
            ("what awaits a coordination", "/a-traiter/", partner, 50),
            ("sheets: search", "/boite-a-outils/?q=encombrents+gardiens", anybody, 5),
        ]
        pages += map_pages(known, partner, anybody)
        for name, path, who, limit in pages:
            cost = measured(name, parvis, opened(path, who), beside)
            cost.limit = limit
            costs.append(cost)
        costs.append(measured("file a report", parvis, Filing(parvis, known), beside))
        costs[-1].limit = 4
        # Fifty findings cost four houses at most.
        many = Receiving(parvis, known, partner)
        costs.append(measured("300 findings of a walk, one request", parvis, many, beside))
        costs[-1].limit = 24
        first = opened(listed, partner)
        cost = measured(
            "deep page", parvis, opened(listed + deep, partner), ("first page", parvis, first)
        )
        cost.limit = 1.2
        costs.append(cost)
        return {
            "costs": [asdict(one) for one in costs],
            "memory": weighed(parvis, [path for _, path, _, _ in pages], partner),
            "database": known["database"],
        }


class Filing:
    """Sends one report more each time, as the page does by itself, from an address of its own; only
    the sending counts, and not the work that was asked for it."""

    def __init__(self, server: Server, known: dict[str, Any]) -> None:
        self.server, self.known, self.sent = server, known, 0

    def __call__(self) -> Answer:
        self.sent += 1
        headers = {
            "Host": "localhost",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"192.0.{self.sent // 250}.{self.sent % 250 + 1}",
        }
        asked = json.loads(self.server.ask("/signaler/defi/", headers).body)
        challenge = Challenge.from_dict(asked)
        solution = solve_challenge(challenge)
        assert solution is not None
        fields = {
            "sent_as": str(uuid4()),
            "proof": Payload(challenge, solution).to_base64(),
            "latitude": self.known["point"],
            "longitude": self.known["point_east"],
            "category": "trou_chaussee",
            "text": "Un trou devant l’école, profond et plein d’eau.",
            "email": f"personne{self.sent}@exemple.test",
        }
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self.server.ask("/signaler/envoi/", headers, urlencode(fields).encode())


def map_pages(
    known: dict[str, Any], partner: dict[str, str], anybody: dict[str, str]
) -> list[tuple[str, str, dict[str, str], float]]:
    """The street, with as many points as are shown; the city, counted on demand and kept."""
    city = "/signalements/carte.json?vue=ville&zoom=13"
    return [
        ("street map of 1 000", f"/signalements/carte.json?all=1&box={known['box']}", partner, 5),
        ("city clusters, live", city, partner, 9),
        ("city clusters, kept", city, anybody, 1),
    ]


def weighed(server: Server, paths: list[str], who: dict[str, str]) -> float:
    """Megabytes of the worker after a thousand mixed requests."""
    chance = random.Random(59)
    for _ in range(MIXED):
        server.ask(chance.choice(paths), who)
    return server.memory()


def starts() -> tuple[float, float]:
    """Seconds from nothing to the first answer, bare and whole: medians."""
    found: dict[str, list[float]] = {BARE: [], HOUSE: []}
    for _ in range(STARTS):
        for application, environment in ((BARE, {}), (HOUSE, SETTINGS)):
            with served(application, environment) as server:
                found[application].append(server.start)
    return statistics.median(found[BARE]), statistics.median(found[HOUSE])


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmark.house_settings"
    django.setup()
    if sys.argv[1] == "fill":
        fill()
        return
    figures = all_figures(targets())
    figures["starts"] = starts()
    if os.environ.get("LOCATING") == "1":
        from tests.benchmark.locating import locating

        figures["locating"] = locating()
    json.dump(figures, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
