"""Answer templates: which are offered for a report, and their placeholders filled in.

A placeholder is a word between braces. It is replaced by plain text, once: what is put in is never
read as a placeholder itself.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.reports.models import AnswerTemplate, Category, Part, Report
from parvis.search.words import fold
from parvis.ui.words import day_in_words

# What each placeholder stands for, as people are told.
PLACEHOLDERS = {
    "référence": "la référence du signalement",
    "sujet": "le sujet du signalement",
    "lieu": "le lieu du signalement",
    "jour": "le jour où vous répondez",
    "échéance": "le jour attendu de votre part",
    "organisation": "le nom de votre organisation",
}
_KNOWN = {fold(name): name for name in PLACEHOLDERS}
_BRACES = re.compile(r"\{([^{}]*)\}")


def check_wording(text: str) -> None:
    """Raise ValidationError, with words, for a placeholder that nobody could fill in."""
    unknown = [name for name in _BRACES.findall(text) if fold(name.strip()) not in _KNOWN]
    offered = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    if unknown:
        raise ValidationError(
            f"« {{{unknown[0]}}} » n’est pas connu. Vous pouvez écrire {offered}."
        )
    if set("{}") & set(_BRACES.sub("", text)):
        raise ValidationError(
            f"Une accolade est seule. Vous pouvez écrire {offered}, avec ses deux accolades."
        )


def filled(text: str, report: Report, *, organisation: str = "", part: Part | None = None) -> str:
    """The text with what is known of this report; `report` comes with its category."""
    values = {
        "référence": report.reference,
        "sujet": report.category.label,
        "lieu": report.place_label or "lieu à préciser",
        "jour": day_in_words(timezone.localdate()),
        "échéance": _due(report, part),
        "organisation": organisation,
    }

    def value(found: re.Match[str]) -> str:
        name = _KNOWN.get(fold(found[1].strip()))
        return values[name] if name else found[0]

    return _BRACES.sub(value, text)


def _due(report: Report, part: Part | None) -> str:
    day = part.due_on if part else report.due_on
    return day_in_words(day) if day else "un jour à fixer"


def templates_for(actor: Actor, category: Category) -> list[AnswerTemplate]:
    """The templates of the actor's organisation that suit a category; its own first."""
    suits = Q(category=None) | Q(category=category.pk) | Q(category=category.parent_id)
    rows = AnswerTemplate.objects.visible_to(actor).filter(suits)
    found = list(rows.order_by("title", "pk"))
    return sorted(found, key=lambda one: one.category_id is None)


def offered(
    actor: Actor, report: Report, asked: str = "", part: Part | None = None
) -> dict[str, Any]:
    """What a page needs to offer templates: each with its text filled in, and the one `asked` for
    by its number in the address ("" when none)."""
    rows = [
        {
            "pk": one.pk,
            "title": one.title,
            "text": filled(one.text, report, organisation=actor.organisation_name, part=part),
        }
        for one in templates_for(actor, report.category)
    ]
    chosen = next((row for row in rows if str(row["pk"]) == asked), None)
    return {"templates": rows, "chosen": chosen, "text": chosen["text"] if chosen else ""}
