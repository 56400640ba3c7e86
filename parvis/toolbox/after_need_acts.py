"""Asking for a course, asking for it too, and what the coordination answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.acts import link, record
from parvis.toolbox import after_telling
from parvis.toolbox.models import Course, Need, NeedVoice
from parvis.toolbox.office import coordination_of

KIND = "need"
COURSE = "course"
WITHDRAWN = "La demande a été retirée par qui l’avait faite."


def ask_need(actor: Actor, *, people: int, now: datetime | None = None, **fields: Any) -> Need:
    """The actor's organisation asks for a course, for so many of its people.

    ValidationError when no coordination covers it, or when a field is wrong.
    """
    at = now or timezone.now()
    organisation = _own(actor)
    coordination = coordination_of(organisation)
    if coordination is None:
        raise ValidationError(
            "Aucune agglomération ne couvre votre organisation : demandez à la coordination "
            "d’indiquer la commune de son siège."
        )
    need = Need(organisation=organisation, coordination=coordination, at=at, **fields)
    need.full_clean()
    with transaction.atomic():
        need.save()
        _speak(need, actor, organisation, people, "", at)
        record(actor, KIND, need.pk, "asked", concerns=organisation, public=False, at=at)
    return need


def join_need(
    need: Need, *, actor: Actor, people: int, words: str = "", now: datetime | None = None
) -> NeedVoice:
    """The actor's organisation asks for it too; a second time changes what it said."""
    at = now or timezone.now()
    organisation = _own(actor)
    with transaction.atomic():
        fresh = _held(need)
        if fresh.state == Need.State.CLOSED:
            raise ValidationError("Cette demande est close.")
        known = fresh.voices.filter(organisation=organisation).first()
        if known is not None:
            known.people, known.words, known.by_id = people, words.strip(), actor.user_id
            known.full_clean()
            known.save(update_fields=["people", "words", "by"])
            return known
        voice = _speak(fresh, actor, organisation, people, words, at)
        record(actor, KIND, fresh.pk, "joined", concerns=organisation, public=False, at=at)
    return voice


def leave_need(need: Need, *, actor: Actor, now: datetime | None = None) -> Need:
    """The actor's organisation asks for it no more; what nobody asks for is closed."""
    with transaction.atomic():
        fresh = _held(need)
        gone, _ = fresh.voices.filter(organisation_id=actor.organisation_id or 0).delete()
        if gone and fresh.state == Need.State.OPEN and not fresh.voices.exists():
            fresh.state, fresh.reason = Need.State.CLOSED, WITHDRAWN
            fresh.save(update_fields=["state", "reason"])
            record(actor, KIND, fresh.pk, "closed", new=fresh.state, public=False, at=now)
    return fresh


def answer_need(need: Need, *, actor: Actor, course: Course, now: datetime | None = None) -> Need:
    """A course arises from the need. Who asked is told once: now, or when it is published."""
    with transaction.atomic():
        fresh = _held(need)
        if fresh.state == Need.State.CLOSED:
            raise ValidationError("Cette demande est close.")
        link(actor, (KIND, fresh.pk), (COURSE, course.pk))
        if fresh.state != Need.State.ANSWERED:
            fresh.state = Need.State.ANSWERED
            fresh.save(update_fields=["state"])
            record(actor, KIND, fresh.pk, "answered", new=fresh.state, public=False, at=now)
        tell_who_asked(course)
    return fresh


def close_need(need: Need, *, actor: Actor, reason: str, now: datetime | None = None) -> Need:
    """No course will come of it: the reason is told to who asked."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "Dites pourquoi la demande reste sans suite."})
    with transaction.atomic():
        fresh = _held(need)
        if fresh.state == Need.State.CLOSED:
            raise ValidationError("Cette demande est déjà close.")
        fresh.state, fresh.reason = Need.State.CLOSED, reason
        fresh.full_clean()
        fresh.save(update_fields=["state", "reason"])
        event = record(actor, KIND, fresh.pk, "closed", new=fresh.state, public=False, at=now)
        after_telling.tell_closed(fresh, event)
    return fresh


def tell_who_asked(course: Course) -> int:
    """Once a course is published: tell who asked for it, once each whatever is repeated. Its own
    room calls it when it publishes, and the daily round besides."""
    return after_telling.tell_published(course)


def _speak(
    need: Need, actor: Actor, organisation: Organisation, people: int, words: str, at: datetime
) -> NeedVoice:
    voice = NeedVoice(
        need=need,
        organisation=organisation,
        people=people,
        words=words.strip(),
        by_id=actor.user_id,
        at=at,
    )
    voice.full_clean()
    voice.save()
    return voice


def _own(actor: Actor) -> Organisation:
    return Organisation.objects.select_related("commune").get(pk=actor.organisation_id or 0)


def _held(need: Need) -> Need:
    return Need.objects.select_for_update(of=("self",)).get(pk=need.pk)
