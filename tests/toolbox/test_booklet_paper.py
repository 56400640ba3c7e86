"""A sheet on paper: tagged, whole, dated, and nothing in it that a stranger may not read."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.documents.pdf import make_pdf
from parvis.toolbox.booklet_acts import LINES, sheet_pdf
from parvis.toolbox.booklet_content import tell
from parvis.toolbox.booklet_files import offered_by
from parvis.toolbox.booklet_letters import DRAWN, MISSING, drawn
from parvis.toolbox.booklet_richtext import read, to_html, words_of
from parvis.toolbox.models import AdviceSheet, Sheet, Wording
from tests.cast import Cast
from tests.toolbox.booklet_scene import full_sheet, look
from tests.toolbox.scene import a_sheet

pytestmark = pytest.mark.django_db


def batched(letters: list[str], size: int) -> list[list[str]]:
    return [letters[place : place + size] for place in range(0, len(letters), size)]


def flat(text: str) -> str:
    return " ".join(text.split())


def pdf_of(sheet: Any, query: str = "") -> str:
    return f"{reverse('toolbox:sheet_pdf', args=[sheet.pk])}{query}"


def test_a_sheet_is_downloaded_as_a_tagged_pdf_with_all_that_it_says(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    sheet = full_sheet(cast)
    answer = client.get(pdf_of(sheet))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename")
    info = look(answer.content, tmp_path, "pdfinfo")
    assert "Tagged:          yes" in info
    assert "Title:           Préparer un diagnostic en marchant" in info
    told = flat(look(answer.content, tmp_path, "pdftotext", "-layout"))
    for words in (
        "Regarder un quartier ensemble",
        "Comment regarder un quartier",
        "1. Choisir le parcours",
        "Auteur : Ville d’Anzin",
        "Avec : Les Voisins",
        f"version 1 du {timezone.localdate().day}",
        str(timezone.localdate().year),
        "Valable jusqu’au",
        "Comité de lecture · Agglomération de l’Escaut",
        "jusqu’à 200,00",
        "la charte",
        "matin",
        "Le hall après le passage · Photo : Ville d’Anzin",
        "Qui fait quoi",
        "Le bailleur",
        "Attention",
        "lentement",
        "Le compte rendu (texte Word",
        "Creative Commons Attribution 4.0",
        f"/boite-a-outils/{sheet.pk}/",
    ):
        assert words in told, words


def test_headings_lists_tables_and_pictures_are_tags_not_looks(cast: Cast, tmp_path: Path) -> None:
    tree = look(sheet_pdf(full_sheet(cast)), tmp_path, "pdfinfo", "-struct-text")
    for tag in ("H1", "H2", "H3", "LBody", "TH", "TD", "Figure", "Link"):
        assert tag in tree, tag


def test_an_expired_sheet_says_so_on_paper(cast: Cast, tmp_path: Path) -> None:
    sheet = full_sheet(cast, expires_on=timezone.localdate() - timedelta(days=1))
    assert "n’est plus tenue à jour" in look(sheet_pdf(sheet), tmp_path, "pdftotext")


def test_the_easy_version_is_a_pdf_too_and_says_when_it_is_older(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    sheet = full_sheet(cast)
    told = look(client.get(pdf_of(sheet, "?texte=falc")).content, tmp_path, "pdftotext")
    assert "Se promener pour regarder" in told
    assert "plus ancien" not in told
    sheet.save_revision().publish()
    told = look(client.get(pdf_of(sheet, "?texte=falc")).content, tmp_path, "pdftotext")
    assert "plus ancien que la fiche" in told


def test_a_text_in_another_language_says_so_from_its_title_on_and_its_signature_is_in_french(
    cast: Cast,
) -> None:
    sheet = full_sheet(cast)
    words = "<h3>First</h3><p>Walk slowly.</p>"
    sheet.wordings.add(Wording(language="en", title="A walk", text=words, of_version=1))
    sheet.save()
    paper = sheet_pdf(sheet, sheet.wordings.get(language="en"))
    spoken = re.findall(rb"/StructElem/S/(H1|H2|P|Div)\b[^>]*?/Lang\((.*?)\)", paper)
    assert spoken == [(b"H1", b"en"), (b"H2", b"en"), (b"P", b"en")]


def test_arabic_has_no_pdf_and_one_is_told_what_to_do(cast: Cast, client: Client) -> None:
    sheet = full_sheet(cast)
    answer = client.get(pdf_of(sheet, "?texte=ar"), follow=True)
    assert answer.redirect_chain == [(f"/boite-a-outils/{sheet.pk}/?texte=ar", 302)]
    assert "n’en dessinent pas les lettres" in answer.content.decode()
    assert client.get(pdf_of(sheet, "?texte=en")).status_code == 404


def test_a_draft_is_a_pdf_for_its_writers_alone_and_says_so(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    sheet = full_sheet(cast, published=False)
    for who in (None, cast.nadia, cast.luc, cast.bruno, cast.rose):
        other = Client()
        if who:
            other.force_login(who)
        assert other.get(pdf_of(sheet)).status_code == 404
    client.force_login(cast.karim)
    told = look(client.get(pdf_of(sheet)).content, tmp_path, "pdftotext")
    assert "Brouillon : ce texte n’est pas publié." in told


def test_a_draft_of_a_published_sheet_is_not_in_its_pdf(
    cast: Cast, client: Client, tmp_path: Path
) -> None:
    sheet = full_sheet(cast)
    sheet.summary = "Un secret de brouillon"
    sheet.save_revision()
    client.force_login(cast.karim)
    assert "secret" not in look(client.get(pdf_of(sheet)).content, tmp_path, "pdftotext")


def test_links_to_what_a_stranger_may_not_read_are_words_on_paper(cast: Cast) -> None:
    hidden = a_sheet(cast, title="Un brouillon", published=False)
    shown = a_sheet(cast, title="Une fiche ouverte")
    text = (
        f"<p><a linktype='page' id='{hidden.pk}'>caché</a> "
        f"<a linktype='page' id='{shown.pk}'>ouvert</a> "
        "<a href='javascript:alert(1)'>piège</a></p>"
    )
    body = AdviceSheet.body.field.stream_block.to_python([{"type": "text", "value": text}])
    sheet = a_sheet(cast, kind=AdviceSheet, title="Des liens", body=body)
    (told,) = tell([sheet]).sheets
    runs = told["parts"][0]["blocks"][0]["runs"]
    urls = {run["text"].strip(): run["url"] for run in runs if run["text"].strip()}
    assert urls["caché"] == urls["piège"] == ""
    assert urls["ouvert"].endswith(f"/boite-a-outils/{shown.pk}/")


def test_many_sheets_ask_no_more_queries_than_two(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    sheets = [full_sheet(cast, title=f"Fiche {number}") for number in range(6)]
    some = [Sheet.objects.get(pk=one.pk).specific for one in sheets]
    with django_assert_num_queries(3):
        tell(some[:2])
    with django_assert_num_queries(3):
        tell(some)


def test_letters_that_no_font_draws_stop_no_document(cast: Cast, tmp_path: Path) -> None:
    assert drawn("Bravo 😀 à 8\u202fh\u200b, ✓ 漢") == f"Bravo  à 8\u202fh, ✓ {MISSING}"
    sheet = a_sheet(cast, title="Bravo 😀 漢", summary="🚲🚲")
    assert "Bravo" in look(sheet_pdf(sheet), tmp_path, "pdftotext")


def test_every_letter_said_to_be_drawn_is(cast: Cast) -> None:
    (told,) = tell([a_sheet(cast)]).sheets
    letters = [
        chr(code)
        for first, last in DRAWN
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) not in ("Cn", "Cc", "Cf")
    ]
    run = {"bold": False, "italic": False, "url": ""}
    told["parts"] = [
        {"title": "", "blocks": [{"kind": "par", "runs": [{"text": " ".join(some), **run}]}]}
        for some in batched(letters, 200)
    ]
    files = {
        "/lines.typ": LINES.read_bytes(),
        told["qr"]: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    data = {"subtitle": "", "made_on": "", "author": "", "lang": "fr", "sheet": told}
    assert make_pdf("toolbox/sheet", data, title="Lettres", files=files)


def test_documents_are_offered_in_open_formats_first(cast: Cast) -> None:
    found = offered_by(full_sheet(cast))
    assert [(one.label, one.format.open) for one in found] == [
        ("La grille", True),
        ("Le compte rendu", False),
    ]
    assert found[0].size
    assert found[1].remark
    assert not found[0].remark


def test_a_document_is_downloaded_under_headers_that_run_nothing(
    cast: Cast, client: Client
) -> None:
    offer = offered_by(full_sheet(cast))[0]
    answer = client.get(reverse("toolbox:paper", args=[offer.paper.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"PK")


READ = (
    ("<p>un <b>gros</b> mot</p>", "<p>un <b>gros</b> mot</p>"),
    ("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>",
     "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>"),
    ("<p onclick='x'>a<script>alert(1)</script><img src=x onerror=y>b</p>", "<p>ab</p>"),
    ("<h2>Titre</h2>suite", "<h3>Titre</h3><p>suite</p>"),
    ("<p>a < b &amp; c&lt;script&gt;</p>", "<p>a &lt; b &amp; c&lt;script&gt;</p>"),
    ("<p>a<br/>b</p><p> </p>", "<p>a<br/>b</p>"),
    ("</ul></li><li>seul</b></p>", "<p>seul</p>"),
    ('<p><a href=\'"><script>\'>x</a></p>', '<p><a href="&quot;&gt;&lt;script&gt;">x</a></p>'),
)  # fmt: skip


def test_rich_text_is_read_into_what_the_editor_writes() -> None:
    for html, wanted in READ:
        assert to_html(read(html), lambda link: link.to) == wanted


def test_lists_without_end_are_read_all_the_same() -> None:
    deep = "<ul><li>" * 5000 + "fond"
    assert "fond" in words_of(read(deep))
