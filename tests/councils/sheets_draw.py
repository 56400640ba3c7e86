"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.councils import lot_lists
from parvis.councils.lot_reading import read_upload
from parvis.partners.models import Organisation
from tests.cast import Cast
from tests.councils import lot_scene as scene
from tests.councils.scene import a_body
from tests.pages.sheet import COORDINATION, Sheet

DRAW = "/participation/tirages"
SHEETS: list[Sheet] = [
    Sheet("councils/lot_draws.html", "/participation/{drawing_body}/tirages/"),
    Sheet("councils/lot_draws.html", "/participation/{drawing_body}/tirages/", COORDINATION),
    Sheet("councils/lot_form.html", f"{DRAW}/nouveau/", COORDINATION),
    Sheet("councils/lot_form.html", f"{DRAW}/{{draw_begun}}/listes/ajouter/", COORDINATION),
    Sheet(
        "councils/lot_form.html",
        f"{DRAW}/{{draw_begun}}/listes/{{draw_list}}/colonnes/",
        COORDINATION,
    ),
    Sheet(
        "councils/lot_draw.html",
        f"{DRAW}/{{draw_begun}}/",
        COORDINATION,
        pieces=("councils/_lot_prepare.html",),
    ),
    Sheet("councils/lot_review.html", f"{DRAW}/{{draw_begun}}/a-decider/", COORDINATION),
    Sheet("councils/lot_rules.html", f"{DRAW}/{{draw_ready}}/quotas/", COORDINATION),
    Sheet("councils/lot_parties.html", f"{DRAW}/{{draw_ready}}/parties/", COORDINATION),
    Sheet("councils/lot_draw.html", f"{DRAW}/{{draw_ready}}/", COORDINATION),
    Sheet("councils/lot_draw.html", f"{DRAW}/{{draw_sealed}}/", COORDINATION),
    Sheet(
        "councils/lot_draw.html",
        f"{DRAW}/{{draw_done}}/",
        pieces=(
            "councils/_lot_public.html",
            "councils/_lot_seed.html",
            "councils/_lot_drawn.html",
        ),
    ),
    Sheet("councils/lot_witness.html", f"{DRAW}/{{draw_sealed}}/temoin/"),
    Sheet("councils/lot_witness.html", f"{DRAW}/{{draw_done}}/temoin/"),
    Sheet("councils/lot_people.html", f"{DRAW}/{{draw_done}}/personnes/", COORDINATION),
    Sheet("councils/lot_person.html", "/participation/tires-au-sort/{drawn_one}/", COORDINATION),
]


def furnish(cast: Cast, body: Any) -> dict[str, Any]:
    """Draws of a body of their own, at each of their steps."""
    organisation = Organisation.objects.create(
        name="Conseil tiré au sort", kind=Organisation.Kind.PARTICIPATION
    )
    drawing = a_body(cast, organisation=organisation)
    actor = cast.actor(cast.claire)
    begun = scene.begun(cast, drawing, title="Tirage qui commence")
    sheet = read_upload(scene.upload(scene.csv_of(0, 3)))
    source = lot_lists.take_list(
        begun, sheet, actor=actor, origin="bailleur", holder="Escaut Habitat", basis=scene.BASIS
    )
    scene.with_list(begun, actor, b"nom;adresse\nEssai;3 rue inconnue")
    scene.sifted(begun)
    done = scene.drawn(cast, drawing, title="Tirage fait")
    return {
        "drawing_body": drawing.pk,
        "draw_begun": begun.pk,
        "draw_list": source.pk,
        "draw_ready": scene.ready(cast, drawing, title="Tirage prêt").pk,
        "draw_sealed": scene.sealed(cast, drawing, title="Tirage fermé").pk,
        "draw_done": done.pk,
        "drawn_one": scene.first_of(done).pk,
    }
