"""What is decided about a point noir, and the plan of whoever carries it."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.reports import events
from parvis.reports.acts.filing import clean_text
from parvis.reports.acts.handling import REASON_LENGTH
from parvis.reports.blackspots import KIND
from parvis.reports.models import Blackspot
from parvis.reports.workflow import BlackspotState, Forbidden, blackspot_step_from
from parvis.thread.acts import record


def decide_blackspot(
    blackspot: Blackspot,
    step_code: str,
    *,
    actor: Actor,
    owner: Organisation | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> Blackspot:
    """Keep it with an owner, refuse it, close or reopen it; its reports go on by themselves.

    Raises Forbidden when the step does not lead from its present state, ValidationError when an
    owner or a reason is missing.
    """
    at = now or timezone.now()
    reason = reason.strip()
    with transaction.atomic():
        fresh = _held(blackspot)
        step = blackspot_step_from(fresh.state, step_code)
        if "owner" in step.needs and owner is None:
            raise ValidationError({"owner": "Dites quelle organisation porte ce sujet."})
        if owner is not None and owner.closed_on is not None:
            raise ValidationError(
                {"owner": "Cette organisation n’existe plus : choisissez-en une autre."}
            )
        if "reason" in step.needs and not reason:
            raise ValidationError({"reason": "Dites pourquoi."})
        if len(reason) > REASON_LENGTH:
            raise ValidationError({"reason": f"Dites-le en {REASON_LENGTH} caractères au plus."})
        old, fresh.state = fresh.state, step.target
        fresh.owner = owner or fresh.owner
        fresh.reason = reason
        fresh.decided_at = at
        fresh.closed_at = at if step.target == BlackspotState.CLOSED else None
        fresh.for_group = step.target == BlackspotState.KEPT
        fresh.save(
            update_fields=["state", "owner", "reason", "decided_at", "closed_at", "for_group"]
        )
        event = record(
            actor,
            KIND,
            fresh.pk,
            step.code,
            old=old,
            new=fresh.state,
            concerns=fresh.owner_id,
            public=False,
            at=at,
        )
        if step.code == "keep" and fresh.owner_id != actor.organisation_id:
            events.tell_blackspot(fresh, event)
    return fresh


def plan_blackspot(
    blackspot: Blackspot,
    *,
    actor: Actor,
    plan: str,
    due_on: date | None,
    for_group: bool,
    now: datetime | None = None,
) -> Blackspot:
    """Write what will be done and until when, and whether the next technical group speaks of it."""
    at = now or timezone.now()
    plan = clean_text(plan, required=False)
    with transaction.atomic():
        fresh = _held(blackspot)
        if fresh.state != BlackspotState.KEPT:
            raise Forbidden("Un plan s’écrit sur un point noir retenu.")
        fresh.plan, fresh.due_on, fresh.for_group = plan, due_on, for_group
        fresh.save(update_fields=["plan", "due_on", "for_group"])
        record(actor, KIND, fresh.pk, "planned", concerns=fresh.owner_id, public=False, at=at)
    return fresh


def _held(blackspot: Blackspot) -> Blackspot:
    rows = Blackspot.objects.select_for_update(of=("self",))
    return rows.get(pk=blackspot.pk)
