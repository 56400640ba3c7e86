"""The messages of the circuit: whose turn it is, what was said, who is reminded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from parvis.meetings.models import Decision
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.actors import Actor
from parvis.tfpb.circuit_parties import landlords_of, people_of
from parvis.tfpb.circuit_waiting import Awaited, together, waiting_for
from parvis.tfpb.dialogue_models import Passage
from parvis.tfpb.programme_events import PROGRAMME, title_of
from parvis.tfpb.programme_models import Programme
from parvis.thread.acts import word_key
from parvis.thread.models import Event
from parvis.ui.words import day_in_words


def page_url(programme: Programme) -> str:
    """The absolute address of the circuit of a programme."""
    return f"{settings.SITE_URL}{reverse('tfpb:circuit', args=[programme.pk])}"


def title(programme: Programme) -> str:
    """What people call it."""
    return title_of(programme.year, programme.landlord.name, programme.quartier.name)


def tell_passages(passages: Sequence[Passage], event: Event, actor: Actor) -> int:
    """To those whose turn it is, and to the landlord of what others moved: one message for each
    person, whatever the number of programmes; how many leave."""
    waiting = waiting_for([one.programme for one in passages])
    people: dict[str, Recipient] = {}
    lines: dict[str, list[dict[str, Any]]] = {}
    for passage in passages:
        programme = passage.programme
        awaited = waiting[programme.pk]
        wanted = {one.pk for one in awaited if one.pk}
        wanted |= set(landlords_of(programme)) - {actor.organisation_id}
        line = _line(programme, awaited, passage)
        for who in people_of(programme, wanted):
            if who.key != f"user:{actor.user_id}":
                people.setdefault(who.key, who)
                lines.setdefault(who.key, []).append(line)

    def compose(who: Recipient) -> Mail:
        mine = lines[who.key]
        words = {"first": mine[0], "lines": mine, "count": len(mine), "by": actor.organisation_name}
        return render("tfpb/notices/passed", words)

    return outbox.put(word_key(event), list(people.values()), compose)


def take_back(passage: Passage) -> None:
    """What told of the last sending does not leave; who was told already hears that it was taken
    back."""
    programme = passage.programme
    sent = Event.objects.filter(thing_kind=PROGRAMME, thing_id=programme.pk, code="sent")
    last = sent.order_by("-at", "-pk").first()
    if last is None:
        return
    outbox.take_back(word_key(last))
    if outbox.has_left(word_key(last)):
        wanted = {one.pk for one in waiting_for([_as_sent(programme)])[programme.pk] if one.pk}
        context = {"title": title(programme), "by": programme.landlord.name}
        key = f"{PROGRAMME}.taken_back:{passage.pk}"
        outbox.put(
            key,
            people_of(programme, wanted),
            lambda _: render("tfpb/notices/taken_back", context),
        )


def _as_sent(programme: Programme) -> Programme:
    """The same programme, as those who read it were told of it."""
    return Programme(
        pk=programme.pk,
        landlord=programme.landlord,
        commune=programme.commune,
        quartier=programme.quartier,
        convention=programme.convention,
        year=programme.year,
        state="sent",
    )


def tell_word(
    programme: Programme,
    event: Event,
    organisations: Iterable[int],
    actor: Actor,
    *,
    heading: str,
    text: str,
) -> int:
    """To these organisations: an opinion, a remark or what a consultation said."""
    context = {
        "title": title(programme),
        "heading": heading,
        "text": text,
        "by": actor.organisation_name,
        "link": page_url(programme),
    }
    others = set(organisations) - {actor.organisation_id}
    people = people_of(programme, [pk for pk in others if pk])
    return outbox.put(word_key(event), people, lambda _: render("tfpb/notices/said", context))


def tell_chase(
    programme: Programme,
    awaited: Sequence[Awaited],
    people: list[Recipient],
    actor: Actor,
    on: date,
) -> int:
    """To those for whom a programme waits; a person once a day at most; how many leave."""
    context = {"line": _line(programme, awaited), "by": actor.organisation_name}
    key = f"{PROGRAMME}.chased:{programme.pk}:{on}"
    return outbox.put(key, people, lambda _: render("tfpb/notices/chased", context))


def _named(decision: Decision) -> str:
    """The instance that decided and the day: the words are for who may read them."""
    sitting = decision.sitting
    day = day_in_words(timezone.localdate(sitting.gathering.starts_at))
    return f"{sitting.instance.name}, {day}"


def _line(
    programme: Programme, awaited: Sequence[Awaited], passage: Passage | None = None
) -> dict[str, Any]:
    return {
        "title": title(programme),
        "state": programme.get_state_display(),
        "due_on": programme.due_on,
        "awaited": together(awaited),
        "reason": passage.reason if passage else "",
        "decision": _named(passage.decision) if passage and passage.decision else "",
        "url": page_url(programme),
    }
