"""How bodies of participation stand on the thread, and what of them is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, Exists, F, Min, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone

from parvis.councils.body_events import BODY, BODY_SENTENCES
from parvis.councils.models import Body, CouncilSeat, Recognition, Term
from parvis.councils.regimes import regimes
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, due_columns, register

SOON = timedelta(days=60)


def body_rows(actor: Actor) -> Any:
    """The bodies that this actor may see, as the register's columns."""
    return columns(
        Body.objects.visible_to(actor),
        BODY,
        title="organisation__name",
        who="coordinator__name",
        day="created_on",
        state=Case(When(closed_on=None, then=Value("open")), default=Value("closed")),
    )


def bodies_due(actor: Actor) -> Any:
    """Bodies in activity that this actor composes and that wait for somebody: a seat is vacant, an
    act of recognition is missing, terms end soon."""
    today = timezone.localdate()
    held = Term.objects.on(today)
    open_seats = CouncilSeat.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=today), college__body=OuterRef("pk")
    )
    vacant = open_seats.filter(~Exists(held.filter(seat=OuterRef("pk"))))
    ending = held.filter(
        seat__college__body=OuterRef("pk"), ends_on=None, expires_on__lte=today + SOON
    )
    first = ending.order_by().values("seat__college__body").annotate(day=Min("expires_on"))
    acts = Recognition.objects.filter(body=OuterRef("pk"))
    wanted = [one.code for one in regimes().values() if _wants_recognition(one)]
    rows = (
        Body.objects.allowed(actor, "compose")
        .filter(closed_on=None)
        .annotate(
            has_vacant=Exists(vacant),
            unrecognised=Q(regime__in=wanted) & ~Q(Exists(acts)),
            first_end=Subquery(first.values("day")),
        )
        .filter(Q(has_vacant=True) | Q(unrecognised=True) | Q(first_end__isnull=False))
    )
    return due_columns(
        rows,
        BODY,
        title="organisation__name",
        who="organisation__name",
        state=Case(
            When(first_end__isnull=False, then=Value("ending")),
            When(has_vacant=True, then=Value("vacant")),
            default=Value("unrecognised"),
        ),
        # A vacant seat and a missing act have no day of their own: they wait without being late.
        due_on=F("first_end"),
        owner=Value(actor.organisation_id),
    )


def _wants_recognition(regime: Any) -> bool:
    rule = regime.rule("recognition")
    return rule is not None and rule.required


def bodies_lying(where: Where) -> Any:
    """The bodies of these quartiers."""
    inside = Body.quartiers.through.objects.filter(quartier_id__in=where.quartiers)
    return Body.objects.filter(Exists(inside.filter(body_id=OuterRef("pk")))).values("pk")


def url_of_body(pk: int) -> str:
    """The page of a body."""
    return reverse("councils:body", args=[pk])


register(
    Kind(
        code=BODY,
        label="instance de participation",
        plural="instances de participation",
        icon="users-round",
        url=url_of_body,
        public_url=url_of_body,
        rows=body_rows,
        state_labels={
            "open": "en activité",
            "closed": "dissoute",
            "vacant": "sièges à pourvoir",
            "ending": "mandats qui se terminent",
            "unrecognised": "à faire reconnaître",
        },
        due=bodies_due,
        lies_in=bodies_lying,
        sentences=BODY_SENTENCES,
    )
)
