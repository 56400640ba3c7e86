"""What was seen of a pledge on the spot, by people who walked there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from parvis.actions.convention_models import Pledge, PledgeCheck
from parvis.actions.pledging import check_pledge
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.register import Seen

WORDS = {"seen": "tenu", "unseen": "non tenu", "worse": "moins bien qu’avant"}
# A place that is kept up less well than before is not kept up as was promised; the evidence says
# which of the two it was. Whether something comes late cannot be seen.
STATES = {
    "seen": Pledge.State.KEPT,
    "unseen": Pledge.State.UNKEPT,
    "worse": Pledge.State.UNKEPT,
}


def in_force(on: date) -> Q:
    """Pledges that run on that day, of a convention that does."""
    agreement = "convention__agreement__"
    begun = Q(**{f"{agreement}starts_on": None}) | Q(**{f"{agreement}starts_on__lte": on})
    lasting = Q(**{f"{agreement}ends_on": None}) | Q(**{f"{agreement}ends_on__gte": on})
    return begun & lasting & (Q(until=None) | Q(until__gte=on))


def pledges_to_see(actor: Actor, lying: Any) -> Any:
    """The pledges among these, in force today, that this actor may check."""
    mine = Pledge.objects.allowed(actor, "check").filter(in_force(timezone.localdate()))
    return mine.filter(pk__in=lying).order_by().values("pk")


def keep_seen(actor: Actor, pledge_id: int, seen: Seen) -> None:
    """Keep it as a check of the pledge, for who asked for it; the walk is its evidence. A later
    check that was planned stays planned.

    ValidationError when the pledge, or its convention, was not in force that day.
    """
    pledge = Pledge.objects.filter(in_force(seen.on), pk=pledge_id).first()
    if pledge is None:
        raise ValidationError("Cet engagement n’était pas en vigueur ce jour-là.")
    planned = pledge.next_check_on
    field: Any = PledgeCheck._meta.get_field("evidence")
    check_pledge(
        pledge,
        actor=actor,
        by=Organisation.objects.get(pk=seen.organisation_id),
        result=STATES[seen.result],
        evidence=seen.in_words(WORDS[seen.result], field.max_length),
        checked_on=seen.on,
        next_check_on=planned if planned is not None and planned > seen.on else None,
        told=False,
    )
