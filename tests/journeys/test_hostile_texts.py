"""Twenty hostile texts through every field that people write in, then out by every way: pages,
mail, csv, xlsx, ods, GeoJSON. Each stays the words that it is: nothing runs, nothing is lost."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from parvis.notices.models import Envelope
from parvis.notices.models import Message as Notice
from parvis.notices.sending import send_due
from parvis.partners.actors import Actor
from parvis.reports import acts
from parvis.reports.followup import greet_voices, tell_organisations
from parvis.reports.links import service_token, token_of
from parvis.reports.lists import load
from parvis.reports.models import Blackspot, Category, Report
from parvis.reports.placing import Place
from parvis.thread.acts import link
from tests import guards
from tests.cast import IN_ANZIN, Cast
from tests.reports.pages import TELL, send

pytestmark = pytest.mark.django_db

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": '<img src=x onerror="alert(1)">',
    "out of an attribute": '"><svg onload=alert(1)>',
    "out of a single quote": "' autofocus onfocus='alert(1)",
    "out of json": '</script><script>alert(1)</script>{"a":1}',
    "comment": "<!-- --!> <style>body{display:none}</style>",
    "link": "javascript:alert(1)//https://exemple.test",
    "template": "{{ 7|add:7 }} {% debug %} {# perdu #}",
    "format": "{who} {0.__class__} %s %(x)s ${HOME}",
    "formula": '=HYPERLINK("http://exemple.test";"Cliquez")',
    "formula with a plus": "+33 1 23 45 67 89",
    "formula with a minus": "-2+3+cmd|' /C calc'!A0",
    "formula with an at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "formula behind a blank": "\u00a0=1+1",
    "cells": 'a;b,c\td"e""f',
    "sql": "'; DROP TABLE reports_report; --",
    "mail header": "Bonjour\r\nBcc: tous@exemple.test\r\n\r\nPerdu",
    "right to left": "facture\u202egnp.exe\u200b\u2066x",
    "control signs": "a\x01b\x08c\x0bd\x1be\x7ff",
    "emoji and far planes": "🏚️👩‍👩‍👧‍👦 𝔘𝔫𝔦 \U0010ffff ﷽",
}


@pytest.fixture(params=list(HOSTILE.values()), ids=list(HOSTILE))
def hostile(request: Any) -> str:
    text: str = request.param
    return text


@pytest.fixture(autouse=True)
def people_may_write_braces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere template code in a page is a fault of ours; here somebody wrote it."""
    monkeypatch.setattr(guards._InlineFinder, "handle_data", lambda finder, data: None)


@pytest.fixture
def story(cast: Cast, hostile: str, settings: Any, tmp_path: Path) -> Report:
    """A report in which everybody wrote this text wherever they may."""
    settings.MEDIA_ROOT = tmp_path / "media"
    load()
    karim, claire = cast.actor(cast.karim), cast.actor(cast.claire)
    Category.objects.filter(code="trou_chaussee").update(
        questions=[{"code": "mots", "label": "En quelques mots ?"}]
    )
    place = Place(latitude=IN_ANZIN[0], longitude=IN_ANZIN[1], label=hostile)
    voice = acts.file_report(
        actor=claire,
        place=place,
        category=Category.objects.get(code="trou_chaussee"),
        text=hostile,
        answers={"mots": hostile},
        email="lea@exemple.test",
    )
    report = voice.report
    message = acts.speak(voice, text=hostile)
    acts.note(report, actor=karim, text=hostile)
    _keep_ready(karim, hostile)
    part = acts.assign_part(
        report, actor=claire, organisation=cast.landlord, title=hostile.strip()[:160]
    )
    acts.advance_part(part, "doubt", actor=cast.actor(cast.luc), reason=hostile)
    acts.answer(report, actor=karim, text=hostile)
    blackspot = Blackspot.objects.create(
        title=hostile.strip()[:160],
        theme_code="voirie",
        commune=cast.anzin,
        state="kept",
        owner=cast.town,
        created_at=timezone.now(),
    )
    acts.plan_blackspot(blackspot, actor=karim, plan=hostile, due_on=None, for_group=True)
    link(claire, ("report", report.pk), ("blackspot", blackspot.pk))
    acts.review(
        report,
        actor=claire,
        public=True,
        text_shown=True,
        shown_photos=set(),
        shown_messages=set(report.messages.values_list("pk", flat=True)) | {message.pk},
    )
    return report


def _keep_ready(actor: Actor, hostile: str) -> None:
    """As an answer kept ready; words in braces that mean nothing are refused by name."""
    told = ""
    try:
        acts.write_template(actor=actor, title=hostile[:60].strip(), text=hostile)
    except ValidationError as refused:
        told = str(refused)
    assert not told or "n’est pas connu" in told


class Reading(HTMLParser):
    """What a browser would make of a page: elements with their attributes, and the words."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.words: list[str] = []
        self.raw = ""  # inside a script, which is data here
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        data = given.get("type") == "application/json"
        if tag == "script" and not data and "src" not in given:
            self.faults.append("a script of its own")
        if tag in ("style", "iframe", "object", "base"):
            self.faults.append(f"an element {tag}")
        for name, value in attrs:
            if name.startswith("on") or name in ("autofocus", "style", "srcdoc"):
                self.faults.append(f"an attribute {name}")
            if name in ("href", "src", "action") and (value or "").lower().startswith("javascript"):
                self.faults.append(f"a {name} that runs")
            if value and name in ("value", "content"):
                self.words.append(value)
        self.raw = "json" if data else tag if tag == "script" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.raw = ""

    def handle_data(self, data: str) -> None:
        if self.raw == "json":
            json.loads(data)
        elif not self.raw:
            self.words.append(data)


def plain(text: str) -> str:
    """The words without the blanks between them, nor signs that no file can hold."""
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cc" or sign in "\t\r\n")
    return re.sub(r"\s+", "", text)


def holds(text: str, hostile: str) -> bool:
    return plain(hostile) in plain(text)


def test_pages_show_the_words_and_run_nothing(
    cast: Cast, story: Report, hostile: str, client: Client
) -> None:
    part = story.parts.get(organisation=cast.landlord)
    voice = story.voices.get()
    blackspot = Blackspot.objects.get()
    everybody = [
        f"/signalements/{story.reference}/",
        "/signalements/",
        f"/suivre/{token_of(voice)}/",
        f"/quartiers/{cast.rives.code}/",
    ]
    partners = [
        *everybody[:2],
        f"/signalements/{story.reference}/confier/",
        f"/parts/{part.pk}/confier/",
        "/a-traiter/",
        "/reponses-types/",
        f"/points-noirs/{blackspot.pk}/",
        "/points-noirs/",
    ]
    pages = [(Client(), path) for path in [*everybody, f"/service/{service_token(part)}/"]]
    client.force_login(cast.karim)
    pages += [(client, path) for path in partners]
    shown = 0
    for reader, path in pages:
        answer = reader.get(path)
        if answer.status_code in (404, 405):  # not for this reader, or a form that is only sent
            continue
        read = Reading(answer.content.decode())
        assert read.faults == [], path
        shown += holds("".join(read.words), hostile)
    assert shown >= 8


def test_a_search_shows_what_was_looked_for(story: Report, hostile: str, client: Client) -> None:
    for path in ("/signalements/", "/chercher/", "/signaler/"):
        answer = client.get(path, {"q": hostile})
        assert answer.status_code == 200, path
        assert Reading(answer.content.decode()).faults == []


def test_every_public_field_of_the_form_takes_it_or_says_why(
    cast: Cast, story: Report, hostile: str, client: Client
) -> None:
    fields = ["text", "email", "phone", "dwelling", "answer_mots"]
    answer = send(client, TELL, **dict.fromkeys(fields, hostile))
    assert answer.status_code == 200  # neither an address nor a telephone
    read = Reading(answer.content.decode())
    assert read.faults == []
    assert holds("".join(read.words), hostile)
    answer = send(client, TELL, text=hostile)
    assert answer.status_code == 302
    assert Report.objects.exclude(pk=story.pk).get().text.strip()


def test_mails_carry_the_words_and_no_header_of_theirs(
    cast: Cast, story: Report, hostile: str
) -> None:
    greet_voices()
    tell_organisations()
    Notice.objects.update(due_at=timezone.now() - timedelta(minutes=5))
    send_due()
    assert not Envelope.objects.exists()
    assert mail.outbox
    for message in mail.outbox:
        assert "\n" not in message.subject + "".join(message.to)
        assert "\r" not in message.subject
        assert len(message.recipients()) == 1
        assert set(message.extra_headers) & {"Bcc", "bcc"} == set()
        message.message().as_bytes()
        html = next(str(part.content) for part in message.alternatives)
        faults = [fault for fault in Reading(html).faults if fault != "an element style"]
        assert [fault for fault in faults if fault != "an attribute style"] == []
    assert any(holds(str(message.body), hostile) for message in mail.outbox)


def exported(client: Client, form: str) -> bytes:
    answer = client.get(f"/signalements/export.{form}")
    assert answer.status_code == 200
    content: bytes = b"".join(answer)  # streamed
    return content


def test_csv_keeps_the_words_and_no_formula(story: Report, hostile: str, client: Client) -> None:
    text = exported(client, "csv").decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    cells = dict(zip(header, row, strict=True))
    for name in ("lieu", "texte"):
        assert holds(cells[name], hostile)
        assert unicodedata.normalize("NFKC", cells[name].strip())[:1] not in {"=", "+", "-", "@"}


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_spreadsheets_keep_the_words_as_text(
    story: Report, hostile: str, client: Client, form: str
) -> None:
    content = exported(client, form)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    header, row = book.get_sheet_by_index(0).to_python()
    cells = dict(zip(header, row, strict=True))
    for name in ("lieu", "texte"):
        assert isinstance(cells[name], str)
        assert holds(cells[name], hostile)
    if form == "xlsx":
        import zipfile

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"<hyperlink" not in sheet


def test_geojson_keeps_the_words(story: Report, hostile: str, client: Client) -> None:
    (feature,) = json.loads(exported(client, "geojson"))["features"]
    assert holds(feature["properties"]["lieu"], hostile)
    assert holds(feature["properties"]["texte"], hostile)


def test_the_map_keeps_the_words(story: Report, client: Client) -> None:
    answer = client.get("/signalements/carte.json")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/json")
    json.loads(answer.content)
