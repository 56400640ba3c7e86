"""What programmes pay of the actions of a plan: the sum of their lines, read there."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.partners.actors import Actor
from parvis.tfpb.course_money import COURSE, paid_for_courses
from parvis.tfpb.programme_models import Line
from parvis.tfpb.sums import sums_by
from parvis.thread.register import Paid, Paying, register_paying

ACTION = "action"


def paid_for_actions(actor: Actor, kind: str, ids: Iterable[int]) -> dict[int, Paid]:
    """What lines that this actor may see pay of these actions: euros valued, planned and then
    spent, and the landlords; three queries whatever the number."""
    if kind != ACTION:
        return {}
    lines = Line.objects.visible_to(actor).filter(action__in=list(ids))
    names: dict[int, list[str]] = {}
    who = lines.order_by("programme__landlord__name").values_list(
        "action_id", "programme__landlord__name"
    )
    for pk, name in who.distinct():
        names.setdefault(pk, []).append(name)
    if not names:
        return {}
    return {
        key[0]: Paid(sums.valued, sums.spent_valued, ", ".join(names.get(key[0], [])))
        for key, sums in sums_by(lines, "action_id").items()
    }


def paid_by_lines(actor: Actor, kind: str, ids: Iterable[int]) -> dict[int, Paid]:
    """What lines pay of actions, or of courses: one payer, under one name."""
    if kind == COURSE:
        return paid_for_courses(actor, kind, ids)
    return paid_for_actions(actor, kind, ids)


register_paying(Paying("tfpb", "abattement de TFPB", paid_by_lines))
