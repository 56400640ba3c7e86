"""The table of droit commun: what a landlord does anyway, in QPV and out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.tfpb.models import Programme, UsualMeans
from tests.cast import Cast
from tests.tfpb.scene import a_line, a_programme, this_year

pytestmark = pytest.mark.django_db

GIVEN = {
    "domain": "nettoyage",
    "indicator": "passages par semaine",
    "outside": "3",
    "inside": "4,5",
    "outside_cost": "1 080,50 €",
    "inside_cost": "1 095",
}


def table(client: Client, cast: Cast, year: int) -> Any:
    return client.get(reverse("tfpb:usual", args=[cast.landlord.pk, year])).context


def test_a_landlord_writes_its_table_and_reads_the_gap(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    client.post(reverse("tfpb:new_usual", args=[this_year()]), GIVEN)
    row = UsualMeans.objects.get()
    assert (row.landlord, row.inside, row.gap) == (cast.landlord, Decimal("4.50"), Decimal("14.50"))
    assert table(client, cast, this_year())["totals"]["gap"] == Decimal("14.50")
    answer = client.post(reverse("tfpb:new_usual", args=[this_year()]), GIVEN)
    assert answer.status_code == 200  # the same indicator twice
    assert UsualMeans.objects.count() == 1


def test_last_years_table_is_copied_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    client.post(reverse("tfpb:new_usual", args=[this_year() - 1]), GIVEN)
    for _ in range(2):
        client.post(reverse("tfpb:copy_usual", args=[this_year()]))
    assert UsualMeans.objects.filter(year=this_year()).count() == 1


def test_two_write_a_row_and_see_both(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    client.post(reverse("tfpb:new_usual", args=[this_year()]), GIVEN)
    row = UsualMeans.objects.get()
    url = reverse("tfpb:usual_row", args=[row.pk])
    read = client.get(url).context["form"].initial["read"]
    client.post(url, {**GIVEN, "note": "celle d’Ines", "read": read})
    answer = client.post(url, {**GIVEN, "note": "celle de Luc", "read": read})
    assert answer.status_code == 409
    assert "celle d’Ines" in answer.content.decode()
    row.refresh_from_db()
    assert row.note == "celle d’Ines"


def test_a_row_that_a_line_reinforces_stays(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    client.post(reverse("tfpb:new_usual", args=[this_year()]), GIVEN)
    row = UsualMeans.objects.get()
    line = a_line(a_programme(cast), nature="renforcement", usual_means=row)
    client.post(reverse("tfpb:remove_usual", args=[row.pk]))
    assert UsualMeans.objects.exists()
    line.delete()
    client.post(reverse("tfpb:remove_usual", args=[row.pk]))
    assert not UsualMeans.objects.exists()


def test_a_row_that_was_sent_with_a_line_does_not_change(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    client.post(reverse("tfpb:new_usual", args=[this_year()]), GIVEN)
    row = UsualMeans.objects.get()
    programme = a_programme(cast)
    a_line(programme, nature="renforcement", usual_means=row)
    url = reverse("tfpb:usual_row", args=[row.pk])

    def raised(inside: str) -> Decimal:
        read = client.get(url).context["form"].initial["read"]
        client.post(url, {**GIVEN, "inside": inside, "read": read})
        row.refresh_from_db()
        assert row.inside is not None
        return row.inside

    assert raised("5") == 5
    Programme.objects.update(state="sent")
    assert raised("9") == 5
    page = client.post(url, {**GIVEN, "inside": "9"}).content.decode()
    assert "son programme est transmis, il ne change plus" in page


def test_parties_read_the_table_once_a_programme_is_sent_and_other_landlords_never(
    cast: Cast, client: Client
) -> None:
    UsualMeans.objects.create(
        landlord=cast.landlord, year=this_year(), domain="social", indicator="ETP"
    )
    programme = a_programme(cast)

    def read_by(who: Any) -> int:
        client.force_login(who)
        return len(table(client, cast, this_year())["rows"])

    assert [read_by(who) for who in (cast.luc, cast.karim, cast.paul)] == [1, 0, 0]
    programme.state = "sent"
    programme.save()
    assert [read_by(who) for who in (cast.karim, cast.nadia, cast.paul)] == [1, 0, 0]
