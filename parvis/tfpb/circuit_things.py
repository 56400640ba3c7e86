"""What a decision makes of a programme that was on the agenda: arbitrated, or validated."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import ValidationError

from parvis.meetings.models import Decision
from parvis.partners.actors import Actor
from parvis.tfpb import programme_access as access
from parvis.tfpb.circuit_acts import advance_programme
from parvis.tfpb.programme_events import PROGRAMME
from parvis.tfpb.programme_models import Programme
from parvis.thread.register import Making, Order, register_making


def offers_a_step(actor: Actor, about: str | None) -> bool:
    """Whether a decision about such a thing may move it: for who leads programmes."""
    return about == PROGRAMME and any(row.grants(actor, "steer") for row in access.PROGRAMME.rows)


def move(step: str, actor: Actor, order: Order) -> tuple[str, int]:
    """Take the programme that was on the agenda to its next state; the decision is its proof."""
    pk = (order.about or ("", 0))[1]
    programme = Programme.objects.allowed(actor, "steer").filter(pk=pk).first()
    if programme is None:
        raise ValidationError("Vous ne pouvez pas faire avancer ce programme.")
    decision = Decision.objects.select_related("sitting__instance").get(pk=order.source[1])
    try:
        advance_programme(programme, step, actor=actor, decision=decision, due_on=order.due_on)
    except ValidationError as refused:
        # Its fields are not those of the sitting's form.
        raise ValidationError(refused.messages) from None
    return PROGRAMME, pk


register_making(
    Making(
        "tfpb_arbitrate", "arbitrer ce programme TFPB", offers_a_step, partial(move, "arbitrate")
    )
)
register_making(
    Making("tfpb_validate", "valider ce programme TFPB", offers_a_step, partial(move, "validate"))
)
