"""Drafting, publishing, correcting and withdrawing what residents are told of works."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.places.models import Residence
from parvis.places.workdays import working_days_between
from parvis.thread.acts import link, record
from parvis.works import site_events as events
from parvis.works.acts.sites import Overtaken, hold
from parvis.works.models import WorksAnnouncement, Worksite
from parvis.works.sorting import settings

KIND = events.ANNOUNCEMENT
WRITTEN = (
    *("title", "what", "for_whom", "why", "changes", "contact", "easy"),
    *("starts_on", "ends_on", "hours", "nuisances"),
)


def draft_announcement(
    worksite: Worksite,
    *,
    actor: Actor,
    residences: Iterable[Residence] = (),
    replaces: WorksAnnouncement | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> WorksAnnouncement:
    """Write an announcement that nobody is told yet; `replaces` one that it corrects."""
    at = now or timezone.now()
    with transaction.atomic():
        if replaces is not None:
            _correctable(_held(replaces))
        draft = WorksAnnouncement(worksite=worksite, replaces=replaces, changed_at=at, **fields)
        draft.full_clean()
        draft.save()
        draft.residences.set(residences)
        record(actor, KIND, draft.pk, "drafted", public=False, at=at)
        link(actor, (events.WORKSITE, worksite.pk), (KIND, draft.pk))
        if replaces is not None:
            link(actor, (KIND, replaces.pk), (KIND, draft.pk))
    return draft


def change_announcement(
    announcement: WorksAnnouncement,
    *,
    actor: Actor,
    read_at: datetime,
    residences: Iterable[Residence] | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> WorksAnnouncement:
    """Change a draft. Refused once it is published: what was read is never rewritten.

    Overtaken when somebody wrote since `read_at`.
    """
    with transaction.atomic():
        fresh = _held(announcement)
        if fresh.published_at:
            raise Refused("Cette annonce est publiée : corrigez-la par une autre.")
        if fresh.changed_at != read_at:
            raise Overtaken
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.changed_at = now or timezone.now()
        fresh.full_clean()
        fresh.save(update_fields=[*fields, "changed_at"])
        if residences is not None:
            fresh.residences.set(residences)
        record(actor, KIND, fresh.pk, "changed", public=False, at=now)
    return fresh


def publish_announcement(
    announcement: WorksAnnouncement, *, actor: Actor, now: datetime | None = None
) -> WorksAnnouncement:
    """Tell it to everybody concerned, once; what it corrects is told to be replaced.

    Refused while its worksite is not public.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(announcement)
        site = hold(fresh.worksite)
        if fresh.published_at:
            return fresh
        if fresh.withdrawn_at:
            raise Refused("Ce brouillon a été mis de côté : écrivez-en un autre.")
        if site.published_at is None:
            raise Refused("Publiez d’abord la page du chantier.")
        corrected = fresh.replaces
        if corrected is not None:
            _correctable(_held(corrected), fresh.pk)
        fresh.published_at = fresh.changed_at = at
        fresh.save(update_fields=["published_at", "changed_at"])
        event = record(actor, KIND, fresh.pk, "published", at=at)
        if corrected is not None:
            record(actor, KIND, corrected.pk, "corrected", at=at)
        events.tell_announcement(fresh, event, "corrected" if corrected else "published")
    return fresh


def withdraw_announcement(
    announcement: WorksAnnouncement, *, actor: Actor, reason: str, now: datetime | None = None
) -> WorksAnnouncement:
    """Say that it does not hold any more, and why; a draft is simply put aside."""
    at, reason = now or timezone.now(), reason.strip()
    if not reason:
        raise ValidationError({"reason": "Dites pourquoi l’annonce est retirée."})
    with transaction.atomic():
        fresh = _held(announcement)
        if fresh.withdrawn_at:
            raise Refused("Cette annonce est déjà retirée.")
        if fresh.published_at and _replaced(fresh):
            raise Refused("Cette annonce est déjà remplacée : retirez plutôt la nouvelle.")
        fresh.withdrawn_at = fresh.changed_at = at
        fresh.reason = reason
        public = bool(fresh.published_at)
        if not public:
            fresh.replaces = None  # another correction may be written
        fresh.full_clean()
        fresh.save(update_fields=["withdrawn_at", "changed_at", "reason", "replaces"])
        event = record(actor, KIND, fresh.pk, "withdrawn", public=public, at=at)
        if public:
            events.tell_announcement(fresh, event, "withdrawn")
    return fresh


def short_notice(starts_on: date, today: date) -> int | None:
    """How many working days are left before it begins, when that is fewer than residents usually
    have; None when there are enough."""
    left = max(working_days_between(today, starts_on), 0)
    return left if left < int(settings()["notice_days"]) else None


def _held(announcement: WorksAnnouncement) -> WorksAnnouncement:
    rows = WorksAnnouncement.objects.select_for_update(of=("self",)).select_related("worksite")
    return rows.get(pk=announcement.pk)


def _replaced(announcement: WorksAnnouncement) -> bool:
    later = WorksAnnouncement.objects.filter(replaces=announcement)
    return later.filter(published_at__isnull=False).exists()


def _correctable(announcement: WorksAnnouncement, by: int | None = None) -> None:
    if not announcement.published_at:
        raise Refused("Cette annonce n’est pas publiée : modifiez-la.")
    if announcement.withdrawn_at:
        raise Refused("Cette annonce est retirée : écrivez-en une nouvelle.")
    if WorksAnnouncement.objects.filter(replaces=announcement).exclude(pk=by or 0).exists():
        raise Refused("Une correction de cette annonce existe déjà.")
