"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.toolbox.models import Label
from tests.cast import Cast
from tests.pages.sheet import Sheet
from tests.toolbox.content_scene import a_page, a_statement, words
from tests.walks.scene import a_walk

SHEETS: list[Sheet] = [
    Sheet(
        "toolbox/content.html",
        "/pages/{toolbox_content}/",
        who="claire",
        pieces=("toolbox/content_text.html",),
    ),
    Sheet("portal/accessibility.html", "/accessibilite/", pieces=("toolbox/content_text.html",)),
    Sheet(
        "walks/walk.html",
        "/diagnostics/{toolbox_content_walk}/",
        who="claire",
        pieces=("toolbox/sheet_suggested.html", "toolbox/content_follow.html"),
    ),
]


def furnish(cast: Cast, sheet: Any) -> dict[str, Any]:
    """A page that the coordination added, a statement of accessibility, and a walk that is
    prepared, to which the sheet is put forward."""
    page = a_page(
        title="Parler du quartier avec les mots de tous les jours",
        summary="Les mots des professionnels, et ce qu’ils veulent dire.",
        body=words(
            "<h2>Gestion urbaine de proximité</h2><p>Tenir le quartier <b>ensemble</b>.</p>"
        ),
    )
    a_statement(
        state="part",
        rate="71.5",
        audited_on="2026-02-20",
        failures="<ul><li>Les plans n’ont pas de légende.</li></ul>",
    )
    occasion, _ = Label.objects.get_or_create(
        group="occasion", code="diagnostic", defaults={"label": "Prépare un diagnostic"}
    )
    occasion.sheets.add(sheet.pk)
    return {"toolbox_content": page.slug, "toolbox_content_walk": a_walk(cast).pk}
