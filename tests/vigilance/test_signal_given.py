"""Signals without a name, and unpaid charges as one count for each residence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.upkeep.models import Holding
from parvis.vigilance.models import DwellingSignal, UnpaidCount
from parvis.vigilance.quarters import Quarter, finished
from parvis.vigilance.signal_acts import save_counts
from parvis.vigilance.signal_forms import last_months
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NEW = "/vigilance/signaux/nouveau/"


def month() -> str:
    return timezone.localdate().replace(day=1).isoformat()


def last() -> Quarter:
    return finished(timezone.localdate(), 1)[0]


def test_a_caretaker_signals_a_large_residence(cast: Cast, client: Client) -> None:
    client.force_login(cast.ines)
    said = {"what": "damp", "residence": cast.tilleuls.pk, "large": "on", "month": month()}
    client.post(NEW, said)
    made = DwellingSignal.objects.get()
    assert (made.residence, made.quartier, made.commune) == (cast.tilleuls, cast.rives, cast.anzin)
    assert made.organisation == cast.landlord


def test_of_a_small_residence_only_its_quartier_is_kept(cast: Cast, client: Client) -> None:
    client.force_login(cast.ines)
    said = {"what": "damp", "residence": cast.tilleuls.pk, "month": month()}
    answer = client.post(NEW, said, follow=True)
    made = DwellingSignal.objects.get()
    assert (made.residence, made.quartier) == (None, cast.rives)
    assert "trop petite" in answer.text


def test_the_same_place_said_twice_by_one_organisation_counts_once(
    cast: Cast, client: Client
) -> None:
    said = {"what": "heating", "commune": cast.anzin.pk, "month": month()}
    for who in (cast.sofia, cast.karim):
        client.force_login(who)
        answer = client.post(NEW, said, follow=True)
    assert "l’avait déjà noté" in answer.text
    assert DwellingSignal.objects.count() == 1
    client.post(NEW, {**said, "what": "damp"})
    assert DwellingSignal.objects.count() == 2


def test_a_quartier_of_several_communes_asks_for_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.karim)
    said = {"what": "damp", "quartier": cast.rives.pk, "month": month()}
    assert "au moins une commune" in client.post(NEW, said).text
    client.post(NEW, {**said, "commune": cast.anzin.pk})
    assert DwellingSignal.objects.get().quartier == cast.rives


def test_a_landlord_names_its_own_residences_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.ines)
    offered = client.get(NEW).context["form"].fields["residence"].queryset
    assert list(offered) == [cast.tilleuls]
    said = {"what": "damp", "residence": cast.peupliers.pk, "large": "on", "month": month()}
    assert client.post(NEW, said).status_code == 200
    assert not DwellingSignal.objects.exists()


@pytest.mark.parametrize("who", ["claire", "yasmine", "rose"])
def test_who_meets_no_household_signals_nothing(cast: Cast, client: Client, who: str) -> None:
    client.force_login(getattr(cast, who))
    client.post(NEW, {"what": "damp", "commune": cast.anzin.pk, "month": month()})
    assert not DwellingSignal.objects.exists()


def test_a_signal_is_taken_back_by_its_organisation_alone(cast: Cast, client: Client) -> None:
    made = DwellingSignal.objects.create(
        what="damp",
        commune=cast.anzin,
        organisation=cast.town,
        month=timezone.localdate().replace(day=1),
    )
    where = reverse("vigilance:remove_signal", args=[made.pk])
    client.force_login(cast.ines)
    assert client.post(where).status_code == 404
    client.force_login(cast.sofia)
    client.post(where)
    assert not DwellingSignal.objects.exists()


def test_a_month_to_come_or_long_past_is_not_offered() -> None:
    day = timezone.localdate().replace(month=1, day=31)
    assert [one.month for one in last_months(day)] == [1, 12, 11]
    assert all(one.day == 1 for one in last_months(day))


# --- Unpaid charges -------------------------------------------------------------------------


def page_of(quarter: Quarter) -> str:
    return f"/vigilance/impayes/{quarter.code}/"


def fields(cast: Cast, dwellings: str, behind: str) -> dict[str, str]:
    pk = cast.tilleuls.pk
    return {f"dwellings_{pk}": dwellings, f"behind_{pk}": behind}


def test_a_landlord_counts_corrects_and_withdraws(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    client.post(page_of(last()), fields(cast, "60", "9"))
    made = UnpaidCount.objects.get()
    assert (made.residence, made.dwellings, made.behind) == (cast.tilleuls, 60, 9)
    client.post(page_of(last()), fields(cast, "60", "11"))
    assert UnpaidCount.objects.get().behind == 11
    client.post(page_of(last()), fields(cast, "60", ""))
    assert not UnpaidCount.objects.exists()


def test_the_number_of_dwellings_is_offered_again(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    save_counts(cast.actor(cast.luc), last().before(), {cast.tilleuls.pk: (60, 9)})
    lines = client.get(page_of(last())).context["lines"]
    assert [(line[1].initial, line[2].initial) for line in lines] == [(60, None)]


@pytest.mark.parametrize(
    ("dwellings", "behind", "told"),
    [
        ("19", "2", "désignerait des ménages"),
        ("60", "61", "plus de retards que de logements"),
        ("", "3", "les deux nombres"),
        ("60", "deux", "nombre entier"),
    ],
)
def test_wrong_counts_are_told_beside_their_residence(
    cast: Cast, client: Client, dwellings: str, behind: str, told: str
) -> None:
    client.force_login(cast.luc)
    assert told in client.post(page_of(last()), fields(cast, dwellings, behind)).text
    assert not UnpaidCount.objects.exists()


def test_another_landlord_never_counts_our_residence(cast: Cast, client: Client) -> None:
    client.force_login(cast.paul)
    client.post(page_of(last()), fields(cast, "60", "9"))
    assert not UnpaidCount.objects.exists()
    assert cast.tilleuls.name not in client.get(page_of(last())).text


def test_who_is_no_landlord_counts_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.karim)
    told = client.post(page_of(last()), fields(cast, "60", "9")).text
    assert "Seul un bailleur" in told
    assert not UnpaidCount.objects.exists()


def test_a_residence_sold_before_the_quarter_ended_is_not_counted(
    cast: Cast, client: Client
) -> None:
    Holding.objects.filter(residence=cast.tilleuls).update(ends_on=last().end - timedelta(days=1))
    client.force_login(cast.luc)
    client.post(page_of(last()), fields(cast, "60", "9"))
    assert not UnpaidCount.objects.exists()


def test_only_quarters_that_are_over_are_counted(cast: Cast, client: Client) -> None:
    client.force_login(cast.luc)
    now = Quarter.of(timezone.localdate())
    assert client.get(page_of(now)).status_code == 404
    assert client.get("/vigilance/impayes/2026-T5/").status_code == 404
    assert client.get("/vigilance/impayes/", follow=True).context["quarter"] == now.before()


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_the_table_is_filled_elsewhere_and_comes_back(
    cast: Cast, client: Client, form: str
) -> None:
    client.force_login(cast.luc)
    save_counts(cast.actor(cast.luc), last(), {cast.tilleuls.pk: (60, 9)})
    answer: Any = client.get(f"{page_of(last())}tableau/{form}/")
    file = SimpleUploadedFile(f"a.{form}", b"".join(answer.streaming_content))
    UnpaidCount.objects.update(behind=1)
    page = client.post(f"{page_of(last())}importer/", {"file": file})
    assert UnpaidCount.objects.get().behind == 1  # shown, not kept
    client.post(f"{page_of(last())}importer/", {"lignes": page.context["sealed"]})
    assert UnpaidCount.objects.get().behind == 9


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Les Peupliers;60;9", "une de vos résidences"),
        ("Les Tilleuls;12;9", "désignerait"),
        ("Les Tilleuls;60;beaucoup", "nombre entier"),
        ("Les Tilleuls;60;9\nTIL;60;8", "une de vos résidences"),
        ("Les Tilleuls;60;9\nles tilleuls;60;8", "déjà à la ligne 2"),
    ],
)
def test_a_wrong_line_of_the_table_says_why(
    cast: Cast, client: Client, line: str, told: str
) -> None:
    client.force_login(cast.luc)
    file = SimpleUploadedFile("a.csv", f"résidence;logements;en retard\n{line}\n".encode())
    page = client.post(f"{page_of(last())}importer/", {"file": file})
    assert told in page.text
    assert not page.context["sealed"]
