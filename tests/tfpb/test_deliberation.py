"""The annex that a council reads: given up is paid back and net cost, to the cent."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from parvis.documents.pdf import make_pdf
from parvis.tfpb.deliberation import annex_of
from parvis.tfpb.law import share
from parvis.tfpb.money import HUNDRED, to_cents
from tests.cast import Cast
from tests.documents.pdfs import assert_accessible
from tests.tfpb.scene import a_line, a_programme, some_dwellings, this_year
from tests.tfpb.stock_scene import plain, signed_in
from tests.tfpb.test_stock import KNOWN, NOTICED


def annex(cast: Cast, person: Any) -> Any:
    communes = [cast.anzin.pk, cast.raismes.pk, cast.valenciennes.pk]
    return annex_of(cast.actor(person), this_year(), communes)


@pytest.mark.django_db
def test_revenue_given_up_is_what_the_state_pays_back_and_the_net_cost(cast: Cast) -> None:
    some_dwellings(cast, **{**KNOWN, "estimate": Decimal("20250.01")})
    a_line(a_programme(cast, state="sent"))
    found = annex(cast, cast.karim)
    (row,) = found.rows
    assert (row.abatement, row.basis) == (Decimal("20250.01"), "estimation du bailleur")
    assert (row.compensation, row.net) == (Decimal("8100.00"), Decimal("12150.01"))
    assert [one.title for one in row.actions] == ["Enlèvement des encombrants en plus"]
    assert found.net + found.compensated == found.abatement
    assert any("ordures ménagères" in words for words in found.doubts)


@pytest.mark.django_db
def test_the_notice_goes_before_the_estimate_and_the_stock_before_the_programme(cast: Cast) -> None:
    programme = a_programme(cast, state="sent")
    (row,) = annex(cast, cast.karim).rows
    assert (row.abatement, row.basis) == (programme.forecast, "montant annoncé dans le programme")
    some_dwellings(cast, **KNOWN, **NOTICED)
    (row,) = annex(cast, cast.karim).rows
    assert (row.abatement, row.basis) == (Decimal("20300.00"), "avis d’imposition")


@pytest.mark.django_db
@pytest.mark.parametrize("known", [KNOWN, {}])
def test_what_a_merged_landlord_gave_up_is_counted_once(cast: Cast, known: Any) -> None:
    some_dwellings(cast, landlord=cast.other_landlord, **known)
    cast.other_landlord.successor = cast.landlord
    cast.other_landlord.save(update_fields=["successor"])
    a_line(a_programme(cast, state="sent", forecast=Decimal("20250.00")))
    (row,) = annex(cast, cast.karim).rows
    assert (row.landlord, row.dwellings) == ("Hainaut Logis", 180)
    assert (row.abatement, row.state) == (Decimal("20250.00"), "transmis")
    assert len(row.actions) == 1
    # With a programme of its own there, be it one that this reader does not see, it stands apart.
    a_programme(cast, landlord=cast.other_landlord)
    assert [(one.landlord, one.state) for one in annex(cast, cast.karim).rows] == [
        ("Escaut Habitat", "transmis"), ("Hainaut Logis", ""),
    ]  # fmt: skip


@pytest.mark.django_db
def test_an_amount_that_nobody_knows_is_not_zero(cast: Cast) -> None:
    some_dwellings(cast)
    found = annex(cast, cast.karim)
    assert found.rows[0].abatement is None
    assert any("n’est pas compté" in words for words in found.doubts)


@pytest.mark.django_db
def test_an_actor_reads_in_it_what_it_may_see_and_no_more(cast: Cast) -> None:
    draft = a_programme(cast)
    a_line(draft)
    some_dwellings(cast, **KNOWN)
    some_dwellings(
        cast, landlord=cast.other_landlord, residence=cast.peupliers, commune=cast.valenciennes
    )
    names = {
        who: [row.landlord for row in annex(cast, getattr(cast, who)).rows]
        for who in ("claire", "karim", "luc", "paul", "nadia", "bruno")
    }
    ours, theirs = "Escaut Habitat", "Hainaut Logis"
    assert names == {
        "claire": [ours, theirs], "karim": [ours], "luc": [ours], "paul": [theirs],
        "nadia": [], "bruno": [],
    }  # fmt: skip
    # A draft is its landlord's: the town reads the stock, not what is being written.
    assert annex(cast, cast.karim).rows[0].actions == []
    assert len(annex(cast, cast.luc).rows[0].actions) == 1


@pytest.mark.django_db
def test_the_annex_is_a_tagged_pdf_with_its_totals_and_doubts(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_dwellings(cast, **KNOWN)
    a_line(a_programme(cast, state="sent"), title="Passage #panic[] *en plus*")
    printed: list[Any] = []

    def kept(template: str, data: Any, **more: Any) -> bytes:
        printed.append(data)
        return make_pdf(template, data, **more)

    monkeypatch.setattr("parvis.tfpb.deliberation_views.make_pdf", kept)
    karim = signed_in(cast.karim)
    assert_accessible(karim.get(reverse("tfpb:deliberation_pdf")).content)
    words = plain(json.dumps(printed, ensure_ascii=False).encode())
    for expected in ("20 250,00 €", "8 100,00 €", "12 150,00 €", "Cour des comptes", "Passage #"):
        assert expected in words, expected
    assert "12 150,00 €" in plain(karim.get(reverse("tfpb:deliberation")).content)
    # Nothing to say: no paper, and a word about it.
    assert signed_in(cast.nadia).get(reverse("tfpb:deliberation_pdf")).status_code == 302


@given(st.decimals(0, 50_000_000, places=2))
def test_the_two_parts_of_an_amount_always_make_it(amount: Decimal) -> None:
    paid_back = to_cents(amount * share("compensation", 2026).percent / HUNDRED)
    assert abs(paid_back - amount * 2 / 5) <= Decimal("0.005")
    assert paid_back + (amount - paid_back) == amount
