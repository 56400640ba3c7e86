"""How many queries each page asks, with ten rows and with a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.reports.delays import delay_of
from parvis.reports.links import token_of
from parvis.reports.models import Category, Photo, Report, Voice
from parvis.reports.sorting import SORTS
from parvis.thread.reading import thread_of
from tests.cast import Cast
from tests.figures.conftest import READERS
from tests.figures.counting import counted
from tests.figures.crowd import call, crowd, ground, link_all, settle_with_photos, talk
from tests.reports.pages import form_id, picture

FEW, MANY = 10, 1_000
every_reader = pytest.mark.parametrize("reader", READERS)
some_readers = pytest.mark.parametrize("reader", ["stranger", "coordination", "landlord"])


def asked(client: Client, urls: Sequence[str]) -> dict[str, int]:
    """Queries of each of these pages; the first is opened before, as a process once warm."""
    found = {}
    client.get(urls[0])
    for url in urls:
        with counted() as queries:
            assert client.get(url).status_code == 200, url
        found[url] = len(queries)
    return found


def filters(town: Cast, reader: str) -> list[str]:
    """Every filter of the list alone, then several together, and the pages that follow."""
    family = Category.objects.filter(parent=None).order_by("position")[0].code
    alone = [
        "",
        "q=lampe",
        "q=rue+des+lilas",
        "state=open",
        "state=closed",
        "state=taken",
        f"family={family}",
        f"quartier={town.rives.code}",
        f"commune={town.anzin.code}",
        "before=2126-01-01T00:00:00%2B00:00~9",
    ]
    sorts = [f"tri={code}" for code in SORTS]
    together = f"q=lampe&state=open&family={family}&quartier={town.rives.code}&commune=59014"
    found = [*alone, *sorts, together, "state=licorne"]
    if reader != "stranger":
        own = [f"organisation={town.town.pk}", "late=1", "review=1", "ownerless=1", "mine=1"]
        found += [*own, "all=1", f"{together}&{'&'.join(own)}&all=1"]
    return found


@every_reader
def test_a_list_of_a_hundred_asks_fourteen_queries_whatever_the_filters(
    town: Cast, open_as: Any, reader: str
) -> None:
    client = open_as(reader)
    urls = [f"/signalements/?par=100&{query}" for query in filters(town, reader)]
    crowd(town, FEW)
    few = asked(client, urls)
    crowd(town, MANY - FEW)
    many = asked(client, urls)
    # An order in two runs asks the second one only where the first does not fill the page.
    assert max(many.values()) <= max(few.values()) <= 14
    page = client.get("/signalements/?par=100").context
    assert len(page["rows"]) == 100
    assert "par=100&before=" in page["next_url"]


@every_reader
def test_the_map_asks_five_queries_for_a_stranger_and_nine_for_a_partner(
    town: Cast, open_as: Any, reader: str
) -> None:
    client = open_as(reader)
    urls = [f"/signalements/carte.json?{query}" for query in filters(town, reader)]
    crowd(town, FEW)
    few = asked(client, urls)
    crowd(town, MANY - FEW)
    many = asked(client, urls)
    assert few == many
    assert max(many.values()) <= (5 if reader == "stranger" else 9)


def test_a_report_with_five_photos_is_filed_in_twelve_queries(town: Cast, client: Client) -> None:
    url = (
        f"/signaler/dire/?residence={town.tilleuls.pk}&spot=entrance:{town.entrance.pk}"
        "&inside=hall&category=trou_chaussee"
    )

    def send() -> list[str]:
        fields = {
            "form_id": form_id(client, url),
            "website": "",
            "text": "La lampe clignote.",
            "email": "jeanne@exemple.test",
            "dwelling": "12",
            "photos": [picture(f"{number}.jpg") for number in range(5)],
        }
        with counted() as queries:
            answer = client.post(url, fields)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/suivre/")
        return queries

    crowd(town, FEW)
    delay_of(town.landlord.pk, Category(pk=0), timezone.localdate())  # as a process once warm
    few = send()
    assert Photo.objects.count() == 5
    crowd(town, MANY - FEW)
    many = send()
    assert len(many) == len(few) <= 12
    assert sum('INSERT INTO "reports_photo"' in query for query in many) == 1


@some_readers
def test_the_page_of_a_quartier_asks_twelve_queries(town: Cast, open_as: Any, reader: str) -> None:
    client = open_as(reader)
    urls = [f"/quartiers/{town.rives.code}/", f"/quartiers/{town.faubourg.code}/"]
    settle_with_photos(crowd(town, FEW)[:5])
    few = asked(client, urls)
    settle_with_photos(crowd(town, MANY - FEW)[:300])
    many = asked(client, urls)
    assert few == many
    assert max(many.values()) <= 12


def test_a_thread_asks_two_queries(town: Cast) -> None:
    here, *others = crowd(town, FEW)  # the first lies in Anzin
    karim = town.actor(town.karim)

    def thread() -> int:
        with counted() as queries:
            steps = thread_of(karim, "report", here.pk)
        assert len(steps) > 1
        return len(queries)

    link_all(here, others)
    assert thread() == 2
    link_all(here, crowd(town, MANY - FEW))
    assert thread() == 2


PAGES = ("/", "/quartiers/", "/signaler/", "/chercher/?q=lampe")
PARTNERS_PAGES = ("/a-traiter/", "/a-rappeler/", "/gestion/", "/gestion/residences/")


@some_readers
def test_other_pages_ask_the_same_with_ten_rows_and_a_thousand(
    town: Cast, open_as: Any, reader: str
) -> None:
    client = open_as(reader)
    urls = PAGES if reader == "stranger" else (*PAGES, *PARTNERS_PAGES)

    def add(many: int) -> None:
        made = crowd(town, many)
        settle_with_photos(made[: many // 2])
        call(Voice.objects.filter(report__in=made[: many // 2]))
        ground(town, many)

    add(FEW)
    few = asked(client, urls)
    add(MANY - FEW)
    many = asked(client, urls)
    assert few == many


@some_readers
def test_a_report_asks_the_same_after_a_thousand_words(
    town: Cast, open_as: Any, reader: str
) -> None:
    client = open_as(reader)
    report = crowd(town, FEW)[3]
    Report.objects.filter(pk=report.pk).update(public=True, reviewed_at=report.at)
    urls = [f"/signalements/{report.reference}/", f"/suivre/{token_of(report.voices.get())}/"]
    talk(town, report, 2)  # people, calls, words, notes, photos, parts, events: two of each
    few = asked(client, urls)
    talk(town, report, MANY // 7)
    many = asked(client, urls)
    assert few == many
