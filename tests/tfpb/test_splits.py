"""An action that several programmes or landlords share: to the cent, and without each other's
figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.partners.rights import Refused
from parvis.tfpb import programme_acts as acts
from parvis.tfpb.models import Line, Programme, Split, SplitPart
from parvis.tfpb.split_acts import Share, decline_part, parts_of, share_line, take_part
from tests.cast import Cast
from tests.tfpb.scene import a_line, a_programme, this_year

euros = st.decimals(min_value=0, max_value=10**8, places=2)
weights = st.lists(st.integers(0, 10**5).map(Decimal), min_size=1, max_size=9).filter(any)


@given(euros, weights)
def test_parts_by_dwellings_make_a_hundred_per_cent_and_the_total(
    total: Decimal, by: list[Decimal]
) -> None:
    parts = parts_of(total, "dwellings", by)
    assert sum(part.percent for part in parts) == 100
    assert sum(part.amount for part in parts) == total


@given(weights)
def test_parts_by_amounts_are_those_that_were_typed(by: list[Decimal]) -> None:
    parts = parts_of(sum(by, Decimal(0)), "amounts", by)
    assert [part.amount for part in parts] == by
    assert sum(part.percent for part in parts) == 100


def test_what_does_not_add_up_is_refused_with_its_sum() -> None:
    with pytest.raises(ValidationError, match="99,99"):
        parts_of(Decimal(100), "percent", [Decimal("50.00"), Decimal("49.99")])
    with pytest.raises(ValidationError, match="doivent faire 100,00"):
        parts_of(Decimal(100), "amounts", [Decimal("50.00"), Decimal("49.99")])
    with pytest.raises(ValidationError, match="au moins une part"):
        parts_of(Decimal(100), "dwellings", [Decimal(0)])


def shared(cast: Cast, line: Line, *others: tuple[Any, Decimal, Programme | None]) -> Split:
    own = Decimal(100) - sum((weight for _, weight, _ in others), Decimal(0))
    shares = [Share(cast.landlord, own, line.programme), *(Share(*one) for one in others)]
    return share_line(
        line,
        shares,
        title="Médiation",
        total=Decimal("1000.01"),
        basis="percent",
        actor=cast.actor(cast.luc),
    )


@pytest.mark.django_db
def test_a_part_in_another_programme_of_ones_own_is_a_line_there(cast: Cast) -> None:
    line = a_line(a_programme(cast))
    other = a_programme(cast, commune=cast.valenciennes)
    split = shared(cast, line, (cast.landlord, Decimal(50), other))
    line.refresh_from_db()
    twin = other.lines.get()
    assert (line.spending, twin.spending) == (Decimal("500.01"), Decimal("500.00"))
    assert (twin.title, twin.split) == (line.title, split)
    # Shared out anew, the same line bears the new part; its cost is not typed over.
    shared(cast, line, (cast.landlord, Decimal(25), other))
    twin.refresh_from_db()
    assert (other.lines.count(), twin.spending) == (1, Decimal("250.00"))
    luc = cast.actor(cast.luc)
    with pytest.raises(ValidationError, match="changez le partage"):
        acts.write_line(twin, {"spending": "1.00"}, actor=luc, version=twin.version)


@pytest.mark.django_db
def test_another_landlord_takes_its_part_and_sees_nothing_else(cast: Cast, client: Client) -> None:
    line = a_line(a_programme(cast), valued=Decimal("8765.43"), description="entre nous")
    shared(cast, line, (cast.other_landlord, Decimal(40), None))
    part = SplitPart.objects.get(landlord=cast.other_landlord)
    theirs = a_programme(cast, landlord=cast.other_landlord)
    client.force_login(cast.paul)
    url = reverse("tfpb:take_part", args=[part.pk])
    page = client.get(url).content.decode()
    assert "400,00" in page
    assert "8\u202f765,43" not in page
    assert "600,01" not in page
    assert "Médiation" in client.get(reverse("tfpb:programmes")).content.decode()
    assert client.get(reverse("tfpb:line", args=[line.pk])).status_code == 404
    answer = client.post(url, {"programme": theirs.pk, "do": "take"})
    taken = theirs.lines.get()
    assert answer.url == reverse("tfpb:line", args=[taken.pk])
    assert (taken.spending, taken.split_percent) == (Decimal("400.00"), Decimal(40))
    assert not Line.objects.visible_to(cast.actor(cast.luc)).filter(pk=taken.pk).exists()
    # Once taken, the pilot shares out anew only when the part is given back.
    line.refresh_from_db()
    with pytest.raises(Refused, match="a déjà repris sa part"):
        shared(cast, line, (cast.other_landlord, Decimal(10), None))
    acts.remove_line(taken, actor=cast.actor(cast.paul))
    shared(cast, line, (cast.other_landlord, Decimal(10), None))


@pytest.mark.django_db
def test_a_published_part_does_not_tell_the_others_by_subtraction(
    cast: Cast, client: Client
) -> None:
    line = a_line(a_programme(cast))
    shared(cast, line, (cast.other_landlord, Decimal(40), None))
    Programme.objects.update(state="closed", published_at=timezone.now())
    page = reverse("tfpb:line", args=[line.pk])
    told = client.get(page).content.decode()
    assert "Médiation, répartie par" in told
    assert "1\u202f000,01" not in told
    assert "60\u00a0% de" not in told.replace("&nbsp;", "\u00a0")
    client.force_login(cast.luc)
    assert "1\u202f000,01" in client.get(page).content.decode()


@pytest.mark.django_db
def test_a_part_that_is_declined_keeps_the_programme_from_being_sent(cast: Cast) -> None:
    line = a_line(a_programme(cast), valued=Decimal(0))
    shared(cast, line, (cast.other_landlord, Decimal(40), None))
    programme = line.programme
    assert acts.why_not_sendable(programme) == []
    decline_part(SplitPart.objects.get(landlord=cast.other_landlord))
    (words,) = acts.why_not_sendable(programme)
    assert "font 60,00 %, et non 100 %" in words
    line.refresh_from_db()
    shared(cast, line)
    assert acts.why_not_sendable(programme) == []


@pytest.mark.django_db
def test_nothing_is_shared_with_a_programme_that_is_sent(cast: Cast) -> None:
    line = a_line(a_programme(cast))
    sent = a_programme(cast, commune=cast.valenciennes, state="sent")
    with pytest.raises(Refused, match="ne change plus"):
        shared(cast, line, (cast.landlord, Decimal(50), sent))
    assert not Split.objects.exists()
    shared(cast, line, (cast.other_landlord, Decimal(40), None))
    part = SplitPart.objects.get(landlord=cast.other_landlord)
    late = a_programme(cast, landlord=cast.other_landlord, year=this_year() - 1)
    with pytest.raises(Refused, match="même année"):
        take_part(part, late, actor=cast.actor(cast.paul))


@pytest.mark.django_db
def test_a_landlord_shares_a_line_on_its_page(cast: Cast, client: Client) -> None:
    line = a_line(a_programme(cast))
    client.force_login(cast.luc)
    url = reverse("tfpb:split", args=[line.pk])
    given = {
        "title": "Médiation",
        "total": "9 000 €",
        "basis": "dwellings",
        "weight": "200",
        "parts-TOTAL_FORMS": "2",
        "parts-INITIAL_FORMS": "0",
        "parts-0-bearer": f"b{cast.other_landlord.pk}",
        "parts-0-weight": "100",
    }
    assert client.post(url, given).status_code == 302
    line.refresh_from_db()
    assert (line.spending, line.split_percent) == (Decimal("6000.00"), Decimal("66.67"))
    wrong = {**given, "parts-1-bearer": f"b{cast.other_landlord.pk}", "parts-1-weight": "1"}
    assert "ne reçoit qu’une part" in client.post(url, wrong).content.decode()
