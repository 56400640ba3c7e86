"""Taking in what telephones noted: each thing once, all that can be kept, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.gatherings.models import Gathering, Guest, Registration
from parvis.partners.actors import Actor
from parvis.partners.rights import Refused
from parvis.thread.acts import record
from parvis.thread.reading import rows_of
from parvis.ui.words import day_in_words, local_day
from parvis.walks.events import WALK
from parvis.walks.giving_back import give_back_answers
from parvis.walks.holding import held
from parvis.walks.models import Answer, Check, Observation, Presence, Stop, Walk
from parvis.walks.receive_items import (
    AnswerSent,
    Clock,
    FindingSent,
    PresenceSent,
    Sent,
    read_item,
)
from parvis.walks.receive_places import insert_findings, place_findings

TRIED = timedelta(days=1)  # before the walk, people try their telephone
BY_LINK_AT_MOST = 5000  # notes of one walk, from which on the link brings no more

ANOTHER = "Cette note est déjà dans un autre diagnostic."
CANCELLED = "Ce diagnostic est annulé, rien n’y est plus noté."
NOT_THIS_STOP = "Cet arrêt n’est pas de ce diagnostic."
NOT_THIS_CHECK = "Ce point à vérifier n’est pas, ou plus, de ce diagnostic."
NOT_THIS_GUEST = "Cette organisation n’est pas conviée à ce diagnostic."
NOT_THIS_PERSON = "Cette personne n’est pas inscrite à ce diagnostic."
NOT_YOURS = "La présence est notée par les organisations qui mènent le diagnostic."
TOO_MANY = "Ce diagnostic a déjà reçu trop de notes."


@dataclass
class Received:
    """What became of a sending: the numbers that are kept, and why others are not."""

    kept: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def receive(
    walk: Walk,
    *,
    actor: Actor,
    sent_at: datetime,
    items: list[Any],
    partner: bool,
    now: datetime | None = None,
) -> Received:
    """Keep what a telephone noted on this walk. What came before is kept again and changes nothing.

    `partner`: whoever sends walks for an organisation that was called, not with the link alone.
    """
    at = now or timezone.now()
    received = Received()
    names: dict[UUID, str] = {}  # as the telephone writes them, in its order
    fresh: dict[UUID, Sent] = {}
    clock = Clock(at, sent_at, walk.gathering.starts_at)
    for place, raw in enumerate(items):
        try:
            item = read_item(raw, clock)
        except Refused as unread:
            received.refused[_name(raw, place)] = unread.messages[0]
            continue
        names.setdefault(item.uid, raw["uid"])
        fresh.setdefault(item.uid, item)
    for _ in range(2):
        try:
            kept, refused, answers = _keep(walk, actor, list(fresh.values()), partner, at)
            break
        except IntegrityError:  # the same number went to two walks in one moment: look again
            continue
    else:
        raise IntegrityError("numbers of a sending were taken twice")
    received.kept = [name for uid, name in names.items() if uid in kept]
    received.refused |= {names[uid]: why for uid, why in refused.items()}
    give_back_answers(answers)
    return received


def _name(raw: Any, place: int) -> str:
    """How a refused item is called: its number as written, else its place in the sending."""
    uid = raw.get("uid") if isinstance(raw, dict) else None
    whole = isinstance(uid, str) and uid and uid.isprintable()
    return str(uid)[:64] if whole else f"#{place + 1}"


def _keep(
    walk: Walk, actor: Actor, items: list[Sent], partner: bool, at: datetime
) -> tuple[set[UUID], dict[UUID, str], list[int]]:
    """The numbers kept, those refused and why, the ids of answers that are new."""
    refused = _refusals(walk, actor, items, partner)
    wanted = [one for one in items if one.uid not in refused]
    placed = place_findings(walk, [one for one in wanted if isinstance(one, FindingSent)], at)
    with transaction.atomic():
        walk = held(walk)  # two telephones of one walk come one after the other
        known = _known(one.uid for one in items)
        kept = {uid for uid, of in known.items() if of == walk.pk}
        refused = {uid: why for uid, why in refused.items() if uid not in kept}
        refused |= {uid: ANOTHER for uid, of in known.items() if of != walk.pk}
        new = [one for one in wanted if one.uid not in known]
        if why := why_closed(walk, at):
            return kept, refused | {one.uid: why for one in new}, []
        if not partner and _received(walk) > BY_LINK_AT_MOST:
            return kept, refused | {one.uid: TOO_MANY for one in new}, []
        fresh = {one.uid for one in new}
        who = {"by_id": actor.user_id, "organisation_id": actor.organisation_id}
        insert_findings(walk, [one for one in placed if one.sent.uid in fresh], at, **who)
        answers = Answer.objects.bulk_create(
            [
                Answer(
                    uid=one.uid,
                    about_id=one.check_id,
                    result=one.result,
                    note=one.note,
                    noted_at=one.noted_at,
                    received_at=at,
                    pictures_told=one.pictures,
                    **who,
                )
                for one in new
                if isinstance(one, AnswerSent)
            ]
        )
        _note_presence(walk, [one for one in new if isinstance(one, PresenceSent)], at)
        seen = sum(not isinstance(one, PresenceSent) for one in new)
        if seen:
            record(actor, WALK, walk.pk, "received", new=str(seen), public=False, at=at)
    return kept | fresh, refused, [one.pk for one in answers]


def _known(uids: Iterable[UUID]) -> dict[UUID, int]:
    """The walk of each number that was received."""
    wanted = list(uids)
    found: dict[UUID, int] = {}
    for model, path in (
        (Presence, "walk_id"),
        (Answer, "about__stop__walk_id"),
        (Observation, "walk_id"),
    ):
        rows: Any = model._default_manager.filter(uid__in=wanted).order_by()
        found |= dict(rows.values_list("uid", path))
    return found


def _received(walk: Walk) -> int:
    """How many notes of every kind came of this walk."""
    answers = Answer.objects.filter(about__stop__walk=walk)
    rows = (Observation.objects.filter(walk=walk), answers, Presence.objects.filter(walk=walk))
    return sum(some.count() for some in rows)


def why_closed(walk: Walk, at: datetime) -> str:
    """Why this walk takes nothing more, or nothing yet; empty when it does."""
    gathering = walk.gathering
    if gathering.cancelled_at is not None:
        return CANCELLED
    if local_day(at) < local_day(gathering.starts_at) - TRIED:
        day = day_in_words(gathering.starts_at)
        return f"Ce diagnostic a lieu {day}. On y note à partir de la veille, pour essayer."
    return ""


def _refusals(walk: Walk, actor: Actor, items: list[Sent], partner: bool) -> dict[UUID, str]:
    """What names a stop, a check, an organisation or a person that is not of this walk, or notes
    who came without the right to."""
    stops = {one.stop_id for one in items if isinstance(one, FindingSent)}
    checks = {one.check_id for one in items if isinstance(one, AnswerSent)}
    guests = {one.guest_id for one in items if isinstance(one, PresenceSent)}
    people = {one.person_id for one in items if isinstance(one, PresenceSent)}
    # A stop that was taken away meanwhile is of no other walk: its findings stay.
    elsewhere = _ids(Stop.objects.exclude(walk=walk), stops)
    ours = _checks_of(walk, actor, checks, partner=partner)
    asked = _ids(Guest.objects.filter(gathering=walk.gathering_id), guests)
    named = _ids(Registration.objects.filter(gathering=walk.gathering_id), people)
    names = partner and people != {None} and _may_note_people(walk, actor)

    def why_not(one: Sent) -> str:
        if isinstance(one, FindingSent):
            return NOT_THIS_STOP if one.stop_id in elsewhere else ""
        if isinstance(one, AnswerSent):
            return "" if one.check_id in ours else NOT_THIS_CHECK
        if one.guest_id is not None:
            return NOT_YOURS if not partner else "" if one.guest_id in asked else NOT_THIS_GUEST
        if one.person_id is not None:
            return NOT_YOURS if not names else "" if one.person_id in named else NOT_THIS_PERSON
        return ""

    return {one.uid: why for one in items if (why := why_not(one))}


def _ids(rows: Any, wanted: set[Any]) -> set[int]:
    """Which of these ids are among those rows; without a query when there are none."""
    ids = wanted - {None}
    return set(rows.filter(pk__in=ids).order_by().values_list("pk", flat=True)) if ids else set()


def _checks_of(walk: Walk, actor: Actor, wanted: set[int], *, partner: bool) -> set[int]:
    """Which of these checks are of this walk; for who holds the link alone, of a thing that their
    page shows: nobody answers by guessing numbers."""
    if not wanted:
        return set()
    asked = {one.pk: one.thing for one in Check.objects.filter(stop__walk=walk, pk__in=wanted)}
    if partner or not asked:
        return set(asked)
    seen = rows_of(actor, set(asked.values()))
    return {pk for pk, thing in asked.items() if thing in seen}


def _may_note_people(walk: Walk, actor: Actor) -> bool:
    """Names are for who organises."""
    if actor.organisation_id == walk.gathering.organiser_id:
        return True
    mine = Gathering.objects.allowed(actor, "attend").filter(pk=walk.gathering_id)
    return bool(mine.exists())


def _note_presence(walk: Walk, sent: list[PresenceSent], at: datetime) -> None:
    """All rows are kept; who came is what the latest hour says."""
    Presence.objects.bulk_create(
        [
            Presence(
                uid=one.uid,
                walk=walk,
                guest_id=one.guest_id,
                registration_id=one.person_id,
                came=one.came,
                count=one.count,
                noted_at=one.noted_at,
                received_at=at,
            )
            for one in sent
        ]
    )
    for model, column, ids in (
        (Guest, "guest_id", {one.guest_id for one in sent} - {None}),
        (Registration, "registration_id", {one.person_id for one in sent} - {None}),
    ):
        if not ids:
            continue
        rows = Presence.objects.filter(walk=walk, **{f"{column}__in": ids})
        latest = dict(rows.order_by("noted_at", "pk").values_list(column, "came"))
        for came in (True, False):
            those = [pk for pk, last in latest.items() if last is came]
            model._default_manager.filter(pk__in=those).update(came=came)
