"""Sheets of the toolbox stand where they help, and what follows one says so on the thread."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.thread.models import Link
from parvis.toolbox.lists import load
from parvis.toolbox.models import Label, Sheet
from parvis.upkeep.models import Theme
from parvis.works.models import Nuisance
from tests.actions.scene import fiche
from tests.cast import Cast
from tests.councils.lot_scene import begun
from tests.councils.scene import a_body
from tests.tfpb.scene import a_line, a_programme
from tests.toolbox.scene import a_sheet
from tests.walks.scene import a_walk
from tests.works.scene import a_worksite


@pytest.fixture
def sheets(cast: Cast) -> dict[str, Sheet]:
    """One published sheet for each occasion, and a draft that fits them all."""
    load()
    found = {}
    draft = a_sheet(cast, title="Un brouillon", published=False)
    for title, group, code in (
        ("Diagnostic", "occasion", "diagnostic"),
        ("Tirage", "occasion", "tirage"),
        ("Chantier", "moment", "pendant"),
        ("Axe", "axe", "dechets"),
    ):
        label = Label.objects.get(group=group, code=code)
        found[title] = _sorted(a_sheet(cast, title=f"Fiche {title}"), labels=[label])
        draft.labels.add(label)
    theme = Theme.objects.filter(code="encombrants").first() or Theme.objects.create(
        code="encombrants", version=1, label="Encombrants", domain="dechets"
    )
    found["Thème"] = _sorted(a_sheet(cast, title="Fiche Thème"), themes=[theme])
    _sorted(draft, themes=[theme])
    return found


def _sorted(sheet: Any, **ways: Any) -> Any:
    for name, values in ways.items():
        setattr(sheet, name, values)
    sheet.save()
    return sheet


def pages(cast: Cast) -> dict[str, tuple[str, Any]]:
    """The page of each occasion, and who prepares it."""
    worksite = a_worksite(cast)
    Nuisance.objects.create(worksite=worksite, kind="bruit")
    return {
        "Diagnostic": (reverse("walks:walk", args=[a_walk(cast).pk]), cast.claire),
        "Tirage": (reverse("councils:draw", args=[begun(cast, a_body(cast)).pk]), cast.claire),
        "Chantier": (reverse("works:worksite", args=[worksite.pk]), None),
        "Axe": (reverse("tfpb:line", args=[a_line(a_programme(cast)).pk]), cast.luc),
        "Thème": (reverse("actions:action", args=[fiche(cast).pk]), cast.luc),
    }


def test_each_page_puts_forward_the_sheet_that_fits_it_and_no_draft(
    cast: Cast, sheets: dict[str, Sheet]
) -> None:
    for title, (address, person) in pages(cast).items():
        client = Client()
        if person:
            client.force_login(person)
        page = client.get(address).content.decode()
        shown = {one for one in sheets if f"Fiche {one}<" in page}
        assert shown == {title}, address
        assert "Un brouillon" not in page


def test_nothing_stands_there_when_nothing_fits(cast: Cast) -> None:
    for address, person in pages(cast).values():
        client = Client()
        if person:
            client.force_login(person)
        page = client.get(address).content.decode()
        assert "Le dire sur le fil" not in page
        assert "boite-a-outils/1" not in page


@pytest.mark.parametrize(
    ("title", "name", "kind"),
    [
        ("Thème", "actions:follow_sheet", "action"),
        ("Diagnostic", "walks:follow_sheet", "walk"),
        ("Axe", "tfpb:line_follow_sheet", "tfpb_line"),
    ],
)
def test_who_writes_it_says_which_sheet_it_follows_and_the_thread_shows_it(
    cast: Cast, sheets: dict[str, Sheet], title: str, name: str, kind: str
) -> None:
    address, person = pages(cast)[title]
    pk = int(address.rstrip("/").rsplit("/")[-1])
    client = Client()
    client.force_login(person)
    follow = reverse(name, args=[pk])
    assert follow in client.get(address).content.decode()
    for _ in range(2):
        assert client.post(follow, {"sheet": sheets[title].pk})["Location"] == address
    link = Link.objects.get(kind="follows")
    assert (link.source_kind, link.source_id) == ("sheet", sheets[title].pk)
    assert (link.target_kind, link.target_id) == (kind, pk)
    told = client.get(reverse("toolbox:sheet", args=[sheets[title].pk]))
    assert told.status_code == 200
    # A reader of the same page who may not write it, and another landlord who writes elsewhere.
    for other in (cast.rose, cast.paul):
        client.force_login(other)
        assert client.post(follow, {"sheet": sheets[title].pk}).status_code in (403, 404)


@pytest.mark.parametrize("given", ["", "x", "0", "99999999999999", "draft"])
def test_a_draft_or_a_sheet_that_is_not_is_followed_by_nothing(
    cast: Cast, sheets: dict[str, Sheet], given: str
) -> None:
    action, client = fiche(cast), Client()
    client.force_login(cast.luc)
    wanted = str(Sheet.objects.get(title="Un brouillon").pk) if given == "draft" else given
    answer = client.post(
        reverse("actions:follow_sheet", args=[action.pk]), {"sheet": wanted}, follow=True
    )
    assert "Choisissez une fiche publiée" in answer.content.decode()
    assert not Link.objects.filter(kind="follows").exists()
