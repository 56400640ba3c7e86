"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.councils.frame_acts import answer_remark
from parvis.councils.frame_articles import write_article
from tests.cast import Cast
from tests.councils.frame_scene import a_frame, adopted, article, closed, listed, opened, remarked
from tests.pages.sheet import COORDINATION, Sheet

SHEETS: list[Sheet] = [
    Sheet("councils/frame_inventory.html", "/participation/inventaire/", who=COORDINATION),
    Sheet("councils/frame_list.html", "/participation/cadre/", who=COORDINATION),
    Sheet("councils/frame_text.html", "/participation/cadre/{council_frame}/"),
    Sheet(
        "councils/frame_text.html", "/participation/cadre/{council_frame_next}/", who=COORDINATION
    ),
    Sheet(
        "councils/frame_compare.html",
        "/participation/cadre/{council_frame_next}/comparer/",
        who=COORDINATION,
    ),
    Sheet(
        "councils/frame_form.html",
        "/participation/cadre/{council_frame_next}/articles/ajouter/",
        who=COORDINATION,
    ),
]


def furnish(cast: Cast, body: Any) -> dict[str, Any]:
    """A version in force, and the next one whose remarks are closed, one of two answered."""
    listed(cast, body=body)
    first = adopted(cast)
    following = a_frame(cast)
    row = article(following, "3")
    write_article(following, row, text="Un mandat dure deux ans, et se renouvelle une fois.")
    following = opened(cast, following)
    answered = remarked(cast, following)
    remarked(cast, following, "3", "Deux ans, c’est court.")
    answer_remark(
        answered,
        actor=cast.actor(cast.claire),
        outcome="followed",
        answer="L’article dira que les jeunes peuvent siéger dès seize ans.",
    )
    closed(following)
    return {"council_frame": first.pk, "council_frame_next": following.pk}
