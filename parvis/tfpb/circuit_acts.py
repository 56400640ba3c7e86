"""Leading a programme from state to state: who, for whom, and on which decision."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.meetings.acts import DECISION
from parvis.meetings.models import Decision
from parvis.meetings.workflow import DecisionState
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.tfpb import circuit_events as events
from parvis.tfpb.bilan_models import Bilan
from parvis.tfpb.circuit_parties import landlords_of
from parvis.tfpb.circuit_waiting import unsigned_of
from parvis.tfpb.dialogue_models import Passage, SentVersion
from parvis.tfpb.holding import held
from parvis.tfpb.programme_acts import why_not_sendable
from parvis.tfpb.programme_events import PROGRAMME
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.snapshot import snapshot_of
from parvis.tfpb.workflow import STEPS, BilanState, ProgrammeState, Step
from parvis.thread.acts import link, record
from parvis.thread.models import Event
from parvis.ui.words import NBSP

EVENTS = {
    "send": "sent",
    "take_back": "taken_back",
    "analyse": "analysed",
    "ask": "asked",
    "arbitrate": "arbitrated",
    "validate": "validated",
    "annex": "annexed",
    "start": "started",
    "close": "closed",
}
INSTANCES = {"cotech": "comité technique (COTECH)", "copil": "comité de pilotage (COPIL)"}


def advance_programme(
    programme: Programme,
    step: str,
    *,
    actor: Actor,
    reason: str = "",
    decision: Decision | None = None,
    due_on: date | None = None,
    now: datetime | None = None,
) -> Programme:
    """Take a programme to its next state, and tell those whose turn it is; `due_on` is the day by
    which they should answer. Sending it freezes what is sent.

    The caller has asked for the step's right. ValidationError, in words, when it may not move.
    """
    with transaction.atomic():
        passage, event = pass_programme(
            programme,
            step,
            actor=actor,
            reason=reason,
            decision=decision,
            due_on=due_on,
            now=now,
        )
        if step == "take_back":
            events.take_back(passage)
        else:
            events.tell_passages([passage], event, actor)
    return passage.programme


def pass_programme(
    programme: Programme,
    step: str,
    *,
    actor: Actor,
    reason: str = "",
    decision: Decision | None = None,
    due_on: date | None = None,
    now: datetime | None = None,
) -> tuple[Passage, Event]:
    """`advance_programme` without a word to anybody: who moves several tells of them at once."""
    at, reason = now or timezone.now(), reason.strip()
    with transaction.atomic():
        fresh = held(programme)
        wanted = STEPS.get(step)
        if wanted is None:
            raise Refused("Cette étape n’existe pas.")
        if found := obstacles(fresh, wanted):
            raise Refused(found)
        _refuse_without_proof(fresh, wanted, actor, reason, decision)
        old, fresh.state = fresh.state, _target(fresh, wanted)
        if step == "send":
            _freeze(fresh, actor, at)
        fresh.moved_at, fresh.due_on = at, due_on
        fresh.save(update_fields=["state", "moved_at", "due_on"])
        passage = Passage.objects.create(
            programme=fresh,
            old=old,
            new=fresh.state,
            by_id=actor.user_id,
            organisation_id=actor.organisation_id,
            reason=reason,
            decision=decision,
            at=at,
        )
        event = record(
            actor,
            PROGRAMME,
            fresh.pk,
            EVENTS[step],
            old=old,
            new=fresh.state,
            concerns=fresh.landlord_id,
            public=False,
            at=at,
        )
        if decision:
            link(actor, (DECISION, decision.pk), (PROGRAMME, fresh.pk))
    return passage, event


def obstacles(
    programme: Programme,
    step: Step,
    unsigned: dict[int, list[tuple[int, str]]] | None = None,
) -> list[str]:
    """Why a programme may not take this step, in words; nothing when it may. `unsigned`: who has
    not signed each convention, when the caller has asked for several programmes at once."""
    if programme.state not in step.sources:
        before = " ou ".join(_quoted(ProgrammeState(one).label) for one in step.sources)
        return [
            f"Ce programme est {_quoted(programme.get_state_display())}{NBSP}: "
            f"cette étape part de {before}."
        ]
    if step.code == "send":
        return why_not_sendable(programme)
    if step.code == "take_back" and _was_read(programme):
        return ["Une partie a commencé à le lire : demandez à la coordination de vous le rendre."]
    if step.code == "close" and not _bilan_published(programme):
        return ["Son bilan n’est pas encore publié."]
    if step.code in ("annex", "start") and programme.convention is None:
        return ["Ce programme n’est rattaché à aucune convention d’abattement."]
    if step.code == "start" and programme.convention:
        known = unsigned_of([programme]) if unsigned is None else unsigned
        if names := [name for _, name in known.get(programme.convention.pk, [])]:
            return [f"La convention n’est pas encore signée par : {', '.join(names)}."]
    return []


def _quoted(words: str) -> str:
    return f"«{NBSP}{words}{NBSP}»"


def _bilan_published(programme: Programme) -> bool:
    """Whether its bilan is published: a closed sheet takes no correction any more."""
    return Bilan.objects.filter(programme=programme, state=BilanState.PUBLISHED).exists()


def _was_read(programme: Programme) -> bool:
    """Whether somebody else has said something of it since it was sent."""
    last = _last_version(programme)
    if last is None:
        return False
    ours = landlords_of(programme)
    return bool(
        programme.opinions.filter(number=last.number).exists()
        or programme.remarks.filter(at__gte=last.sent_at).exclude(organisation__in=ours).exists()
    )


def _last_version(programme: Programme) -> SentVersion | None:
    found: SentVersion | None = programme.sent.filter(of=SentVersion.Of.PROGRAMME).last()
    return found


def _refuse_without_proof(
    programme: Programme, step: Step, actor: Actor, reason: str, decision: Decision | None
) -> None:
    if step.needs == "reason" and not reason:
        raise ValidationError({"reason": "Dites pourquoi : le bailleur le lira."})
    if step.needs not in INSTANCES:
        return
    body = INSTANCES[step.needs]
    if decision is None or not Decision.objects.visible_to(actor).filter(pk=decision.pk).exists():
        raise ValidationError({"decision": f"Choisissez la décision enregistrée d’un {body}."})
    instance = decision.sitting.instance
    if instance.kind != step.needs:
        raise ValidationError({"decision": f"Cette décision n’est pas celle d’un {body}."})
    if decision.state == DecisionState.DROPPED:
        raise ValidationError({"decision": "Cette décision a été abandonnée."})
    there = set(instance.quartiers.values_list("pk", flat=True))
    if there and programme.quartier_id not in there:
        raise ValidationError({"decision": f"{instance.name} ne suit pas ce quartier."})


def _target(programme: Programme, step: Step) -> str:
    """Where the step leads; what was taken back stands again where it was sent from."""
    if step.code != "take_back":
        return step.target
    sent = programme.passages.filter(new=ProgrammeState.SENT).last()
    return sent.old if sent else step.target


def _freeze(programme: Programme, actor: Actor, at: datetime) -> SentVersion:
    """Keep what is sent, under the next number."""
    versions = programme.sent.filter(of=SentVersion.Of.PROGRAMME)
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    made: SentVersion = SentVersion.objects.create(
        programme=programme,
        of=SentVersion.Of.PROGRAMME,
        number=number,
        content=snapshot_of(programme),
        sent_at=at,
        organisation_id=actor.organisation_id or programme.landlord_id,
    )
    return made
