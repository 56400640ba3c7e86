"""The case file of an interpellation on paper: a tagged PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from parvis.councils.challenge_reading import STATES, state_of
from parvis.councils.challenge_rules import rules
from parvis.councils.frame_models import Challenge
from parvis.documents.pdf import make_pdf, pdf_response
from parvis.ui.words import day_in_words


def challenge_paper(challenge: Challenge, lines: list[dict[str, Any]]) -> HttpResponse:
    """The text, the steps with their dates, the answer."""
    rule = rules().get(challenge.rule)
    made = make_pdf(
        "councils/challenge",
        {
            "subtitle": "Interpellation du préfet",
            "body": challenge.body.organisation.name,
            "prefet": challenge.prefet.name if challenge.prefet else "",
            "adopted_on": _day(challenge.adopted_on),
            "sent_on": _day(challenge.sent_at and timezone.localdate(challenge.sent_at)),
            "state": STATES[state_of(challenge)][0],
            "rule": rule.source if rule else "",
            "text": challenge.text,
            "steps": [_step(one) for one in lines],
            "answer": challenge.answer,
            "answered_on": _day(challenge.answered_on),
        },
        title=challenge.title,
    )
    return pdf_response(f"interpellation-{challenge.title}", made)


def _day(value: Any) -> str:
    return day_in_words(value) if value else ""


def _step(line: dict[str, Any]) -> list[str]:
    step, sitting = line["step"], line["sitting"]
    if step.done_on:
        when = f"faite le {day_in_words(step.done_on)}"
    elif step.due_on:
        when = f"attendue pour le {day_in_words(step.due_on)}" + (", en retard" * line["late"])
    else:
        when = "à venir, sans date"
    place = f"{sitting['name']}, {day_in_words(sitting['on'])}. " if sitting else ""
    who = step.organisation.name if step.organisation else ""
    return [line["label"], who, when, f"{place}{step.outcome}".strip()]
