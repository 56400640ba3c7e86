"""A stranger sets sheets aside, puts them in order, and gets one PDF of them."""

from __future__ import annotations

import io
import resource
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.toolbox.booklet_acts import booklet_pdf, erase_old, published
from parvis.toolbox.booklet_basket import KEY, MOST
from parvis.toolbox.models import AdviceSheet, Booklet, Sheet
from tests.cast import Cast
from tests.toolbox.booklet_scene import full_sheet, look
from tests.toolbox.scene import a_sheet

pytestmark = pytest.mark.django_db
BOOKLET = "/boite-a-outils/livret/"


def put(client: Client, sheet: Any, do: str = "add") -> Any:
    return client.post(reverse("toolbox:booklet_put", args=[sheet.pk]), {"do": do})


def arrange(client: Client, do: str) -> Any:
    return client.post(reverse("toolbox:booklet_arrange"), {"do": do})


def some(cast: Cast, number: int) -> list[Any]:
    return [
        a_sheet(cast, kind=AdviceSheet, title=f"Conseil numéro {place + 1}", summary="Court.")
        for place in range(number)
    ]


def test_a_stranger_makes_a_booklet_of_three_sheets(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    first, second, third = some(cast, 3)
    for sheet in (first, second, third):
        assert put(client, sheet).status_code == 302
    arrange(client, f"up {third.pk}")
    arrange(client, f"up {third.pk}")
    page = client.get(BOOKLET).content.decode()
    assert page.index(third.title) < page.index(first.title) < page.index(second.title)
    answer = client.post(BOOKLET, {"title": "Nos conseils"})
    made = client.get(answer["Location"])
    assert "Votre livret est prêt" in made.content.decode()
    file = client.get(f"{answer['Location']}livret.pdf")
    info = look(file.content, tmp_path, "pdfinfo")
    assert "Title:           Nos conseils" in info
    assert "Tagged:          yes" in info
    assert "Pages:           5" in info  # cover, contents, and each sheet on a page of its own
    contents = look(file.content, tmp_path, "pdftotext", "-layout", "-f", "2", "-l", "2")
    lines = [line.split() for line in contents.splitlines() if "Conseil numéro" in line]
    assert [(line[2], line[-1].strip("\u2060")) for line in lines] == [
        ("3", "3"),
        ("1", "4"),
        ("2", "5"),
    ]
    assert "Sommaire" in contents
    tree = look(file.content, tmp_path, "pdfinfo", "-struct")
    assert "TOC" in tree
    assert "Link" in tree


def test_a_long_booklet_is_made_in_the_background_and_waited_for(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    for sheet in some(cast, 4):
        put(client, sheet)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(BOOKLET, {"title": "Plus long"})
    booklet = Booklet.objects.get()
    assert "se prépare" in client.get(answer["Location"]).content.decode()
    assert client.get(f"{answer['Location']}livret.pdf").status_code == 404
    asked = DBTaskResult.objects.filter(task_path__endswith="make_booklet").get()
    assert asked.args_kwargs["args"] == [booklet.pk]
    from parvis.toolbox.booklet_tasks import make_booklet

    make_booklet.func(booklet.pk)
    # Whoever has the address comes back to it, without the session that asked for it.
    made = Client().get(answer["Location"])
    assert "prêt" in made.content.decode()
    assert Client().get(f"{answer['Location']}livret.pdf").content.startswith(b"%PDF")


def test_what_is_no_longer_published_is_not_in_a_booklet(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    kept, gone = some(cast, 2)
    put(client, kept)
    put(client, gone)
    draft = a_sheet(cast, title="Un secret de brouillon", published=False)
    session = client.session
    session[KEY] = [*session[KEY], draft.pk]
    session.save()
    Sheet.objects.get(pk=gone.pk).specific.unpublish()
    answer = client.post(BOOKLET, {"title": "Deux conseils"})
    file = client.get(f"{answer['Location']}livret.pdf").content
    told = look(file, tmp_path, "pdftotext")
    assert kept.title in told
    assert gone.title not in told
    assert "secret" not in told
    assert "secret" not in client.get(BOOKLET).content.decode()


def test_a_sheet_withdrawn_while_one_waits_is_left_out_and_said(cast: Cast, tmp_path: Path) -> None:
    kept, gone = some(cast, 2)
    Sheet.objects.get(pk=gone.pk).specific.unpublish()
    sheets = published([kept.pk, gone.pk])
    told = look(booklet_pdf("Livret", sheets, left_out=1), tmp_path, "pdftotext")
    assert "1 fiche choisie n’est plus publiée" in told


def test_a_sheet_withdrawn_after_the_booklet_was_made_is_read_there_no_more(
    cast: Cast, client: Client
) -> None:
    kept, gone = some(cast, 2)
    put(client, kept)
    put(client, gone)
    page = client.post(BOOKLET, {"title": "Deux conseils"})["Location"]
    assert client.get(f"{page}livret.pdf")["Content-Type"] == "application/pdf"
    Sheet.objects.get(pk=gone.pk).specific.unpublish()
    assert client.get(f"{page}livret.pdf")["Location"] == page
    told = client.get(page).content.decode()
    assert "a été retirée depuis" in told
    assert "livret.pdf" not in told


def test_a_writer_sets_no_draft_aside(cast: Cast, client: Client) -> None:
    draft = a_sheet(cast, published=False)
    assert put(client, draft).status_code == 404
    client.force_login(cast.karim)
    answer = client.post(
        reverse("toolbox:booklet_put", args=[draft.pk]), {"do": "add"}, follow=True
    )
    assert "Seule une fiche publiée" in answer.content.decode()
    assert KEY not in client.session


def test_a_basket_holds_each_sheet_once_is_emptied_and_has_a_limit(
    cast: Cast, client: Client
) -> None:
    sheet, other = some(cast, 2)
    put(client, sheet)
    put(client, sheet)
    assert client.session[KEY] == [sheet.pk]
    put(client, sheet, "remove")
    assert KEY not in client.session
    session = client.session
    session[KEY] = list(range(1000, 1000 + MOST))
    session.save()
    put(client, other)
    assert other.pk not in client.session[KEY]
    arrange(client, "empty")
    assert KEY not in client.session


def test_looking_at_sheets_opens_no_session(cast: Cast, client: Client) -> None:
    (sheet,) = some(cast, 1)
    client.get(BOOKLET)
    client.get(reverse("toolbox:sheet_pdf", args=[sheet.pk]))
    assert "sessionid" not in client.cookies


def test_an_empty_booklet_and_one_without_title_are_refused(cast: Cast, client: Client) -> None:
    assert "Choisissez d’abord" in client.post(BOOKLET, {"title": "Vide"}).content.decode()
    put(client, some(cast, 1)[0])
    assert client.post(BOOKLET, {"title": ""}).status_code == 200
    assert not Booklet.objects.exists()


def test_one_visitor_does_not_keep_the_machine_busy(
    cast: Cast, client: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr("parvis.toolbox.booklet_views.A_VISITOR", 1)
    put(client, some(cast, 1)[0])
    assert client.post(BOOKLET, {"title": "Un"}).status_code == 302
    assert "attendez une heure" in client.post(BOOKLET, {"title": "Deux"}).content.decode()


def test_a_booklet_is_erased_with_its_file_after_a_day(cast: Cast, client: Client) -> None:
    put(client, some(cast, 1)[0])
    address = client.post(BOOKLET, {"title": "Un jour"})["Location"]
    booklet = Booklet.objects.get()
    path = Path(booklet.file.path)
    assert path.exists()
    assert erase_old(timezone.now() + timedelta(hours=23)) == 0
    Booklet.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    call_command("erase_booklets", stdout=io.StringIO())
    assert not path.exists()
    assert client.get(address).status_code == 404


def test_a_booklet_that_failed_says_so(cast: Cast, client: Client) -> None:
    booklet = Booklet.objects.create(
        title="Raté", sheets=[0], asked_at=timezone.now(), state="failed"
    )
    assert "n’a pas pu être fait" in client.get(booklet.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", [2, 12])
def test_the_page_of_a_booklet_asks_as_much_whatever_it_holds(
    cast: Cast, client: Client, django_assert_num_queries: Any, number: int
) -> None:
    sheets = some(cast, number)
    session = client.session
    session[KEY] = [sheet.pk for sheet in sheets]
    session.save()
    client.get(BOOKLET)
    with django_assert_num_queries(2):  # the session, the sheets with their authors
        assert client.get(BOOKLET).content.decode().count("Conseil numéro") > number


def worked() -> float:
    """Seconds that this process and its children computed: the machine may be busy with others."""
    both = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


@pytest.mark.drill
def test_fifty_sheets_of_real_size_compile_in_less_than_ten_seconds(
    cast: Cast, tmp_path: Path
) -> None:
    sheets = [full_sheet(cast, title=f"Fiche {number + 1}", long=6) for number in range(50)]
    pks = [sheet.pk for sheet in sheets]
    before, start = worked(), time.perf_counter()
    content = booklet_pdf("Cinquante fiches", published(pks))
    took, waited = worked() - before, time.perf_counter() - start
    pages = int(look(content, tmp_path, "pdfinfo").split("Pages:")[1].split()[0])
    weight = f"{pages} pages, {len(content) / 1e6:.1f} MB"
    print(f"\n50 sheets, {weight}: {took:.1f} s of work, {waited:.1f} s on this machine")
    assert pages > 150
    assert took < 10
