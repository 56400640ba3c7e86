"""Pauses: days with a reason that do not count in a part's delay."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.reports.acts.handling import FURTHEST, REASON_LENGTH, bring_up_to_date, one_of
from parvis.reports.counting import local_day, lock, recount
from parvis.reports.delays import after_pause, counted_from, running_pause, stop_pause
from parvis.reports.models import Part, Pause
from parvis.reports.workflow import CLOSED, Forbidden
from parvis.thread.acts import record

ONE_DAY = timedelta(days=1)


def pause_part(
    part: Part,
    *,
    actor: Actor,
    ends_on: date | None,
    reason: str,
    starts_on: date | None = None,
    now: datetime | None = None,
) -> Part:
    """Leave the working days of a pause (both ends included, from today by default) out of a part's
    delay. Everybody who sees the part reads why; nobody is written to."""
    at = now or timezone.now()
    today = local_day(at)
    starts_on, reason = starts_on or today, reason.strip()
    _check(today, starts_on, ends_on, reason)
    assert ends_on is not None  # noqa: S101 - checked just before
    with transaction.atomic():
        report, parts = lock(part.report_id)
        mine = one_of(parts, part)
        if mine.state in CLOSED:
            raise Forbidden("Cette part est close : il n’y a plus rien à mettre en pause.")
        if mine.organisation_id is None:
            raise Forbidden("Personne n’a encore cette part : confiez-la d’abord.")
        if running_pause(mine, today):
            raise Forbidden("Cette part a déjà une pause : terminez-la avant d’en dire une autre.")
        if starts_on > mine.due_on:
            raise Forbidden("Cette part est attendue avant le début de la pause.")
        pause = Pause(
            part=mine,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason,
            by_id=actor.user_id,
            due_before=mine.due_on,
        )
        pause.save(force_insert=True)
        mine.due_on = after_pause(mine.due_on, pause, counted_from(mine))
        mine.before, mine.moved_at = None, None  # an older step would bring its own day back
        mine.save(update_fields=["due_on", "before", "moved_at"])
        _record(actor, mine, "paused", at, new=f"{ends_on:%d/%m/%Y}")
        recount(report, parts)
    bring_up_to_date(part, mine)
    return part


def _check(today: date, starts_on: date, ends_on: date | None, reason: str) -> None:
    errors: dict[str, str] = {}
    if starts_on < today:
        errors["starts_on"] = "Ce jour est passé : une pause commence aujourd’hui ou plus tard."
    if ends_on is None:
        errors["ends_on"] = "Dites jusqu’à quel jour."
    elif ends_on < starts_on:
        errors["ends_on"] = "La fin de la pause précède son début."
    elif ends_on - today > FURTHEST:
        errors["ends_on"] = "Ce jour est trop lointain : choisissez-en un avant trois ans."
    if not reason:
        errors["reason"] = "Dites pourquoi."
    elif len(reason) > REASON_LENGTH:
        errors["reason"] = f"Dites-le en {REASON_LENGTH} caractères au plus."
    if errors:
        raise ValidationError({name: [message] for name, message in errors.items()})


def resume_part(part: Part, *, actor: Actor, now: datetime | None = None) -> Part:
    """End a part's pause: from today on, days count again."""
    at = now or timezone.now()
    with transaction.atomic():
        report, parts = lock(part.report_id)
        mine = one_of(parts, part)
        if mine.state in CLOSED or stop_pause(mine, local_day(at)) is None:
            raise Forbidden("Cette part n’est pas en pause.")
        mine.before, mine.moved_at = None, None
        mine.save(update_fields=["due_on", "before", "moved_at"])
        _record(actor, mine, "resumed", at)
        recount(report, parts)
    bring_up_to_date(part, mine)
    return part


def _record(actor: Actor, part: Part, code: str, at: datetime, **values: Any) -> None:
    record(actor, "report", part.report_id, code, concerns=part.organisation_id, at=at, **values)
