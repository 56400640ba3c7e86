"""A hundred thousand reports: what the database does for lists and maps, and what pages cost.

Run by `make drill`, and on PostgreSQL with `PARVIS_TEST_DB=postgres`; prints its figures.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from parvis.partners.actors import NOBODY, Actor
from parvis.reports.forms.filters import FilterForm
from parvis.reports.models import Part
from parvis.reports.workflow import OPEN, State
from tests.cast import Cast
from tests.figures.crowd import crowd

pytestmark = pytest.mark.drill
REPORTS = 100_000
AWAITING = 5_000  # open parts of one landlord
SORTS = ("USE TEMP B-TREE FOR ORDER BY", "Sort Key")  # SQLite's words, PostgreSQL's


@pytest.fixture
def full_town(town: Cast) -> Cast:
    crowd(town, REPORTS)
    _leave_open(town)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return town


def _leave_open(town: Cast) -> None:
    """The landlord has this many open parts, as late as they come, and the others are settled."""
    mine = Part.objects.filter(organisation=town.landlord, state__in=OPEN).order_by("pk")
    kept = mine[AWAITING].pk
    mine.filter(pk__gte=kept).update(state=State.SETTLED, closed_at=timezone.now())


def plan(actor: Actor, query: str, rows: int) -> str:
    """How the database finds the newest reports that pass these filters."""
    found = FilterForm(QueryDict(query), actor=actor, with_choices=False).rows()
    return str(found.order_by("-at", "-pk")[:rows].explain())


def cost(client: Client, url: str) -> str:
    """Milliseconds of a whole page, the median of three."""
    took = []
    for _ in range(4):
        start = time.perf_counter()
        assert client.get(url).status_code == 200
        took.append(time.perf_counter() - start)
    return f"{1000 * sorted(took[1:])[1]:7.0f} ms  {url}"


def test_the_newest_of_a_hundred_thousand_reports_are_found_without_sorting_them(
    full_town: Cast, client: Client, capsys: Any
) -> None:
    people = {
        "coordination": full_town.claire,
        "commune": full_town.karim,
        "landlord": full_town.luc,
    }
    actors = {"stranger": NOBODY, **{who: full_town.actor(one) for who, one in people.items()}}
    quartier = full_town.rives.code
    alone = ["state=open", "commune=59014", f"quartier={quartier}", "family=proprete", "q=lampe"]
    for who, actor in actors.items():
        queries = ["", *alone]
        pages = ["/signalements/carte.json", "/", f"/quartiers/{quartier}/"]
        if who != "stranger":
            client.force_login(people[who])
            queries += ["late=1", "ownerless=1", "review=1", "mine=1"]
            pages += ["/a-traiter/", "/a-rappeler/"]
        with capsys.disabled():
            print(f"\n{connection.vendor}, {who}")
            for query in queries:
                sorts = any(word in plan(actor, query, 101) for word in SORTS)
                print(cost(client, f"/signalements/?par=100&{query}"), "(sorts)" * sorts)
            for url in pages:
                print(cost(client, url))
    for who, actor in actors.items():
        for rows in (101, 1001):  # a long page of the list, the map
            found = plan(actor, "", rows)
            assert not any(word in found for word in SORTS), f"{who}: {found}"
