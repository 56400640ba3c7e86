"""Reading cases: their list, their steps in order, what is late."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from parvis.councils.challenge_access import steps_written
from parvis.councils.challenge_rules import ANSWER, label_of, steps
from parvis.councils.frame_models import Challenge, ChallengeStep
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor

CHALLENGES = Challenge.objects.select_related("body__organisation", "prefet")
STATES = {  # label and tone
    "draft": ("en débat", ""),
    "adopted": ("adoptée, à envoyer", "mine"),
    "sent": ("réponse attendue", "soon"),
    "answered": ("répondue", "done"),
}


def state_of(challenge: Challenge) -> str:
    """draft, adopted, sent or answered."""
    if challenge.answered_on:
        return "answered"
    if challenge.sent_at:
        return "sent"
    return "adopted" if challenge.adopted_on else "draft"


def listed(actor: Actor) -> Any:
    """The cases that this actor may see: those not sent first, then the last sent; each says
    whether a step of it is late."""
    late = ChallengeStep.objects.filter(
        challenge_id=OuterRef("pk"), done_on=None, due_on__lt=timezone.localdate()
    )
    return (
        CHALLENGES.visible_to(actor)
        .annotate(late=Exists(late))
        .order_by(F("sent_at").desc(nulls_first=True), "-pk")
    )


def steps_of(challenge: Challenge, actor: Actor) -> list[dict[str, Any]]:
    """The steps in the order of the rule, with who owes them and what this actor may do; three
    queries."""
    today = timezone.localdate()
    rows = list(
        challenge.steps.select_related(
            "organisation", "sitting__instance", "sitting__gathering"
        ).order_by("pk")
    )
    mine = set(
        ChallengeStep.objects.filter(steps_written(actor), challenge=challenge).values_list(
            "pk", flat=True
        )
    )
    wanted = [one.sitting_id for one in rows if one.sitting_id]
    seen = set(Sitting.objects.visible_to(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    order = {code: place for place, code in enumerate(steps())}
    rows.sort(key=lambda one: (order.get(one.code, 99), one.pk))
    return [
        {
            "step": one,
            "label": label_of(one.code),
            "help": steps()[one.code].help if one.code in steps() else "",
            "late": one.done_on is None and one.due_on is not None and one.due_on < today,
            "whose": one.organisation.name if one.organisation else "Organisation à préciser",
            "sitting": _sitting(one),
            "sitting_seen": one.sitting_id in seen,
            "may_write": one.pk in mine and one.code != ANSWER,
        }
        for one in rows
    ]


def _sitting(step: ChallengeStep) -> dict[str, Any] | None:
    if step.sitting is None:
        return None
    on = timezone.localdate(step.sitting.gathering.starts_at)
    return {"pk": step.sitting.pk, "name": step.sitting.instance.name, "on": on}
