"""Who may do what with people, organisations and agreements."""

from __future__ import annotations

from django.db.models import Q

from parvis.partners.actors import Actor
from parvis.partners.rights import ANYONE, EVERYONE, PARTNERS, SIGNED_IN, Door, Policy, Row


def everything_public(actor: Actor) -> Q:
    return Q()


def my_organisation(actor: Actor) -> Q:
    return Q(pk=actor.organisation_id)


def of_my_organisation(actor: Actor) -> Q:
    return Q(organisation_id=actor.organisation_id)


def myself(actor: Actor) -> Q:
    return Q(person_id=actor.user_id)


ORGANISATION = Policy(
    "partners.organisation",
    "organisation",
    scopes={"public": everything_public, "my organisation": my_organisation},
    rows=(
        Row(ANYONE, ("see",), "public"),  # names of organisations are no secret
        Row("coordination", ("edit", "invite"), "my organisation"),
        Row("responsable", ("edit", "invite"), "my organisation"),
    ),
)

MANDATE = Policy(
    "partners.mandate",
    "mandat",
    scopes={"my organisation": of_my_organisation, "mine": myself},
    rows=(
        *(Row(role, ("see",), "my organisation") for role in ("coordination", "responsable", "contributeur", "lecteur")),
        *(Row(role, ("end",), "my organisation") for role in ("coordination", "responsable")),
    ),
)

INVITATION = Policy(
    "partners.invitation",
    "invitation",
    scopes={"my organisation": of_my_organisation},
    rows=(
        Row("coordination", ("see", "withdraw"), "my organisation"),
        Row("responsable", ("see", "withdraw"), "my organisation"),
    ),
)

DOORS: dict[str, Door] = {}
_ = (EVERYONE, PARTNERS, SIGNED_IN)
