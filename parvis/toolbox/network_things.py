"""How questions to the network and experiments stand on the thread."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.places.models import Quartier
from parvis.thread.register import (
    Kind,
    Making,
    Order,
    Where,
    columns,
    due_columns,
    register,
    register_making,
)
from parvis.toolbox import network_experiment_acts as acts
from parvis.toolbox.models import Experiment, Question, Result
from parvis.toolbox.network_access import may_write
from parvis.toolbox.network_events import (
    EXPERIMENT,
    EXPERIMENT_SENTENCES,
    QUESTION,
    QUESTION_SENTENCES,
)
from parvis.toolbox.network_workflow import ENDED, Decision, ExperimentState, QuestionState


def question_rows(actor: Actor) -> Any:
    """The questions that this actor may see: partners of the same network, and nobody else."""
    return columns(
        Question.objects.visible_to(actor),
        QUESTION,
        title="title",
        who="organisation__name",
        day=TruncDate("at"),
        state=Case(
            When(hidden_at__isnull=False, then=Value(QuestionState.HIDDEN)),
            When(closed_at__isnull=False, then=Value(QuestionState.CLOSED)),
            default=Value(QuestionState.OPEN),
        ),
    )


def questions_lying(where: Where) -> Any:
    """The questions about these quartiers."""
    return Question.objects.filter(quartier_id__in=where.quartiers).values("pk")


def url_of_question(pk: int) -> str:
    """The page of a question."""
    return reverse("toolbox:network_question", args=[pk])


def experiment_rows(actor: Actor) -> Any:
    """The experiments that this actor may see."""
    return columns(
        Experiment.objects.visible_to(actor),
        EXPERIMENT,
        title="title",
        who="organisation__name",
        day=Coalesce("starts_on", TruncDate("written_at")),
        state="state",
    )


def experiments_due(actor: Actor) -> Any:
    """The tests under way of the actor's organisation: a result is due at their end."""
    mine = Experiment.objects.visible_to(actor).filter(
        state=ExperimentState.RUNNING, organisation_id=actor.organisation_id or 0
    )
    return due_columns(
        mine,
        EXPERIMENT,
        title="title",
        who="organisation__name",
        state="state",
        due_on="ends_on",
        owner="organisation_id",
    )


def experiments_awaiting(actor: Actor) -> Any:
    """Those whose result waits for a decision: a meeting may take it."""
    latest = (
        Result.objects.filter(experiment_id=OuterRef("pk"))
        .order_by()
        .values("experiment_id")
        .annotate(last=Max("on"))
        .values("last")
    )
    return due_columns(
        Experiment.objects.visible_to(actor).filter(state=ExperimentState.MEASURED),
        EXPERIMENT,
        title="title",
        who="organisation__name",
        state="state",
        due_on=Subquery(latest),
        owner="organisation_id",
    )


def experiments_lying(where: Where) -> Any:
    """The experiments of these quartiers."""
    lying = Experiment.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    return Experiment.objects.filter(Q(Exists(lying.filter(experiment_id=OuterRef("pk"))))).values(
        "pk"
    )


def url_of_experiment(pk: int) -> str:
    """The page of an experiment."""
    return reverse("toolbox:experiment", args=[pk])


def offers_an_experiment(actor: Actor, about: str | None) -> bool:
    """Whether a decision may become an experiment."""
    return may_write(actor)


def make_experiment(actor: Actor, order: Order) -> tuple[str, int]:
    """Write the experiment that was decided, led by who is to do it, to be completed by them."""
    lead = Organisation.objects.filter(pk=order.organisation_id or 0).first()
    if lead is None:
        raise ValidationError("Dites quelle organisation s’en charge.")
    made = acts.write_experiment(
        actor=actor,
        title=order.title[:160],
        hypothesis=(order.text or order.title)[:2000],
        organisation=lead,
        quartiers=list(Quartier.objects.filter(pk__in=order.where.quartiers).only("pk")),
    )
    return EXPERIMENT, made.pk


register(
    Kind(
        code=QUESTION,
        label="question au réseau",
        plural="questions au réseau",
        icon="message-circle-question-mark",
        url=url_of_question,
        rows=question_rows,
        state_labels=dict(QuestionState.choices),
        ended=(QuestionState.CLOSED, QuestionState.HIDDEN),
        lies_in=questions_lying,
        sentences=QUESTION_SENTENCES,
    )
)
register(
    Kind(
        code=EXPERIMENT,
        label="expérimentation",
        plural="expérimentations",
        icon="flask-conical",
        url=url_of_experiment,
        public_url=url_of_experiment,
        rows=experiment_rows,
        state_labels={**dict(Decision.choices), **dict(ExperimentState.choices)},
        ended=ENDED,
        due=experiments_due,
        awaits=experiments_awaiting,
        lies_in=experiments_lying,
        sentences=EXPERIMENT_SENTENCES,
    )
)
register_making(Making("experiment", "une expérimentation", offers_an_experiment, make_experiment))
