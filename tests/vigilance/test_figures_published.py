"""Figures of a quarter: made once, of the whole agglomération, read by who may."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.vigilance.models import DwellingSignal, Orientation, QuarterFigures, UnpaidCount
from parvis.vigilance.quarters import Quarter, finished
from parvis.vigilance.signal_publishing import publish_figures
from tests.cast import Cast
from tests.vigilance.scene import SECRET, a_door, an_orientation

PAGE = "/vigilance/chiffres/"


def last() -> Quarter:
    return finished(timezone.localdate(), 1)[0]


def in_last(days: int = 10) -> datetime:
    day = last().start + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(12)))


def after() -> datetime:
    """When the figures of the last quarter are due, whatever day it is today."""
    return max(in_last(92) + timedelta(days=10), timezone.now())


def oriented(cast: Cast, door: Any, many: int, **fields: Any) -> None:
    for _ in range(many):
        an_orientation(cast, door, **{"sent_at": in_last(), "quartier": cast.rives, **fields})


def table(figures: QuarterFigures, title: str) -> dict[str, list[Any]]:
    found = next(one for one in figures.tables if one["title"].startswith(title))
    return {first: cells for first, *cells in found["rows"]}


@given(day=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_each_day_lies_in_its_quarter_and_its_address_leads_back(day: date) -> None:
    found = Quarter.of(day)
    assert found.start <= day <= found.end
    assert Quarter.read(found.code) == found
    assert found.next().before() == found
    assert (found.next().start - found.end).days == 1


@pytest.mark.django_db
def test_a_quarter_is_told_once_and_never_again(cast: Cast) -> None:
    door = a_door(cast)
    oriented(cast, door, 6)
    assert publish_figures(after()) == 2  # the agglomération, and the door
    told = QuarterFigures.objects.get(door=None)
    oriented(cast, door, 3)
    assert publish_figures(after()) == 0
    assert QuarterFigures.objects.get(door=None).tables == told.tables


@pytest.mark.django_db
def test_nothing_is_told_of_a_quarter_that_still_runs(cast: Cast) -> None:
    oriented(cast, a_door(cast), 6, sent_at=timezone.now())
    publish_figures()
    assert not QuarterFigures.objects.filter(quarter=Quarter.of(timezone.localdate()).start)


@pytest.mark.django_db
def test_small_counts_are_hidden_with_those_that_would_give_them_away(cast: Cast) -> None:
    door, advice = a_door(cast), a_door(cast, kind="pcb", name="Conseil", takes=["dettes"])
    oriented(cast, door, 7)
    oriented(cast, advice, 2, need="dettes")
    publish_figures(after())
    told = QuarterFigures.objects.get(door=None)
    kinds = table(told, "Orientations par nature")
    assert kinds["Ensemble"] == [9]
    assert all(cells == [None] for name, cells in kinds.items() if name != "Ensemble")


@pytest.mark.django_db
def test_what_was_done_in_the_quarter_is_counted_there(cast: Cast) -> None:
    door = a_door(cast)
    closed = {"state": "closed", "outcome": "accompagnement", "closed_at": in_last(40)}
    first = timezone.localdate(in_last()) + timedelta(days=9)
    oriented(cast, door, 6, first_contact_on=first, **closed)
    oriented(cast, door, 5, state="refused", refusal="complet", answered_at=in_last(12))
    oriented(cast, door, 5, **{**closed, "closed_at": in_last(100)})  # in the next one
    publish_figures(after())
    told = QuarterFigures.objects.get(door=None)
    assert table(told, "Délai")["Ensemble"] == [6]
    ended = table(told, "Suites")
    assert ended["Ensemble"] == [11]
    assert [name for name, cells in ended.items() if cells != [None]] != []


@pytest.mark.django_db
def test_a_neighbouring_agglomeration_has_its_own_figures(cast: Cast, client: Client) -> None:
    oriented(cast, a_door(cast), 6)
    theirs = a_door(cast, cast.other_town)
    oriented(cast, theirs, 8, sender=cast.paul, commune=cast.raismes)
    publish_figures(after())
    for who, many in ((cast.claire, [6]), (cast.bruno, [8])):
        seen = QuarterFigures.objects.visible_to(cast.actor(who)).get()
        assert table(seen, "Orientations par nature")["Ensemble"] == many
    client.force_login(cast.bruno)
    assert "Agglomération de l’Escaut" not in client.get(f"{PAGE}{last().code}/").text


@pytest.mark.django_db
def test_an_organisation_reads_the_figures_of_its_own_door(cast: Cast) -> None:
    door = a_door(cast)
    oriented(cast, door, 6)
    publish_figures(after())
    assert QuarterFigures.objects.visible_to(cast.actor(cast.karim)).get().door == door
    for who in (cast.sofia, cast.nadia, cast.luc, cast.rose):
        assert not QuarterFigures.objects.visible_to(cast.actor(who)).exists()


@pytest.mark.django_db
def test_a_coordination_reads_counts_and_no_row(cast: Cast, client: Client) -> None:
    oriented(cast, a_door(cast), 6)
    publish_figures(after())
    client.force_login(cast.claire)
    told = client.get(f"{PAGE}{last().code}/").text
    assert not Orientation.objects.visible_to(cast.actor(cast.claire)).exists()
    codes = Orientation.objects.values_list("code", flat=True)
    assert not [word for word in (*SECRET.values(), *codes) if word in told]


@pytest.mark.django_db
def test_signals_are_told_in_bands_and_a_residence_only_when_several_say_it(cast: Cast) -> None:
    a_door(cast)
    organisations = [cast.town, cast.landlord, cast.association]
    start = last().start
    months = [start, (start + timedelta(days=32)).replace(day=1)]
    for organisation in organisations:
        for month in months:
            DwellingSignal.objects.create(
                what="damp",
                commune=cast.anzin,
                quartier=cast.rives,
                residence=cast.tilleuls,
                organisation=organisation,
                month=month,
            )
    DwellingSignal.objects.create(
        what="damp",
        commune=cast.valenciennes,
        quartier=cast.rives,
        residence=cast.peupliers,
        organisation=cast.other_landlord,
        month=start,
    )
    publish_figures(after())
    told = QuarterFigures.objects.get(door=None)
    signalled = table(told, "Logements signalés")
    assert signalled["Rives de l’Escaut (Anzin, Raismes, Valenciennes)"] == ["moins de 5", "5 à 9"]
    assert list(table(told, "Résidences signalées")) == [cast.tilleuls.name]


@pytest.mark.django_db
def test_unpaid_charges_are_told_rounded(cast: Cast, client: Client) -> None:
    for residence, behind in ((cast.tilleuls, 12), (cast.peupliers, 3)):
        UnpaidCount.objects.create(
            residence=residence,
            organisation=cast.landlord,
            quarter=last().start,
            dwellings=60,
            behind=behind,
        )
    client.force_login(cast.claire)
    rows = client.get(f"{PAGE}{last().code}/").context["sections"][0][1][0]["rows"]
    told = {row["first"]: row["cells"][3][1] for row in rows}
    assert told == {"Les Tilleuls": "environ 10", "Les Peupliers": "moins de 5"}
    client.force_login(cast.bruno)
    assert not client.get(f"{PAGE}{last().code}/").context["sections"]


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_files_say_what_the_page_says_and_no_more(cast: Cast, client: Client, form: str) -> None:
    from python_calamine import CalamineWorkbook

    oriented(cast, a_door(cast), 7)
    oriented(cast, a_door(cast, kind="pcb", name="Conseil"), 2)
    publish_figures(after())
    client.force_login(cast.claire)
    answer: Any = client.get(f"{PAGE}{last().code}/{form}/")
    content = b"".join(answer.streaming_content)
    if form == "csv":
        words = content.decode("utf-8-sig")
    else:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        words = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert "masqué" in words
    assert "Orientations par nature de service" in words
    shown = client.get(f"{PAGE}{last().code}/").context["sections"]
    hidden = sum(
        cell[2]
        for _, tables in shown
        for one in tables
        for row in one["rows"]
        for cell in row["cells"]
    )
    assert words.count("masqué") == hidden
