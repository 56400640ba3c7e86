"""The abatement of the demonstration: conventions in every state, three years of sheets, two
bilans, and a euro that answers a report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Count, Q
from django.test import Client
from django.utils import timezone

from parvis.partners.models import Agreement, Organisation, Signature
from parvis.reports.models import Report
from parvis.tfpb.first_year import Dates, first_tax_year
from parvis.tfpb.law import Territory
from parvis.tfpb.models import (
    Bilan,
    Caution,
    CommuneRate,
    Convention,
    Dwellings,
    Line,
    Programme,
    Spending,
    Split,
    UsualMeans,
)
from parvis.tfpb.programme_acts import why_not_sendable
from parvis.tfpb.sums import consolidated_by
from parvis.tfpb.workflow import ProgrammeState
from parvis.thread.models import Link


def test_five_invented_landlords_have_conventions_in_every_state(demo: None) -> None:
    landlords = Organisation.objects.filter(kind="bailleur")
    assert landlords.count() == 5
    assert all("fictif" in one.name for one in landlords)
    conventions = Convention.objects.all()
    assert set(conventions.values_list("landlord", flat=True)) == set(
        landlords.values_list("pk", flat=True)
    )
    signed = {
        one.code: (one.voted, one.signed, one.parties)
        for one in Agreement.objects.filter(kind="convention_tfpb").annotate(
            voted=Count("signatures", filter=Q(signatures__voted_on__isnull=False)),
            signed=Count("signatures", filter=Q(signatures__signed_on__isnull=False)),
            parties=Count("signatures"),
        )
    }
    assert signed["TFPB-JARDINET"][:2] == (0, 0)  # a project
    assert signed["TFPB-RIVAGE"][:2] == (2, 0)  # voted
    assert signed["TFPB-CORONS"][1:] == (2, 4)  # two parties of four
    assert signed["TFPB-HAINAUT"][1:] == (4, 4)
    assert conventions.filter(declared_on__isnull=False).exists()
    assert Agreement.objects.get(code="TFPB-2016").ends_on < timezone.localdate()
    assert Agreement.objects.get(code="TFPB-ESCAUT-A1").amends.code == "TFPB-ESCAUT"
    assert Signature.objects.get(refused_on__isnull=False).refusal
    assert Caution.objects.get(lifted_on=None).convention.landlord.name.startswith("Hainaut")


def test_three_years_of_sheets_in_every_state_over_several_quartiers(demo: None) -> None:
    sheets = Programme.objects.all()
    assert set(sheets.values_list("state", flat=True)) == set(ProgrammeState.values)
    year = timezone.localdate().year
    assert set(sheets.values_list("year", flat=True)) == {year - 1, year, year + 1}
    assert sheets.values("quartier").distinct().count() >= 4
    rives = sheets.filter(quartier__code="QN05921M", landlord__name__startswith="Escaut")
    assert rives.values("commune").distinct().count() == 2
    assert sheets.filter(sent=None).exclude(state="draft").count() == 0
    for one in sheets:
        last = one.passages.order_by("at", "pk").last()
        assert (last.new if last else "draft") == one.state
        assert one.moved_at <= timezone.now()


def test_what_a_sheet_announces_is_what_its_stock_holds(demo: None) -> None:
    assert CommuneRate.objects.count() == 18
    for one in Programme.objects.all():
        held = Dwellings.objects.filter(
            landlord=one.landlord, commune=one.commune, quartier=one.quartier, tax_year=one.year
        )
        assert sum(row.abated for row in held) == one.dwellings > 0
        assert sum(row.estimate for row in held) == one.forecast
        # Last year's notice is known; that of a year to come is not.
        assert (one.real is not None) is (one.year < timezone.localdate().year) or (
            one.year == timezone.localdate().year
            and (one.real is not None) is (timezone.localdate() >= date(one.year, 10, 20))
        )


def test_money_is_planned_spent_and_shared_to_the_cent(demo: None) -> None:
    split = Split.objects.get()
    parts = split.lines.values_list("spending", "split_percent")
    assert sum(amount for amount, _ in parts) == split.total
    assert sum(percent for _, percent in parts) == 100
    for line in Line.objects.all():
        assert line.own_funding + line.other_funding == line.spending >= line.valued > 0
    for one in Spending.objects.all():
        assert one.own_funding + one.other_funding == one.amount >= one.valued
    ((key, whole),) = consolidated_by(Programme.objects.all(), Line.objects.all()).items()
    assert key == ()
    assert Decimal(100) < whole.per_dwelling < Decimal(400)
    assert Decimal(50) < whole.utilisation < Decimal(150)
    assert UsualMeans.objects.filter(lines__isnull=False).exists()
    assert not Line.objects.filter(axis="petits_travaux", programme__quartier__code="QN05921M")


def test_one_bilan_is_published_and_one_was_contested_and_answered(demo: None) -> None:
    assert Bilan.objects.count() == 2
    assert Bilan.objects.get(state="published").programme.published_at is not None
    word = Bilan.objects.get(state="sent").words.get()
    assert (word.kind, bool(word.answer)) == ("contest", True)


def test_a_report_leads_to_an_action_and_to_the_line_that_pays_it(demo: None) -> None:
    published = Line.objects.get(programme__published_at__isnull=False, action__isnull=False)
    assert published.action.published_at is not None  # so that its residents read the whole thread
    assert Link.objects.filter(
        source_kind="action", source_id=published.action_id, target_id=published.pk
    ).exists()
    called = Link.objects.filter(target_kind="action", target_id=published.action_id)
    reports = Report.objects.filter(
        pk__in=called.filter(source_kind="report").values("source_id"), public=True
    )
    assert reports.exists()


def test_signed_conventions_open_the_abatement(demo: None) -> None:
    declared = Convention.objects.get(agreement__code="TFPB-ESCAUT")
    signatures = declared.agreement.signatures
    assert declared.contract is not None
    contract = declared.contract.signatures.get(organisation=declared.landlord)
    answer = first_tax_year(
        Dates(
            territory=Territory(declared.territory),
            signed=max(one.signed_on for one in signatures.all()),
            contract=contract.signed_on,
            declared=declared.declared_on,
        )
    )
    assert answer.year == 2025


def test_everybody_reads_what_is_published(demo: None, client: Client) -> None:
    page = client.get("/tfpb/").content.decode()
    assert "Escaut Habitat" in page
    assert "Hainaut Logis" not in page


def test_what_was_sent_could_be_sent(demo: None) -> None:
    sent = Programme.objects.exclude(state=ProgrammeState.DRAFT)
    assert {one.pk: why_not_sendable(one) for one in sent} == {one.pk: [] for one in sent}
