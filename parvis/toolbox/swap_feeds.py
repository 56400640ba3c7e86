"""Feeds of other territories: what they publish is told to the coordination, never published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from parvis.documents.outgoing import CallRefused, call
from parvis.partners.actors import Actor
from parvis.toolbox.models import Feed, FeedEntry
from parvis.toolbox.swap_reading import is_web_address

ATOM = "{http://www.w3.org/2005/Atom}"
MOST_ENTRIES = 100  # read of one feed, and kept of it
MOST_FEEDS = 30  # of one coordination
NOT_A_FEED = "Ce n’est pas un fil Atom de fiches."


@dataclass(frozen=True)
class Announced:
    """A sheet as a feed announces it."""

    key: str
    title: str
    url: str
    at: datetime


def fetch(url: str) -> bytes:
    """What stands at the address of a feed; CallRefused when it may not be asked, or fails."""
    reply = call(
        url,
        headers={"Accept": "application/atom+xml, application/xml"},
        redirections=3,
        private=settings.FEEDS_FROM_PRIVATE_HOSTS,
    )
    if reply.status != 200:
        raise CallRefused(f"Ce site répond par une erreur ({reply.status}).")
    return reply.body


def read_feed(content: bytes) -> list[Announced]:
    """The sheets of an Atom feed; CallRefused for anything else."""
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise CallRefused(NOT_A_FEED) from None
    if root.tag != f"{ATOM}feed":
        raise CallRefused(NOT_A_FEED)
    return list(_entries(root))


def _entries(root: Element) -> Iterator[Announced]:
    for entry in root.findall(f"{ATOM}entry")[:MOST_ENTRIES]:
        title = _words(entry.findtext(f"{ATOM}title"))[:255]
        url = _link_of(entry)
        at = _moment(entry.findtext(f"{ATOM}published") or entry.findtext(f"{ATOM}updated"))
        key = _words(entry.findtext(f"{ATOM}id"))[:300] or url
        if title and url and at:
            yield Announced(key, title, url, at)


def _link_of(entry: Element) -> str:
    for link in entry.findall(f"{ATOM}link"):
        url = link.get("href", "").strip()
        if link.get("rel", "alternate") == "alternate" and len(url) <= 300 and is_web_address(url):
            return url
    return ""


def _words(text: str | None) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text or "").split())


def _moment(text: str | None) -> datetime | None:
    try:
        found = parse_datetime((text or "").strip())
    except ValueError:
        return None
    if found is None:
        return None
    return min(found if timezone.is_aware(found) else timezone.make_aware(found), timezone.now())


def follow(actor: Actor, *, name: str, url: str) -> Feed:
    """Follow a feed and read it at once; ValidationError when it cannot be read."""
    if Feed.objects.filter(coordination_id=actor.organisation_id).count() >= MOST_FEEDS:
        raise ValidationError(f"Vous suivez déjà {MOST_FEEDS} fils.")
    feed = Feed(
        coordination_id=actor.organisation_id or 0, name=name, url=url, added_at=timezone.now()
    )
    feed.validate_constraints()
    try:
        found = read_feed(fetch(url))
    except CallRefused as refused:
        raise ValidationError(str(refused)) from refused
    with transaction.atomic():
        feed.save()
        _keep(feed, found)
    return feed


def unfollow(feed: Feed) -> None:
    """Follow a feed no more, and forget what it announced."""
    feed.delete()


def refresh(feed: Feed) -> bool:
    """Read a feed again; whether it could be read. What stands in the way is kept with it."""
    try:
        found = read_feed(fetch(feed.url))
    except CallRefused as refused:
        Feed.objects.filter(pk=feed.pk).update(trouble=str(refused)[:200])
        return False
    with transaction.atomic():
        if not Feed.objects.select_for_update().filter(pk=feed.pk).exists():
            return False  # followed no more
        _keep(feed, found)
    return True


def _keep(feed: Feed, found: list[Announced]) -> None:
    rows = {one.key: one for one in reversed(found)}
    FeedEntry.objects.bulk_create(
        [
            FeedEntry(feed=feed, key=one.key, title=one.title, url=one.url, at=one.at)
            for one in rows.values()
        ],
        update_conflicts=True,
        unique_fields=["feed", "key"],
        update_fields=["title", "url"],
    )
    kept = feed.entries.order_by("-at", "-pk").values_list("pk", flat=True)[:MOST_ENTRIES]
    feed.entries.exclude(pk__in=list(kept)).delete()
    Feed.objects.filter(pk=feed.pk).update(read_at=timezone.now(), trouble="")


def entries_for(actor: Actor) -> Any:
    """The sheets announced to this actor, the newest first."""
    feeds = Feed.objects.visible_to(actor)
    return FeedEntry.objects.filter(feed__in=feeds.values("pk")).select_related("feed")
