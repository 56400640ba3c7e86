"""Pages of the part `programme`, for the walk over every template."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.tfpb.models import UsualMeans
from parvis.tfpb.split_acts import Share, share_line
from tests.actions.scene import fiche
from tests.cast import Cast
from tests.pages.sheet import Sheet
from tests.tfpb.scene import a_convention, a_line, a_programme, this_year


def write_over(page: Any) -> None:
    """Arrive by writing on what somebody else has written meanwhile."""
    page.get_by_label("Action", exact=True).fill("Le titre de Luc")
    page.locator("main input[name=read]").evaluate(
        "field => (field.value = JSON.stringify({...JSON.parse(field.value), title: 'Avant'}))"
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer la ligne").click()


SHEETS: list[Sheet] = [
    Sheet("tfpb/programmes.html", "/tfpb/programmes/", "luc"),
    Sheet("tfpb/programmes.html", "/tfpb/programmes/"),
    Sheet("tfpb/programme_form.html", "/tfpb/programmes/{drafted}/en-tete/", "luc"),
    Sheet(
        "tfpb/programme.html",
        "/tfpb/programmes/{drafted}/",
        "luc",
        pieces=(
            "tfpb/_tabs.html",
            "tfpb/_money.html",
            "tfpb/_sums.html",
            "tfpb/_used.html",
            "tfpb/_year.html",
        ),
    ),
    Sheet("tfpb/programme.html", "/tfpb/programmes/{told}/"),
    Sheet("tfpb/together.html", "/tfpb/programmes/{drafted}/ensemble/", "luc"),
    Sheet("tfpb/line.html", "/tfpb/lignes/{shared}/", "luc"),
    Sheet(
        "tfpb/line_form.html",
        "/tfpb/lignes/{shared}/modifier/",
        "luc",
        pieces=("tfpb/_rules.html",),
    ),
    Sheet("tfpb/line_remove.html", "/tfpb/lignes/{shared}/retirer/", "luc"),
    Sheet("tfpb/line_action.html", "/tfpb/lignes/{shared}/action/", "luc"),
    Sheet("tfpb/line_course.html", "/tfpb/lignes/{shared}/formation/", "luc"),
    Sheet("tfpb/split.html", "/tfpb/lignes/{shared}/partager/", "luc"),
    Sheet("tfpb/split_part.html", "/tfpb/parts/{part}/", "paul"),
    Sheet(
        "tfpb/programme_difference.html",
        "/tfpb/lignes/{shared}/modifier/",
        "luc",
        status=409,
        arrive=write_over,
    ),
    Sheet("tfpb/usual.html", "/tfpb/droit-commun/{landlord}/{year}/", "luc"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A draft with lines on two axes, beside last year's, which everybody reads, and the sheet of
    the next commune; a line is shared with another landlord."""
    year = this_year() + 2  # years of its own: other parts have sheets of the same place
    convention = a_convention(cast, communes=[cast.anzin, cast.valenciennes])
    told = a_programme(cast, year=year - 1, state="closed", published_at=timezone.now())
    a_line(told)
    drafted = a_programme(cast, convention=convention, year=year)
    a_programme(cast, commune=cast.valenciennes, year=year)
    usual = UsualMeans.objects.create(
        landlord=cast.landlord,
        year=year,
        domain="nettoyage",
        indicator="passages par semaine",
        outside_cost=Decimal("80.00"),
        inside_cost=Decimal("95.50"),
    )
    shared = a_line(drafted, action=fiche(cast), description="Deux passages de plus par semaine.")
    a_line(drafted, title="Médiation de nuit")
    a_line(
        drafted,
        axis="sur_entretien",
        title="Nettoyage renforcé",
        nature="renforcement",
        usual_means=usual,
        valued=Decimal("13000.00"),
    )
    shares = [Share(cast.landlord, Decimal(60), drafted), Share(cast.other_landlord, Decimal(40))]
    split = share_line(
        shared,
        shares,
        title="Encombrants à deux",
        total=Decimal("12000.00"),
        basis="percent",
        actor=cast.actor(cast.luc),
    )
    a_programme(cast, landlord=cast.other_landlord, year=year)
    part = split.parts.get(landlord=cast.other_landlord)
    return {
        "drafted": drafted.pk,
        "told": told.pk,
        "shared": shared.pk,
        "part": part.pk,
        "landlord": cast.landlord.pk,
        "year": year,
    }
