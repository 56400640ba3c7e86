"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.gatherings.acts import publish_gathering
from parvis.toolbox.models import Label
from parvis.toolbox.network_question_acts import mark_helpful
from tests.cast import Cast
from tests.gatherings.scene import workshop
from tests.pages.sheet import Sheet
from tests.toolbox.network_scene import (
    a_card,
    a_question,
    an_answer,
    an_entry,
    decided,
    measured,
)

PIECES = ("toolbox/network_tabs.html", "toolbox/network_filters.html")
SHEETS: list[Sheet] = [
    Sheet("toolbox/network_structures.html", "/reseau/", pieces=PIECES),
    Sheet(
        "toolbox/network_structure.html",
        "/reseau/structures/{toolbox_network_card}/",
        pieces=("toolbox/network_contact.html",),
    ),
    Sheet("toolbox/network_people.html", "/reseau/personnes/", who="karim", pieces=PIECES),
    Sheet("toolbox/network_form.html", "/reseau/ma-fiche/", who="sofia"),
    Sheet("toolbox/network_form.html", "/experimentations/nouvelle/", who="karim"),
    Sheet("toolbox/network_questions.html", "/reseau/questions/", who="karim", pieces=PIECES),
    Sheet(
        "toolbox/network_question.html",
        "/reseau/questions/{toolbox_network_question}/",
        who="claire",
    ),
    Sheet("toolbox/network_calendar.html", "/reseau/rendez-vous/"),
    Sheet("toolbox/network_experiments.html", "/experimentations/", who="karim", pieces=PIECES),
    Sheet(
        "toolbox/network_experiment.html",
        "/experimentations/{toolbox_network_experiment}/",
    ),
    Sheet(
        "toolbox/network_experiment.html",
        "/experimentations/{toolbox_network_discussed}/",
        who="karim",
    ),
]


def furnish(cast: Cast, sheet: Any) -> dict[str, Any]:
    """A structure, people, a question that was answered, a meeting, two experiments."""
    label, _ = Label.objects.get_or_create(
        group="public", code="habitants", defaults={"label": "Habitants"}
    )
    card = a_card(cast, publics=[label])
    an_entry(cast)
    an_entry(cast, cast.karim, shown="everybody", function="Responsable du cadre de vie")
    question = a_question(cast)
    answer = an_answer(cast, question)
    mark_helpful(answer, actor=cast.actor(cast.sofia), helped=True)
    meeting = workshop(cast, kind="reseau", title="Le réseau se retrouve", public=False)
    publish_gathering(meeting, actor=cast.actor(cast.sofia))
    return {
        "toolbox_network_card": card.pk,
        "toolbox_network_question": question.pk,
        "toolbox_network_experiment": decided(cast, published=True).pk,
        "toolbox_network_discussed": measured(cast, title="Des bacs à marée").pk,
    }
