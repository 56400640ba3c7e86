"""The stock: written under the name of the owner on 1 January, estimated with the commune's rate,
read by those who may."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from parvis.partners.rights import Refused
from parvis.places.models import Residence
from parvis.tfpb.models import Dwellings
from parvis.tfpb.stock_sums import stock_of, sum_of, sums_by_place
from parvis.tfpb.stock_taking import take_stock
from parvis.tfpb.stock_writing import add_dwellings, change_dwellings, estimate_again, seal
from parvis.thread.models import Event
from parvis.upkeep.acts import take_over
from tests.cast import Cast
from tests.figures.counting import counted
from tests.tfpb.scene import a_programme, some_dwellings, the_officer, this_year
from tests.tfpb.stock_scene import a_rate, plain, signed_in

pytestmark = pytest.mark.django_db
ESTIMATED = {"rental_value": Decimal("300000.00")}
KNOWN = {
    "estimate": Decimal("20250.00"),
    "estimated_on": date(2025, 10, 1),
    "estimate_source": "valeur locative",
}
NOTICED = {
    "real": Decimal("20300.00"),
    "real_on": date(2026, 10, 12),
    "real_source": "avis 59014-0457",
}


def given(**more: Any) -> dict[str, Any]:
    return {"reason": "avant_1998", "total": 200, "abated": 180, **more}


def written(cast: Cast, **more: Any) -> Dwellings:
    luc = cast.actor(cast.luc)
    return add_dwellings(luc, cast.tilleuls, None, this_year(), given(**more))


def test_a_rental_value_is_estimated_with_the_rate_of_the_commune_that_year(cast: Cast) -> None:
    a_rate(cast)
    a_rate(cast, tax_year=this_year() - 1, percent=Decimal(10))
    row = written(cast, **ESTIMATED)
    assert row.estimate == Decimal("20250.00")  # 300 000 x 50 % x 30 % x 45 %
    assert (row.rate, row.quartier) == (Decimal(45), cast.rives)
    assert row.estimate_source == "valeur locative et taux de 45 % (État fiscal 1259)"
    page = plain(signed_in(cast.luc).get(reverse("tfpb:stock_home", args=[row.pk])).content)
    assert "67 500,00 €" in page  # the tax without abatement, a step of the estimate
    assert "arrondi une seule fois, au centime" in page


def test_a_missing_rate_is_named_and_the_estimate_comes_once_it_is_known(cast: Cast) -> None:
    row = written(cast, **ESTIMATED)
    assert row.estimate is None
    mine = Dwellings.objects.filter(pk=row.pk)
    assert estimate_again(mine).missing == [("Anzin", this_year())]
    a_rate(cast)
    assert estimate_again(mine).rows == 1
    row.refresh_from_db()
    assert row.estimate == Decimal("20250.00")
    assert estimate_again(mine).rows == 0


def test_an_estimate_of_the_landlord_s_own_is_kept_as_it_is(cast: Cast) -> None:
    a_rate(cast)
    row = written(cast, **ESTIMATED, estimate=Decimal(19000), estimate_source="étude interne")
    estimate_again(Dwellings.objects.filter(pk=row.pk))
    row.refresh_from_db()
    assert (row.estimate, row.rate) == (Decimal("19000.00"), None)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"abated": 150, "exempt": 40, "vacant": 20}, "dépassent le total"),
        ({"real": Decimal(5)}, "avis d’imposition"),
        ({"estimate": Decimal(5)}, "d’où vient cette estimation"),
        ({"rental_value": Decimal(-1)}, "n’est pas négatif"),
        ({"reason": "parce que"}, "pas dans la liste"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_in_words(
    cast: Cast, wrong: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        written(cast, **wrong)
    assert not Dwellings.objects.exists()


def test_a_landlord_writes_its_own_residences_alone(cast: Cast) -> None:
    with pytest.raises(Refused, match="n’est pas une de vos résidences"):
        add_dwellings(cast.actor(cast.paul), cast.tilleuls, None, this_year(), given())


def test_a_sold_residence_keeps_the_seller_in_past_years(cast: Cast) -> None:
    year, luc, paul = this_year(), cast.actor(cast.luc), cast.actor(cast.paul)
    past = add_dwellings(luc, cast.tilleuls, None, year - 1, given())
    take_over(cast.tilleuls, cast.other_landlord, from_day=date(year - 1, 7, 1))
    # On 1 January of the year of the sale it was still the seller's; the next one is the buyer's.
    with pytest.raises(Refused, match="était à Escaut Habitat"):
        add_dwellings(paul, cast.tilleuls, None, year - 1, given())
    with pytest.raises(Refused, match="était à Hainaut Logis"):
        add_dwellings(luc, cast.tilleuls, None, year, given())
    bought = add_dwellings(paul, cast.tilleuls, None, year, given())
    assert [past.landlord, bought.landlord] == [cast.landlord, cast.other_landlord]
    assert list(Dwellings.objects.visible_to(luc)) == [past]
    assert list(Dwellings.objects.visible_to(paul)) == [bought]


def test_of_two_who_change_a_row_the_second_is_told(cast: Cast) -> None:
    row = written(cast)
    read = seal(row)
    change_dwellings(row, given(abated=170), read=read)
    with pytest.raises(Refused, match="Quelqu’un a modifié cette ligne"):
        change_dwellings(row, given(abated=100), read=read)
    row.refresh_from_db()
    assert row.abated == 170


def test_the_form_writes_amounts_as_people_do_and_says_what_is_wrong(cast: Cast) -> None:
    a_rate(cast)
    luc, url = signed_in(cast.luc), reverse("tfpb:stock_new")
    fields = {
        "residence": cast.tilleuls.pk, "tax_year": this_year(), "reason": "avant_1998",
        "total": 200, "abated": 180, "npnru": "", "rental_value": "300 000,00 €",
    }  # fmt: skip
    assert "dépassent le total" in plain(luc.post(url, {**fields, "abated": 201}).content)
    luc.post(url, fields)
    row = Dwellings.objects.get()
    assert row.estimate == Decimal("20250.00")
    edit = reverse("tfpb:stock_edit", args=[row.pk])
    changed = {**fields, "real": "20 300", "real_on": "2026-10-12", "real_source": "avis 12"}
    luc.post(edit, {**changed, "seal": seal(row)})
    row.refresh_from_db()
    assert (row.real, row.estimate) == (Decimal("20300.00"), Decimal("20250.00"))
    assert signed_in(cast.karim).get(edit).status_code == 403
    assert signed_in(cast.paul).get(edit).status_code == 404


@pytest.mark.parametrize(
    ("who", "sees"),
    [("luc", True), ("karim", True), ("claire", True), ("paul", False), ("nadia", False),
     ("bruno", False), ("rose", False)],
)  # fmt: skip
def test_each_sees_the_stock_that_is_theirs_to_see_on_every_way_out(
    cast: Cast, who: str, sees: bool
) -> None:
    row = some_dwellings(cast, **KNOWN)
    client = signed_in(getattr(cast, who))
    ways = [
        reverse("tfpb:stock"),
        reverse("tfpb:stock_homes"),
        reverse("tfpb:stock_export", args=["quartiers", "csv"]),
        reverse("tfpb:stock_export", args=["residences", "csv"]),
        reverse("tfpb:stock_declaration", args=["csv"]),
        reverse("tfpb:deliberation"),
    ]
    for way in ways:
        response = client.get(way)
        body = b"".join(response) if response.streaming else response.content
        assert ("Escaut Habitat" in body.decode()) is sees, way
    assert client.get(reverse("tfpb:stock_home", args=[row.pk])).status_code == (
        200 if sees else 404
    )


def test_the_state_sees_the_stock_of_its_perimeter(cast: Cast) -> None:
    row = some_dwellings(cast)
    assert list(Dwellings.objects.visible_to(the_officer(cast))) == [row]


def test_sums_say_what_they_lack_and_by_what_they_divide(cast: Cast) -> None:
    some_dwellings(cast, **KNOWN, **NOTICED)
    place = sums_by_place(Dwellings.objects.all())[0].sum
    assert (place.abatement, place.gap) == (Decimal("20300.00"), Decimal("50.00"))
    assert place.per_dwelling == Decimal("112.78")  # 20 300 / 180 abated dwellings, half up
    second = Residence.objects.create(
        code="LIL", name="Les Lilas", commune=cast.anzin, latitude=50.38, longitude=3.511
    )
    some_dwellings(cast, residence=second, total=20, abated=20)
    both = sum_of(Dwellings.objects.all())
    assert (both.unestimated, both.unnoticed, both.abated) == (1, 1, 200)
    # A sum that lacks a residence is not divided by all of them.
    assert (both.whole, both.per_dwelling, both.gap) == (False, None, None)
    page = plain(signed_in(cast.karim).get(reverse("tfpb:stock")).content)
    assert "partiel" in page
    assert "183,00 €" in page


def test_an_old_year_shows_the_name_that_the_landlord_bore(cast: Cast) -> None:
    cast.landlord.past_names.create(name="Office de l’Escaut", used_until=date(2020, 6, 30))
    some_dwellings(cast, tax_year=2020)
    some_dwellings(cast, tax_year=2021)
    names = [place.landlord for place in sums_by_place(Dwellings.objects.all())]
    assert names == ["Escaut Habitat", "Office de l’Escaut"]


def test_pages_of_the_stock_ask_as_much_for_many_rows_as_for_two(cast: Cast) -> None:
    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            residence = Residence.objects.create(
                code=f"R{number}", name=f"R {number}", commune=cast.anzin, latitude=50.38,
                longitude=3.51,
            )  # fmt: skip
            some_dwellings(cast, residence=residence, tax_year=2018 + number % 8, **KNOWN)

    client = signed_in(cast.claire)
    pages = [f"{reverse(name)}?annee=" for name in ("tfpb:stock", "tfpb:stock_homes")]
    pages.append(f"{reverse('tfpb:deliberation')}?annee=2020")

    def asked() -> list[int]:
        numbers = []
        for page in pages:
            client.get(page)
            with counted() as queries:
                client.get(page)
            numbers.append(len(queries))
        return numbers

    grow(0, 8)
    few = asked()
    grow(8, 60)
    assert asked() == few
    assert max(few) <= 24


def test_a_programme_takes_the_sums_of_its_stock_with_their_date_and_source(cast: Cast) -> None:
    programme = a_programme(cast)
    some_dwellings(cast, **KNOWN, **NOTICED)
    assert stock_of(programme).abated == 180
    page = plain(
        signed_in(cast.luc).get(reverse("tfpb:programme_stock", args=[programme.pk])).content
    )
    assert "−19 750,00 €" in page  # 20 250 of the stock beside the 40 000 of the head
    signed_in(cast.luc).post(reverse("tfpb:take_stock", args=[programme.pk]))
    programme.refresh_from_db()
    assert (programme.dwellings, programme.forecast) == (180, Decimal("20250.00"))
    assert programme.forecast_on == date(2025, 10, 1)
    assert programme.forecast_source == "patrimoine, 1\u00a0résidence\u00a0: valeur locative"
    assert (programme.real, programme.real_on) == (Decimal("20300.00"), date(2026, 10, 12))
    assert Event.objects.filter(code="stock_taken", thing_id=programme.pk).exists()


def test_a_sent_programme_takes_nothing_and_a_running_one_its_real_amount(cast: Cast) -> None:
    luc = cast.actor(cast.luc)
    some_dwellings(cast, **KNOWN, **NOTICED)
    sent = a_programme(cast, state="sent")
    with pytest.raises(Refused, match="il ne change plus"):
        take_stock(sent, actor=luc)
    sent.state = "running"
    sent.save(update_fields=["state"])
    take_stock(sent, actor=luc)
    sent.refresh_from_db()
    assert (sent.dwellings, sent.forecast) == (200, Decimal("40000.00"))
    assert sent.real == Decimal("20300.00")


def test_a_sum_that_lacks_a_residence_is_not_taken_and_said(cast: Cast) -> None:
    programme = a_programme(cast)
    some_dwellings(cast)
    done = take_stock(programme, actor=cast.actor(cast.luc))
    programme.refresh_from_db()
    assert (programme.dwellings, programme.forecast) == (180, Decimal("40000.00"))
    assert done.left[0].startswith("Il manque l’estimation de 1")


def test_a_row_written_by_mistake_is_taken_out_once_it_was_asked(cast: Cast) -> None:
    row = some_dwellings(cast)
    luc, url = signed_in(cast.luc), reverse("tfpb:stock_drop", args=[row.pk])
    assert "définitif" in luc.get(url).content.decode()
    assert signed_in(cast.karim).post(url).status_code == 403
    luc.post(url)
    assert not Dwellings.objects.exists()
