"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.councils.challenge_acts import answer_challenge, show_challenge, write_step
from tests.cast import Cast
from tests.councils.challenge_scene import drafted, prefecture, sent, step_of
from tests.pages.sheet import Sheet

SHEETS: list[Sheet] = [
    Sheet("councils/challenge_list.html", "/participation/interpellations/"),
    Sheet("councils/challenge.html", "/participation/interpellations/{council_challenge}/"),
    Sheet(
        "councils/challenge.html",
        "/participation/interpellations/{council_challenge_draft}/",
        who="yasmine",
    ),
]


def furnish(cast: Cast, body: Any) -> dict[str, Any]:
    """A public case with a step done, one late, and its answer; and one that is still debated."""
    yasmine, today = cast.actor(cast.yasmine), timezone.localdate()
    case = sent(cast, body, prefecture(), title="Ascenseurs arrêtés depuis six mois")
    write_step(
        case, step_of(case, "mayor"), actor=yasmine, done_on=today, outcome="Transmis au maire."
    )
    late = today - timedelta(days=2)
    write_step(case, step_of(case, "municipal_council"), actor=yasmine, due_on=late)
    answer_challenge(
        case, actor=yasmine, answer="Le bailleur est réuni le mois prochain.", answered_on=today
    )
    show_challenge(case, actor=yasmine, shown=True)
    return {
        "council_challenge": case.pk,
        "council_challenge_draft": drafted(body, title="Le bus qui ne passe plus").pk,
    }
