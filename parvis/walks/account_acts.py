"""Writing the account of a walk, sending it, showing it to everybody and taking that back."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.thread.acts import record
from parvis.ui.words import counted
from parvis.walks import account_telling as telling
from parvis.walks.account_content import Plain, account_of
from parvis.walks.events import WALK
from parvis.walks.holding import held
from parvis.walks.models import SentAccount, Walk


def write_summary(walk: Walk, *, summary: str) -> Walk:
    """Keep what the group says together. Everybody else reads it once it was sent."""
    with transaction.atomic():
        fresh = held(walk)
        _refuse_cancelled(fresh)
        fresh.summary = summary.strip()
        fresh.full_clean(exclude=["gathering"])
        fresh.save(update_fields=["summary"])
    return fresh


def why_not_sent(walk: Walk, content: Plain, now: datetime | None = None) -> str:
    """What stands in the way of sending this account, all of it, in words; empty when nothing
    does. A strength need not be sorted."""
    if walk.gathering.cancelled_at:
        return "Ce diagnostic est annulé."
    if walk.gathering.ends_at > (now or timezone.now()):
        return "Ce diagnostic n’a pas encore eu lieu."
    if left := content["figures"]["to_sort"]:
        words = counted(left, "constat est encore à trier", "constats sont encore à trier")
        return f"{words} : dites d’abord ce qu’ils deviennent."
    if not any(content[part] for part in ("weak", "strengths", "checks", "summary")):
        return "Aucun constat n’est arrivé : écrivez au moins la synthèse du groupe."
    return ""


def send_account(walk: Walk, *, actor: Actor, now: datetime | None = None) -> SentAccount:
    """Freeze the account as it stands and send word to participants; once more makes a corrected
    version, both stay readable. Whoever had spoken hears which earlier findings were seen settled.

    Refused when something is still to sort, or when nothing changed since the last version.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(walk)
        content = freeze(fresh, actor)
        if why := why_not_sent(fresh, content, at):
            raise Refused(why)
        last = fresh.sent.order_by("-number").first()
        if last is not None and last.content == content:
            raise Refused("Rien n’a changé depuis la dernière version envoyée.")
        number = (fresh.sent.aggregate(last=Max("number"))["last"] or 0) + 1
        version = SentAccount.objects.create(walk=fresh, number=number, content=content, at=at)
        fresh.sent_at = at
        fresh.save(update_fields=["sent_at"])
        event = record(actor, WALK, fresh.pk, "sent", new=str(number), public=False, at=at)
        telling.tell_participants(fresh, version, event)
        telling.tell_what_is_settled(fresh, actor=actor, at=at)
    return version


def freeze(walk: Walk, actor: Actor) -> Plain:
    """The account as it is kept: plain JSON, pictures by their ids, nobody's name."""
    kept: Plain = json.loads(json.dumps(account_of(walk, actor)))
    return kept


def publish_account(walk: Walk, *, actor: Actor, now: datetime | None = None) -> Walk:
    """Show everybody what was reviewed of the account; who follows the place is told, once, and
    so are those who had registered and left an address."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(walk)
        _refuse_cancelled(fresh)
        if fresh.sent_at is None:
            raise Refused("Envoyez d’abord le compte rendu aux participants.")
        if fresh.published_at is not None:
            return fresh
        fresh.published_at = at
        fresh.save(update_fields=["published_at"])
        record(actor, WALK, fresh.pk, "published", at=at)
        telling.tell_public(fresh)
    return fresh


def unpublish_account(walk: Walk, *, actor: Actor, now: datetime | None = None) -> Walk:
    """Show it to partners alone again; messages that have not left do not leave."""
    with transaction.atomic():
        fresh = held(walk)
        if fresh.published_at is None:
            return fresh
        fresh.published_at = None
        fresh.save(update_fields=["published_at"])
        record(actor, WALK, fresh.pk, "unpublished", public=False, at=now)
        telling.take_public_back(fresh)
    return fresh


def _refuse_cancelled(walk: Walk) -> None:
    if walk.gathering.cancelled_at is not None:
        raise Refused("Ce diagnostic est annulé.")
