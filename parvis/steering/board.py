"""What awaits an actor, in the columns of the board."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.reports.overdue import late_parts, to_chase
from parvis.reports.searching import KIND as REPORT
from parvis.thread.reading import Due, DueSpan
from parvis.ui.components import Column, Item
from parvis.ui.words import day_in_words

# What to post to, by report and organisation.
Chases = dict[tuple[int, int | None], str]

SHOWN = 12  # items by column; the column's figure counts them all


def cuts(today: date) -> tuple[date, date]:
    """The days at which columns begin: today, and the same day of next week. A calendar week would
    be empty each Sunday, when Monday's work is being prepared."""
    return today, today + timedelta(days=7)


def columns(
    due: list[DueSpan], actor: Actor, today: date, chases: Chases | None = None
) -> list[Column]:
    """Three columns, late first: late, within seven days, later. `chases` gives what to post to,
    to remind an organisation of what it is late for."""
    late, week, later = due
    reports = reverse("reports:list")
    return [
        _column("En retard", "late", late, actor, today, reverse("reports:overdue"), chases),
        _column("Sous sept jours", "soon", week, actor, today, f"{reports}?state=open"),
        _column("Plus tard", "", later, actor, today, f"{reports}?state=open"),
    ]


def _column(
    title: str,
    tone: str,
    due: DueSpan,
    actor: Actor,
    today: date,
    whole_list: str,
    chases: Chases | None = None,
) -> Column:
    items = [_item(one, actor, today, chases or {}) for one in due.first]
    more_url = whole_list if due.total > len(items) else ""
    return Column(title=title, tone=tone, items=items, total=due.total, more_url=more_url)


def _item(one: Due, actor: Actor, today: date, chases: Chases) -> Item:
    url = chases.get((one.id, one.owner_id), "") if one.kind == REPORT else ""
    return Item(one.title, one.url, _soft(one, actor, today), url, "Relancer" if url else "")


def chases_of(actor: Actor, due: DueSpan) -> Chases:
    """Where to remind the organisations of the first late parts, as far as this actor may today."""
    ids = [one.id for one in due.first if one.kind == REPORT]
    if not ids:
        return {}
    parts = late_parts(actor).filter(to_chase(actor), report_id__in=ids)
    found = parts.exclude(organisation=actor.organisation_id).values_list(
        "report_id", "organisation_id", "pk"
    )
    return {(report, owner): reverse("reports:chase", args=[pk]) for report, owner, pk in found}


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
            said.append(f"pour {day_in_words(one.due_on)}")
    return " · ".join(part for part in said if part)
