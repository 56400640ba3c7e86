"""Vouchers are asked for by sample, given as a file, and never a pay slip."""

from __future__ import annotations

import zlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.tfpb import voucher_acts as acts
from parvis.tfpb.models import Bilan, Voucher
from parvis.tfpb.voucher_words import refuse_pay_slip, words_of_pdf
from tests.cast import Cast
from tests.tfpb.bilan_scene import running, sent_bilan


def pdf(page: bytes, *, packed: bool = True) -> bytes:
    """The least that a PDF with one page of text holds."""
    stream = b"BT /F1 12 Tf " + page + b" ET"
    if packed:
        stream = zlib.compress(stream)
    return b"%PDF-1.4\n1 0 obj <<>> stream\n" + stream + b"\nendstream endobj\n%%EOF"


def a_file(name: str = "facture.pdf", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf(b"(Facture) Tj"), "application/pdf")


@pytest.mark.parametrize(
    ("title", "name", "page"),
    [
        ("Bulletin de paie de mars", "a.pdf", b""),
        ("Gardien", "Fiche_de_paie-2026.pdf", b""),
        ("Gardien", "SALAIRES.pdf", b""),
        ("Gardien", "a.pdf", b"[(BULL) -20 (ETIN DE PAIE)] TJ"),
        ("Gardien", "a.pdf", b"(B\\125LLETIN DE PAYE) Tj"),
        ("Gardien", "a.pdf", b"<53616C61697265> Tj"),
        ("Gardien", "a.pdf", b"<00530061006C0061006900720065> Tj"),
    ],
)
def test_a_pay_slip_is_refused_and_what_to_give_is_said(title: str, name: str, page: bytes) -> None:
    for packed in (True, False):
        with pytest.raises(ValidationError, match="état récapitulatif"):
            refuse_pay_slip(title, a_file(name, pdf(page, packed=packed)))


@pytest.mark.parametrize(
    ("title", "page"),
    [
        ("Facture des encombrants", b"(Salariat et paiement) Tj"),
        ("Coût salarial du poste", b"(\\(avoir\\) 12 passages) Tj"),
        ("Bon d’intervention", b"\x00\xff"),
        ("Facture", b"<0020" + b"03150300" * 45_000 + b"> Tj"),  # nothing but accents
    ],
)
def test_an_invoice_is_taken(title: str, page: bytes) -> None:
    upload = a_file(content=pdf(page))
    refuse_pay_slip(title, upload)
    assert upload.read().startswith(b"%PDF")  # still whole for who keeps it


def test_a_damaged_pdf_says_nothing() -> None:
    assert words_of_pdf(b"%PDF-1.4 stream\nBT (x ET\nendstream") == ""


@pytest.mark.parametrize(
    "page",
    [
        b"stream\n" * 2_000_000,
        b"stream\nBT " + b"[" * 2_000_000,
        pdf(b"[" * 390_000),
        pdf(b"\\(" * 195_000),
        pdf(b"<" + b"20 " * 130_000),
    ],
)
def test_a_pdf_made_to_be_slow_is_read_at_once_and_says_nothing(page: bytes) -> None:
    assert words_of_pdf(b"%PDF-1.4 " + page).strip() == ""


def test_only_the_first_pages_of_a_pdf_are_read() -> None:
    pages = pdf(b"(Facture) Tj") + b" " * 2_000_000 + pdf(b"(Salaire) Tj")
    assert words_of_pdf(pages) == "Facture"


def test_a_party_asks_the_landlord_gives_and_both_read(client: Any, cast: Cast) -> None:
    _, waste, _ = running(cast)
    client.force_login(cast.karim)
    note = {"note": "La facture de mars"}
    assert client.post(f"/tfpb/lignes/{waste.pk}/justificatif/", note).status_code == 302
    asked = Voucher.objects.get()
    assert asked.asked_by == cast.town
    assert client.post(f"/tfpb/justificatifs/{asked.pk}/donner/").status_code == 403
    client.force_login(cast.luc)
    page = client.get(f"/tfpb/lignes/{waste.pk}/suivi/").content.decode()
    assert "Donner ce justificatif" in page
    url = f"/tfpb/justificatifs/{asked.pk}/donner/"
    refused = client.post(url, {"title": "Fiche de paie", "file": a_file()})
    assert "état récapitulatif" in refused.content.decode()
    assert client.post(url, {"title": "Facture", "file": a_file()}).status_code == 302
    for person, status in ((cast.luc, 200), (cast.karim, 200), (cast.paul, 404), (cast.nadia, 404)):
        client.force_login(person)
        assert client.get(f"/tfpb/justificatifs/{asked.pk}/").status_code == status


def test_what_is_published_does_not_show_its_vouchers(client: Any, cast: Cast) -> None:
    programme, waste, _ = running(cast)
    asked = acts.ask_voucher(waste, actor=cast.actor(cast.karim), note="La facture")
    acts.give_voucher(asked, actor=cast.actor(cast.luc), title="Facture", file=a_file())
    programme.published_at = programme.moved_at
    programme.save(update_fields=["published_at"])
    client.force_login(cast.paul)
    assert client.get(f"/tfpb/justificatifs/{asked.pk}/").status_code == 404
    assert client.get(f"/tfpb/lignes/{waste.pk}/suivi/").status_code == 403


def test_nothing_is_asked_for_before_money_is_spent(cast: Cast) -> None:
    _, waste, _ = running(cast, state="validated")
    with pytest.raises(ValidationError, match="rien à justifier"):
        acts.ask_voucher(waste, actor=cast.actor(cast.karim), note="La facture")


def test_a_voucher_stays_once_the_bilan_is_accepted(client: Any, cast: Cast) -> None:
    programme, waste, _ = sent_bilan(cast)
    karim, luc = cast.actor(cast.karim), cast.actor(cast.luc)
    given, late = (acts.ask_voucher(waste, actor=karim, note="La facture") for _ in range(2))
    for title in ("Devis", "Facture"):
        given = acts.give_voucher(given, actor=luc, title=title, file=a_file())
    Bilan.objects.filter(programme=programme).update(state="accepted")
    with pytest.raises(ValidationError, match="ne change plus"):
        acts.give_voucher(given, actor=luc, title="Autre facture", file=a_file())
    given.refresh_from_db()
    assert (given.title, given.file.storage.exists(given.file.name)) == ("Facture", True)
    client.force_login(cast.luc)
    page = client.get(f"/tfpb/lignes/{waste.pk}/suivi/").content.decode()
    assert ("Remplacer" in page, "Donner ce justificatif" in page) == (False, True)
    assert acts.give_voucher(late, actor=luc, title="Facture", file=a_file()).given_at
