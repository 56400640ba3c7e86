"""Holding an instance: its sittings, agendas, decisions, relevés."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.gatherings.acts import (
    ask_organisations,
    cancel_gathering,
    change_gathering,
    plan_gathering,
)
from parvis.gatherings.kinds import SEANCE
from parvis.meetings import events
from parvis.meetings.kinds import kinds
from parvis.meetings.models import AgendaItem, Decision, Instance, Seat, Sitting
from parvis.meetings.releve import releve_of
from parvis.meetings.workflow import STEPS, DecisionState
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.places.models import Quartier
from parvis.thread.acts import link, record, unlink
from parvis.thread.reading import Due, awaiting, rows_of
from parvis.thread.register import Order, Where, makings

SITTING, DECISION = "sitting", "decision"
AGENDA_AT_MOST = 60  # points: more is no longer a meeting


# --- Instances --------------------------------------------------------------------------------


def write_instance(
    instance: Instance,
    *,
    quartiers: Iterable[Quartier],
    members: Iterable[Organisation],
    chairs: Iterable[Organisation],
    subject: tuple[str, int] | None = None,
    **fields: Any,
) -> Instance:
    """Write an instance with its quartiers, what it steers and its seats; who chairs also sits."""
    instance.subject_kind, instance.subject_id = subject or ("", None)
    for name, value in fields.items():
        setattr(instance, name, value)
    if instance.kind not in kinds():
        raise ValidationError({"kind": "Choisissez une nature de la liste."})
    presiding = {one.pk for one in chairs}
    wanted = presiding | {one.pk for one in members}
    if instance.quorum and instance.quorum > len(wanted):
        raise ValidationError({"quorum": "Le quorum dépasse le nombre de sièges."})
    instance.full_clean()
    with transaction.atomic():
        instance.save()
        instance.quartiers.set(quartiers)
        instance.seats.exclude(organisation__in=wanted).delete()
        seated = {seat.organisation_id: seat for seat in instance.seats.all()}
        for pk in sorted(wanted):
            seat = seated.get(pk) or Seat(instance=instance, organisation_id=pk)
            seat.chair = pk in presiding
            seat.save()
    return instance


# --- Sittings ---------------------------------------------------------------------------------


def plan_sitting(
    instance: Instance, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> Sitting:
    """Prepare a sitting on a date: its gathering is made with it. Nobody is called yet."""
    if instance.closed_on:
        raise Refused("Cette instance ne se réunit plus.")
    with transaction.atomic():
        gathering = plan_gathering(
            actor=actor,
            organiser=instance.organiser,
            quartiers=instance.quartiers.all(),
            now=now,
            kind=SEANCE,
            title=instance.name,
            **fields,
        )
        made = Sitting.objects.create(instance=instance, gathering=gathering)
        if instance.subject:
            link(actor, instance.subject, (SITTING, made.pk))
        return made


def change_sitting(
    sitting: Sitting, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> Sitting:
    """Another date or place: who was called is told."""
    with transaction.atomic():
        fresh = _held(sitting)
        _refuse_sent(fresh)
        change_gathering(fresh.gathering, actor=actor, now=now, **fields)
    return _held_again(fresh)


def cancel_sitting(
    sitting: Sitting, *, actor: Actor, reason: str, now: datetime | None = None
) -> Sitting:
    """Call a sitting off; its agenda stays, to be taken up by the next one."""
    with transaction.atomic():
        fresh = _held(sitting)
        _refuse_sent(fresh)
        cancel_gathering(fresh.gathering, actor=actor, reason=reason, now=now)
    return _held_again(fresh)


def convene(sitting: Sitting, *, actor: Actor, now: datetime | None = None) -> int:
    """Call everybody who sits, with the agenda; how many messages leave. Done again, it calls who
    got a seat since, and tells the others nothing."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(sitting)
        if fresh.gathering.cancelled_at:
            raise Refused("Cette séance est annulée.")
        if fresh.gathering.ends_at < at:
            raise Refused("Cette séance est passée.")
        if not fresh.items.exists():
            raise Refused("Écrivez l’ordre du jour avant de convoquer.")
        seats = [seat.organisation for seat in fresh.instance.seats.select_related("organisation")]
        if not seats:
            raise Refused("Personne ne siège encore dans cette instance.")
        asked = ask_organisations(fresh.gathering, seats, at=at)
        if fresh.convened_at is None:
            fresh.convened_at = at
            fresh.save(update_fields=["convened_at"])
            record(actor, SITTING, fresh.pk, "convened", public=False, at=at)
        return events.tell_called(fresh, [guest.organisation for guest in asked])


def approve_releve(sitting: Sitting, *, actor: Actor, now: datetime | None = None) -> Sitting:
    """The next sitting has approved the relevé of this one."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(sitting)
        if not fresh.instance.approval:
            raise Refused("Le règlement de cette instance ne demande pas d’approbation.")
        if fresh.sent_at is None:
            raise Refused("Ce relevé n’est pas encore envoyé.")
        if fresh.approved_at is None:
            fresh.approved_at = at
            fresh.save(update_fields=["approved_at"])
            record(actor, SITTING, fresh.pk, "approved", public=False, at=at)
    return fresh


# --- The agenda -------------------------------------------------------------------------------


def proposals(sitting: Sitting, actor: Actor, today: date) -> list[Due]:
    """What is late or awaits a decision in the instance's quartiers and is not on the agenda yet.

    Decisions are left out: the agenda opens with the check of them.
    """
    quartiers = frozenset(sitting.instance.quartiers.values_list("pk", flat=True))
    where = Where(quartiers=quartiers) if quartiers else None
    held = set(sitting.items.values_list("thing_kind", "thing_id"))
    return [
        due
        for due in awaiting(actor, today, where)
        if due.kind != DECISION and (due.kind, due.id) not in held
    ]


def watched(sitting: Sitting) -> Where:
    """Where the instance watches: its quartiers, or else the communes of its organiser."""
    quartiers = frozenset(sitting.instance.quartiers.values_list("pk", flat=True))
    if quartiers:
        return Where(quartiers=quartiers)
    commune = sitting.instance.organiser.commune_id
    return Where(communes=frozenset({commune} if commune else ()))


def add_things(sitting: Sitting, things: Iterable[tuple[str, int]], *, actor: Actor) -> int:
    """Put things of the thread on the agenda, those that this actor sees; how many were new."""
    with transaction.atomic():
        fresh = _held(sitting)
        _refuse_sent(fresh)
        held = set(fresh.items.values_list("thing_kind", "thing_id"))
        rows = rows_of(actor, set(things) - held)
        _refuse_too_many(fresh, len(rows))
        first = _next_position(fresh)
        made = AgendaItem.objects.bulk_create(
            AgendaItem(
                sitting=fresh,
                position=first + number,
                title=row.title[:200],
                thing_kind=kind,
                thing_id=pk,
            )
            for number, ((kind, pk), row) in enumerate(rows.items())
        )
        for item in made:
            # Nothing links the sitting to its decisions: other points did not lead to them.
            link(actor, (item.thing_kind, item.thing_id or 0), (SITTING, fresh.pk))
    return len(made)


def add_point(
    sitting: Sitting, *, title: str, note: str = "", asked: str = AgendaItem.Asked.DECISION
) -> AgendaItem:
    """Put a point in words of one's own on the agenda, at its end."""
    with transaction.atomic():
        fresh = _held(sitting)
        _refuse_sent(fresh)
        _refuse_too_many(fresh, 1)
        item = AgendaItem(sitting=fresh, title=title, note=note, asked=asked)
        item.position = _next_position(fresh)
        item.full_clean()
        item.save()
    return item


def write_point(item: AgendaItem, **fields: Any) -> AgendaItem:
    """Change the words of a point."""
    with transaction.atomic():
        _refuse_sent(_held(item.sitting))
        for name, value in fields.items():
            setattr(item, name, value)
        item.full_clean()
        item.save(update_fields=[*fields])
    return item


def move_point(item: AgendaItem, *, up: bool) -> None:
    """One place up or down; at the end of the list nothing happens."""
    with transaction.atomic():
        fresh = _held(item.sitting)
        _refuse_sent(fresh)
        items = list(fresh.items.all())
        here = next(place for place, one in enumerate(items) if one.pk == item.pk)
        there = here - 1 if up else here + 1
        if 0 <= there < len(items):
            items[here], items[there] = items[there], items[here]
        for place, one in enumerate(items):
            if one.position != place:
                one.position = place
                one.save(update_fields=["position"])


def remove_point(item: AgendaItem) -> None:
    """Take a point off; one that was decided on stays."""
    with transaction.atomic():
        fresh = _held(item.sitting)
        _refuse_sent(fresh)
        if item.decisions.exists():
            raise Refused("Une décision porte sur ce point : il reste à l’ordre du jour.")
        if item.thing:
            unlink(item.thing, (SITTING, fresh.pk))
        item.delete()


# --- Decisions --------------------------------------------------------------------------------


def decide(
    sitting: Sitting,
    *,
    actor: Actor,
    text: str,
    item: AgendaItem | None = None,
    organisation: Organisation | None = None,
    due_on: date | None = None,
    making: str = "",
    now: datetime | None = None,
    **said: str,
) -> Decision:
    """Write down a decision; `making` makes something of it on the spot (an action, a part of the
    report), which the thread links to it. All or nothing.

    ValidationError with words for people when it contradicts itself or cannot be made.
    """
    at = now or timezone.now()
    if making and organisation is None:
        raise ValidationError({"organisation": "Dites quelle organisation s’en charge."})
    with transaction.atomic():
        fresh = _held(sitting)
        _refuse_sent(fresh)
        if fresh.gathering.cancelled_at:
            raise Refused("Cette séance est annulée.")
        decision = Decision(
            sitting=fresh,
            item=item,
            text=text.strip(),
            organisation=organisation,
            due_on=due_on,
            taken_at=at,
            **said,
        )
        decision.full_clean()
        decision.save()
        record(actor, DECISION, decision.pk, "taken", concerns=organisation, public=False, at=at)
        about = item.thing if item else None
        if about and not _among_itself(fresh):
            link(actor, about, (DECISION, decision.pk))
        if making:
            _make(decision, making, about, actor)
    return decision


def _among_itself(sitting: Sitting) -> bool:
    """Whether a body of participation sits: what it decides is a step on the thread of what it was
    about once its relevé is sent, and not before."""
    return sitting.instance.organiser.kind == Organisation.Kind.PARTICIPATION


def _make(decision: Decision, making: str, about: tuple[str, int] | None, actor: Actor) -> None:
    offered = {one.code: one for one in makings(actor, about[0] if about else None)}
    if making not in offered:
        raise ValidationError({"making": "Ce choix n’est pas possible pour ce point."})
    instance = decision.sitting.instance
    order = Order(
        source=(DECISION, decision.pk),
        title=decision.text,
        text=decision.reason,
        about=about,
        organisation_id=decision.organisation_id,
        due_on=decision.due_on,
        where=Where(quartiers=frozenset(instance.quartiers.values_list("pk", flat=True))),
    )
    made = offered[making].make(actor, order)
    if made != about:  # a part belongs to the report, which led to the decision
        link(actor, (DECISION, decision.pk), made)


def write_decision(decision: Decision, *, actor: Actor, **fields: Any) -> Decision:
    """Correct a decision until its relevé is sent."""
    with transaction.atomic():
        _refuse_sent(_held(decision.sitting))
        for name, value in fields.items():
            setattr(decision, name, value)
        decision.full_clean()
        decision.save(update_fields=[*fields])
    return decision


def advance_decision(
    decision: Decision, step: str, *, actor: Actor, outcome: str = "", now: datetime | None = None
) -> Decision:
    """Say what became of a decision: done, dropped, or taken up again."""
    at, outcome = now or timezone.now(), outcome.strip()
    wanted = STEPS.get(step)
    with transaction.atomic():
        fresh = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        if wanted is None or fresh.state not in wanted.sources:
            raise Refused(f"Cette décision est déjà notée : {fresh.get_state_display()}.")
        if wanted.explained and not outcome:
            raise ValidationError({"outcome": "Dites pourquoi : les partenaires le liront."})
        old, fresh.state = fresh.state, wanted.target
        fresh.outcome = outcome
        fresh.closed_at = None if wanted.target == DecisionState.TO_DO else at
        fresh.full_clean()
        fresh.save(update_fields=["state", "outcome", "closed_at"])
        record(
            actor,
            DECISION,
            fresh.pk,
            wanted.code,
            old=old,
            new=fresh.state,
            concerns=fresh.organisation_id,
            public=False,
            at=at,
        )
    return fresh


def to_check(sitting: Sitting) -> list[Decision]:
    """The decisions of earlier sittings that are still to do, oldest first: the agenda opens with
    them."""
    return list(
        Decision.objects.filter(
            sitting__instance=sitting.instance_id,
            sitting__sent_at__isnull=False,
            sitting__gathering__starts_at__lt=sitting.gathering.starts_at,
            state=DecisionState.TO_DO,
        )
        .select_related("organisation", "sitting__gathering")
        .order_by("due_on", "taken_at", "pk")[:AGENDA_AT_MOST]
    )


# --- The relevé -------------------------------------------------------------------------------


def write_minutes(sitting: Sitting, *, minutes: str) -> Sitting:
    """Keep the words of the sitting."""
    with transaction.atomic():
        fresh = _held(sitting)
        _refuse_sent(fresh)
        fresh.minutes = minutes.strip()
        fresh.full_clean()
        fresh.save(update_fields=["minutes"])
    return fresh


def send_releve(sitting: Sitting, *, actor: Actor, now: datetime | None = None) -> int:
    """Freeze the relevé as it stands and send it to everybody who was called; how many messages."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(sitting)
        _refuse_sent(fresh)
        if fresh.convened_at is None:
            raise Refused("Cette séance n’a pas été convoquée.")
        if fresh.gathering.cancelled_at:
            raise Refused("Cette séance est annulée.")
        if fresh.gathering.starts_at > at:
            raise Refused("Cette séance n’a pas encore eu lieu.")
        if fresh.instance.minutes and not fresh.minutes:
            raise Refused("Le règlement de cette instance demande un compte rendu complet.")
        fresh.releve = releve_of(fresh, to_check(fresh))
        fresh.sent_at = at
        fresh.save(update_fields=["releve", "sent_at"])
        if _among_itself(fresh):
            for decision in fresh.decisions.select_related("item").order_by("pk"):
                if decision.item and decision.item.thing:
                    link(actor, decision.item.thing, (DECISION, decision.pk))
        record(actor, SITTING, fresh.pk, "sent", public=False, at=at)
        return events.tell_releve(fresh)


def _held(sitting: Sitting) -> Sitting:
    rows = Sitting.objects.select_for_update(of=("self",))
    return rows.select_related("instance__organiser", "gathering").get(pk=sitting.pk)


def _held_again(sitting: Sitting) -> Sitting:
    return Sitting.objects.select_related("instance", "gathering").get(pk=sitting.pk)


def _refuse_sent(sitting: Sitting) -> None:
    if sitting.sent_at is not None:
        raise Refused("Le relevé de cette séance est envoyé : il ne change plus.")


def _refuse_too_many(sitting: Sitting, more: int) -> None:
    if sitting.items.count() + more > AGENDA_AT_MOST:
        raise Refused(f"Un ordre du jour tient en {AGENDA_AT_MOST} points.")


def _next_position(sitting: Sitting) -> int:
    last = sitting.items.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
