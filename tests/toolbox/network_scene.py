"""The network of the cast: structures, people who agreed to be found, questions, experiments."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.partners.models import User
from parvis.toolbox import network_acts, network_experiment_acts, network_question_acts
from parvis.toolbox.models import (
    DirectoryEntry,
    Experiment,
    NetworkAnswer,
    Question,
    StructureCard,
)
from parvis.upkeep import themes
from parvis.upkeep.models import Theme
from tests.cast import Cast


def theme(code: str = "encombrants") -> Theme:
    label = themes.themes()[code].label
    given = {"label": label, "domain": themes.themes()[code].domain}
    return Theme.objects.get_or_create(code=code, version=themes.version(), defaults=given)[0]


def a_card(cast: Cast, who: User | None = None, **fields: Any) -> StructureCard:
    """The card of the town of Anzin, or of another organisation, by who heads it."""
    given = {
        "doing": "Répare et entretient l’espace public d’Anzin.",
        "presentation": "Appelez-nous pour un passage avec vous dans le quartier.",
        "themes": [theme()],
        "publics": [],
        "quartiers": [cast.rives],
        "published": True,
        **fields,
    }
    return network_acts.write_card(actor=cast.actor(who or cast.karim), **given)


def an_entry(cast: Cast, who: User | None = None, **fields: Any) -> DirectoryEntry:
    """Sofia of the town of Anzin agrees to be found by partners, or somebody else does."""
    given = {
        "shown": "partners",
        "function": "Chargée de proximité",
        "help": "Monter une sortie d’encombrants avec les habitants.",
        "email": "proximite@exemple.test",
        "phone": "03 27 00 00 00",
        "themes": [theme()],
        "quartiers": [cast.rives],
        **fields,
    }
    return network_acts.join_directory(actor=cast.actor(who or cast.sofia), **given)


def a_question(cast: Cast, who: User | None = None, **fields: Any) -> Question:
    """Sofia asks the network of the Escaut, or somebody else asks their own."""
    given = {
        "title": "Comment faire sortir les encombrants avant la collecte ?",
        "text": "Les dépôts restent trois jours au pied des tours.",
        "theme_code": "encombrants",
        "quartier": cast.rives,
        **fields,
    }
    return network_question_acts.ask_network(actor=cast.actor(who or cast.sofia), **given)


def an_answer(
    cast: Cast, question: Question, who: User | None = None, **fields: Any
) -> NetworkAnswer:
    """Ines of the landlord answers, or somebody else does."""
    given = {"text": "Un local ouvert la veille au soir, tenu à deux.", **fields}
    actor = cast.actor(who or cast.ines)
    return network_question_acts.answer_question(question, actor=actor, **given)


def an_experiment(
    cast: Cast, who: User | None = None, *, published: bool = False, **fields: Any
) -> Experiment:
    """A local that the town of Anzin tries, with the landlord; its end is to come."""
    today = timezone.localdate()
    given = {
        "title": "Un local de réemploi au pied de la tour",
        "hypothesis": "Un local ouvert la veille divise les dépôts par deux.",
        "test": "Deux soirs par semaine, avec des habitants.",
        "starts_on": today - timedelta(days=60),
        "ends_on": today + timedelta(days=30),
        "indicator": "Dépôts relevés par mois",
        "unit": "dépôts",
        "before": Decimal(40),
        "target": Decimal(20),
        "partners": [cast.landlord],
        "themes": [theme()],
        "quartiers": [cast.rives],
        **fields,
    }
    made = network_experiment_acts.write_experiment(actor=cast.actor(who or cast.karim), **given)
    if published:
        made.published_at = timezone.now()
        made.save()
    return made


def tried(cast: Cast, **fields: Any) -> Experiment:
    """One whose test has begun."""
    made = an_experiment(cast, **fields)
    return network_experiment_acts.start_experiment(made, actor=cast.actor(cast.karim))


def measured(cast: Cast, after: Decimal | None = Decimal("17.5"), **fields: Any) -> Experiment:
    """One with a result that waits for a decision."""
    made = tried(cast, **fields)
    network_experiment_acts.write_result(
        made,
        actor=cast.actor(cast.karim),
        on=timezone.localdate(),
        after=after,
        text="Les habitants viennent, les dépôts baissent.",
    )
    made.refresh_from_db()
    return made


def decided(cast: Cast, decision: str = "spread", **fields: Any) -> Experiment:
    """One of which the town decided."""
    made = measured(cast, **fields)
    return network_experiment_acts.decide(
        made,
        actor=cast.actor(cast.karim),
        decision=decision,
        reason="C’est simple et cela marche.",
        ends_on=timezone.localdate() + timedelta(days=90) if decision == "go_on" else None,
    )
