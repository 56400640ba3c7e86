"""Who may see how a body prepares a sitting of others, and the words of residents that it keeps."""

from __future__ import annotations

from django.db.models import Q

from parvis.councils.scopes import BODIES, ROLES, inside
from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, Door, Policy, Row


def told(actor: Actor) -> Q:
    return Q(told_at__isnull=False, body__published_at__isnull=False)


def of_my_body(actor: Actor) -> Q:
    return inside(actor, "body__")


PREPARATION = Policy(
    "councils.preparation",
    "préparation d’une séance par une instance",
    scopes={"told to the quartier": told, "my body": of_my_body},
    rows=(
        # To see is to read what was told back; to prepare, the note and the rest.
        Row(ANYONE, ("see",), "told to the quartier"),
        *(Row(role, ("see", "prepare"), "my body", BODIES) for role in ROLES),
        Row("responsable", ("tell",), "my body", BODIES),
    ),
)
WORD = Policy(
    "councils.residentword",
    "parole d’habitant",
    scopes={"my body": of_my_body},
    rows=tuple(Row(role, ("see", "edit"), "my body", BODIES) for role in ROLES),
)

DOORS: dict[str, Door] = {}
