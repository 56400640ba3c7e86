"""What makes a sending that comes twice count once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from uuid import UUID

from django.db import IntegrityError

from parvis.reports.models import Voice
from parvis.reports.workflow import Forbidden

P = ParamSpec("P")


def voice_sent_as(sent_as: UUID) -> Voice | None:
    """The voice that this sending made, if it came before."""
    return Voice.objects.select_related("report").filter(sent_as=sent_as).first()


def received_once(act: Callable[P, Voice]) -> Callable[P, Voice]:
    """An act whose `sent_as` makes it happen once: later, or at the same moment, the same number
    gives back the voice that the first one made.

    A phone that lost the network does not know whether its report arrived, and sends it again. The
    unique column decides: the second is refused by the database, its whole transaction with it (or
    by a rule, if the report was closed meanwhile), and then the first one is looked for. `sent_as`
    is made of 122 random bits by the browser and told to nobody else: whoever knows it is the
    sender.
    """

    @wraps(act)
    def once(*args: P.args, **given: P.kwargs) -> Voice:
        try:
            return act(*args, **given)
        except (IntegrityError, Forbidden):
            sent_as = given.get("sent_as")
            if isinstance(sent_as, UUID) and (first := voice_sent_as(sent_as)):
                return first
            raise

    return once
