"""How opinions and requests for them stand on the thread."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse

from parvis.councils.body_models import Body
from parvis.councils.opinion_access import OPINION as POLICY
from parvis.councils.opinion_events import (
    OPINION,
    OPINION_SENTENCES,
    REQUEST,
    REQUEST_SENTENCES,
    SECRET_TITLE,
)
from parvis.councils.opinion_models import Opinion, OpinionRequest
from parvis.councils.workflow import Level, OpinionState
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, due_columns, register

# Lists and agendas copy titles: one that was not sent yet is not told by its own, whoever reads.
TITLE = Case(When(sent_at=None, then=Value(SECRET_TITLE)), default=F("title"))


def opinion_rows(actor: Actor) -> Any:
    """The opinions that this actor may see, as the register's columns."""
    return columns(
        Opinion.objects.visible_to(actor),
        OPINION,
        title=TITLE,
        who="body__organisation__name",
        day="adopted_on",
        state="state",
    )


def opinions_due(actor: Actor) -> Any:
    """Replies that are owed, for who owes them and for the body that waits."""
    mine = POLICY.condition(actor, "reply") | POLICY.condition(actor, "debate")
    return due_columns(
        Opinion.objects.unanswered().filter(mine),
        OPINION,
        title="title",
        who="replier__name",
        day="adopted_on",
        state="state",
        due_on="reply_due_on",
        owner="replier_id",
    )


def opinions_awaiting(actor: Actor) -> Any:
    """What a body has in debate: its own sittings may put it on their agenda."""
    return due_columns(
        Opinion.objects.allowed(actor, "write"),
        OPINION,
        title=TITLE,
        who="body__organisation__name",
        state="state",
        due_on="request__wanted_on",
        owner="body__organisation_id",
    )


def bodies_lying(where: Where) -> Any:
    """The bodies of these quartiers."""
    inside = Body.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    return Body.objects.filter(Exists(inside.filter(body_id=OuterRef("pk")))).values("pk")


def opinions_lying(where: Where) -> Any:
    """The opinions of the bodies of these quartiers."""
    return Opinion.objects.filter(body__in=bodies_lying(where)).values("pk")


def requests_lying(where: Where) -> Any:
    """The requests to the bodies of these quartiers."""
    return OpinionRequest.objects.filter(body__in=bodies_lying(where)).values("pk")


def request_rows(actor: Actor) -> Any:
    """The requests that this actor may see, as the register's columns."""
    return columns(
        OpinionRequest.objects.visible_to(actor),
        REQUEST,
        title="title",
        who="asker__name",
        day=TruncDate("sent_at"),
        state=Case(
            When(withdrawn_at__isnull=False, then=Value("withdrawn")),
            When(sent_at=None, then=Value("draft")),
            When(level=Level.INFORM, then=Value("informed")),
            default=Value("sent"),
        ),
    )


def requests_due(actor: Actor) -> Any:
    """Requests that a body has not taken up yet; those that only inform ask nothing of it."""
    waiting = OpinionRequest.objects.allowed(actor, "take").filter(
        ~Q(level=Level.INFORM), opinion=None, sent_at__isnull=False, withdrawn_at=None
    )
    return due_columns(
        waiting,
        REQUEST,
        title="title",
        who="asker__name",
        day=TruncDate("sent_at"),
        state=Value("sent"),
        due_on="wanted_on",
        owner="body__organisation_id",
    )


def url_of_opinion(pk: int) -> str:
    """The page of an opinion."""
    return reverse("councils:opinion", args=[pk])


def url_of_request(pk: int) -> str:
    """The page of a request."""
    return reverse("councils:opinion_request", args=[pk])


register(
    Kind(
        code=OPINION,
        label="avis",
        plural="avis",
        icon="messages-square",
        url=url_of_opinion,
        public_url=url_of_opinion,
        rows=opinion_rows,
        state_labels=dict(OpinionState.choices),
        ended=(OpinionState.ANSWERED, OpinionState.DROPPED),
        due=opinions_due,
        awaits=opinions_awaiting,
        lies_in=opinions_lying,
        sentences=OPINION_SENTENCES,
    )
)
register(
    Kind(
        code=REQUEST,
        label="demande d’avis",
        plural="demandes d’avis",
        icon="message-circle-question-mark",
        url=url_of_request,
        rows=request_rows,
        state_labels={
            "draft": "pas encore envoyée",
            "sent": "envoyée",
            "informed": "pour information",
            "withdrawn": "retirée",
        },
        ended=("informed", "withdrawn"),
        due=requests_due,
        lies_in=requests_lying,
        sentences=REQUEST_SENTENCES,
    )
)
