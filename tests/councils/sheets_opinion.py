"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.councils.opinion_scene import a_draft, a_request, answered, sent
from tests.pages.sheet import Sheet

LINES, TABLE = "councils/_opinion_lines.html", "councils/_opinion_outcomes.html"
SHEETS: list[Sheet] = [
    Sheet("councils/opinion_register.html", "/participation/avis/", pieces=(LINES,)),
    Sheet("councils/opinion.html", "/participation/avis/{opinion_told}/", pieces=(TABLE,)),
    Sheet("councils/opinion.html", "/participation/avis/{opinion_draft}/", "yasmine"),
    Sheet("councils/opinion_outcomes.html", "/participation/avis/{opinion_told}/suites/"),
    Sheet("councils/opinion_outcomes_of.html", "/participation/{council}/suites/"),
    Sheet("councils/opinion_of_body.html", "/participation/{council}/avis/", "yasmine"),
    Sheet("councils/opinion_form.html", "/participation/{council}/avis/nouveau/", "hugo"),
    Sheet("councils/opinion_write.html", "/participation/avis/{opinion_draft}/ecrire/", "yasmine"),
    Sheet(
        "councils/opinion_versions.html", "/participation/avis/{opinion_draft}/versions/", "hugo"
    ),
    Sheet(
        "councils/opinion_subject.html",
        "/participation/avis/{opinion_draft}/sujet/?mot=place",
        "yasmine",
    ),
    Sheet("councils/opinion_form.html", "/participation/avis/{opinion_draft}/adopter/", "yasmine"),
    Sheet("councils/opinion_reply.html", "/participation/avis/{opinion_sent}/repondre/", "karim"),
    Sheet("councils/opinion_requests.html", "/participation/demandes/", "karim"),
    Sheet("councils/opinion_request.html", "/participation/demandes/{opinion_request}/", "karim"),
    Sheet(
        "councils/opinion_request_form.html",
        "/participation/{council}/demander-un-avis/",
        "karim",
    ),
]


def furnish(cast: Cast, body: Any) -> dict[str, Any]:
    """What the pages of this part show, by the names that their addresses use."""
    told = answered(cast, sent(cast, body, a_request(cast, body), public=True))
    waiting = sent(cast, body, public=True, title="L’éclairage du parc")
    draft = a_draft(cast, body, title="Les jeux de la rue Neuve")
    asked = a_request(cast, body, sent=False, title="Les horaires du centre social")
    return {
        "opinion_told": told.pk,
        "opinion_sent": waiting.pk,
        "opinion_draft": draft.pk,
        "opinion_request": asked.pk,
    }
