"""The relevé de décisions as plain data: what is frozen, printed and sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from parvis.meetings.models import Decision, Sitting
from parvis.ui.words import day_in_words, span_in_words

SIDES = (
    ("usage", "Les habitants"),
    ("technique", "Les services"),
    ("politique", "Les élus"),
    ("reason", "Ce qui l’a emporté"),
)


def releve_of(sitting: Sitting, checked: Sequence[Decision]) -> dict[str, Any]:
    """What was said and decided, who was there, and where earlier decisions stand."""
    gathering, instance = sitting.gathering, sitting.instance
    guests = list(gathering.guests.select_related("organisation"))
    decisions = list(sitting.decisions.select_related("organisation"))
    points = [
        {
            "title": item.title,
            "asked": item.get_asked_display(),
            "decisions": [_told(one) for one in decisions if one.item_id == item.pk],
        }
        for item in sitting.items.all()
    ]
    seats = {seat.organisation_id for seat in instance.seats.all()}
    present = [one for one in guests if one.came]
    there = sum(one.organisation_id in seats for one in present)
    return {
        "instance": instance.name,
        "when": span_in_words(gathering.starts_at, gathering.ends_at),
        "place": gathering.place_label,
        "present": [one.organisation.name for one in present],
        "excused": [
            one.organisation.name for one in guests if not one.came and one.answer == "excused"
        ],
        "absent": [
            one.organisation.name for one in guests if not one.came and one.answer != "excused"
        ],
        "quorum": _quorum(instance.quorum, there),
        "checked": [_checked(one, _day_of(sitting)) for one in checked],
        "points": points,
        "others": [_told(one) for one in decisions if one.item_id is None],
        "minutes": sitting.minutes,
    }


def _quorum(wanted: int | None, there: int) -> str:
    if wanted is None:
        return ""
    reached = "atteint" if there >= wanted else "non atteint"
    return f"{reached} ({there} présents pour {wanted} demandés)"


def _told(decision: Decision) -> dict[str, Any]:
    return {
        "text": decision.text,
        "who": decision.organisation.name if decision.organisation else "",
        "due": day_in_words(decision.due_on) if decision.due_on else "",
        "said": [
            [label, getattr(decision, name)] for name, label in SIDES if getattr(decision, name)
        ],
    }


def _day_of(sitting: Sitting) -> date:
    """The day on which earlier decisions are checked: that of the sitting, once it has come."""
    return min(timezone.localdate(sitting.gathering.starts_at), timezone.localdate())


def _checked(decision: Decision, on: date) -> dict[str, Any]:
    return {
        "text": decision.text,
        "who": decision.organisation.name if decision.organisation else "",
        "due": day_in_words(decision.due_on) if decision.due_on else "",
        "late": decision.due_on is not None and decision.due_on < on,
    }
