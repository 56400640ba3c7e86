"""Who blocks which programme, since when, and one click to chase them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.tfpb import circuit_events as events
from parvis.tfpb.circuit_parties import people_of
from parvis.tfpb.circuit_waiting import awaiting_rows, turn_of, waiting_for
from parvis.tfpb.holding import held
from parvis.tfpb.programme_events import PROGRAMME
from parvis.tfpb.programme_models import Programme
from parvis.tfpb.workflow import ProgrammeState
from parvis.thread.acts import record
from parvis.thread.models import Event


def blocked(actor: Actor, *, turn: str = "", state: str = "") -> Any:
    """The programmes that this actor follows and that are not closed, what moved longest ago
    first. `turn`: those that wait for us ("nous"), for their landlord, for opinions or for who
    coordinates."""
    rows = Programme.objects.allowed(actor, "follow").exclude(state=ProgrammeState.CLOSED)
    if state:
        rows = rows.filter(state=state)
    rows = rows.filter(turn_of(actor)) if turn == "nous" else awaiting_rows(rows, turn)
    return rows.order_by("moved_at", "pk")


def chased_on(ids: list[int]) -> dict[int, datetime]:
    """When each of these programmes was last chased; one query."""
    rows = Event.objects.filter(thing_kind=PROGRAMME, thing_id__in=ids, code="chased")
    return dict(rows.order_by("at").values_list("thing_id", "at"))


def chase_programme(
    programme: Programme, *, actor: Actor, now: datetime | None = None
) -> list[str]:
    """Remind those for whom a programme waits, each person once a day at most; the names of the
    organisations that are reminded. One's own is not.

    Refused, in words, when nobody is to be reminded or may be reached, or was today already.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(programme)
        awaited = [
            one
            for one in waiting_for([fresh])[fresh.pk]
            if one.pk and one.pk != actor.organisation_id
        ]
        if not awaited:
            raise Refused("Ce programme n’attend personne d’autre que vous.")
        people = people_of(fresh, [one.pk for one in awaited if one.pk])
        if not people:
            raise Refused("Personne n’a d’adresse où être relancé : appelez l’organisation.")
        day = timezone.localdate(at)
        if not events.tell_chase(fresh, awaited, people, actor, day):
            raise Refused("Une relance est déjà partie aujourd’hui pour ce programme.")
        record(actor, PROGRAMME, fresh.pk, "chased", public=False, at=at)
    return list(dict.fromkeys(one.name for one in awaited))
