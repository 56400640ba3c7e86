"""Reminding an organisation of its parts: one by one, or all in one mail; once a day each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from parvis.notices import outbox
from parvis.partners.actors import Actor
from parvis.reports import events
from parvis.reports.acts.handling import one_of
from parvis.reports.counting import is_news, local_day, lock, lock_many
from parvis.reports.models import Part
from parvis.reports.workflow import CLOSED, OPEN, Forbidden
from parvis.thread.acts import Happening, record, record_many, word_key


@dataclass(frozen=True)
class Chased:
    """What was reminded: the mail's name in the outbox, and each part's former day."""

    key: str
    days: dict[int, date | None]


def chase(part: Part, *, actor: Actor, now: datetime | None = None) -> None:
    """Remind an organisation of its part, once a day at most."""
    at = now or timezone.now()
    day = local_day(at)
    with transaction.atomic():
        report, parts = lock(part.report_id)
        mine = one_of(parts, part)
        if mine.state in CLOSED:
            raise Forbidden("Cette part est close : il n’y a rien à relancer.")
        if mine.organisation is None:
            raise Forbidden(
                "Personne n’a encore cette part : confiez-la d’abord à une organisation."
            )
        if mine.chased_on == day:
            raise Forbidden("Cette organisation a déjà été relancée aujourd’hui.")
        mine.chased_on = day
        mine.save(update_fields=["chased_on"])
        event = record(
            actor, "report", report.pk, "chased", concerns=mine.organisation_id, public=False, at=at
        )
        if is_news(at):
            events.tell_chase(report, mine, event, actor.organisation_name)
    part.chased_on = day


def chase_parts(parts: Sequence[Part], *, actor: Actor, now: datetime | None = None) -> Chased:
    """Remind one organisation of several of its parts in one mail.

    Those that were closed or given away meanwhile, or reminded of today, are left out; Forbidden
    when none is left.
    """
    at = now or timezone.now()
    day = local_day(at)
    wanted = {part.pk: part.organisation_id for part in parts}
    with transaction.atomic():
        due = [
            part
            for part in lock_many(part.report_id for part in parts)
            if part.pk in wanted
            and part.state in OPEN
            and part.organisation_id == wanted[part.pk]
            and part.chased_on != day
        ]
        if not due or due[0].organisation is None:
            raise Forbidden("Il n’y a plus rien à relancer aujourd’hui.")
        Part.objects.filter(pk__in=[part.pk for part in due]).update(chased_on=day)
        said = record_many(actor, [_happening("chased", part, at) for part in due])
        if is_news(at):
            events.tell_chases(due, said[0], actor.organisation_name)
    return Chased(word_key(said[0]), {part.pk: part.chased_on for part in due})


def undo_chases(
    chased: Chased, parts: Iterable[Part], *, actor: Actor, now: datetime | None = None
) -> None:
    """Take a reminder back, before its mail has left."""
    at = now or timezone.now()
    with transaction.atomic():
        held = [
            part for part in lock_many(part.report_id for part in parts) if part.pk in chased.days
        ]
        outbox.take_back(chased.key)
        if outbox.has_left(chased.key):
            raise Forbidden("Il est trop tard pour annuler : la relance est partie.")
        for part in held:
            part.chased_on = chased.days[part.pk]
        Part.objects.bulk_update(held, ["chased_on"])
        record_many(actor, [_happening("chase_undone", part, at) for part in held])


def _happening(code: str, part: Part, at: datetime) -> Happening:
    return Happening(
        "report", part.report_id, code, concerns=part.organisation_id, public=False, at=at
    )
