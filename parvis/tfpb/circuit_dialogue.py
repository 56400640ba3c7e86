"""What is said of a programme: opinions of its parties, remarks, consultations of residents."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.tfpb import circuit_events as events
from parvis.tfpb.circuit_parties import landlords_of
from parvis.tfpb.dialogue_models import Consultation, Opinion, Remark, SentVersion
from parvis.tfpb.holding import held
from parvis.tfpb.programme_events import LINE, PROGRAMME
from parvis.tfpb.programme_models import Line, Programme
from parvis.tfpb.workflow import READ
from parvis.thread.acts import record


def give_opinion(
    programme: Programme,
    *,
    actor: Actor,
    number: int,
    verdict: str,
    text: str = "",
    now: datetime | None = None,
) -> Opinion:
    """Say what the actor's organisation thinks of the version that it has read.

    Another opinion replaces nothing: the last one counts. ValidationError, in words, when another
    version was sent meanwhile, or when it does not say why.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(programme)
        if fresh.state not in READ:
            raise Refused(f"Ce programme est « {fresh.get_state_display()} » : l’avis est clos.")
        last = fresh.sent.filter(of=SentVersion.Of.PROGRAMME).last()
        if last is None or last.number != number:
            raise Refused(
                "Le bailleur a transmis une autre version pendant que vous écriviez. Votre texte "
                "est gardé : lisez ce qui a changé, puis donnez votre avis."
            )
        opinion = Opinion(
            programme=fresh,
            organisation_id=_organisation(actor),
            number=number,
            verdict=verdict,
            text=text.strip(),
            at=at,
        )
        opinion.full_clean()
        opinion.save()
        event = record(
            actor,
            PROGRAMME,
            fresh.pk,
            "opinion",
            concerns=opinion.organisation_id,
            public=False,
            at=at,
        )
        events.tell_word(
            fresh,
            event,
            landlords_of(fresh),
            actor,
            heading=f"Avis : {opinion.get_verdict_display()}",
            text=opinion.text,
        )
    return opinion


def make_remark(
    programme: Programme,
    *,
    actor: Actor,
    text: str,
    line: Line | None = None,
    now: datetime | None = None,
) -> Remark:
    """A word about a programme, or about one of its lines; the landlord is told of what others
    say, and those who spoke of what it answers."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(programme)
        remark = Remark(
            programme=fresh,
            line=line,
            organisation_id=_organisation(actor),
            text=text.strip(),
            at=at,
        )
        remark.full_clean()
        remark.save()
        event = record(actor, PROGRAMME, fresh.pk, "remark", public=False, at=at)
        if line is not None:
            record(actor, LINE, line.pk, "remark", public=False, at=at)
        ours = landlords_of(fresh)
        spoke = fresh.remarks.exclude(organisation__in=ours).values_list("organisation", flat=True)
        wanted = list(spoke) if actor.organisation_id in ours else ours
        heading = f"Remarque sur la ligne « {line.title} »" if line else "Remarque"
        events.tell_word(fresh, event, wanted, actor, heading=heading, text=remark.text)
    return remark


def tell_consultation(
    programme: Programme,
    *,
    actor: Actor,
    consultation: Consultation | None = None,
    body: str,
    name: str,
    held_on: date,
    present: str,
    asked: str,
    kept: str,
    now: datetime | None = None,
) -> Consultation:
    """Write down a consultation, or complete it: what was asked, what was kept of it and why.

    ValidationError, in words, for a day to come.
    """
    at = now or timezone.now()
    if held_on > timezone.localdate(at):
        raise ValidationError({"held_on": "Ce jour n’est pas encore venu."})
    with transaction.atomic():
        fresh = held(programme)
        told = consultation or Consultation(programme=fresh)
        told.body, told.name, told.held_on = body, name.strip(), held_on
        told.present, told.asked, told.kept = present.strip(), asked.strip(), kept.strip()
        told.full_clean(exclude=["programme"])
        told.save()
        record(actor, PROGRAMME, fresh.pk, "consulted", public=False, at=at)
    return told


def _organisation(actor: Actor) -> int:
    if actor.organisation_id is None:
        raise Refused("Dites pour quelle organisation vous parlez.")
    return actor.organisation_id
