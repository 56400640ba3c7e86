"""Draws in a browser: who opens what, a whole draw walked from page to page, no name anywhere."""

from __future__ import annotations

import logging
import shutil
import subprocess
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.councils.lot_acts import ask, drawable_bodies
from parvis.councils.lot_tasks import PREPARE, SIFT, compute
from parvis.councils.models import Draw, DrawnContact, DrawnPerson, ListedPerson, SourceList
from parvis.councils.workflow import DrawnState, DrawState
from parvis.thread.models import Event
from tests.cast import Cast, make_cast
from tests.councils import lot_scene as scene
from tests.councils.scene import a_body, other_body

MARKS = (scene.MARK, scene.STREET, f"{scene.PHONE}0000")


def signed(person: Any) -> Client:
    client = Client(headers={"sec-fetch-site": "same-origin"})
    client.force_login(person)
    return client


def words_of(content: bytes) -> str:
    """The text of a PDF, when this machine can read one."""
    if not shutil.which("pdftotext"):
        return ""
    command = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def marked(text: str) -> list[str]:
    return [mark for mark in MARKS if mark.casefold() in text.casefold()]


# --- Rights ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_draw_is_begun_by_the_coordination_or_who_carries_the_body(cast: Cast) -> None:
    ours = scene.drawing(a_body(cast, carrier=cast.landlord))
    theirs = scene.drawing(other_body(cast))
    plain = a_body(
        cast,
        organisation=apps.get_model("partners.Organisation").objects.create(
            name="Sans tirage", kind="participation"
        ),
    )
    assert plain.regime == "2024"
    for who, wanted in (
        (cast.claire, [ours]),
        (cast.luc, [ours]),
        (cast.bruno, [theirs]),
        *((one, []) for one in (cast.nadia, cast.karim, cast.hugo, cast.yasmine, cast.ines)),
    ):
        assert list(drawable_bodies(cast.actor(who))) == wanted, who


@pytest.mark.django_db
def test_a_draw_is_everybody_s_once_its_rules_are_published(cast: Cast) -> None:
    body = a_body(cast)
    draw = scene.ready(cast, body)
    seen = {
        who
        for who, person in cast.people.items()
        if Draw.objects.visible_to(cast.actor(person)).exists()
    }
    assert seen == {"claire", "yasmine", "hugo"}
    Draw.objects.filter(pk=draw.pk).update(sealed_at=timezone.now())
    assert all(Draw.objects.visible_to(cast.actor(who)).exists() for who in cast.people.values())


@pytest.mark.django_db
def test_people_of_a_draw_are_for_who_runs_it_alone(cast: Cast) -> None:
    scene.drawn(cast, a_body(cast))
    for rows in (DrawnPerson.objects, ListedPerson.objects):
        readers = {
            who
            for who, person in cast.people.items()
            if rows.visible_to(cast.actor(person)).exists()
        }
        assert readers == {"claire"}


@pytest.mark.django_db
def test_where_members_are_not_drawn_nothing_speaks_of_draws(cast: Cast) -> None:
    body = a_body(cast)
    client = signed(cast.claire)
    assert client.get(reverse("councils:draws", args=[body.pk])).status_code == 404
    assert "Tirages" not in client.get(reverse("councils:body", args=[body.pk])).content.decode()
    scene.drawing(body)
    assert client.get(reverse("councils:draws", args=[body.pk])).status_code == 200


@pytest.mark.django_db
def test_the_list_of_draws_asks_as_much_for_many(
    cast: Cast, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    body, client = a_body(cast), signed(cast.claire)
    scene.begun(cast, body)
    url = reverse("councils:draws", args=[body.pk])
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    for number in range(9):
        scene.begun(cast, body, title=f"Tirage {number}")
    with django_assert_num_queries(len(few)):
        client.get(url)


@pytest.mark.django_db
def test_the_page_of_people_asks_as_much_for_many(
    cast: Cast, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    draw, client = scene.drawn(cast, a_body(cast)), signed(cast.claire)
    url = reverse("councils:draw_people", args=[draw.pk])
    client.get(url)
    with django_assert_max_num_queries(20) as few:
        client.get(url)
    more = [
        DrawnPerson(draw=draw, line=n, rank=n, seat=1, state=DrawnState.TO_CALL)
        for n in range(100, 1100)
    ]
    people = DrawnPerson.objects.bulk_create(more)
    DrawnContact.objects.bulk_create(DrawnContact(person=one, name="Essai") for one in people)
    with django_assert_num_queries(len(few)):
        client.get(url)


# --- A whole draw ----------------------------------------------------------------------------


def run(draw: Draw, what: str) -> None:
    """What the worker does of what a page asked."""
    draw.refresh_from_db()
    asked = draw.computing_at or ask(draw)
    compute.call(draw.pk, what, asked.isoformat())
    draw.refresh_from_db()


def whole_draw(cast: Cast, client: Client) -> Draw:
    """From the empty form to the panel, as claire does it."""
    body = scene.drawing(a_body(cast))

    def post(name: str, *args: Any, **data: Any) -> Any:
        answer = client.post(reverse(f"councils:{name}", args=args), data)
        assert answer.status_code == 302, answer.content.decode()
        return answer

    end = (timezone.localdate() + timedelta(days=30)).isoformat()
    post("new_draw", body=body.pk, title="Essai", college="habitants", seats=4, reserve=8,
         youngest=16, inside="on", destroy_on=end)  # fmt: skip
    draw = Draw.objects.get()
    post("draw_add_list", draw.pk, origin="volontaires", holder="Les Voisins", basis=scene.BASIS,
         file=scene.upload(scene.csv_of()))  # fmt: skip
    source = SourceList.objects.get()
    columns = reverse("councils:draw_columns", args=[draw.pk, source.pk])
    form = client.get(columns).context["form"]
    post("draw_columns", draw.pk, source.pk, **{one.name: one.initial or "" for one in form
         if one.name != "extra"})  # fmt: skip
    run(draw, SIFT)
    page = client.get(reverse("councils:draw_rules", args=[draw.pk])).context
    sexes = next(group for group in page["table"] if group["column"] == "sexe")
    quotas = {one[end].name: 2 for one in sexes["lines"] for end in ("least", "most")}
    post("draw_rules", draw.pk, household="foyer", **quotas)
    post("draw_prepare", draw.pk)
    run(draw, PREPARE)
    parties = {}
    for number, (name, value) in enumerate(scene.VALUES.items(), 1):
        url = reverse("councils:draw_commitment", args=[draw.pk])
        made = client.post(url, {"value": value, "again": value})
        assert value not in made.content.decode()
        parties |= {f"name_{number}": name, f"commitment_{number}": made.context["made"]}
    post("draw_parties", draw.pk, **parties)
    post("draw_seal", draw.pk)
    for party in draw.parties.all():
        post("draw_reveal", draw.pk, party.pk, value=scene.VALUES[party.name])
    post("draw_now", draw.pk)
    draw.refresh_from_db()
    assert draw.state == DrawState.DRAWN
    return draw


PUBLIC = ("draw", "draw_record", "draw_report", "draw_witness", "draw_witness_state")


@pytest.mark.django_db(transaction=True)
def test_no_name_leaves_the_lists_and_none_stays_after_their_destruction(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cast = make_cast()
    runner = signed(cast.claire)
    draw = whole_draw(cast, runner)
    first = scene.first_of(draw)
    letters = runner.post(reverse("councils:draw_letters", args=[draw.pk]))
    calls = runner.post(reverse("councils:draw_calls", args=[draw.pk]))
    for paper in (letters, calls):
        assert paper.content.startswith(b"%PDF-")
        assert not words_of(paper.content) or marked(words_of(paper.content))
    runner.post(reverse("councils:drawn_answer", args=[first.pk]), {"state": "refused"})

    def outside() -> None:
        for reader in (client, signed(cast.hugo), signed(cast.bruno)):
            for name in PUBLIC:
                answer = reader.get(reverse(f"councils:{name}", args=[draw.pk]))
                text = (
                    words_of(answer.content) if name == "draw_report" else answer.content.decode()
                )
                assert (answer.status_code, marked(text)) == (200, []), name
            listing = reader.get(reverse("councils:draws", args=[draw.body_id]))
            assert not marked(listing.content.decode())
        assert not marked(str(list(Event.objects.values())))
        assert not marked(str([vars(one) for one in mail.outbox]))
        assert not marked(
            str([one.getMessage() for one in caplog.records if "django.db" not in one.name])
        )

    outside()
    assert tables_with(*MARKS) == {
        "councils_listedperson",
        "councils_drawncontact",
    }
    Draw.objects.update(destroy_on=timezone.localdate())
    call_command("retention", stdout=StringIO())
    call_command("retention", stdout=StringIO())
    draw.refresh_from_db()
    assert (draw.state, draw.salt) == (DrawState.ENDED, "")
    assert draw.destroyed_at is not None
    assert Event.objects.filter(code="destroyed").count() == 1
    assert tables_with(*MARKS) == set()
    assert in_the_files() == []
    outside()


def tables_with(*marks: str) -> set[str]:
    """The tables of the database in which a mark stands, in any column."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {name}")
            if any(mark in str(row) for row in cursor.fetchall() for mark in marks):
                found.add(table)
    return found


def in_the_files() -> list[str]:
    """The files of an SQLite database that hold a mark, rows or not."""
    if connection.vendor != "sqlite":
        return []
    base = Path(str(connection.settings_dict["NAME"]))
    files = [base, *(base.with_name(base.name + end) for end in ("-wal", "-shm"))]
    held = {one.name: one.read_bytes() for one in files if one.exists()}
    return [name for name, raw in held.items() if any(mark.encode() in raw for mark in MARKS)]
