"""Writing plans and actions: one version after the other, nothing lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from parvis.actions import events
from parvis.actions.models import Action, Change, Indicator, Measure, Picture, Plan, Step
from parvis.actions.record import Record, normal_record, put_record, record_of
from parvis.actions.workflow import OPEN, STEPS, ActionState
from parvis.documents.photos import PhotoRefused, clean
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.places.models import Quartier
from parvis.thread.acts import link, unlink
from parvis.thread.acts import record as record_event
from parvis.thread.models import Link
from parvis.thread.reading import rows_of

KIND = "action"
PICTURES_AT_MOST = 12


@dataclass
class Overtaken(Exception):  # noqa: N818 - what happened
    """Somebody wrote on the same fields meanwhile. `theirs` is what stands there now, by field."""

    action: Action
    theirs: Record
    mine: Record


def write_plan(plan: Plan, *, quartiers: Iterable[Quartier], **fields: Any) -> Plan:
    """Write a plan and its quartiers."""
    for name, value in fields.items():
        setattr(plan, name, value)
    plan.full_clean()
    with transaction.atomic():
        plan.save()
        plan.quartiers.set(quartiers)
    return plan


def new_action(
    plan: Plan,
    record: Record,
    *,
    actor: Actor,
    reference: str = "",
    state: str = ActionState.IDEA,
    now: datetime | None = None,
) -> Action:
    """Write a new action in a plan, under the next reference or the one given."""
    at = now or timezone.now()
    with transaction.atomic():
        held = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        closed = None if state in OPEN else at
        action = Action(plan=held, created_at=at, state=state, closed_at=closed)
        action.reference = reference or _next_reference(held)
        put_record(action, normal_record({"lead": held.organiser_id, **record}))
        record_event(actor, KIND, action.pk, "written", public=False, at=at)
    return action


def _next_reference(plan: Plan) -> str:
    """A-001, A-002 …; one that an import has brought is passed over."""
    known = set(plan.actions.values_list("reference", flat=True))
    while True:
        plan.references += 1
        reference = f"A-{plan.references:03d}"
        if reference not in known:
            plan.save(update_fields=["references"])
            return reference


def write_action(
    action: Action,
    record: Record,
    *,
    actor: Actor,
    version: int,
    now: datetime | None = None,
) -> Action:
    """Write these fields over an action that one read at that version.

    What somebody else wrote meanwhile on other fields stays; on the same fields, Overtaken.
    ValidationError, by field, when the record contradicts itself.
    """
    at, record = now or timezone.now(), normal_record(record)
    with transaction.atomic():
        fresh = _held(action)
        before = record_of(fresh, tuple(record))
        wanted = {name: value for name, value in record.items() if value != before[name]}
        if not wanted:
            return fresh
        if version != fresh.version:
            touched = _touched_since(fresh, version)
            theirs = {name: before[name] for name in wanted if name in touched}
            if theirs:
                raise Overtaken(fresh, theirs, wanted)
        _write(fresh, wanted, before, actor, at)
    return fresh


def undo_change(action: Action, *, actor: Actor, version: int) -> Action:
    """Take back the writing that made this version, as long as nobody wrote since."""
    with transaction.atomic():
        fresh = _held(action)
        change = fresh.changes.filter(version=version).first()
        if change is None or fresh.version != version:
            raise Refused("Quelqu’un a écrit depuis : cette modification ne s’annule plus.")
        now = record_of(fresh, tuple(change.before))
        _write(fresh, change.before, now, actor, timezone.now())
    return fresh


def _touched_since(action: Action, version: int) -> set[str]:
    changes = action.changes.filter(version__gt=version).values_list("after", flat=True)
    return {name for after in changes for name in after}


def _write(action: Action, wanted: Record, before: Record, actor: Actor, at: datetime) -> None:
    action.version += 1
    put_record(action, wanted)
    Change.objects.create(
        action=action,
        version=action.version,
        before={name: before[name] for name in wanted},
        after=wanted,
        by_id=actor.user_id,
        at=at,
    )
    record_event(actor, KIND, action.pk, "changed", public=False, at=at)


def advance_action(
    action: Action,
    step: str,
    *,
    actor: Actor,
    reason: str = "",
    worked: str = "",
    failed: str = "",
    again: bool | None = None,
    now: datetime | None = None,
) -> Action:
    """Take an action to its next state. At its end its review is kept, and everybody whose report
    called for it gets word back, once.

    The caller has asked for the step's right. ValidationError when words are missing.
    """
    at, wanted = now or timezone.now(), STEPS.get(step)
    with transaction.atomic():
        fresh = _held(action)
        if wanted is None or fresh.state not in wanted.sources:
            raise Refused(f"Cette action est déjà notée : {fresh.get_state_display()}.")
        if wanted.needs == "reason" and not reason.strip():
            raise ValidationError({"reason": "Dites pourquoi : les partenaires le liront."})
        if wanted.needs == "review" and again is None:
            raise ValidationError({"again": "Dites si vous le referiez."})
        old, fresh.state = fresh.state, wanted.target
        fresh.closed_at = None if fresh.state in OPEN else at
        if wanted.needs == "reason":
            fresh.reason = reason.strip()
        if wanted.needs == "review":
            fresh.worked, fresh.failed, fresh.again = worked.strip(), failed.strip(), again
        fresh.version += 1
        fresh.full_clean(exclude=["plan", "lead"])
        fresh.save()
        event = record_event(
            actor, KIND, fresh.pk, step, old=old, new=fresh.state, concerns=fresh.lead_id, at=at
        )
        if fresh.state == ActionState.ENDED:
            events.tell_who_called(fresh, event)
    return fresh


def publish_action(action: Action, *, actor: Actor, shown: bool) -> Action:
    """Show an action to everybody, or no longer."""
    with transaction.atomic():
        fresh = _held(action)
        if shown and not fresh.summary.strip():
            raise Refused("Écrivez d’abord le résumé pour tous.")
        if shown != (fresh.published_at is not None):
            fresh.published_at = timezone.now() if shown else None
            fresh.save(update_fields=["published_at"])
            record_event(actor, KIND, fresh.pk, "published" if shown else "hidden", public=shown)
    return fresh


def tick_step(step: Step, *, actor: Actor, done_on: date | None) -> Step:
    """A step is done on that day; None: it is not done after all."""
    with transaction.atomic():
        fresh = _held(step.action)
        before = record_of(fresh, ("steps",))
        step.done_on = done_on
        step.full_clean(exclude=["action"])
        step.save(update_fields=["done_on"])
        fresh.version += 1
        fresh.save(update_fields=["version"])
        after = record_of(_again(fresh), ("steps",))
        Change.objects.create(
            action=fresh,
            version=fresh.version,
            before=before,
            after=after,
            by_id=actor.user_id,
            at=timezone.now(),
        )
        code = "step_done" if done_on else "step_open"
        record_event(actor, KIND, fresh.pk, code, concerns=step.organisation_id)
    return step


def measure_indicator(
    indicator: Indicator, *, actor: Actor, on: date, value: Decimal, source: str = ""
) -> Measure:
    """Write down what an indicator showed on a day; the same day again corrects it."""
    with transaction.atomic():
        fresh = _held(indicator.action)
        found = Measure.objects.filter(indicator=indicator, on=on).first()
        measure = found or Measure(indicator=indicator, on=on)
        measure.value, measure.source = value, source.strip()
        measure.full_clean(exclude=["indicator"])
        measure.save()
        record_event(actor, KIND, fresh.pk, "measured")
    return measure


def give_picture(action: Action, *, moment: str, caption: str, upload: IO[bytes]) -> Picture:
    """Keep a picture of before or after, drawn anew without its metadata."""
    try:
        photo = clean(upload)
    except PhotoRefused as refused:
        raise ValidationError({"file": str(refused)}) from None
    with transaction.atomic():
        fresh = _held(action)
        if fresh.pictures.count() >= PICTURES_AT_MOST:
            raise ValidationError(f"Une fiche garde {PICTURES_AT_MOST} photos au plus.")
        picture = Picture(
            action=fresh,
            moment=moment,
            caption=caption.strip(),
            file=ContentFile(photo.jpeg, f"{fresh.pk}.jpg"),
            width=photo.width,
            height=photo.height,
            at=timezone.now(),
        )
        picture.full_clean(exclude=["action"])
        picture.save()
    return picture


def remove_picture(picture: Picture) -> None:
    """Take a picture away, from the disk too once the change is sure."""
    storage, name = picture.file.storage, str(picture.file.name)
    with transaction.atomic():
        picture.delete()
        transaction.on_commit(lambda: storage.delete(name))


def callers_of(action: Action) -> set[tuple[str, int]]:
    """The things of the thread that call for an action."""
    rows = Link.objects.filter(target_kind=KIND, target_id=action.pk, kind="gives_rise")
    return set(rows.values_list("source_kind", "source_id"))


def call_for(action: Action, things: set[tuple[str, int]], *, actor: Actor) -> int:
    """These things, those that this actor sees, call for the action; how many are linked.

    ValidationError when one of them arose from the action: a cause does not follow its effect.
    """
    wanted = rows_of(actor, things - {(KIND, action.pk)})
    with transaction.atomic():
        _held(action)
        after = Link.objects.filter(source_kind=KIND, source_id=action.pk)
        if set(after.values_list("target_kind", "target_id")) & set(wanted):
            raise Refused("Cet élément vient de l’action : il ne l’appelle pas.")
        for thing in sorted(wanted):
            link(actor, thing, (KIND, action.pk))
        if wanted:
            record_event(actor, KIND, action.pk, "called", public=False)
    return len(wanted)


def uncall(action: Action, things: set[tuple[str, int]], *, actor: Actor) -> None:
    """Take back that these things, those that this actor sees, call for the action."""
    with transaction.atomic():
        _held(action)
        for thing in sorted(rows_of(actor, things)):
            unlink(thing, (KIND, action.pk))
        record_event(actor, KIND, action.pk, "uncalled", public=False)


def action_of_decision(
    plan: Plan, *, title: str, text: str, lead: Organisation, ends_on: date | None, actor: Actor
) -> Action:
    """The action that a decision becomes: validated, since it was decided."""
    wanted: Record = {
        "title": title[:160],
        "finding": text,
        "lead": lead.pk,
        "ends_on": ends_on.isoformat() if ends_on else None,
        "quartiers": sorted(plan.quartiers.values_list("pk", flat=True)),
    }
    return new_action(plan, wanted, actor=actor, state=ActionState.VALIDATED)


def _held(action: Action) -> Action:
    rows = Action.objects.select_for_update(of=("self",)).select_related("plan", "lead")
    return rows.get(pk=action.pk)


def _again(action: Action) -> Action:
    return Action.objects.get(pk=action.pk)
