"""What awaits an actor, in the columns of the board."""

from __future__ import annotations

from datetime import date, timedelta

from parvis.partners.actors import Actor
from parvis.thread.reading import Due, DueSpan
from parvis.ui.components import Column, Item

SHOWN = 12  # items by column; the column's figure counts them all


def cuts(today: date) -> tuple[date, date]:
    """The days at which columns begin: today, and the Monday after it."""
    return today, today + timedelta(days=7 - today.weekday())


def columns(due: list[DueSpan], actor: Actor, today: date) -> list[Column]:
    """Three columns, late first: late, this week, later."""
    late, week, later = due
    return [
        _column("En retard", "late", late, actor, today),
        _column("Cette semaine", "soon", week, actor, today),
        _column("Plus tard", "", later, actor, today),
    ]


def _column(title: str, tone: str, due: DueSpan, actor: Actor, today: date) -> Column:
    items = [Item(one.title, one.url, _soft(one, actor, today)) for one in due.first]
    return Column(title=title, tone=tone, items=items, total=due.total)


def _soft(one: Due, actor: Actor, today: date) -> str:
    """Who answers for it, in which state, and for which day."""
    who = "vous" if one.owner_id == actor.organisation_id else (one.who or "sans gestionnaire")
    said = [who, one.state_label]
    if one.due_on:
        days = (one.due_on - today).days
        if days < 0:
            said.append(f"en retard de {-days} jour{'s' if days < -1 else ''}")
        elif days == 0:
            said.append("pour aujourd’hui")
        else:
            said.append(f"pour le {one.due_on:%d/%m}")
    return " · ".join(part for part in said if part)
