"""What changed between two versions, line by line, and a snapshot read back."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from parvis.tfpb.circuit_acts import advance_programme
from parvis.tfpb.comparing import compare
from parvis.tfpb.models import Line, UsualMeans
from parvis.tfpb.snapshot import AMOUNTS, Sheet, SheetLine, sheet_of, snapshot_of, totals_of
from tests.actions.scene import fiche, plan
from tests.cast import Cast
from tests.tfpb.circuit_scene import a_draft, a_sent_one, standing
from tests.tfpb.scene import a_line

CENTS = st.decimals(0, 10_000_000, places=2)


def a_sheet_line(key: str, amount: Decimal = Decimal("0.00"), **fields: object) -> SheetLine:
    empty = dict.fromkeys(
        (
            "nature",
            "title",
            "description",
            "place",
            "unit",
            "other_funder",
            "justification",
            "usual_means",
        ),
        "",
    )
    dates = dict.fromkeys(("starts_on", "ends_on", "quantity", "unit_cost", "beyond"))
    more = {"axis": "dechets", "residences": (), "action": "", "split": ""}
    amounts = dict.fromkeys(AMOUNTS, amount)
    return SheetLine(**{"key": key, **empty, **dates, **more, **amounts, **fields})  # type: ignore[arg-type]


def a_sheet(*lines: SheetLine) -> Sheet:
    return Sheet("X", "Anzin", "Rives", 2026, "", None, None, None, "", "", (), lines)


@given(st.lists(st.tuples(st.integers(0, 8), CENTS), max_size=9, unique_by=lambda one: one[0]))
def test_what_was_added_gone_and_changed_makes_the_whole_difference(
    rows: list[tuple[int, Decimal]],
) -> None:
    old = a_sheet(*(a_sheet_line(str(key), Decimal(key)) for key in range(4)))
    new = a_sheet(*(a_sheet_line(str(key), amount) for key, amount in rows))
    found = compare(old, new)
    changed = {one.line.key for one in found.changed}
    was = totals_of(one for one in old.lines if one.key in changed)
    now = totals_of(one for one in new.lines if one.key in changed)
    moved = totals_of(found.added).valued - totals_of(found.gone).valued + now.valued - was.valued
    assert old.totals.valued + moved == new.totals.valued
    assert len(found.added) + len(found.changed) + found.same == len(new.lines)
    assert sum((sums.valued for _, _, sums in new.by_axis), Decimal(0)) == new.totals.valued


@pytest.mark.django_db
def test_a_snapshot_is_plain_data_and_is_read_back_whole(cast: Cast) -> None:
    programme = a_draft(cast, lines=0)
    action = fiche(cast, plan(cast))
    means = UsualMeans.objects.create(
        landlord=cast.landlord,
        year=programme.year,
        domain="dechets",
        indicator="passages par mois",
        outside=Decimal("2"),
        inside=Decimal("4"),
        outside_cost=Decimal("12.00"),
        inside_cost=Decimal("19.50"),
    )
    line = a_line(
        programme,
        action=action,
        usual_means=means,
        starts_on=date(2026, 3, 1),
        beyond=Decimal(50),
        justification="Vacations",
    )
    line.residences.set([cast.tilleuls])
    content = json.loads(json.dumps(snapshot_of(programme)))
    assert content["lines"][0]["spending"] == "12000.00"
    sheet = sheet_of(content)
    read = sheet.lines[0]
    same = (
        "axis",
        "title",
        "quantity",
        "unit_cost",
        "beyond",
        "starts_on",
        "justification",
        *AMOUNTS,
    )
    assert {name: getattr(read, name) for name in same} == {
        name: getattr(line, name) for name in same
    }
    assert read.key == str(line.key)
    assert read.residences == ("Les Tilleuls",)
    assert read.action == f"{action.reference} {action.title}"
    assert read.usual_means == "passages par mois"
    assert sheet.usual_means[0].gap == Decimal("7.50")
    assert sheet.forecast == Decimal("40000.00")
    with pytest.raises(ValueError, match="form"):
        sheet_of({**content, "form": 0})


@pytest.mark.django_db
def test_the_page_tells_what_changed_since_the_last_version_in_words(
    cast: Cast, client: Client
) -> None:
    programme = a_sent_one(cast, lines=3)
    advance_programme(
        programme, "ask", actor=cast.actor(cast.claire), reason="Moins pour la première."
    )
    first, second, _ = programme.lines.all()
    Line.objects.filter(pk=first.pk).update(valued=Decimal("8500.00"), quantity=Decimal(40))
    second.delete()
    a_line(programme, title="Effacer les tags", valued=Decimal("1200.00"))
    client.force_login(cast.luc)
    page = client.get(f"/tfpb/programmes/{programme.pk}/comparer/")
    found = page.context["comparison"]
    assert [one.title for one in found.added] == ["Effacer les tags"]
    assert [one.title for one in found.gone] == ["Action 2"]
    assert found.same == 1
    assert [(one.label, one.old, one.new, one.difference) for one in found.changed[0].changes] == [
        ("Quantité", "48", "40", "−\u00a08"),
        (
            "Dépense valorisée",
            "9\u202f000,00\u202f€",
            "8\u202f500,00\u202f€",
            "−\u00a0500,00\u202f€",
        ),
    ]
    assert found.totals[-1].difference == "−\u00a08\u202f300,00\u202f€"
    advance_programme(programme, "send", actor=cast.actor(cast.luc))
    url = f"/tfpb/programmes/{programme.pk}"
    assert client.get(f"{url}/comparer/?de=1&a=2").context["comparison"] == found
    assert client.get(f"{url}/comparer/").context["comparison"].empty
    assert client.get(f"{url}/comparer/?de=7").status_code == 404
    assert "Action 2" in client.get(f"{url}/versions/1/").content.decode()
    assert "Action 2" not in client.get(f"{url}/versions/2/").content.decode()


@pytest.mark.django_db
def test_versions_of_a_published_sheet_stay_among_parties(cast: Cast, client: Client) -> None:
    programme = standing(a_sent_one(cast), "running")
    type(programme).objects.update(published_at=programme.moved_at)
    url = f"/tfpb/programmes/{programme.pk}"
    for person, answer in ((cast.karim, 200), (cast.luc, 200), (cast.paul, 403)):
        client.force_login(person)
        assert client.get(f"{url}/versions/1/").status_code == answer
        assert client.get(f"{url}/comparer/").status_code == answer
