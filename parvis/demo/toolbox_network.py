"""The network of the demonstration: structures and people who agreed to be found, a question whose
answers became a conseil, an experiment that was spread and one under way."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.demo.accounts import address_of, read
from parvis.demo.toolbox import publish_on
from parvis.demo.toolbox_courses import actor_of
from parvis.demo.toolbox_text import typeset
from parvis.partners.models import Organisation
from parvis.places.models import Quartier
from parvis.toolbox import (
    network_acts,
    network_advice,
    network_experiment_acts,
    network_question_acts,
)
from parvis.toolbox.models import Experiment, Label, Question
from parvis.upkeep.models import Theme


def load_network(organisations: dict[str, Organisation], now: datetime) -> None:
    """Write what data/toolbox_network.toml tells."""
    facts = read("toolbox_network")
    for row in facts["structure"]:
        network_acts.write_card(
            actor=actor_of(row["actor"]),
            doing=typeset(row["doing"]),
            presentation=typeset(row["presentation"]),
            publics=Label.objects.filter(group="public", code__in=row["publics"]),
            published=True,
            now=now - timedelta(days=100),
            **_where(row),
        )
    for row in facts["person"]:
        network_acts.join_directory(
            actor=actor_of(row["actor"]),
            shown=row["shown"],
            function=typeset(row["function"]),
            help=typeset(row["help"]),
            email=address_of(row["actor"]),
            phone=row["phone"],
            now=now - timedelta(days=90),
            **_where(row),
        )
    for row in facts["question"]:
        _question(row, now)
    for row in facts["experiment"]:
        _experiment(row, organisations, now)


def _where(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "themes": Theme.objects.filter(code__in=row["themes"]),
        "quartiers": Quartier.objects.filter(code__in=row["quartiers"]),
    }


def _question(row: dict[str, Any], now: datetime) -> Question:
    """Asked, answered, closed, and told to everybody as a conseil."""
    asker, coordination = actor_of(row["actor"]), actor_of("coordination")
    question = network_question_acts.ask_network(
        actor=asker,
        title=typeset(row["title"]),
        text=typeset(row["text"]),
        theme_code=row["theme"],
        now=now + timedelta(days=row["days"]),
    )
    for told in row["answers"]:
        at = now + timedelta(days=told["days"])
        answer = network_question_acts.answer_question(
            question, actor=actor_of(told["actor"]), text=typeset(told["text"]), now=at
        )
        if told["helped"]:
            network_question_acts.mark_helpful(
                answer, actor=asker, helped=True, now=at + timedelta(days=1)
            )
    network_question_acts.close_question(
        question, actor=coordination, closed=True, now=now - timedelta(days=30)
    )
    draft, _ = network_advice.make_advice(question, actor=coordination)
    sheet: Any = draft.specific
    sheet.summary = typeset(row["summary"])
    sheet.labels.set(Label.objects.filter(group="public", code__in=("gardiens", "mediateurs")))
    publish_on(sheet, now - timedelta(days=28))
    return question


def _experiment(
    row: dict[str, Any], organisations: dict[str, Organisation], now: datetime
) -> Experiment:
    actor, today = actor_of(row["actor"]), timezone.localdate(now)
    begun = now + timedelta(days=row["starts"])
    found = network_experiment_acts.write_experiment(
        actor=actor,
        now=begun - timedelta(days=20),
        title=typeset(row["title"]),
        hypothesis=typeset(row["hypothesis"]),
        test=typeset(row["test"]),
        starts_on=timezone.localdate(begun),
        ends_on=today + timedelta(days=row["ends"]),
        indicator=typeset(row["indicator"]),
        unit=row["unit"],
        before=Decimal(row["before"]),
        target=Decimal(row["target"]),
        partners=[organisations[key] for key in row["partners"]],
        **_where(row),
    )
    network_experiment_acts.start_experiment(found, actor=actor, now=begun)
    if "result" in row:
        seen, choice = row["result"], row["decision"]
        network_experiment_acts.write_result(
            found,
            actor=actor,
            on=today + timedelta(days=seen["days"]),
            text=typeset(seen["text"]),
            after=Decimal(seen["after"]),
            now=now + timedelta(days=seen["days"]),
        )
        network_experiment_acts.decide(
            found,
            actor=actor,
            decision=choice["decision"],
            reason=typeset(choice["reason"]),
            now=now + timedelta(days=choice["days"]),
        )
    return network_experiment_acts.publish_experiment(
        found, actor=actor_of("coordination"), published=True, now=begun + timedelta(days=2)
    )
