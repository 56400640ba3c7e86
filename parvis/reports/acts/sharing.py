"""Who has a part: sharing a report, giving a part to whoever answers for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.reports.acts.handling import (
    REASON_LENGTH,
    UNDO,
    bring_up_to_date,
    one_of,
    put_back,
    refuse_second_part,
    remember,
    take_news_back,
)
from parvis.reports.counting import is_news, local_day, lock, recount
from parvis.reports.delays import expect, restore_pause, stop_pause
from parvis.reports.models import Callback, Note, Part, Report
from parvis.reports.searching import index_numbers
from parvis.reports.workflow import CLOSED, OPEN, Forbidden, State
from parvis.thread.acts import record

TITLE_LENGTH = 160  # characters
HANDED = [
    "organisation",
    "state",
    "person",
    "reason",
    "due_on",
    "commitment",
    "restarted_on",
    "own_number",
    "firm",
    "closed_at",
    "told_at",
    "chased_on",
    "before",
    "moved_at",
]


def assign_part(
    report: Report,
    *,
    actor: Actor,
    organisation: Organisation,
    title: str = "",
    now: datetime | None = None,
) -> Part:
    """Share a report with one more organisation. A part that nobody answers for is given to it
    rather than left beside a second one."""
    at = now or timezone.now()
    title = title.strip()
    if len(title) > TITLE_LENGTH:
        raise ValidationError({"title": f"Dites-le en {TITLE_LENGTH} caractères au plus."})
    with transaction.atomic():
        fresh, parts = lock(report.pk)
        if fresh.state in CLOSED:
            raise Forbidden("Ce signalement est clos : rouvrez d’abord une de ses parts.")
        refuse_second_part(parts, organisation.pk)
        _refuse_closed(organisation)
        orphan = next(
            (one for one in parts if one.organisation_id is None and one.state in OPEN), None
        )
        part = orphan or Part(report=fresh, created_at=at)
        part.title = title or part.title
        _hand_over(part, organisation, fresh, at)
        if orphan:
            part.save(update_fields=[*HANDED, "title"])
        else:
            part.save(force_insert=True)
        record(actor, "report", fresh.pk, "part_added", concerns=organisation, at=at)
        recount(fresh, parts if orphan else [*parts, part])
    return part


def give_part(
    part: Part,
    *,
    actor: Actor,
    organisation: Organisation,
    reason: str = "",
    now: datetime | None = None,
) -> Part:
    """Move an open part to the organisation that answers for it; its history stays in events."""
    at = now or timezone.now()
    reason = reason.strip()
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": f"Dites-le en {REASON_LENGTH} caractères au plus."})
    with transaction.atomic():
        report, parts = lock(part.report_id)
        mine = one_of(parts, part)
        if mine.state in CLOSED:
            raise Forbidden("Cette part est close : rouvrez-la avant de la confier à un autre.")
        if mine.organisation_id == organisation.pk:
            raise Forbidden("Cette organisation a déjà cette part.")
        refuse_second_part(parts, organisation.pk, but=mine)
        _refuse_closed(organisation)
        before = hand_over_held(mine, organisation, report, actor=actor, at=at)
        if is_news(at):
            mine.before, mine.moved_at = before, at
            mine.save(update_fields=["before", "moved_at"])
        if reason and actor.organisation_id:
            Note.objects.create(
                report=report,
                organisation_id=actor.organisation_id,
                by_id=actor.user_id,
                text=reason,
                at=at,
            )
        recount(report, parts)
    bring_up_to_date(part, mine)
    part.organisation = organisation
    return part


def hand_over_held(
    part: Part, organisation: Organisation, report: Report, *, actor: Actor, at: datetime
) -> dict[str, Any]:
    """The same inside an act that holds the report, which counts it again; gives what taking it
    back would need."""
    take_news_back(part)  # whoever takes it now will tell
    old = part.organisation.name if part.organisation else ""
    before = _remember_owner(part)
    before["pause"] = stop_pause(part, local_day(at))
    _hand_over(part, organisation, report, at)
    part.save(update_fields=HANDED)
    index_numbers([part])
    record(actor, "report", report.pk, "part_given", old=old[:60], concerns=organisation, at=at)
    return before


def _remember_owner(part: Part) -> dict[str, Any]:
    """What taking a giving back needs, beside what a step needs."""
    return remember(part) | {
        "organisation": part.organisation_id,
        "told_at": part.told_at.isoformat() if part.told_at else None,
        "chased_on": part.chased_on.isoformat() if part.chased_on else None,
        "own_number": part.own_number,
        "firm": part.firm,
    }


def undo_give(part: Part, *, actor: Actor, now: datetime | None = None) -> Part:
    """Give a part back to where it was, within two minutes and before the other was told."""
    at = now or timezone.now()
    with transaction.atomic():
        report, parts = lock(part.report_id)
        mine = one_of(parts, part)
        before = mine.before
        if not before or "organisation" not in before or mine.moved_at is None:
            raise Forbidden("Cette part a changé depuis : elle n’est pas rendue.")
        if at - mine.moved_at > UNDO or mine.told_at is not None:
            raise Forbidden("Il est trop tard pour annuler : l’organisation est prévenue.")
        refuse_second_part(parts, before["organisation"], but=mine)
        owner = Organisation.objects.filter(pk=before["organisation"]).first()
        given_to, mine.organisation = mine.organisation_id, owner
        told_at, chased_on = before["told_at"], before["chased_on"]
        put_back(mine, before)
        mine.told_at = datetime.fromisoformat(told_at) if told_at else None
        mine.chased_on = date.fromisoformat(chased_on) if chased_on else None
        mine.own_number, mine.firm = before["own_number"], before["firm"]
        mine.save(update_fields=HANDED)
        if before["pause"]:
            restore_pause(mine, before["pause"])
        index_numbers([mine])
        record(actor, "report", report.pk, "give_undone", concerns=given_to, at=at)
        recount(report, parts)
    bring_up_to_date(part, mine)
    part.organisation = owner
    return part


def _refuse_closed(organisation: Organisation) -> None:
    if organisation.closed_on is not None:
        raise ValidationError(
            {"organisation": "Cette organisation n’existe plus : choisissez-en une autre."}
        )


def _hand_over(part: Part, organisation: Organisation, report: Report, at: datetime) -> None:
    """A part that starts anew with an organisation."""
    part.organisation = organisation
    part.state = State.NEW
    part.person_id = None
    part.reason = ""
    expect(part, report.category, at)
    part.restarted_on = local_day(at)
    part.own_number, part.firm = "", ""
    part.closed_at = None
    part.told_at = None if is_news(at) else at
    part.before, part.moved_at, part.chased_on = None, None, None


def tick_callback(callback: Callback, *, actor: Actor, now: datetime | None = None) -> Callback:
    """Say that a person was called (or written to); ticking twice changes nothing."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = Callback.objects.select_for_update(of=("self",)).get(pk=callback.pk)
        if fresh.done_at is None:
            fresh.done_at, fresh.done_by_id = at, actor.user_id
            fresh.save(update_fields=["done_at", "done_by"])
            record(actor, "report", fresh.report_id, "called", public=False, at=at)
    callback.done_at, callback.done_by_id = fresh.done_at, fresh.done_by_id
    return callback


def carry_part(part: Part, *, actor: Actor) -> Part:
    """Put one's name on a part: colleagues see who is on it."""
    with transaction.atomic():
        _, parts = lock(part.report_id)
        mine = one_of(parts, part)
        if mine.state in CLOSED:
            raise Forbidden("Cette part est close.")
        mine.person_id = actor.user_id
        mine.save(update_fields=["person"])
    bring_up_to_date(part, mine)
    return part
