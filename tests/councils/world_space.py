"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
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

_SITTING = ("sitting_presences", "sitting_contacts", "call_members", "record_presences")
ARGUMENTS: dict[str, Any] = {
    **{
        f"councils:{name}": lambda side: {"pk": side.body.pk, "sitting": side.own_sitting.pk}
        for name in _SITTING
    },
    "councils:expenses_table": lambda side: {"form": "ods"},
    "councils:message_file": lambda side: {"pk": side.topic.pk, "message": side.message.pk},
}
BY_RESOURCE: dict[str, Any] = {
    "councils.presence": lambda side: {"pk": side.presence.pk},
    "councils.expense": lambda side: {"pk": side.expense.pk},
    "councils.duedocument": lambda side: {"pk": side.due_document.pk},
    "councils.trainingoffer": lambda side: {"pk": side.training.pk},
    "councils.bodynote": lambda side: {"pk": side.note.pk},
    "councils.networktopic": lambda side: {"pk": side.topic.pk},
}
OBJECTS: dict[str, str] = {
    "councils.presence": "presence",
    "councils.expense": "expense",
    "councils.duedocument": "due_document",
    "councils.trainingoffer": "training",
    "councils.bodynote": "note",
    "councils.networktopic": "topic",
}


def side(cast: Cast, body: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """This part's objects of one body, ours or the neighbour's, public or not."""
    member = body.members.order_by("number").first()
    actor = cast.actor(cast.yasmine if ours else cast.lila)
    sitting = a_sitting(body, actor)
    due = a_due_document(
        body, cast, owed_by=cast.town if ours else cast.other_town, file=pdf("programme.pdf")
    )
    a_referent(member, cast)
    topic = a_topic(body, actor, file=pdf())
    return {
        "own_sitting": sitting,
        "presence": a_presence(member, sitting),
        "expense": an_expense(member),
        "due_document": due,
        "training": a_training(body),
        "note": a_note(body, actor),
        "topic": topic,
        "message": topic.messages.get(),
    }
