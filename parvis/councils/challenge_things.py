"""How what a body brings to the préfet stands on the thread, and who owes a step of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse

from parvis.councils.challenge_events import CHALLENGE, CHALLENGE_SENTENCES
from parvis.councils.challenge_rules import ANSWER, done_by_prefet
from parvis.councils.models import Body, Challenge, ChallengeStep
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, due_columns, register

# Agendas copy titles: who is called to a sitting reads neither that of a case that was not sent
# yet, nor that there is one.
TITLE = Case(When(sent_at=None, then=Value("Un texte à débattre")), default=F("title"))
LABELS = {
    "draft": "en débat",
    "adopted": "adoptée",
    "sent": "envoyée, réponse attendue",
    "answered": "répondue",
}


def challenge_rows(actor: Actor) -> Any:
    """The cases that this actor may see, as the register's columns."""
    return columns(
        Challenge.objects.visible_to(actor),
        CHALLENGE,
        title=TITLE,
        who="body__organisation__name",
        day=Coalesce(TruncDate("sent_at"), "adopted_on", TruncDate("written_at")),
        state=Case(
            When(answered_on__isnull=False, then=Value("answered")),
            When(sent_at__isnull=False, then=Value("sent")),
            When(adopted_on__isnull=False, then=Value("adopted")),
            default=Value("draft"),
        ),
    )


def challenges_due(actor: Actor) -> Any:
    """The steps with a day that the actor's organisation has not done, and the answer that the
    préfet's service owes, with a day or not."""
    seen = Challenge.objects.visible_to(actor).filter(sent_at__isnull=False)
    owner = Case(
        When(code__in=done_by_prefet(), then=F("challenge__prefet_id")),
        default=F("organisation_id"),
    )
    rows = (
        ChallengeStep.objects.alias(whose=owner)
        .filter(Q(due_on__isnull=False) | Q(code=ANSWER), done_on=None)
        .filter(Exists(seen.filter(pk=OuterRef("challenge_id"))))
        .filter(whose=actor.organisation_id or 0)
    )
    return due_columns(
        rows,
        CHALLENGE,
        pk="challenge_id",
        title="challenge__title",
        who="challenge__body__organisation__name",
        state=Value("sent"),
        due_on="due_on",
        owner=owner,
    )


def challenges_lying(where: Where) -> Any:
    """The cases of bodies of these quartiers."""
    inside = Body.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    return Challenge.objects.filter(Exists(inside.filter(body_id=OuterRef("body_id")))).values("pk")


def url_of_challenge(pk: int) -> str:
    """The page of a case."""
    return reverse("councils:challenge", args=[pk])


register(
    Kind(
        code=CHALLENGE,
        label="interpellation du préfet",
        plural="interpellations du préfet",
        icon="megaphone",
        url=url_of_challenge,
        rows=challenge_rows,
        state_labels=LABELS,
        ended=("answered",),
        due=challenges_due,
        lies_in=challenges_lying,
        sentences=CHALLENGE_SENTENCES,
    )
)
