"""Nobody reads a landlord's figures before they have the right to: every address of the room, every
export of it, and the pages of other rooms that show its things, tried by everybody.

The addresses are found in the site's own list: a new page is tried as soon as it exists. What is
looked for is one amount that nothing else in the database holds, alone or several times over.
"""

from __future__ import annotations

import json
import sys
import zipfile
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.documents import pdf
from parvis.partners import rights
from parvis.tfpb.models import Dwellings, Programme, Transfer
from parvis.tfpb.overview_forms import CUTS
from parvis.thread.acts import link
from tests.access.test_every_url import URLS, arguments
from tests.actions.scene import fiche
from tests.cast import Cast, make_cast
from tests.tfpb.scene import an_officer
from tests.tfpb.world import side

AMOUNT = Decimal("7391.13")
TOGETHER = 24  # so many times over, were it summed
STRANGER = "a stranger"
# Who may read luc's sheet once it is sent; while he writes it, his own organisation alone.
SENT_TO = {"luc", "karim", "claire", "the officer"}
OWN = {"luc"}
# What stays readable while he completes it: what was sent, and his table of droit commun, which he
# keeps all year and not with a sheet.
AS_SENT = {"tfpb:version", "tfpb:compare", "tfpb:bilan", "tfpb:usual"}
WHO = ("luc", "paul", "karim", "claire", "nadia", "bruno", "rose")
FORMS = ("csv", "xlsx", "ods", "json", "pdf", "zip")
QUERIES = {"tfpb:overview": [f"cut={code}" for code in CUTS]}
ROOM = [row for row in URLS if row[0].startswith("tfpb:")]


def _money(model: Any) -> list[str]:
    """The columns of a model that hold euros."""
    return [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.DecimalField) and field.max_digits == 14
    ]


MODELS: list[Any] = list(apps.get_app_config("tfpb").get_models())


def _set(rows: Any, amount: Decimal) -> None:
    """Give that amount to all the money of these rows that is said at all."""
    for name in _money(rows.model):
        rows.exclude(**{name: None}).update(**{name: amount})


def _mark() -> None:
    """Give the amount to all the money of the room, and to what was kept of it. The stock is
    marked by the tests: parties read it before any programme is sent."""
    for model in MODELS:
        if model is not Dwellings:
            _set(model._base_manager.all(), AMOUNT)
        texts = [one.name for one in model._meta.fields if isinstance(one, models.JSONField)]
        for one in model._base_manager.all() if texts else ():
            for name in texts:
                kept = json.dumps(getattr(one, name)).replace("12000.00", str(AMOUNT))
                model._base_manager.filter(pk=one.pk).update(**{name: json.loads(kept)})


def _empty(before: dict[Any, set[Any]]) -> None:
    """Take all the money out of what was made since."""
    for model, known in before.items():
        if model is not Transfer:
            _set(model._base_manager.exclude(pk__in=known), Decimal(0))


@pytest.fixture(scope="module")
def world(kept: None) -> SimpleNamespace:
    """luc's sheet in Anzin with the amount everywhere, paul's in Raismes with none; everybody."""
    cast: Cast = make_cast()
    ours = side(cast, ours=True, public=False)
    _mark()
    before = {model: set(model._base_manager.values_list("pk", flat=True)) for model in MODELS}
    theirs = side(cast, ours=False, public=False)
    _empty(before)
    action = fiche(cast)
    type(action).objects.filter(pk=action.pk).update(published_at=timezone.now())
    link(cast.actor(cast.luc), ("action", action.pk), ("tfpb_line", ours["tfpb_line"].pk))
    browsers = {STRANGER: Client(), "the officer": Client()}
    browsers["the officer"].force_login(an_officer(cast))
    for who in WHO:
        browsers[who] = Client()
        browsers[who].force_login(cast.people[who])
    return SimpleNamespace(
        cast=cast,
        ours=SimpleNamespace(**ours),
        theirs=SimpleNamespace(**theirs),
        browsers=browsers,
        action=action,
    )


@pytest.fixture(autouse=True)
def media() -> None:
    """The files of the world stay where it put them, for every test."""


@pytest.fixture(autouse=True)
def papers_as_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF answers the words it would print: in the file itself they are compressed."""
    real = pdf.make_pdf

    def words(template: str, data: Any, **_: Any) -> bytes:
        return json.dumps(data, default=str, ensure_ascii=False).encode()

    for name, module in list(sys.modules.items()):
        if name.startswith("parvis.") and getattr(module, "make_pdf", None) is real:
            monkeypatch.setattr(module, "make_pdf", words)


def content_of(answer: Any) -> bytes:
    whole: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return _unzipped(whole)


def _unzipped(some: bytes) -> bytes:
    """What a file says, and the files inside it."""
    if not some.startswith(b"PK"):
        return some
    with zipfile.ZipFile(BytesIO(some)) as archive:
        return b"\n".join(_unzipped(archive.read(name)) for name in archive.namelist())


def shows_the_amount(some: bytes) -> bool:
    """Whether the amount stands there, once or summed, however it is written."""
    text = some.decode("utf-8", "replace").replace("&nbsp;", "").replace("&#8239;", "")
    text = "".join(text.split()).replace("\u00a0", "").replace("\u202f", "").replace(",", ".")
    return any(str(AMOUNT * times) in text for times in range(1, TOGETHER + 1))


def addresses(world: SimpleNamespace, name: str, parameters: tuple[str, ...]) -> list[str]:
    """The addresses of that page for luc's things, in each of its formats."""
    given = arguments(name, parameters, rights.doors()[name], world.ours)
    versions = [given]
    if "form" in given:
        versions = [{**given, "form": form} for form in FORMS]
    found = [reverse(name, kwargs=one) for one in versions]
    return found + [f"{found[0]}?{query}" for query in QUERIES.get(name, ())]


def leaks(world: SimpleNamespace, urls: list[str], allowed: set[str]) -> list[str]:
    """Who reads the amount where they may not."""
    return [
        f"{who} reads it at {url}"
        for who, browser in world.browsers.items()
        if who not in allowed
        for url in urls
        if shows_the_amount(content_of(browser.get(url)))
    ]


@pytest.mark.parametrize("state", ["draft", "to_complete", "running"])
@pytest.mark.parametrize(("name", "parameters"), ROOM)
def test_no_page_of_the_room_shows_it_to_who_may_not_read_it(
    world: SimpleNamespace, db: None, name: str, parameters: tuple[str, ...], state: str
) -> None:
    _in_state(world, state)
    kept = state == "to_complete" and name in AS_SENT
    allowed = SENT_TO if state == "running" or kept else OWN
    assert leaks(world, addresses(world, name, parameters), allowed) == []


@pytest.mark.parametrize("state", ["draft", "to_complete", "running"])
def test_no_page_of_another_room_shows_it_either(
    world: SimpleNamespace, db: None, state: str
) -> None:
    _in_state(world, state)
    urls = [
        "/chercher/?q=encombrants",
        "/a-traiter/",
        f"/quartiers/{world.cast.rives.code}/",
        reverse("actions:action", args=[world.action.pk]),
    ]
    assert leaks(world, urls, SENT_TO if state == "running" else OWN) == []


def test_those_who_may_read_it_do_and_everybody_once_it_is_published(
    world: SimpleNamespace, db: None
) -> None:
    """Without this, the tests above would pass on empty pages."""

    def readers() -> set[str]:
        urls = ["/tfpb/", "/tfpb/lignes.xlsx", "/tfpb/lignes.ods", "/tfpb/consolidation.csv"]
        return {
            who
            for who, browser in world.browsers.items()
            if all(shows_the_amount(content_of(browser.get(url))) for url in urls)
        }

    assert readers() == SENT_TO
    _in_state(world, "draft")
    assert readers() == OWN
    Programme.objects.filter(pk=world.ours.tfpb_programme.pk).update(published_at=timezone.now())
    assert readers() == set(world.browsers)


def _in_state(world: SimpleNamespace, state: str) -> None:
    Programme.objects.filter(pk=world.ours.tfpb_programme.pk).update(state=state)
    if state != "draft":
        stock = Dwellings.objects.filter(landlord=world.cast.landlord)
        for name in ("rental_value", "estimate", "real"):
            stock.exclude(**{name: None}).update(**{name: AMOUNT})
