"""Pages for the walk over every template."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.pages.sheet import COORDINATION, Sheet, press
from tests.works.project_scene import a_whole_project


def write_over(page: Any) -> None:
    """Arrive by writing on what somebody else wrote meanwhile."""
    page.get_by_label("Contenu").fill("Ce que Claire écrit.")
    page.locator("main input[name=version]").evaluate("field => (field.value = 0)")
    press("Enregistrer")(page)


PIECES = ("works/project_dates.html", "works/project_said.html", "works/project_steps.html")
SHEETS: list[Sheet] = [
    Sheet("works/project_list.html", "/projets/"),
    Sheet("works/project_list.html", "/projets/", COORDINATION),
    Sheet("works/project.html", "/projets/{project}/", pieces=PIECES),
    Sheet("works/project.html", "/projets/{project}/", COORDINATION),
    Sheet("works/project_form.html", "/projets/nouveau/", COORDINATION),
    Sheet("works/project_form.html", "/projets/{project}/gestion/espace/", COORDINATION),
    Sheet("works/project_phases.html", "/projets/{project}/phases/", COORDINATION),
    Sheet("works/project_rows.html", "/projets/{project}/argent/", COORDINATION),
    Sheet("works/project_rows.html", "/projets/{project}/partenaires/", COORDINATION),
    Sheet("works/operation.html", "/operations/{operation}/"),
    Sheet("works/operation.html", "/operations/{operation}/", "luc"),
    Sheet("works/project_form.html", "/operations/{operation}/modifier/", "luc"),
    Sheet("works/management.html", "/projets/{project}/gestion/", COORDINATION),
    Sheet(
        "works/management_difference.html",
        "/projets/{project}/gestion/partie/habitants/",
        COORDINATION,
        status=409,
        arrive=write_over,
    ),
    Sheet("works/public_meeting.html", "/reunions-publiques/{held}/"),
    Sheet("works/public_meeting.html", "/reunions-publiques/{to_come}/", COORDINATION),
    Sheet("works/project_form.html", "/reunions-publiques/{held}/question/", COORDINATION),
    Sheet("works/emptied.html", "/immeubles-qui-se-vident/{emptied}/", "luc"),
]


def furnish(cast: Cast) -> dict[str, Any]:
    """A project with all its parts, some of which lack or contradict each other."""
    return a_whole_project(cast)
