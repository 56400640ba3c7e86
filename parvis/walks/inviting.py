"""Inviting to a walk: which organisations are chosen, the convocation, residents who may come, and
the link for telephones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from parvis.gatherings.acts import ask_organisations, change_gathering, publish_gathering
from parvis.gatherings.events import addresses_of
from parvis.gatherings.models import Gathering
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.actors import Actor
from parvis.partners.models import Organisation
from parvis.partners.rights import Refused
from parvis.thread.acts import record
from parvis.walks.events import WALK, page_url
from parvis.walks.holding import held, refuse_over
from parvis.walks.links import address_of, token_of
from parvis.walks.models import Walk
from parvis.walks.walk_models import new_nonce

SERVICE = "organisation:"  # how a service's address is named among recipients


def choose_guests(
    walk: Walk, chosen: Iterable[Organisation], *, among: Iterable[Organisation]
) -> None:
    """Of the organisations that are shown (`among`), these ones are to be called. Who was called
    stays; nobody is told anything yet."""
    wanted = {one.pk: one for one in chosen}
    left_out = {one.pk for one in among} - set(wanted)
    with transaction.atomic():
        fresh = held(walk)
        refuse_over(fresh)
        waiting = fresh.gathering.guests.filter(invited_at=None)
        waiting.filter(organisation_id__in=left_out).delete()
        ask_organisations(fresh.gathering, wanted.values(), at=None)


def convene(walk: Walk, *, actor: Actor, now: datetime | None = None) -> int:
    """Call the organisations that are chosen; how many messages leave. Done again, it calls who was
    added since, and tells the others nothing.

    Refused without a date to come, a stop, or anybody to call.
    """
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(walk)
        refuse_over(fresh)
        if fresh.gathering.starts_at <= at:
            raise Refused("La date de ce diagnostic est passée : donnez-lui une date à venir.")
        if not fresh.stops.exists():
            raise Refused("Placez au moins un arrêt avant d’inviter : chacun saura où l’on va.")
        guests = fresh.gathering.guests.order_by("pk")
        waiting = list(guests.filter(invited_at=None).select_related("organisation"))
        if not waiting and not guests.exists():
            raise Refused("Choisissez au moins une organisation à inviter.")
        if not waiting and fresh.convened_at is not None:
            raise Refused("Tout le monde est déjà invité : ajoutez d’abord une organisation.")
        guests.filter(pk__in=[one.pk for one in waiting]).update(invited_at=at)
        if fresh.convened_at is None:
            fresh.convened_at = at
            fresh.save(update_fields=["convened_at"])
            waiting = list(guests.select_related("organisation"))
        record(actor, WALK, fresh.pk, "convened", public=False, at=at)
        people = _with_links(fresh, addresses_of(one.organisation for one in waiting))
        return outbox.put(f"walk.convened:{fresh.pk}", people, _convocation(fresh))


def welcome_residents(walk: Walk, *, actor: Actor, now: datetime | None = None) -> Walk:
    """Residents may come: the gathering is published, with what is to be looked at when nothing
    else presents it."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = held(walk)
        refuse_over(fresh)
        if fresh.gathering.ends_at <= at:
            raise Refused("Ce diagnostic est passé : les habitants ne peuvent plus y venir.")
        if fresh.purpose and not fresh.gathering.summary:
            change_gathering(fresh.gathering, actor=actor, summary=fresh.purpose, now=at)
        publish_gathering(fresh.gathering, actor=actor, now=at)
    return fresh


def renew_link(walk: Walk, *, actor: Actor) -> Walk:
    """Close the link for telephones and make another one. What a telephone still keeps under the
    old link can no longer be sent by it."""
    with transaction.atomic():
        fresh = held(walk)
        refuse_over(fresh)
        fresh.nonce = new_nonce()
        fresh.save(update_fields=["nonce"])
        record(actor, WALK, fresh.pk, "relinked", public=False)
    return fresh


def date_by_link(walk: Walk) -> str:
    """The absolute address of the calendar file for who has the link and no account."""
    return settings.SITE_URL + reverse("walks:date_by_link", args=[token_of(walk)])


def with_pages(gathering: Gathering, people: list[Recipient]) -> list[Recipient]:
    """Where each of these people reads about the walk of a gathering and answers."""
    walk = Walk.objects.select_related("gathering").filter(gathering=gathering.pk).first()
    if walk is None:
        return people
    answer = settings.SITE_URL + reverse("walks:guests", args=[walk.pk])
    return _with_links(walk, [Recipient(who.key, who.address, answer) for who in people])


def _with_links(walk: Walk, people: Iterable[Recipient]) -> list[Recipient]:
    """A service's address, where nobody has an account, gets the link for telephones; it is closed
    once the walk is called off."""
    link = "" if walk.gathering.cancelled_at else address_of(walk)
    return [
        Recipient(who.key, who.address, link) if who.key.startswith(SERVICE) else who
        for who in people
    ]


def _convocation(walk: Walk) -> Any:
    gathering = walk.gathering
    date = settings.SITE_URL + reverse("gatherings:calendar", args=[gathering.pk])
    organiser = gathering.organiser
    context = {
        "walk": walk,
        "gathering": gathering,
        "stops": list(walk.stops.all()),
        "answer": settings.SITE_URL + reverse("walks:guests", args=[walk.pk]),
        "contact": gathering.contact or organiser.phone or organiser.email,
    }

    def compose(who: Recipient) -> Mail:
        service = who.key.startswith(SERVICE)
        words = {
            **context,
            "service": service,
            "link": who.link or page_url(walk),
            "date": date_by_link(walk) if service else date,
        }
        return render("walks/notices/convened", words)

    return compose
