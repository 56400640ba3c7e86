"""Erasing what a walk brought back once it has served, as privacy.toml promises it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from parvis.partners.actors import NOBODY
from parvis.walks import access
from parvis.walks.account_telling import forget_notes
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
    recognised = Q(people=True, consent=False) & _over(at - RECOGNISED)
    # What was reviewed of an account that is not public is shown to nobody either.
    shown = Picture.objects.filter(access.picture_told(NOBODY)).order_by().values("pk")
    unshown = ~Q(pk__in=shown) & _over(at - NEVER_SHOWN)
    while many := _erase_pictures(recognised | unshown):
        erased.pictures += many
    long_ago = at - NEVER_SHOWN
    findings = Observation.objects.filter(walk__gathering__ends_at__lt=long_ago)
    told = findings.filter(access.told(NOBODY)).order_by().values("pk")
    unseen = findings.exclude(pk__in=told).exclude(note="", public_note="")
    erased.notes += unseen.update(note="", public_note="")
    # Everybody reads the public text alone: it is all that stays of what was noted.
    read = findings.filter(pk__in=told).exclude(note=F("public_note"))
    erased.notes += read.update(note=F("public_note"))
    answers = Answer.objects.filter(about__stop__walk__gathering__ends_at__lt=long_ago)
    erased.notes += answers.exclude(note="").update(note="")
    sent = Walk.objects.filter(gathering__ends_at__lt=long_ago, sent__isnull=False)
    erased.notes += forget_notes(sent.order_by("pk").distinct())
    return erased


def _over(moment: datetime) -> Q:
    """Pictures of a walk that was over before that moment."""
    found = Q(observation__walk__gathering__ends_at__lt=moment)
    return found | Q(answer__about__stop__walk__gathering__ends_at__lt=moment)


def _erase_pictures(old: Q) -> int:
    with transaction.atomic():
        return remove_pictures(Picture.objects.filter(old).order_by("pk")[:AT_ONCE])
