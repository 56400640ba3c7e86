"""How bodies of participation stand on the thread."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, OuterRef, Value, When
from django.urls import reverse

from parvis.councils.body_events import BODY, BODY_SENTENCES
from parvis.councils.models import Body
from parvis.partners.actors import Actor
from parvis.thread.register import Kind, Where, columns, register


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
        rows=body_rows,
        state_labels={"open": "en activité", "closed": "dissoute"},
        lies_in=bodies_lying,
        sentences=BODY_SENTENCES,
    )
)
