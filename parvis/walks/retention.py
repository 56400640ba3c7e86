"""Erasing what a walk brought back once it has served, as privacy.toml promises it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from parvis.notices.keeping import Due, Retention, due_among, due_together
from parvis.partners.actors import NOBODY
from parvis.walks import access
from parvis.walks.account_telling import forget_notes, with_notes
from parvis.walks.models import Answer, Observation, Picture, Walk
from parvis.walks.pictures import remove_pictures

RECOGNISED = timedelta(days=60)  # somebody is on it who did not agree
NEVER_SHOWN = timedelta(days=2 * 365)
AT_ONCE = 500  # rows


@dataclass
class Erased:
    """How many of each."""

    pictures: int = 0
    notes: int = 0


def erase_old(now: datetime | None = None) -> Erased:
    """Erase pictures and notes whose time has passed; a second run finds nothing."""
    at = now or timezone.now()
    erased = Erased()
    while many := _erase_pictures(_pictures(at)):
        erased.pictures += many
    unseen, read, answers = _notes(at)
    erased.notes += unseen.update(note="", public_note="")
    # Everybody reads the public text alone: it is all that stays of what was noted.
    erased.notes += read.update(note=F("public_note"))
    erased.notes += answers.update(note="")
    erased.notes += forget_notes(_sent(at))
    return erased


def _pictures(at: datetime) -> Q:
    recognised = Q(people=True, consent=False) & _over(at - RECOGNISED)
    # What was reviewed of an account that is not public is shown to nobody either.
    shown = Picture.objects.filter(access.picture_told(NOBODY)).order_by().values("pk")
    return recognised | (~Q(pk__in=shown) & _over(at - NEVER_SHOWN))


def _notes(at: datetime) -> tuple[Any, Any, Any]:
    """Findings that nobody else ever read, those of which the public text stays, and answers."""
    long_ago = at - NEVER_SHOWN
    findings = Observation.objects.filter(walk__gathering__ends_at__lt=long_ago)
    told = findings.filter(access.told(NOBODY)).order_by().values("pk")
    answers = Answer.objects.filter(about__stop__walk__gathering__ends_at__lt=long_ago)
    return (
        findings.exclude(pk__in=told).exclude(note="", public_note=""),
        findings.filter(pk__in=told).exclude(note=F("public_note")),
        answers.exclude(note=""),
    )


def _sent(at: datetime) -> Any:
    sent = Walk.objects.filter(gathering__ends_at__lt=at - NEVER_SHOWN, sent__isnull=False)
    return sent.order_by("pk").distinct()


def _due(now: datetime) -> Due:
    unseen, read, answers = _notes(now)
    return due_together(
        [
            due_among(
                Picture.objects.filter(_pictures(now)), "observation__walk__gathering__ends_at"
            ),
            due_among(unseen, "walk__gathering__ends_at"),
            due_among(read, "walk__gathering__ends_at"),
            due_among(answers, "about__stop__walk__gathering__ends_at"),
            Due(with_notes(_sent(now))),
        ]
    )


def _erase(now: datetime) -> int:
    erased = erase_old(now)
    return erased.pictures + erased.notes


def _over(moment: datetime) -> Q:
    """Pictures of a walk that was over before that moment."""
    found = Q(observation__walk__gathering__ends_at__lt=moment)
    return found | Q(answer__about__stop__walk__gathering__ends_at__lt=moment)


def _erase_pictures(old: Q) -> int:
    with transaction.atomic():
        return remove_pictures(Picture.objects.filter(old).order_by("pk")[:AT_ONCE])


RETENTIONS = (Retention("walks", "notes et photos de diagnostics en marchant", _due, _erase),)
