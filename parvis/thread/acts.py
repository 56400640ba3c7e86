"""Writing on the thread: what happened, what arises from what, and the word back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from parvis.notices import outbox
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.thread.edges import ancestors
from parvis.thread.models import Event, Link
from parvis.thread.register import SEEN_ON_FOOT, Seen, kind_of

Thing = tuple[str, int]  # a kind's code and an id


@dataclass(frozen=True)
class Happening:
    """One event to record: on which thing, its code, the values before and after."""

    kind: str
    pk: int
    code: str
    old: str = ""
    new: str = ""
    concerns: Organisation | int | None = None
    public: bool = True
    at: datetime | None = None


def record(
    actor: Actor,
    kind: str,
    pk: int,
    code: str,
    *,
    old: str = "",
    new: str = "",
    concerns: Organisation | int | None = None,
    public: bool = True,
    at: datetime | None = None,
) -> Event:
    """Write down what happened to a thing; call it in the transaction that makes the change."""
    happening = Happening(kind, pk, code, old, new, concerns, public, at)
    return record_many(actor, [happening])[0]


def record_many(actor: Actor, happenings: Iterable[Happening]) -> list[Event]:
    """Write down several events in one insert, in the order given."""
    return Event.objects.bulk_create([_event(actor, happening) for happening in happenings])


def _event(actor: Actor, happening: Happening) -> Event:
    kind_of(happening.kind)
    for value in (happening.old, happening.new):
        if len(value) > 60:
            raise ValueError("the values of an event are codes or short figures, not texts")
    concerns = happening.concerns
    return Event(
        thing_kind=happening.kind,
        thing_id=happening.pk,
        code=happening.code,
        old=happening.old,
        new=happening.new,
        by_id=actor.user_id,
        organisation_id=actor.organisation_id,
        concerns_id=concerns.pk if isinstance(concerns, Organisation) else concerns,
        public=happening.public,
        at=happening.at or timezone.now(),
    )


def link(actor: Actor, source: Thing, target: Thing, kind: str = "gives_rise") -> Link:
    """Say that `target` arises from `source`; saying it again changes nothing.

    The act that calls it has asked for the right to do so on both.
    """
    for thing in (source, target):
        kind_of(thing[0])
    if source == target:
        raise ValueError("a thing does not lead to itself")
    found, _ = Link.objects.get_or_create(
        kind=kind,
        source_kind=source[0],
        source_id=source[1],
        target_kind=target[0],
        target_id=target[1],
        defaults={"by_id": actor.user_id, "organisation_id": actor.organisation_id},
    )
    return found


def give_back(actor: Actor, thing: Thing, seen: Seen) -> Event:
    """Return what was seen on the spot to the thing that was checked: its room keeps it, and an
    event for partners says it. Call it in a transaction.

    ValueError for a kind that is not checked, ValidationError when the thing takes it no more.
    """
    code, pk = thing
    checking = kind_of(code).checking
    if checking is None or seen.result not in checking.words:
        raise ValueError(f"{code} is not checked on the spot as {seen.result!r}")
    if checking.keep is not None:
        checking.keep(actor, pk, seen)
    return record(
        actor,
        code,
        pk,
        SEEN_ON_FOOT,
        new=seen.result,
        concerns=seen.organisation_id,
        public=False,
    )


def unlink(source: Thing, target: Thing, kind: str = "gives_rise") -> None:
    """Take back that `target` arises from `source`; nothing happens when it was never said."""
    Link.objects.filter(
        kind=kind,
        source_kind=source[0],
        source_id=source[1],
        target_kind=target[0],
        target_id=target[1],
    ).delete()


def word_key(event: Event) -> str:
    """The outbox's name of an event; `outbox.take_back(word_key(event))` undoes a word back."""
    return f"{event.thing_kind}.{event.code}:{event.pk}"


def lane_of(kind: str, pk: int) -> str:
    """The lane of the outbox for what is told of a thing: it reaches each person in its order."""
    return f"{kind}:{pk}"


def word_back(
    kind: str,
    pk: int,
    event: Event,
    compose: Callable[[outbox.Recipient], outbox.Mail],
) -> int:
    """Tell everyone who spoke through a thing what happened; how many will be told."""
    spoke = kind_of(kind).spoke
    if spoke is None:
        return 0
    return outbox.put(word_key(event), list(spoke(pk)), compose, lane=lane_of(kind, pk))


def word_back_along(
    kind: str,
    pk: int,
    event: Event,
    compose: Callable[[outbox.Recipient], outbox.Mail],
) -> int:
    """Tell everyone who spoke through a thing or through what led to it; how many will be told.

    One who spoke through several of them, under one address, is told once.
    """
    people = list(spoke_along(kind, pk).values())
    return outbox.put(word_key(event), people, compose, lane=lane_of(kind, pk))


def spoke_along(kind: str, pk: int) -> dict[str, outbox.Recipient]:
    """Everyone who spoke through a thing or through what led to it, by address."""
    people: dict[str, outbox.Recipient] = {}
    for code, thing_id in ancestors((kind, pk)):
        spoke = kind_of(code).spoke
        for who in spoke(thing_id) if spoke else ():
            people.setdefault(who.address.lower(), who)
    return people
