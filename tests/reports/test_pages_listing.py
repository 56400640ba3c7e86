"""Lists, map and export: the same filters, the same rows, the same few queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.reports.models import Category, Part, Report
from parvis.reports.searching import index_report
from parvis.reports.workflow import State
from tests.cast import IN_RAISMES, Cast
from tests.reports.pages import text_of
from tests.reports.scene import at_point, filed, make_public, only_part, photo


def references(client: Client, query: str = "") -> set[str]:
    """The references on the map; the list and the export must hold the same."""
    points = client.get(f"/signalements/carte.json?{query}").json()["points"]
    on_map = {reference for _, _, reference, _, _ in points}
    page = client.get(f"/signalements/?{query}").content.decode()
    in_list = {one for one in Report.objects.values_list("reference", flat=True) if one in page}
    csv = exported(client, query)
    in_csv = {line.split(";")[0] for line in csv.splitlines()[1:]}
    assert on_map == in_list == in_csv
    cells = client.get(f"/signalements/carte.json?vue=ville&{query}").json()["cells"]
    assert sum(count for _, _, count, _ in cells) == len(on_map)
    return on_map


def exported(client: Client, query: str = "") -> str:
    answer = client.get(f"/signalements/export.csv?{query}")
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_a_stranger_sees_public_reports_and_partners_theirs(town: Cast, client: Client) -> None:
    hidden = filed().report
    shown = make_public(filed().report)
    away = make_public(filed(at_point(IN_RAISMES)).report)
    assert references(client) == {shown.reference, away.reference}
    client.force_login(town.karim)
    assert references(client) == {hidden.reference, shown.reference}
    assert references(client, "all=1") == {hidden.reference, shown.reference, away.reference}


def test_withdrawn_reports_are_in_no_list(town: Cast, client: Client) -> None:
    report = make_public(filed().report)
    Report.objects.filter(pk=report.pk).update(withdrawn_at=timezone.now())
    client.force_login(town.karim)
    assert references(client, "all=1") == set()


def test_each_filter_keeps_what_it_says(town: Cast, client: Client) -> None:
    road = make_public(filed().report)
    dirt = filed(code="salete").report
    orphan = make_public(filed().report)
    late = timezone.localdate() - timedelta(days=1)
    Report.objects.filter(pk=dirt.pk).update(due_on=late)
    Report.objects.filter(pk=road.pk).update(state=State.SETTLED, closed_at=timezone.now())
    Part.objects.filter(report=orphan).update(organisation=None)
    client.force_login(town.claire)
    everything = {road.reference, dirt.reference, orphan.reference}
    family = Category.objects.get(code="salete").parent
    assert family is not None
    for query, expected in {
        "": everything,
        "state=closed": {road.reference},
        "state=open": {dirt.reference, orphan.reference},
        "state=settled": {road.reference},
        f"family={family.code}": {dirt.reference},
        "quartier=QN05921M": everything,
        "quartier=QN05931M": set(),
        "commune=59014": everything,
        "commune=59606": set(),
        "late=1": {dirt.reference},
        "review=1": {dirt.reference},
        "ownerless=1": {orphan.reference},
        f"organisation={town.town.pk}": {road.reference, dirt.reference},
        "mine=1": set(),
        f"q={dirt.reference}": {dirt.reference},
        f"state=open&late=1&family={family.code}": {dirt.reference},
    }.items():
        assert references(client, query) == expected, query


@pytest.mark.parametrize(
    "query",
    [
        "state=licorne",
        "family=%00",
        "quartier=zzz",
        "commune=1'%20OR%201=1",
        "organisation=abc",
        "organisation=99999999999999999999999",
        "q=%22%27%3B--%20%2A%20%28",
        "q=" + "a" * 300,
        "before=x",
        "before=2026-01-01T00:00:00~1",
        "before=2026-01-01T00:00:00%2B00:00~99999999999999999999999",
        "late=maybe",
    ],
)
def test_a_filter_that_makes_no_sense_breaks_nothing(
    town: Cast, client: Client, query: str
) -> None:
    make_public(filed().report)
    client.force_login(town.claire)
    for url in ("/signalements/", "/signalements/carte.json", "/signalements/export.csv"):
        assert client.get(f"{url}?{query}").status_code == 200


def test_a_filter_that_was_left_aside_is_told(town: Cast, client: Client) -> None:
    make_public(filed().report)
    assert "laissé de côté : État" in text_of(client.get("/signalements/?state=licorne"))


def test_strangers_do_not_have_the_filters_of_partners(town: Cast, client: Client) -> None:
    report = make_public(filed().report)
    assert references(client, "review=1&ownerless=1&late=1") == {report.reference}


def test_words_that_nobody_reviewed_cannot_be_guessed_by_searching(
    town: Cast, client: Client
) -> None:
    report = make_public(filed(text="Monsieur Untel jette ses sacs").report)
    index_report(report)
    assert references(client, "q=untel") == set()
    client.force_login(town.karim)
    assert references(client, "q=untel") == {report.reference}


def test_an_export_holds_no_contact_and_no_unreviewed_text(town: Cast, client: Client) -> None:
    voice = filed(
        text="Texte-secret", email="lea@exemple.test", phone="0612345678", photos=[photo()]
    )
    make_public(voice.report)
    csv = exported(client)
    assert voice.report.reference in csv
    assert "Texte-secret" not in csv
    map_data = client.get("/signalements/carte.json").content.decode()
    assert "Texte-secret" not in map_data
    client.force_login(town.karim)
    csv = exported(client)
    assert "Texte-secret" in csv
    assert "lea@exemple.test" not in csv
    assert "612345678" not in csv


def test_a_text_in_an_export_never_becomes_a_formula(town: Cast, client: Client) -> None:
    filed(text='=HYPERLINK("http://mal.test")')
    client.force_login(town.karim)
    assert ";=" not in exported(client).replace('"', "")


def many(count: int) -> None:
    """Many public reports, each with its part, at the same moment or nearly."""
    model = filed().report
    part = only_part(model)
    start = timezone.now() - timedelta(days=10)
    rows = [
        Report(
            reference=f"R-2025-{number:05d}",
            category=model.category,
            at=start + timedelta(minutes=number // 3),
            latitude=model.latitude,
            longitude=model.longitude,
            place_label=model.place_label,
            commune=model.commune,
            public=True,
            reviewed_at=start,
            due_on=timezone.localdate(),
        )
        for number in range(count)
    ]
    Report.objects.bulk_create(rows)
    Part.objects.bulk_create(
        Part(
            report=row,
            organisation=part.organisation,
            due_on=timezone.localdate(),
            created_at=start,
        )
        for row in rows
    )


def test_pages_by_key_show_every_report_once(town: Cast, client: Client) -> None:
    many(130)
    url, seen = "/signalements/", []
    while url:
        page = client.get(url).context
        seen += [row["report"].reference for row in page["rows"]]
        url = page["next_url"]
    assert len(seen) == len(set(seen)) == 130
    second = client.get("/signalements/").context["next_url"]
    assert client.get(second).context["first_url"] == "/signalements/"


QUERIES = "state=open&family=voirie&quartier=QN05921M&commune=59014&q=lilas"
PARTNER = f"{QUERIES}&late=1&review=1&ownerless=1&mine=1&all=1&organisation=1"


@pytest.mark.parametrize("count", [10, 1000])
@pytest.mark.parametrize("who", ["", "karim", "claire", "rose"])
def test_list_map_and_export_take_few_queries_and_no_more_with_words_unknown(
    town: Cast, client: Client, django_assert_max_num_queries: Any, count: int, who: str
) -> None:
    many(count)
    if who:
        client.force_login(town.people[who])
    for query in ("", PARTNER if who else QUERIES):
        with django_assert_max_num_queries(14):
            client.get(f"/signalements/?{query}")
        with django_assert_max_num_queries(9 if who else 5):
            client.get(f"/signalements/carte.json?{query}")
        with django_assert_max_num_queries(8 if who else 5):
            exported(client, query)


def test_a_map_that_is_cut_says_so(town: Cast, client: Client) -> None:
    many(1001)
    data = client.get("/signalements/carte.json").json()
    assert len(data["points"]) == 1000
    assert data["cut"]
    assert "les plus récents" in data["note"]


def test_the_outlines_behind_the_maps_are_those_in_force(town: Cast, client: Client) -> None:
    data = client.get("/signalements/territoire.json").json()
    names = {feature["properties"]["title"] for feature in data["features"]}
    assert names == {"Rives de l’Escaut", "Faubourg"}


def test_states_have_the_same_name_in_the_filter_as_on_each_line(
    town: Cast, client: Client
) -> None:
    make_public(filed().report)
    page = text_of(client.get("/signalements/?filtres=1"))
    assert page.count("Reçu") == 2
    assert "nouveau" not in page
