"""How conventions of abatement stand on the thread."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from parvis.partners.actors import Actor
from parvis.tfpb.convention_models import Convention
from parvis.thread.register import Kind, columns, register

KIND = "tfpb_convention"


def rows(actor: Actor) -> Any:
    """The conventions that this actor may see, as the register's columns."""
    return columns(
        Convention.objects.visible_to(actor),
        KIND,
        title="agreement__title",
        who="landlord__name",
        day="agreement__starts_on",
    )


def url_of(pk: int) -> str:
    """The page of a convention."""
    return reverse("tfpb:convention", args=[pk])


register(
    Kind(
        code=KIND,
        label="convention d’abattement",
        plural="conventions d’abattement",
        icon="file-signature",
        url=url_of,
        rows=rows,
        sentences={"opened": "Ouverte par {who}."},
    )
)
