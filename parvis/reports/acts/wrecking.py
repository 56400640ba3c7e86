"""Moving the removal of an abandoned vehicle on."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.reports.counting import local_day, lock
from parvis.reports.models import Report, Wreck
from parvis.reports.workflow import Forbidden, WreckStep
from parvis.reports.wrecks import clean_ground, wreck_of
from parvis.thread.acts import record


def move_wreck(
    report: Report,
    *,
    actor: Actor,
    ground: str,
    step: str,
    step_on: date,
    now: datetime | None = None,
) -> Wreck:
    """Say on whose ground it stands, and at which step its removal is since which day. A step taken
    by mistake is taken back the same way."""
    at = now or timezone.now()
    ground = clean_ground(ground)
    if step not in WreckStep.values:
        raise ValidationError({"step": "Choisissez une étape de la liste."})
    if step_on > local_day(at):
        raise ValidationError({"step_on": "Ce jour n’est pas encore venu."})
    with transaction.atomic():
        fresh, _ = lock(report.pk)
        wreck = wreck_of(fresh)
        if wreck is None:
            raise Forbidden("Ce signalement n’est pas celui d’une épave.")
        old = wreck.step
        wreck.ground, wreck.step, wreck.step_on = ground, step, step_on
        wreck.save()
        if step != old:
            record(actor, "report", fresh.pk, "wreck_step", old=old, new=step, at=at)
    return wreck
