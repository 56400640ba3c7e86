"""What an organisation does with its part of a report: take, schedule, settle, and undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.documents.photos import CleanPhoto
from parvis.notices import outbox
from parvis.partners.actors import Actor
from parvis.reports import events, followers
from parvis.reports import photos as files
from parvis.reports.acts.filing import clean_text
from parvis.reports.acts.picturing import answer_with
from parvis.reports.counting import is_news, local_day, lock, recount
from parvis.reports.delays import expect, restore_pause, stop_pause
from parvis.reports.models import Message, Part, Photo, Report
from parvis.reports.workflow import CLOSED, OPEN, Forbidden, Step, step_from
from parvis.thread.acts import record, word_key

UNDO = timedelta(minutes=2)
ENDS_PAUSE = ("schedule", "settle", "drop")  # a day was chosen, or nothing is waited for
FURTHEST = timedelta(days=3 * 366)  # a part is not put off further than this
REASON_LENGTH = 300  # characters
MOVED = [
    "state",
    "person",
    "due_on",
    "commitment",
    "restarted_on",
    "reason",
    "closed_at",
    "before",
    "moved_at",
]
WORD_BACK = "Dites aux personnes ce qui a été fait : elles recevront ce message."


def advance_part(
    part: Part,
    step_code: str,
    *,
    actor: Actor,
    due_on: date | None = None,
    reason: str = "",
    answer: str = "",
    photos: Sequence[CleanPhoto] = (),
    before: Photo | None = None,
    now: datetime | None = None,
) -> Part:
    """Take one step with a part. Closing the last open part needs `answer`, the word back, which
    then goes to everyone who spoke; the first of `photos` answers the photo `before`. The part
    given is brought up to date.

    Raises Forbidden when the step does not lead from the part's present state (somebody else may
    have been faster), ValidationError when something it needs is missing.
    """
    at = now or timezone.now()
    answer = clean_text(answer, required=False)
    reason = reason.strip()
    with files.written(photos, at) as rows, transaction.atomic():
        report, parts = lock(part.report_id)
        mine = one_of(parts, part)
        step = step_from(mine.state, step_code)
        others_open = any(one.state in OPEN for one in parts if one.pk != mine.pk)
        closes = step.target in CLOSED and not others_open
        _check_needs(step, closes, due_on, reason, answer, local_day(at))
        old, report_was_closed = mine.state, report.state in CLOSED
        if old in CLOSED:
            refuse_second_part(parts, mine.organisation_id, but=mine)
        undo = remember(mine)
        if step.code in ENDS_PAUSE:
            undo["pause"] = stop_pause(mine, local_day(at))
        if step.code == "reopen":
            undo["round"] = report.round
        _move(mine, step, actor, report, due_on, reason, at)
        message = None
        if answer:
            message = _say(report, actor, answer, at, part=mine)
            undo["message"] = message.pk
        if rows:
            # Whoever posts an after-photo for an organisation publishes it: no second reading.
            files.attach(
                rows,
                report,
                organisation_id=actor.organisation_id,
                moment=Photo.Moment.AFTER,
                shown=True,
                reviewed_at=at,
            )
            if before is not None:
                answer_with(report, rows[0], before)
            undo["photos"] = [row.pk for row in rows]
        event = record(
            actor,
            "report",
            report.pk,
            step.code,
            old=old,
            new=mine.state,
            concerns=mine.organisation_id,
            at=at,
        )
        if report_was_closed and step.target in OPEN:
            report.round += 1
            report.save(update_fields=["round"])
        if closes:
            event = record(actor, "report", report.pk, "closed", old=report.state, new="", at=at)
        key = _news_key(step, closes, report, event)
        if key:
            undo["news"] = key
        mine.before = undo if is_news(at) else None
        mine.moved_at = at
        mine.save(update_fields=MOVED)
        recount(report, parts)
        if is_news(at):
            _tell(step, closes, report, parts, mine, actor, event, key, at)
            followed = _tell_followers(step, closes, report, parts, mine, event)
            if followed:
                undo["followers"] = followed
                mine.save(update_fields=["before"])
    bring_up_to_date(part, mine)
    return part


def one_of(parts: list[Part], part: Part) -> Part:
    """The same part among those that are held. Forbidden once it has passed to another
    organisation: the caller's right was asked for the one that had it."""
    for one in parts:
        if one.pk == part.pk:
            if one.organisation_id != part.organisation_id:
                raise Forbidden("Cette part a changé de mains : rechargez la page.")
            return one
    raise Forbidden("Cette part n’existe plus : rechargez la page.")


def bring_up_to_date(part: Part, fresh: Part) -> None:
    """Give the caller's own object the values just saved."""
    for field in Part._meta.concrete_fields:
        setattr(part, field.attname, getattr(fresh, field.attname))
    part.report = fresh.report


def _check_needs(
    step: Step, closes: bool, due_on: date | None, reason: str, answer: str, today: date
) -> None:
    errors: dict[str, str] = {}
    if "due_on" in step.needs:
        if due_on is None:
            errors["due_on"] = "Dites pour quel jour c’est prévu."
        elif due_on < today:
            errors["due_on"] = "Ce jour est passé : choisissez un jour à venir."
        elif due_on - today > FURTHEST:
            errors["due_on"] = "Ce jour est trop lointain : choisissez-en un avant trois ans."
    if "reason" in step.needs and not reason:
        errors["reason"] = "Dites pourquoi."
    if len(reason) > REASON_LENGTH:
        errors["reason"] = f"Dites-le en {REASON_LENGTH} caractères au plus."
    if closes and not answer:
        errors["answer"] = WORD_BACK
    if errors:
        raise ValidationError({name: [message] for name, message in errors.items()})


def refuse_second_part(
    parts: list[Part], organisation_id: int | None, but: Part | None = None
) -> None:
    """Raise Forbidden when an organisation has another open part already."""
    if organisation_id is None:
        return
    for one in parts:
        if one is not but and one.organisation_id == organisation_id and one.state in OPEN:
            raise Forbidden("Cette organisation a déjà une part ouverte de ce signalement.")


def remember(part: Part) -> dict[str, Any]:
    """What an undo needs to put back; codes, days and ids only."""
    return {
        "state": part.state,
        "due_on": part.due_on.isoformat(),
        "commitment": part.commitment_id,
        "restarted_on": part.restarted_on.isoformat() if part.restarted_on else None,
        "reason": part.reason,
        "person": part.person_id,
        "closed_at": part.closed_at.isoformat() if part.closed_at else None,
    }


def put_back(part: Part, before: dict[str, Any]) -> None:
    """Give a part its former values, which can then not be given a second time."""
    closed_at, restarted_on = before["closed_at"], before["restarted_on"]
    part.state = before["state"]
    part.due_on = date.fromisoformat(before["due_on"])
    part.commitment_id = before["commitment"]
    part.restarted_on = date.fromisoformat(restarted_on) if restarted_on else None
    part.reason = before["reason"]
    part.person_id = before["person"]
    part.closed_at = datetime.fromisoformat(closed_at) if closed_at else None
    part.before, part.moved_at = None, None


def _move(
    part: Part,
    step: Step,
    actor: Actor,
    report: Report,
    due_on: date | None,
    reason: str,
    at: datetime,
) -> None:
    part.state = step.target
    part.reason = reason
    if step.code in ("take", "schedule", "settle"):
        part.person_id = actor.user_id or part.person_id
    if step.code == "schedule" and due_on:
        part.due_on, part.commitment = due_on, None
    if step.code == "reopen":
        part.restarted_on = local_day(at)
        expect(part, report.category, at)
    part.closed_at = at if step.target in CLOSED else None


def _say(
    report: Report, actor: Actor, text: str, at: datetime, part: Part | None = None
) -> Message:
    """An organisation's word, shown at once."""
    return Message.objects.create(
        report=report,
        organisation_id=actor.organisation_id,
        by_id=actor.user_id,
        part=part,
        text=text,
        at=at,
        shown=True,
        reviewed_at=at,
    )


def _news_key(step: Step, closes: bool, report: Report, event: Any) -> str:
    """Under which name the news of this step stands in the outbox; "" when there is none."""
    if closes:
        return word_key(event)
    if step.code in ("take", "schedule"):
        return f"report.{step.code}:{report.pk}.{report.round}"
    return ""


def _tell(
    step: Step,
    closes: bool,
    report: Report,
    parts: list[Part],
    part: Part,
    actor: Actor,
    event: Any,
    key: str,
    at: datetime,
) -> None:
    if closes:
        events.tell_closing(report, parts, event)
        events.ask_for_calls(report, at)
    elif step.code in ("take", "schedule"):
        events.tell_news(step.code, key, report, part)
    elif step.code == "reopen":
        events.silence_closing(report)
        followers.silence_closing(report)
        if part.organisation_id != actor.organisation_id:
            events.tell_reopening(report, [part], event)


def _tell_followers(
    step: Step, closes: bool, report: Report, parts: list[Part], part: Part, event: Any
) -> str:
    """The same to who follows the report or its place; gives the name of the news."""
    if closes:
        return followers.tell_closed(report, parts, event)
    if step.code in ("take", "schedule"):
        return followers.tell_step(step.code, report, part)
    if step.code == "reopen":
        return followers.tell_reopened(report, event)
    return ""


def take_news_back(part: Part) -> None:
    """What the last step of a part had to say is not true any more: nobody hears it who has not."""
    before = part.before or {}
    if before.get("news"):
        outbox.take_back(before["news"])
    followers.silence(before.get("followers", ""))


def undo_part(part: Part, *, actor: Actor, now: datetime | None = None) -> Part:
    """Take the last step back, within two minutes and before its message has left."""
    at = now or timezone.now()
    with transaction.atomic():
        report, parts = lock(part.report_id)
        mine = one_of(parts, part)
        before = mine.before
        given = "organisation" in (before or {})  # who was given a part does not send it back so
        if not before or given or mine.moved_at is None or at - mine.moved_at > UNDO:
            raise Forbidden("Il est trop tard pour annuler : le message est parti.")
        if before["state"] in OPEN and mine.state in CLOSED:
            refuse_second_part(parts, mine.organisation_id, but=mine)
        take_news_back(mine)
        old, report_was_closed = mine.state, report.state in CLOSED
        put_back(mine, before)
        mine.save(update_fields=MOVED)
        if before.get("pause"):
            restore_pause(mine, before["pause"])
        if before.get("message"):
            Message.objects.filter(pk=before["message"]).delete()
        if before.get("photos"):
            files.remove(Photo.objects.filter(pk__in=before["photos"]))
        if "round" in before:
            report.round = before["round"]
            report.save(update_fields=["round"])
        record(
            actor,
            "report",
            report.pk,
            "undone",
            old=old,
            new=mine.state,
            concerns=mine.organisation_id,
            at=at,
        )
        recount(report, parts)
        if report_was_closed and report.state in OPEN:
            # Its last part may be another's, whose word back waits still.
            events.silence_closing(report)
            followers.silence_closing(report)
        elif report.state in CLOSED and not report_was_closed:
            events.resume_closing(report, parts, at)
            followers.resume_closing(report, parts)
    bring_up_to_date(part, mine)
    return part
