"""An action told in the toolbox: its fiche gives the first draft of a fiche d'expérience."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from parvis.actions.acts import KIND
from parvis.actions.events import cost_of
from parvis.actions.models import Action, Indicator
from parvis.partners.actors import Actor
from parvis.thread.register import paid_for
from parvis.toolbox.edit_acts import write_experience
from parvis.ui.words import NBSP, day_in_words, euros_in_words


def tell_action(action: Action, *, actor: Actor) -> int:
    """Write the draft of the sheet that tells this action, on the actor's desk; its id.

    ValidationError with words for people when a sheet tells it already.
    """
    with transaction.atomic():
        sheet = write_experience(
            actor, told=(KIND, action.pk), title=action.title, facts=facts_of(action, actor)
        )
        return int(sheet.pk)


def facts_of(action: Action, actor: Actor) -> dict[str, Any]:
    """What the fiche says, in the parts of a sheet. The cost that partners alone read stays in the
    draft: whoever writes decides what everybody will read."""
    return {
        "summary": action.summary,
        "context": _parts(action.finding, action.objective),
        "done": _parts(action.summary, _steps(action)),
        "cost": cost_of(action, actor) or None,
        "funding": _funding(action, actor),
        "results": _parts(*_results(action), action.worked),
        "differently": action.failed,
        "period": _period(action),
        "scale": _scale(action),
        "contributors": _who(action),
        "quartiers": list(action.quartiers.values_list("pk", flat=True)),
        "themes": action.themes,
    }


def _parts(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _steps(action: Action) -> str:
    done = [one.title for one in action.steps.all() if one.done_on]
    return "\n".join(f"– {title}" for title in done)


def _funding(action: Action, actor: Actor) -> str:
    lines = [
        f"{one.funder.name} ({one.scheme_label}){NBSP}: {euros_in_words(one.granted)}"
        for one in action.fundings.select_related("funder")
    ]
    lines += [
        f"{paid.who or label} ({label}){NBSP}: {euros_in_words(paid.planned)}"
        for label, paid in paid_for(actor, KIND, [action.pk]).get(action.pk, [])
    ]
    return "\n".join(lines)


def _results(action: Action) -> list[str]:
    return [_result(one) for one in action.indicators.prefetch_related("measures")]


def _result(indicator: Indicator) -> str:
    start = indicator.baseline
    said = [f"au départ {_figure(start, indicator)}"] if start is not None else []
    said.append(f"visé {_figure(indicator.target, indicator)}")
    said += [
        f"{_figure(one.value, indicator)} le {day_in_words(one.on)}"
        for one in indicator.measures.all()
    ]
    return f"{indicator.label}{NBSP}: {', '.join(said)}."


def _figure(value: Decimal, indicator: Indicator) -> str:
    plain = f"{value.normalize():f}".replace(".", ",")
    return f"{plain} {indicator.unit}".strip()


def _period(action: Action) -> str:
    begun, ended = action.starts_on, action.ends_on
    if begun and ended:
        return f"du {day_in_words(begun)} au {day_in_words(ended)}"
    return f"depuis le {day_in_words(begun)}" if begun else ""


def _scale(action: Action) -> str:
    if action.residences.exists():
        return "residence"
    return "quartier" if action.quartiers.exists() else ""


def _who(action: Action) -> str:
    partners = action.partners.select_related("organisation")
    return ", ".join([action.lead.name, *(one.organisation.name for one in partners)])
