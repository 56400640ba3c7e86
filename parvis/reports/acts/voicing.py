"""What those who spoke may still say, and what partners write: words, "pas encore", withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from parvis.documents.photos import CleanPhoto
from parvis.notices import outbox
from parvis.partners.actors import NOBODY, Actor
from parvis.reports import events, followers
from parvis.reports import photos as files
from parvis.reports.acts.filing import clean_text
from parvis.reports.acts.handling import MOVED
from parvis.reports.counting import (
    is_news,
    local_day,
    lock,
    lock_home,
    recount,
    recount_voices,
)
from parvis.reports.delays import expect
from parvis.reports.models import (
    Callback,
    Contact,
    Message,
    Note,
    Part,
    Photo,
    PrivatePlace,
    Report,
    Voice,
    WreckPlate,
)
from parvis.reports.searching import forget_report, index_report
from parvis.reports.workflow import CLOSED, OPEN, Forbidden, State
from parvis.thread.acts import record

WITHDRAWN = "Signalement retiré par la personne qui l’avait fait."


def _held(voice: Voice) -> tuple[Voice, Report, list[Part]]:
    """A voice, the report through which it is answered and its parts, held; Forbidden once it was
    withdrawn."""
    report, parts = lock_home(voice.report_id)
    fresh = Voice.objects.get(pk=voice.pk)
    if fresh.withdrawn_at is not None:
        raise Forbidden(gettext("Vous avez retiré votre signalement."))
    return fresh, report, parts


def speak(
    voice: Voice,
    *,
    text: str,
    photos: Sequence[CleanPhoto] = (),
    now: datetime | None = None,
) -> Message | None:
    """Add a word, photos, or both: read by partners at once, by the public once reviewed."""
    at = now or timezone.now()
    text = clean_text(text, required=not photos)
    message = None
    with files.written(photos, at) as rows, transaction.atomic():
        voice, report, _ = _held(voice)
        if text:
            message = Message.objects.create(report=report, voice=voice, text=text, at=at)
        if rows:
            files.attach(rows, report, voice=voice, moment=Photo.Moment.BEFORE)
        record(NOBODY, "report", report.pk, "spoke", at=at)
    return message


def say_settled(voice: Voice, *, now: datetime | None = None) -> Voice:
    """ "C’est réglé": partners see it on the report; closing stays theirs."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh, report, _ = _held(voice)
        _says(fresh, Voice.Says.SETTLED, at)
        record(NOBODY, "report", report.pk, "says_settled", at=at)
    voice.says, voice.said_at = fresh.says, fresh.said_at
    return voice


def _says(voice: Voice, says: str, at: datetime) -> None:
    voice.says, voice.said_at = says, at
    voice.save(update_fields=["says", "said_at"])


def say_not_yet(voice: Voice, *, text: str = "", now: datetime | None = None) -> Voice:
    """ "Pas encore": on a closed report, reopens the parts that were closed last, and tells their
    organisations. On an open one it is a word like others."""
    at = now or timezone.now()
    text = clean_text(text, required=False)
    with transaction.atomic():
        fresh, report, parts = _held(voice)
        _says(fresh, Voice.Says.NOT_YET, at)
        if text:
            Message.objects.create(report=report, voice=fresh, text=text, at=at)
        event = record(NOBODY, "report", report.pk, "says_not_yet", at=at)
        if report.state in CLOSED:
            reopened = _reopen_last(report, parts, at)
            record(
                NOBODY, "report", report.pk, "reopened", old=report.state, new=State.TAKEN, at=at
            )
            report.round += 1
            report.save(update_fields=["round"])
            recount(report, parts)
            events.silence_closing(report)
            followers.silence_closing(report)
            if is_news(at):
                events.tell_reopening(report, reopened, event)
                followers.tell_reopened(report, event)
    voice.says, voice.said_at = fresh.says, fresh.said_at
    return voice


def _reopen_last(report: Report, parts: list[Part], at: datetime) -> list[Part]:
    """Reopen the settled parts that were closed last; without any, the dropped ones."""
    settled = [part for part in parts if part.state == State.SETTLED] or parts
    last = max(part.closed_at for part in settled if part.closed_at)
    reopened = [part for part in settled if part.closed_at == last]
    for part in reopened:
        part.state, part.closed_at, part.reason = State.TAKEN, None, ""
        part.restarted_on = local_day(at)
        expect(part, report.category, at)
        part.before, part.moved_at = None, None
        part.save(update_fields=MOVED)
    return reopened


def withdraw(voice: Voice, *, now: datetime | None = None) -> Voice:
    """Take one's voice back, with one's contact, words and photos. A report without any voice
    left is emptied, and no longer shown; that it was there stays in the figures."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh, report, parts = _held(voice)
        fresh.withdrawn_at = at
        fresh.save(update_fields=["withdrawn_at"])
        _erase(fresh)
        files.remove(Photo.objects.filter(voice=fresh))
        Message.objects.filter(voice=fresh).delete()
        record(NOBODY, "report", report.pk, "withdrawn", at=at)
        if recount_voices(report) == 0:
            _empty(report, parts, at)
        elif fresh.kind == Voice.Kind.AUTHOR:
            # Others still wait for an answer: what is left is the place and the category.
            own = Report.objects.filter(pk=fresh.report_id)
            own.update(text="", text_shown=False, answers={})
            if fresh.report_id == report.pk:
                index_report(own.select_related("category").get())
    voice.withdrawn_at = at
    return voice


def _empty(report: Report, parts: list[Part], at: datetime) -> None:
    for part in parts:
        if part.state in OPEN:
            part.state, part.closed_at, part.reason = State.DROPPED, at, WITHDRAWN
            part.before = None
            part.save(update_fields=["state", "closed_at", "reason", "before"])
    report.text, report.answers = "", {}
    report.public, report.text_shown, report.withdrawn_at = False, False, at
    report.save(update_fields=["text", "answers", "public", "text_shown", "withdrawn_at"])
    recount(report, parts)
    report.merged.update(text="", answers={}, public=False, text_shown=False, withdrawn_at=at)
    files.remove(Photo.objects.filter(report=report, organisation=None))
    forget_report(report.pk)
    followers.silence_all(report.pk)


def erase_contact(voice: Voice, *, now: datetime | None = None) -> None:
    """Forget how to reach a person: contact, dwelling, plate, calls to make, messages that still
    wait. What they reported stays; they will not be told."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = Voice.objects.select_for_update(of=("self",)).get(pk=voice.pk)
        _erase(fresh)
        record(NOBODY, "report", fresh.report_id, "contact_erased", public=False, at=at)


def _erase(voice: Voice) -> None:
    Contact.objects.filter(voice=voice).delete()
    Callback.objects.filter(voice=voice, done_at=None).delete()
    if voice.kind == Voice.Kind.AUTHOR:
        PrivatePlace.objects.filter(report_id=voice.report_id).delete()
        WreckPlate.objects.filter(report_id=voice.report_id).delete()
    outbox.forget(f"voice:{voice.pk}")


def answer(report: Report, *, actor: Actor, text: str, now: datetime | None = None) -> Message:
    """A public word of an organisation, sent to everyone who spoke."""
    at = now or timezone.now()
    text = clean_text(text)
    if actor.organisation_id is None:
        raise ValidationError("Une réponse se donne au nom d’une organisation.")
    with transaction.atomic():
        fresh, _ = lock(report.pk)
        message = Message.objects.create(
            report=fresh,
            organisation_id=actor.organisation_id,
            by_id=actor.user_id,
            text=text,
            at=at,
            shown=True,
            reviewed_at=at,
        )
        event = record(actor, "report", fresh.pk, "answered", at=at)
        if is_news(at):
            events.tell_answer(fresh, event, actor.organisation_name, text)
            followers.tell_answered(fresh, event, actor.organisation_name, text)
    return message


def note(report: Report, *, actor: Actor, text: str, now: datetime | None = None) -> Note:
    """An internal note, for the partners who share the report."""
    at = now or timezone.now()
    text = clean_text(text)
    if actor.organisation_id is None:
        raise ValidationError("Une note s’écrit au nom d’une organisation.")
    with transaction.atomic():
        fresh, _ = lock(report.pk)
        written = Note.objects.create(
            report=fresh,
            organisation_id=actor.organisation_id,
            by_id=actor.user_id,
            text=text,
            at=at,
        )
        record(actor, "report", fresh.pk, "noted", public=False, at=at)
    return written
