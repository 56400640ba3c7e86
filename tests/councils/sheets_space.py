"""Pages of this part, for the walk over every template."""

from __future__ import annotations

from typing import Any

from parvis.councils import space_training_acts
from tests.cast import Cast
from tests.councils.scene import a_member
from tests.councils.space_scene import (
    a_due_document,
    a_note,
    a_presence,
    a_referent,
    a_sitting,
    a_topic,
    a_training,
    an_expense,
    pdf,
)
from tests.pages.sheet import COORDINATION, Sheet

MEMBER, ANIMATOR, PAYER = "hugo", "yasmine", COORDINATION

SHEETS: list[Sheet] = [
    Sheet("councils/space.html", "/participation/mon-espace/", MEMBER),
    Sheet("councils/space_none.html", "/participation/mon-espace/", ANIMATOR),
    Sheet(
        "councils/space_form.html", "/participation/membres/{space_member}/frais/nouveaux/", MEMBER
    ),
    Sheet("councils/space_sittings.html", "/participation/{council}/seances/", ANIMATOR),
    Sheet(
        "councils/space_sitting.html", "/participation/{council}/seances/{space_past}/", ANIMATOR
    ),
    Sheet("councils/space_expense.html", "/participation/frais/{space_expense}/", PAYER),
    Sheet("councils/space_expenses.html", "/participation/frais/", MEMBER),
    Sheet("councils/space_to_pay.html", "/participation/frais/a-rembourser/", PAYER),
    Sheet("councils/space_dues.html", "/participation/{council}/documents-dus/", ANIMATOR),
    Sheet("councils/space_due.html", "/participation/documents-dus/{space_due}/", PAYER),
    Sheet("councils/space_trainings.html", "/participation/formations/", MEMBER),
    Sheet("councils/space_training.html", "/participation/formations/{space_training}/", PAYER),
    Sheet("councils/space_training_figures.html", "/participation/formations/chiffres/", PAYER),
    Sheet("councils/space_notes.html", "/participation/{council}/notes/", MEMBER),
    Sheet("councils/space_note.html", "/participation/notes/{space_note}/", MEMBER),
    Sheet("councils/space_network.html", "/participation/reseau/", MEMBER),
    Sheet("councils/space_network_closed.html", "/participation/reseau/", PAYER),
    Sheet("councils/space_topic.html", "/participation/reseau/{space_topic}/", MEMBER),
]


def furnish(cast: Cast, body: Any) -> dict[str, Any]:
    """What the pages of this part show, by the names that their addresses use."""
    yasmine = cast.actor(cast.yasmine)
    hugo = body.members.get(user=cast.hugo)
    other = a_member(body, "Essai Sans Courriel", contact={"phone": "03 00 00 00 00"})
    to_come, past = a_sitting(body, yasmine), a_sitting(body, yasmine, days=-7)
    a_sitting(body, yasmine, days=20)
    a_presence(hugo, to_come)
    a_presence(hugo, past, came=True)
    a_presence(other, to_come)
    a_presence(other, past, came=False)
    training = a_training(body, seats=12)
    a_training(body, title="Prendre la parole", seats=8)
    space_training_acts.ask_training(training, hugo)
    space_training_acts.ask_training(training, other)
    a_referent(hugo, cast)
    an_expense(other, "1234.56", kind="garde", label="Garde d’enfants, deux soirs")
    late = a_due_document(body, cast, days=-5)
    a_due_document(body, cast, title="Évaluation", kind="evaluation", file=pdf())
    topic = a_topic(body, yasmine, file=pdf("grille.pdf"))
    return {
        "space_member": hugo.pk,
        "space_past": past.pk,
        "space_expense": an_expense(hugo, "8.40").pk,
        "space_due": late.pk,
        "space_training": training.pk,
        "space_note": a_note(body, yasmine).pk,
        "space_topic": topic.pk,
    }
