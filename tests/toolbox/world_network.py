"""Objects of this part for the walk over every URL."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from parvis.toolbox.models import Experiment, NetworkAnswer, Question, StructureCard
from tests.cast import Cast

ARGUMENTS: dict[str, Any] = {}
BY_RESOURCE: dict[str, Any] = {
    "toolbox.structurecard": lambda side: {"pk": side.structure_card.pk},
    "toolbox.question": lambda side: {"pk": side.question.pk},
    "toolbox.networkanswer": lambda side: {"pk": side.answer.pk},
    "toolbox.experiment": lambda side: {"pk": side.experiment.pk},
}
OBJECTS: dict[str, str] = {
    "toolbox.structurecard": "structure_card",
    "toolbox.question": "question",
    "toolbox.networkanswer": "answer",
    "toolbox.experiment": "experiment",
}


def side(cast: Cast, sheet: Any, *, ours: bool, public: bool) -> dict[str, Any]:
    """The card of a structure, a question with its answer, an experiment: ours or of the
    neighbour's network, shown or hidden."""
    now = timezone.now()
    network = cast.agglomeration if ours else cast.neighbour
    # An organisation has one card: the town's is public, the agglomération's is not.
    own = (
        {True: cast.town, False: cast.agglomeration}
        if ours
        else {
            True: cast.other_town,
            False: cast.neighbour,
        }
    )
    card = StructureCard.objects.create(
        organisation=own[public],
        doing="Entretient l’espace public.",
        changed_at=now,
        published_at=now if public else None,
    )
    hidden = {} if public else {"hidden_at": now, "reason": "Nomme un habitant."}
    question = Question.objects.create(
        coordination=network,
        organisation=cast.town if ours else cast.other_town,
        by=cast.karim if ours else cast.nadia,
        title="Que faire des cartons ?",
        text="Ils restent devant les portes.",
        theme_code="encombrants",
        at=now,
        moved_at=now,
        **hidden,
    )
    answer = NetworkAnswer.objects.create(
        question=question,
        organisation=cast.landlord if ours else cast.neighbour,
        by=cast.ines if ours else cast.bruno,
        text="Un local à part.",
        at=now,
    )
    experiment = Experiment.objects.create(
        coordination=network,
        organisation=cast.town if ours else cast.other_town,
        title="Un local de réemploi",
        hypothesis="Un local ouvert divise les dépôts.",
        written_at=now,
        published_at=now if public else None,
    )
    if ours:
        experiment.partners.add(cast.landlord)
    return {
        "structure_card": card,
        "question": question,
        "answer": answer,
        "experiment": experiment,
    }
