"""A programme, its bilan and its droit commun leave as workbooks and come back the same."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.documents import ods, xlsx
from parvis.tfpb import bilan_acts
from parvis.tfpb.models import Line, LineReview, Programme, UsualMeans
from parvis.tfpb.sums import sums_by
from parvis.tfpb.tabling import fields as f
from parvis.tfpb.tabling.choosing import plan_from
from parvis.tfpb.tabling.grids import grids_of
from parvis.tfpb.tabling.mapping import Mapping, mapping_of, shipped
from parvis.tfpb.tabling.planning import Plan
from parvis.tfpb.tabling.saving import save_table
from parvis.tfpb.tabling.writing import full, sheets_of
from tests.cast import Cast
from tests.figures.counting import counted
from tests.tfpb.bilan_scene import running, written
from tests.tfpb.scene import a_line, a_programme, spent

FORMS = ("xlsx", "ods")
CASES = [(one, form) for one in shipped() for form in FORMS]
IDS = [f"{one.document}-{one.code}-{form}" for one, form in CASES]


def workbook(
    document: str, programmes: Any, mapping: Mapping, form: str, name: str = "tableau"
) -> ContentFile:
    """These programmes as a file, as somebody downloads it."""
    sheets = sheets_of(document, full(programmes), mapping, UsualMeans.objects.all())
    out = io.BytesIO()
    if form == "xlsx":
        xlsx.write_book(out, sheets)
    else:
        out.writelines(ods.book_pieces(sheets))
    return ContentFile(out.getvalue(), name=f"{name}.{form}")


def one(programme: Programme) -> Any:
    return Programme.objects.filter(pk=programme.pk)


def read(file: ContentFile, programme: Programme, document: str) -> Plan:
    """What that file would change, by whichever of our models fits."""
    models = [model for model in shipped() if model.document == document]
    return plan_from(grids_of(file), models, document, programme)


def told(programme: Programme) -> list[dict[str, Any]]:
    """Every field of the lines that a table carries."""
    names = [name for name in f.COLUMNS[f.PROGRAMME] if name not in ("ref", "rate")]
    return list(programme.lines.order_by("axis", "position", "pk").values("key", *names))


def furnished(cast: Cast, **fields: Any) -> Programme:
    """Lines that are hard on tables: every field, nothing but an amount, a share below one, words
    that look like formulas, sums and axes."""
    programme = a_programme(cast, **fields)
    year = programme.year
    a_line(
        programme,
        position=2,
        nature="renforcement",
        description="Ligne une.\nLigne deux :  deux espaces\u00a0; = et « guillemets »",
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        beyond=Decimal("33.33"),
    )
    a_line(programme, position=1, title="=1+1", beyond=Decimal("0.50"), quantity=None, unit="")
    a_line(
        programme,
        axis="presence",
        title="3",
        spending=Decimal("1234567.89"),
        valued=Decimal("0.01"),
        own_funding=Decimal(0),
        unit_cost=None,
        unit="etp",
        quantity=Decimal("0.75"),
        beyond=Decimal(100),
    )
    a_line(programme, axis="sur_entretien", title="Total des halls repris", place="", valued=0)
    return programme


def usual(cast: Cast, programme: Programme) -> None:
    """Two rows of droit commun, one without its values."""
    given = {"landlord": cast.landlord, "year": programme.year}
    UsualMeans.objects.create(
        **given,
        domain="gardiennage",
        indicator="Logements par gardien",
        outside=Decimal(110),
        inside=Decimal("82.5"),
        outside_cost=Decimal("210.40"),
        inside_cost=Decimal("265.10"),
    )
    UsualMeans.objects.create(**given, domain="social", indicator="Permanences", note="le mardi")


@pytest.mark.parametrize(("mapping", "form"), CASES, ids=IDS)
def test_what_comes_out_goes_in_again_and_changes_nothing(
    cast: Cast, mapping: Mapping, form: str
) -> None:
    programme = furnished(cast, state="running" if mapping.document == f.BILAN else "draft")
    usual(cast, programme)
    line = programme.lines.order_by("pk")[0]
    spent(line, "3000.10", quantity=Decimal("12.5"))
    LineReview.objects.create(line=line, done="partly", comment="Deux mois\nde retard.")
    plan = read(
        workbook(mapping.document, one(programme), mapping, form), programme, mapping.document
    )
    assert plan.parsed.mapping.code == mapping.code
    assert (plan.parsed.faults, plan.parsed.differences, plan.absent) == ([], [], [])
    assert [
        (change.title, change.differing()) for change in plan.changes if change.kind != "same"
    ] == []
    assert len(plan.changes) == (2 if mapping.document == f.USUAL_MEANS else 4)
    assert not plan.head
    assert bool(plan.parsed.checked) == bool(mapping.total)  # and its totals are right


@pytest.mark.parametrize(
    ("mapping", "form"), [case for case in CASES if case[0].document == f.PROGRAMME]
)
def test_an_empty_programme_becomes_the_same_line_by_line(
    cast: Cast, mapping: Mapping, form: str
) -> None:
    programme = furnished(cast)
    before, file = told(programme), workbook(f.PROGRAMME, one(programme), mapping, form)
    programme.lines.all().delete()
    plan = read(file, programme, f.PROGRAMME)
    models = [plan.parsed.mapping]
    save_table(
        programme,
        grids_of(file),
        models,
        document=f.PROGRAMME,
        digest=plan.digest,
        removing=False,
        actor=cast.actor(cast.luc),
    )
    assert sorted(told(programme), key=str) == sorted(before, key=str)
    assert sums_by(programme.lines.all()) == sums_by(Line.objects.filter(programme=programme))


def test_thousands_of_euros_and_words_of_their_own_come_back_too(cast: Cast) -> None:
    base = next(one for one in shipped() if (one.document, one.code) == ("programme", "cadre"))
    words = {**base.words(), "money": "thousands", "axes": {"PROPRETÉ +": "dechets"}}
    own = mapping_of(words, code="m1", name="À nous", document="programme")
    programme = furnished(cast)
    file = workbook(f.PROGRAMME, one(programme), own, "xlsx")
    plan = plan_from(grids_of(file), [own], f.PROGRAMME, programme)
    assert (plan.parsed.faults, plan.empty) == ([], True)


def test_each_programme_has_its_sheet_and_the_file_takes_as_many_queries(
    cast: Cast, client: Client
) -> None:
    mapping, page = shipped()[0], reverse("tfpb:many_tables")
    furnished(cast)
    client.force_login(cast.luc)
    client.get(page)
    with counted() as few:
        workbook(f.PROGRAMME, Programme.objects.all(), mapping, "ods")
    with counted() as page_few:
        client.get(page)
    for year in range(2016, 2026):
        furnished(cast, year=year)
    with counted() as many:
        file = workbook(f.PROGRAMME, Programme.objects.all(), mapping, "ods")
    with counted() as page_many:
        client.get(page)
    assert len(many) == len(few) <= 4
    assert len(page_many) == len(page_few) <= 16
    assert len({grid.name for grid in grids_of(file)}) == Programme.objects.count() == 11


def downloaded(client: Client, name: str, *args: Any, **query: str) -> Any:
    """The sheets of a file as that person gets it; None when it is not there for them."""
    response = client.get(reverse(f"tfpb:{name}", args=args), {"format": "ods", **query})
    if response.status_code == 404:
        return None
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return grids_of(ContentFile(content, name="tableau.ods"))


def test_a_workbook_holds_what_its_reader_sees_and_no_more(cast: Cast, client: Client) -> None:
    draft = furnished(cast, year=2025)
    public = furnished(cast, year=2026, state="closed", published_at=timezone.now())
    usual(cast, public)
    common = {"document": f.USUAL_MEANS}
    assert downloaded(client, "table_export", draft.pk) is None
    assert downloaded(client, "table_export", public.pk, document=f.BILAN)
    assert downloaded(client, "table_export", public.pk, **common) is None
    for who, sheets in ((cast.luc, 2), (cast.paul, 1), (cast.karim, 1), (cast.nadia, 1)):
        client.force_login(who)
        assert len(downloaded(client, "many_tables_export")) == sheets
    client.force_login(cast.karim)
    assert downloaded(client, "table_export", public.pk, **common)[0].raw(4, 1)
    client.force_login(cast.nadia)
    assert downloaded(client, "table_export", public.pk, **common) is None


def test_a_bilan_that_is_being_written_leaves_with_nobody_but_its_landlord(
    cast: Cast, client: Client
) -> None:
    programme, waste, _ = running(cast)
    written(cast, programme)
    pages = [reverse("tfpb:tables", args=[programme.pk]), f"/tfpb/lignes/{waste.pk}/suivi/"]

    def told(who: Any) -> list[bool]:
        """Whether that person has the file, that of several, its link, and the state of a line."""
        client.force_login(who)
        file = downloaded(client, "table_export", programme.pk, document=f.BILAN)
        several = client.get(reverse("tfpb:many_tables_export"), {"document": f.BILAN})
        tables, followed = (client.get(page).content.decode() for page in pages)
        many = several.status_code == 200
        return [bool(file), many, "document=bilan" in tables, "réalisée" in followed]

    assert told(cast.luc) == [True] * 4
    assert told(cast.karim) == [False] * 4
    there = {"path": reverse("tfpb:many_tables_export"), "data": {"document": f.BILAN}}
    assert "Aucun bilan transmis" in client.get(**there, follow=True).content.decode()
    bilan_acts.advance_bilan(programme, "send", actor=cast.actor(cast.luc))
    assert told(cast.karim) == [True] * 4
    step = {"actor": cast.actor(cast.karim), "reason": "Combien de passages ?"}
    bilan_acts.advance_bilan(programme, "contest", **step)
    assert told(cast.karim) == [False] * 4
    assert told(cast.luc) == [True] * 4
