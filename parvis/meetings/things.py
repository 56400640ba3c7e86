"""How sittings and decisions stand on the thread; decisions are due until they are done."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse

from parvis.gatherings.events import say_pages
from parvis.gatherings.kinds import SEANCE
from parvis.meetings import access
from parvis.meetings.acts import DECISION, SITTING
from parvis.meetings.events import DECISION_SENTENCES, SITTING_LABELS, SITTING_SENTENCES
from parvis.meetings.inviting import with_own_links
from parvis.meetings.models import Decision, Instance, Sitting
from parvis.meetings.workflow import DecisionState
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, due_columns, register


def sitting_rows(actor: Actor) -> Any:
    """The sittings that this actor may see, as the register's columns."""
    return columns(
        Sitting.objects.visible_to(actor),
        SITTING,
        title="instance__name",
        who="instance__organiser__name",
        day=TruncDate("gathering__starts_at"),
        state=Case(
            When(gathering__cancelled_at__isnull=False, then=Value("cancelled")),
            When(sent_at__isnull=False, then=Value("sent")),
            When(convened_at__isnull=False, then=Value("convened")),
            default=Value("prepared"),
        ),
    )


def decision_rows(actor: Actor) -> Any:
    """The decisions that this actor may see, as the register's columns."""
    return columns(
        Decision.objects.visible_to(actor),
        DECISION,
        title="text",
        who="organisation__name",
        day=TruncDate("taken_at"),
        state="state",
    )


def decisions_due(actor: Actor) -> Any:
    """The decisions that this actor's organisation is to carry out, or that it follows."""
    mine = Decision.objects.filter(
        access.DECISION.condition(actor, "carry"),
        state=DecisionState.TO_DO,
        sitting__sent_at__isnull=False,
    )
    return due_columns(
        mine,
        DECISION,
        title="text",
        who="organisation__name",
        state="state",
        due_on="due_on",
        owner="organisation_id",
    )


def decisions_lying(where: Where) -> Any:
    """The decisions of the instances of these quartiers."""
    through = Instance.quartiers.through.objects
    inside = through.filter(quartier_id__in=where.quartiers)
    return Decision.objects.filter(
        Exists(inside.filter(instance_id=OuterRef("sitting__instance_id")))
    ).values("pk")


def url_of_sitting(pk: int) -> str:
    """The page of a sitting."""
    return reverse("meetings:sitting", args=[pk])


def url_of_decision(pk: int) -> str:
    """The page of a decision."""
    return reverse("meetings:decision", args=[pk])


register(
    Kind(
        code=SITTING,
        label="séance",
        plural="séances",
        icon="users",
        url=url_of_sitting,
        rows=sitting_rows,
        state_labels=SITTING_LABELS,
        sentences=SITTING_SENTENCES,
    )
)
register(
    Kind(
        code=DECISION,
        label="décision",
        plural="décisions",
        icon="gavel",
        url=url_of_decision,
        rows=decision_rows,
        state_labels=dict(DecisionState.choices),
        ended=(DecisionState.DONE, DecisionState.DROPPED),
        # A resident's thread goes on through it to what was done.
        tells_existence=True,
        due=decisions_due,
        lies_in=decisions_lying,
        sentences=DECISION_SENTENCES,
    )
)
# A service's address has its own link to a sitting; who has an account answers on the date's page.
say_pages(SEANCE, lambda gathering, people: with_own_links(people, gathering.guests.all()))
