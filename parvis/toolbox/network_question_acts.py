"""Asking the network, answering, and what the coordination does of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.notices import digests
from parvis.notices.digests import Line
from parvis.notices.outbox import Recipient
from parvis.partners.actors import Actor
from parvis.places.models import Quartier
from parvis.thread.acts import record
from parvis.toolbox.models import NetworkAnswer, Question, ThemeFollowing
from parvis.toolbox.network_acts import network_or_refuse, theme_label
from parvis.toolbox.network_events import QUESTION, question_url
from parvis.toolbox.network_scopes import members_of


def ask_network(
    *,
    actor: Actor,
    title: str,
    text: str,
    theme_code: str,
    quartier: Quartier | None = None,
    now: datetime | None = None,
) -> Question:
    """Ask; who follows the theme reads it in the morning's digest."""
    at = now or timezone.now()
    question = Question(
        coordination=network_or_refuse(actor),
        organisation_id=actor.organisation_id or 0,
        by_id=actor.user_id,
        title=title,
        text=text,
        theme_code=theme_code,
        quartier=quartier,
        at=at,
        moved_at=at,
    )
    question.keep_words(title, text)
    question.full_clean()
    with transaction.atomic():
        question.save()
        record(actor, QUESTION, question.pk, "asked", new=theme_code, public=False, at=at)
        _tell_followers(question, actor)
    return question


def edit_question(question: Question, *, actor: Actor, **fields: Any) -> Question:
    """Change a question that nobody answered yet; the line of the digest changes with it."""
    with transaction.atomic():
        fresh = held(question)
        if fresh.answers.exists():
            raise ValidationError("Quelqu’un a déjà répondu : la question ne change plus.")
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.keep_words(fresh.title, fresh.text)
        fresh.full_clean()
        fresh.save()
        digests.take_back(_asked(fresh))
        _tell_followers(fresh, actor)
    return fresh


def answer_question(
    question: Question, *, actor: Actor, text: str, now: datetime | None = None
) -> NetworkAnswer:
    """NetworkAnswer; who asked reads it in the morning's digest."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(question)
        if fresh.closed_at or fresh.hidden_at:
            raise ValidationError("Cette question est close : elle ne reçoit plus de réponse.")
        answer = NetworkAnswer(
            question=fresh,
            organisation_id=actor.organisation_id or 0,
            by_id=actor.user_id,
            text=text,
            at=at,
        )
        answer.full_clean()
        answer.save()
        Question.objects.filter(pk=fresh.pk).update(moved_at=at)
        record(actor, QUESTION, fresh.pk, "answered", public=False, at=at)
        _tell_asker(fresh, answer, actor)
    return answer


def edit_answer(answer: NetworkAnswer, *, text: str) -> NetworkAnswer:
    """Correct what one answered, as long as nobody wrote after it."""
    with transaction.atomic():
        question = held(answer.question)
        fresh = question.answers.select_for_update().get(pk=answer.pk)
        later = question.answers.filter(pk__gt=fresh.pk).exists()
        if later or fresh.hidden_at or question.closed_at:
            raise ValidationError("Quelqu’un a écrit depuis : cette réponse ne change plus.")
        fresh.text = text
        fresh.full_clean()
        fresh.save(update_fields=["text"])
    return fresh


def mark_helpful(
    answer: NetworkAnswer, *, actor: Actor, helped: bool, now: datetime | None = None
) -> NetworkAnswer:
    """Who asked says that an answer helped, or takes it back."""
    at = now or timezone.now()
    with transaction.atomic():
        question = held(answer.question)
        fresh = question.answers.select_for_update().get(pk=answer.pk)
        if helped != (fresh.helped_at is not None):
            fresh.helped_at = at if helped else None
            fresh.save(update_fields=["helped_at"])
            if helped:
                record(
                    actor,
                    QUESTION,
                    question.pk,
                    "helped",
                    concerns=fresh.organisation_id,
                    public=False,
                    at=at,
                )
    return fresh


def close_question(
    question: Question, *, actor: Actor, closed: bool, now: datetime | None = None
) -> Question:
    """Take no more answers, or take some again."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(question)
        if closed != (fresh.closed_at is not None):
            fresh.closed_at = at if closed else None
            fresh.save(update_fields=["closed_at"])
            code = "closed" if closed else "reopened"
            record(actor, QUESTION, fresh.pk, code, public=False, at=at)
    return fresh


def hide_message(
    message: Question | NetworkAnswer, *, actor: Actor, reason: str, now: datetime | None = None
) -> None:
    """The coordination hides a message with a reason; without a reason it shows it again. Lines
    of digests that tell of it and did not leave are taken back."""
    at = now or timezone.now()
    is_question = isinstance(message, Question)
    with transaction.atomic():
        question = held(message if isinstance(message, Question) else message.question)
        fresh: Any = question
        if not is_question:
            fresh = question.answers.select_for_update().get(pk=message.pk)
        fresh.hidden_at, fresh.reason = (at, reason) if reason else (None, "")
        fresh.full_clean()
        fresh.save(update_fields=["hidden_at", "reason"])
        code = "hidden" if reason else "shown"
        record(
            actor,
            QUESTION,
            question.pk,
            code,
            concerns=fresh.organisation_id,
            public=False,
            at=at,
        )
        if reason:
            digests.take_back(_asked(fresh) if is_question else _answered(fresh))


def follow_themes(codes: Iterable[str], *, actor: Actor) -> None:
    """The themes on which the actor reads the questions of the network, for the mandate in use."""
    wanted = set(codes)
    with transaction.atomic():
        mine = ThemeFollowing.objects.filter(mandate_id=actor.mandate_id or 0)
        mine.exclude(theme_code__in=wanted).delete()
        ThemeFollowing.objects.bulk_create(
            [
                ThemeFollowing(mandate_id=actor.mandate_id or 0, theme_code=code)
                for code in sorted(wanted)
            ],
            ignore_conflicts=True,
        )


def held(question: Question) -> Question:
    """The question, for this transaction alone."""
    rows = Question.objects.select_for_update(of=("self",)).select_related("coordination")
    return rows.get(pk=question.pk)


def _asked(question: Question) -> str:
    return f"network.question:{question.pk}"


def _answered(answer: NetworkAnswer) -> str:
    return f"network.answer:{answer.pk}"


def _tell_followers(question: Question, actor: Actor) -> None:
    """Members of the network who follow the theme; a mandate that ended follows nothing."""
    followed = ThemeFollowing.objects.filter(theme_code=question.theme_code)
    rows = members_of(question.coordination).filter(pk__in=followed.values("mandate_id"))
    line = Line(
        title=f"Question au réseau : {question.title}",
        text=f"{theme_label(question.theme_code)}. Quelqu’un attend votre réponse.",
        url=question_url(question.pk),
    )
    digests.note(_asked(question), _recipients(rows, actor), line)


def _tell_asker(question: Question, answer: NetworkAnswer, actor: Actor) -> None:
    rows = members_of(question.coordination).filter(
        person_id=question.by_id or 0, organisation_id=question.organisation_id
    )
    line = Line(
        title=f"Réponse à votre question : {question.title}",
        text=f"{actor.organisation_name} vous a répondu.",
        url=question_url(question.pk),
    )
    digests.note(_answered(answer), _recipients(rows, actor), line)


def _recipients(mandates: Any, actor: Actor) -> list[Recipient]:
    """These people once each, without who writes."""
    people = mandates.exclude(person_id=actor.user_id).order_by("person_id")
    return [
        Recipient(f"user:{pk}", email)
        for pk, email in people.values_list("person_id", "person__email").distinct()
    ]
