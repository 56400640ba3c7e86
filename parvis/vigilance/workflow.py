"""The states of an orientation and what leads from one to the next."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    DRAFT = "draft", "à envoyer"
    SENT = "sent", "envoyée"
    ACCEPTED = "accepted", "prise en charge"
    REFUSED = "refused", "refusée"
    CLOSED = "closed", "terminée"
    WITHDRAWN = "withdrawn", "retirée"


# act -> (the states it starts from, the state it leads to). "redirect" sends it to another door.
STEPS: dict[str, tuple[tuple[str, ...], str]] = {
    "write": ((State.DRAFT,), State.DRAFT),
    "send": ((State.DRAFT,), State.SENT),
    "accept": ((State.SENT,), State.ACCEPTED),
    "refuse": ((State.SENT,), State.REFUSED),
    "redirect": ((State.SENT, State.ACCEPTED), State.SENT),
    "contact": ((State.ACCEPTED,), State.ACCEPTED),
    "close": ((State.ACCEPTED,), State.CLOSED),
    "withdraw": ((State.DRAFT, State.SENT, State.ACCEPTED), State.WITHDRAWN),
}
# Over, and counted so: a person who takes her word back then has the content erased all the same,
# and the count stays.
ENDED = (State.REFUSED, State.CLOSED)
# What a service that received an orientation may do with it, in the order of the page.
ANSWERS = ("accept", "contact", "close", "redirect", "refuse")


def may(act: str, state: str) -> bool:
    """Whether this act may start from that state."""
    return state in STEPS[act][0]
