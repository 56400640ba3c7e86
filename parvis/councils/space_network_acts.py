"""The network of référents: subjects, messages, and the mail that says there are some. Of one
subject, a person gets one mail an hour at most; what was written stays on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from parvis.councils.models import Body, NetworkMessage, NetworkTopic, Referent
from parvis.councils.referent_reading import still_seated
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.actors import Actor
from parvis.partners.models import Mandate, Organisation, User
from parvis.partners.rights import Refused

NAME_LENGTH = 160


def followers(coordinator: Organisation, today: Any) -> Any:
    """Accounts of the référents of today in an agglomération, and of who animates their bodies."""
    held = Referent.objects.on(today).filter(
        still_seated(today), member__body__coordinator=coordinator
    )
    running = Mandate.objects.in_force(today)
    bodies = held.values("member__body__organisation_id")
    referents = running.filter(
        person_id__in=held.exclude(member__user=None).values("member__user_id"),
        organisation_id__in=bodies,
    )
    animators = running.filter(organisation_id__in=bodies, role="responsable")
    return User.objects.filter(
        Q(pk__in=referents.values("person_id")) | Q(pk__in=animators.values("person_id")),
        is_active=True,
    ).order_by("pk")


def open_topic(
    body: Body,
    *,
    actor: Actor,
    title: str,
    text: str,
    file: Any = None,
    now: datetime | None = None,
) -> NetworkTopic:
    """Open a subject in the network of the agglomération of a body, with its first message."""
    at = now or timezone.now()
    topic = NetworkTopic(coordinator=body.coordinator, title=title, opened_at=at, moved_at=at)
    topic.full_clean()
    with transaction.atomic():
        topic.save()
        write_message(topic, body, actor=actor, text=text, file=file, now=at)
    return topic


def write_message(
    topic: NetworkTopic,
    body: Body,
    *,
    actor: Actor,
    text: str,
    file: Any = None,
    now: datetime | None = None,
) -> NetworkMessage:
    """Write under a subject; the others are told. Refused once the subject is closed."""
    at = now or timezone.now()
    with transaction.atomic():
        fresh = _held(topic)
        if fresh.closed_at:
            raise Refused("Ce sujet est clos : rouvrez-le pour y écrire.")
        message = NetworkMessage(topic=fresh, by_id=actor.user_id, body=body, text=text, at=at)
        if file:
            message.file_name = file.name[-NAME_LENGTH:]
            message.file = file
        message.full_clean()
        message.save()
        fresh.moved_at = at
        fresh.save(update_fields=["moved_at"])
        _tell(fresh, actor, at)
    return message


def close_topic(topic: NetworkTopic, *, closed: bool, now: datetime | None = None) -> NetworkTopic:
    """Close a subject, or open it again."""
    with transaction.atomic():
        fresh = _held(topic)
        fresh.closed_at = (fresh.closed_at or now or timezone.now()) if closed else None
        fresh.save(update_fields=["closed_at"])
    return fresh


def _held(topic: NetworkTopic) -> NetworkTopic:
    rows = NetworkTopic.objects.select_for_update(of=("self",))
    return rows.select_related("coordinator").get(pk=topic.pk)


def _tell(topic: NetworkTopic, actor: Actor, at: datetime) -> None:
    people = followers(topic.coordinator, timezone.localdate(at)).exclude(pk=actor.user_id)
    link = settings.SITE_URL + reverse("councils:topic", args=[topic.pk])

    def compose(who: Recipient) -> Mail:
        return render("councils/notices/space_topic", {"topic": topic, "link": who.link})

    # The outbox tells a person of an event once: an event for each hour is one mail an hour.
    outbox.put(
        f"councils.topic:{topic.pk}:{at:%Y%m%d%H}",
        [Recipient(f"user:{one.pk}", one.email, link) for one in people],
        compose,
    )
