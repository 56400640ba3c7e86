"""Pages of this room, for the walk over every template."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.actions import acts
from parvis.reports.models import Report
from parvis.thread.acts import link
from tests.actions import pact_sheets
from tests.actions.scene import fiche, plan, step
from tests.cast import IN_VALENCIENNES, Cast
from tests.pages.sheet import COORDINATION, Sheet, press
from tests.reports.scene import at_point, filed


def write_over(page: Any) -> None:
    """Arrive by writing on what luc has written meanwhile."""
    page.get_by_label("Titre").fill("Le titre de Claire")
    page.locator("main input[name=version]").evaluate("field => (field.value = 1)")
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer la ligne").click()


def try_a_table(page: Any) -> None:
    """Arrive by giving a file that is no table."""
    page.get_by_label("Fichier").set_input_files(
        {"name": "plan.xlsx", "mimeType": "application/zip", "buffer": b"PK rien"}
    )
    press("Essayer d’abord")(page)


SHEETS = [
    Sheet("actions/plans.html", "/plans/", COORDINATION),
    Sheet("actions/plan.html", "/plans/{plan}/", COORDINATION, pieces=("actions/_goal.html",)),
    Sheet("actions/plan.html", "/plans/{plan}/?ligne={running}", COORDINATION),
    Sheet("actions/board.html", "/plans/{plan}/par-etat/", COORDINATION),
    Sheet(
        "actions/calendar.html",
        "/plans/{plan}/calendrier/",
        COORDINATION,
        pieces=("actions/_months.html",),
    ),
    Sheet(
        "actions/map.html",
        "/plans/{plan}/carte/",
        COORDINATION,
        pieces=("actions/_placed.html", "actions/_ways.html"),
    ),
    Sheet("actions/ours.html", "/plans/a-faire/", "luc"),
    Sheet("actions/action.html", "/actions/{running}/", COORDINATION),
    Sheet("actions/action.html", "/actions/{running}/"),
    Sheet("actions/edit.html", "/actions/{running}/modifier/", "luc"),
    Sheet("actions/callers.html", "/actions/{running}/appels/?mot=trottoir", "luc"),
    Sheet("actions/form.html", "/actions/{running}/passer/end/", COORDINATION),
    Sheet(
        "actions/difference.html",
        "/plans/{plan}/?ligne={written}",
        COORDINATION,
        status=409,
        arrive=write_over,
    ),
    Sheet("actions/import.html", "/plans/{plan}/importer/", COORDINATION, arrive=try_a_table),
    *pact_sheets.SHEETS,
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A plan with actions in several states; one is shown to all, and a report called for it."""
    claire, luc = cast.actor(cast.claire), cast.actor(cast.luc)
    found = plan(cast)
    running = fiche(cast, found)
    late = [step("Arracher la haie", due_on="2025-01-01")]
    fiche(cast, found, title="Un jardin partagé", domain="espaces_verts", steps=late)
    fiche(cast, found, title="Un atelier de réparation", domain="insertion", state="idea")
    written = fiche(cast, found, title="Le tri expliqué", ends_on="2025-01-01", experiment=True)
    acts.write_action(written, {"title": "Le titre de Luc"}, actor=luc, version=1)
    report: Report = filed(at_point(IN_VALENCIENNES), code="encombrants_exterieur").report
    link(claire, ("report", report.pk), ("action", running.pk))
    acts.publish_action(running, actor=luc, shown=True)
    acts.measure_indicator(
        running.indicators.get(),
        actor=luc,
        on=timezone.localdate(),
        value=Decimal(7),
        source="relevé",
    )
    plans = {"plan": found.pk, "running": running.pk, "written": written.pk}
    return {**plans, **pact_sheets.furnish(cast)}
