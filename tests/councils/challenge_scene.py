"""What the conseil citoyen des Rives brings to the préfet, at each state of the case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.councils import challenge_acts as acts
from parvis.councils.models import Body, Challenge, ChallengeStep
from parvis.partners.actors import Actor, actors_of
from parvis.partners.models import Mandate, Organisation, User
from tests.cast import Cast

TITLE = "Ascenseurs arrêtés marquetout"


def prefecture(**fields: Any) -> Organisation:
    """The State's service, with an address and nobody who signs in."""
    given = {
        "name": "Préfecture Essai",
        "kind": Organisation.Kind.ETAT,
        "email": "prefecture@exemple.test",
        **fields,
    }
    return Organisation.objects.create(**given)


def officer(service: Organisation) -> tuple[User, Actor]:
    """Somebody who answers for the State's service."""
    user = User.objects.create_user("service@exemple.test", "Service Essai")
    today = timezone.localdate()
    Mandate.objects.create(
        person=user,
        organisation=service,
        role="responsable",
        starts_on=today - timedelta(days=9),
    )
    return user, actors_of(user)[0]


def drafted(body: Body, **fields: Any) -> Challenge:
    """A case that is being debated."""
    given = {"title": TITLE, "text": "Depuis six mois, rien ne bouge.", **fields}
    return acts.write_challenge(body, **given)


def adopted(body: Body, **fields: Any) -> Challenge:
    """Adopted by the body today."""
    return acts.adopt_challenge(drafted(body, **fields), adopted_on=timezone.localdate())


def sent(cast: Cast, body: Body, service: Organisation | None = None, **fields: Any) -> Challenge:
    """Sent to the State's service by yasmine."""
    actor = cast.actor(cast.yasmine)
    return acts.send_challenge(adopted(body, **fields), actor=actor, prefet=service or prefecture())


def step_of(challenge: Challenge, code: str) -> ChallengeStep:
    """The first step of that code."""
    found = challenge.steps.filter(code=code).order_by("pk").first()
    assert found is not None
    return found
