"""Preparing a sitting of others, and telling the quartier what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.councils import aside_events as events
from parvis.councils.aside_events import RESTITUTION
from parvis.councils.aside_plain import MOST_LINES, TOLD_LINES, tidied
from parvis.councils.aside_reading import PREPARATIONS, meeting_of, quartiers_by, sittings_of
from parvis.councils.body_models import Body
from parvis.councils.referent_models import (
    NOTE_LENGTH,
    TOLD_LENGTH,
    Preparation,
    ResidentWord,
)
from parvis.gatherings.acts import cancel_gathering, change_gathering, plan_gathering
from parvis.gatherings.kinds import PREPARATION
from parvis.meetings.acts import SITTING
from parvis.meetings.models import Sitting
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.reports.masking import without_contacts
from parvis.thread.acts import link, record, unlink

WORDS_AT_MOST = 4  # carried to a sitting: the note is one page
NOTE = ("asked", "decided", "still_open")
CONTACT = "Retirez l’adresse, le téléphone ou la plaque : aucune coordonnée ici."


def open_preparation(body: Body, sitting: Sitting) -> Preparation:
    """Begin to prepare that sitting; the preparation that there is when it was begun."""
    if not sittings_of(body).filter(pk=sitting.pk).exists():
        raise Refused("Aucun de vos référents n’est appelé à cette séance.")
    found, _ = Preparation.objects.get_or_create(body=body, sitting=sitting)
    return found


def plan_meeting(
    preparation: Preparation,
    *,
    actor: Actor,
    starts_at: datetime,
    ends_at: datetime,
    place_label: str,
    now: datetime | None = None,
) -> Preparation:
    """Set the date of the preparatory meeting, or another one; the body alone sees it."""
    when: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at, "place_label": place_label}
    with transaction.atomic():
        fresh = held(preparation)
        if ends_at > fresh.sitting.gathering.starts_at:
            raise ValidationError({"ends_at": "La réunion finit avant que la séance commence."})
        standing = meeting_of(fresh)
        if standing is not None:
            fresh.meeting = change_gathering(standing, actor=actor, now=now, **when)
            return fresh
        fresh.meeting = plan_gathering(
            actor=actor,
            organiser=fresh.body.organisation,
            quartiers=fresh.body.quartiers.defer("outline"),
            kind=PREPARATION,
            title=f"Préparer : {fresh.sitting.instance.name}"[:160],
            now=now,
            **when,
        )
        fresh.save(update_fields=["meeting"])
    return fresh


def drop_meeting(
    preparation: Preparation, *, actor: Actor, now: datetime | None = None
) -> Preparation:
    """Call the preparatory meeting off; without one, nothing changes."""
    with transaction.atomic():
        fresh = held(preparation)
        if fresh.meeting is not None:
            standing = meeting_of(fresh)
            if standing is not None:
                reason = "La réunion de préparation n’a pas lieu."
                cancel_gathering(standing, actor=actor, reason=reason, now=now)
            fresh.meeting = None
            fresh.save(update_fields=["meeting"])
    return fresh


def write_note(
    preparation: Preparation, *, companion: str, asked: str, decided: str, still_open: str
) -> Preparation:
    """Write who goes along and the three answers of the note.

    ValidationError when it would not hold on one page.
    """
    given = {"asked": tidied(asked), "decided": tidied(decided), "still_open": tidied(still_open)}
    for name, text in given.items():
        if text.count("\n") >= MOST_LINES:
            words = f"{MOST_LINES} lignes au plus : la note tient sur une page."
            raise ValidationError({name: words})
        if len(text) > NOTE_LENGTH:
            words = f"{NOTE_LENGTH} caractères au plus : la note tient sur une page."
            raise ValidationError({name: words})
    with transaction.atomic():
        fresh = held(preparation)
        fresh.companion = companion.strip()
        for name, text in given.items():
            setattr(fresh, name, text)
        fresh.full_clean()
        fresh.save(update_fields=["companion", *NOTE])
    return fresh


def choose_words(preparation: Preparation, words: Iterable[ResidentWord]) -> int:
    """Carry these words of the notebook to the sitting, and no others; how many."""
    wanted = {one.pk for one in words}
    if len(wanted) > WORDS_AT_MOST:
        raise ValidationError(f"{WORDS_AT_MOST} paroles au plus : la note tient sur une page.")
    with transaction.atomic():
        fresh = held(preparation)
        mine = ResidentWord.objects.filter(body=fresh.body)
        mine.filter(preparation=fresh).exclude(pk__in=wanted).update(preparation=None)
        return mine.filter(pk__in=wanted).update(preparation=fresh)


def write_restitution(preparation: Preparation, *, said: str, answered: str) -> Preparation:
    """Write what référents said there and what they were answered; everybody reads it once it is
    told."""
    given = {"said": tidied(said), "answered": tidied(answered)}
    for name, text in given.items():
        if without_contacts(text) != text:
            raise ValidationError({name: CONTACT})
        if len(text) > TOLD_LENGTH or text.count("\n") >= TOLD_LINES:
            words = f"{TOLD_LENGTH} caractères et {TOLD_LINES} lignes au plus :"
            raise ValidationError({name: f"{words} l’affiche tient sur une feuille."})
    with transaction.atomic():
        fresh = held(preparation)
        if fresh.told_at is not None:
            raise Refused("Tout le monde lit cette restitution : retirez-la pour la corriger.")
        for name, text in given.items():
            setattr(fresh, name, text)
        fresh.full_clean()
        fresh.save(update_fields=list(given))
    return fresh


def why_not_told(preparation: Preparation, now: datetime) -> str:
    """What stops it from being told, in words; nothing when nothing does."""
    gathering = preparation.sitting.gathering
    if gathering.cancelled_at:
        return "Cette séance a été annulée : il n’y a rien à raconter."
    if gathering.starts_at > now:
        return "La séance n’a pas encore eu lieu."
    if not preparation.said or not preparation.answered:
        return "Écrivez d’abord ce que vous avez dit et ce qui a été répondu."
    if preparation.body.published_at is None:
        return "Votre instance n’est pas encore présentée au public."
    return ""


def tell(preparation: Preparation, *, actor: Actor, now: datetime | None = None) -> Preparation:
    """Tell the quartier: page and poster for everybody, a step on the thread of the sitting, a word
    to who follows. A second time changes nothing."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(preparation)
        if fresh.told_at is not None:
            return fresh
        why = why_not_told(fresh, at)
        if why:
            raise Refused(why)
        fresh.told_at = at
        fresh.full_clean()
        fresh.save(update_fields=["told_at"])
        link(actor, (SITTING, fresh.sitting_id), (RESTITUTION, fresh.pk))
        organisation = fresh.body.organisation
        record(actor, RESTITUTION, fresh.pk, "told", concerns=organisation, at=at)
        quartiers = quartiers_by([fresh])[fresh.pk]
        events.tell_followers(fresh, [pk for pk, _ in quartiers])
    return fresh


def take_back(
    preparation: Preparation, *, actor: Actor, now: datetime | None = None
) -> Preparation:
    """Take it away from the public, to correct it perhaps; a second time changes nothing."""
    with transaction.atomic():
        fresh = held(preparation)
        if fresh.told_at is None:
            return fresh
        fresh.told_at = None
        fresh.save(update_fields=["told_at"])
        unlink((SITTING, fresh.sitting_id), (RESTITUTION, fresh.pk))
        organisation = fresh.body.organisation
        record(actor, RESTITUTION, fresh.pk, "untold", concerns=organisation, public=False, at=now)
        events.take_back(fresh)
    return fresh


def held(preparation: Preparation) -> Preparation:
    """The preparation as it stands, held until the end of the transaction."""
    return PREPARATIONS.select_for_update(of=("self",)).get(pk=preparation.pk)
