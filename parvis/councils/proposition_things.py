"""How propositions and small projects of residents stand on the thread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse

from parvis.councils import proposition_access as access
from parvis.councils.models import Body, MicroProject, Proposition
from parvis.councils.proposition_events import (
    MICRO_PROJECT,
    MICRO_SENTENCES,
    PROPOSITION,
    SENTENCES,
    authors_of,
)
from parvis.councils.workflow import MicroState, PropositionState
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, due_columns, register

REVIEW_WITHIN = timedelta(days=3)
DECIDE_WITHIN = timedelta(days=60)
# Agendas copy titles: a project that the body still prepares is not told by its own.
MICRO_TITLE = Case(
    When(submitted_at=None, then=Value("Un projet d’habitants à préparer")), default=F("title")
)


def proposition_rows(actor: Actor) -> Any:
    """The propositions that this actor may see; the words of who proposed only once reviewed."""
    return columns(
        Proposition.objects.visible_to(actor),
        PROPOSITION,
        title=Case(When(reviewed_at=None, then=Value("Proposition à relire")), default=F("title")),
        who=Coalesce("body__organisation__name", Value("")),
        day=TruncDate("at"),
        state="state",
    )


def propositions_due(actor: Actor) -> Any:
    """What awaits a review, for who reviews: three days."""
    may = access.PROPOSITION.condition(actor, "review")
    rows = Proposition.objects.filter(may, state=PropositionState.TO_REVIEW)
    return due_columns(
        rows,
        PROPOSITION,
        title=Value("Proposition à relire"),
        who="quartier__name",
        state="state",
        due_on=TruncDate(F("at") + Value(REVIEW_WITHIN)),
        owner=Coalesce("body__organisation_id", Value(actor.organisation_id or 0)),
    )


def propositions_lying(where: Where) -> Any:
    """The propositions of these quartiers."""
    return Proposition.objects.filter(quartier_id__in=where.quartiers).values("pk")


def url_of_proposition(pk: int) -> str:
    """The page of a proposition."""
    return reverse("councils:proposition", args=[pk])


def micro_rows(actor: Actor) -> Any:
    """The small projects that this actor may see."""
    return columns(
        MicroProject.objects.visible_to(actor),
        MICRO_PROJECT,
        title=MICRO_TITLE,
        who="payer__name",
        day=Coalesce("decided_on", TruncDate("submitted_at"), TruncDate("written_at")),
        amount=Coalesce("granted", "asked"),
        state="state",
    )


def micro_due(actor: Actor) -> Any:
    """What awaits the decision of the actor's committee."""
    may = access.MICRO_PROJECT.condition(actor, "decide")
    return due_columns(
        MicroProject.objects.filter(may, state=MicroState.SUBMITTED),
        MICRO_PROJECT,
        title="title",
        who="body__organisation__name",
        amount="asked",
        state="state",
        due_on=TruncDate(F("submitted_at") + Value(DECIDE_WITHIN)),
        owner="payer_id",
    )


def micro_lying(where: Where) -> Any:
    """The small projects of the bodies of these quartiers."""
    through = Body.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    inside = through.filter(body_id=OuterRef("body_id"))
    return MicroProject.objects.filter(Exists(inside)).values("pk")


def url_of_micro(pk: int) -> str:
    """The page of a small project."""
    return reverse("councils:micro_project", args=[pk])


register(
    Kind(
        code=PROPOSITION,
        label="proposition",
        plural="propositions",
        icon="lightbulb",
        url=url_of_proposition,
        rows=proposition_rows,
        state_labels=dict(PropositionState.choices),
        ended=(PropositionState.ANSWERED, PropositionState.REFUSED, PropositionState.WITHDRAWN),
        due=propositions_due,
        lies_in=propositions_lying,
        spoke=authors_of,
        sentences=SENTENCES,
    )
)
register(
    Kind(
        code=MICRO_PROJECT,
        label="projet d’habitants",
        plural="projets d’habitants",
        icon="hand-coins",
        url=url_of_micro,
        rows=micro_rows,
        state_labels=dict(MicroState.choices),
        ended=(MicroState.DONE, MicroState.REFUSED, MicroState.DROPPED),
        due=micro_due,
        lies_in=micro_lying,
        sentences=MICRO_SENTENCES,
    )
)
