"""Reminders of what is due in this room: a week before and once the day has passed, one mail per
person whatever the number of things, and never twice for the same day of the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from parvis.actions.models import Reminder
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.actors import Actor, actors_of
from parvis.partners.models import Mandate, Organisation, User
from parvis.thread.register import kinds

KINDS = ("action", "pledge", "delivery", "durability_check")
DOERS = ("coordination", "responsable", "contributeur")
BEFORE = timedelta(days=7)
KEPT = timedelta(days=400)
HOURS = range(7, 20)  # nobody is written to at night


@dataclass(frozen=True)
class Line:
    """One thing that is due, as the mail tells it."""

    kind: str
    pk: int
    title: str
    due_on: date
    label: str
    url: str
    late: bool


def remind_everybody(now: datetime | None = None) -> int:
    """Write to each person whose organisation owes something soon or late; how many mails leave.

    An organisation for which nobody acts here is written to at its service's address.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    known = set(Reminder.objects.values_list("recipient", "kind", "thing_id", "due_on", "late"))
    told = 0
    for recipient, actors in recipients(today):
        lines = {
            (recipient.key, one.kind, one.pk, one.due_on, one.late): one
            for actor in actors
            for one in _due(actor, today)
        }
        new = {key: one for key, one in lines.items() if key not in known}
        told += _tell(recipient, list(new.values()), now) if new else 0
    return told


def forget_old(now: datetime | None = None) -> int:
    """Erase what was told more than a year ago; how many."""
    erased, _ = Reminder.objects.filter(at__lt=(now or timezone.now()) - KEPT).delete()
    return erased


def recipients(today: date) -> Iterator[tuple[Recipient, list[Actor]]]:
    """Everybody who acts for an organisation, as every actor that they are; and the service of each
    organisation for which nobody acts here."""
    running = Mandate.objects.in_force(today).filter(role__in=DOERS)
    people = User.objects.filter(pk__in=running.values("person_id"), is_active=True)
    for user in people.order_by("pk"):
        yield Recipient(f"user:{user.pk}", user.email), actors_of(user)
    silent = Organisation.objects.filter(closed_on=None).exclude(email="")
    for one in silent.exclude(pk__in=running.values("organisation_id")).order_by("pk"):
        actor = Actor(role="responsable", organisation_id=one.pk, kind=one.kind)
        yield Recipient(f"organisation:{one.pk}", one.email), [actor]


def _due(actor: Actor, today: date) -> Iterator[Line]:
    """What the actor's own organisation owes, late or within a week, the most late first."""
    registered = kinds()
    for code in KINDS:
        kind = registered.get(code)
        if kind is None or kind.due is None:
            continue
        owed = kind.due(actor).filter(
            thing_owner=actor.organisation_id, thing_due_on__lte=today + BEFORE
        )
        for row in owed.order_by("thing_due_on", "pk"):
            pk, title, due_on = row[1], row[2], row[7]
            url = f"{settings.SITE_URL}{kind.url(pk)}"
            yield Line(code, pk, title, due_on, kind.label, url, due_on < today)


def _tell(recipient: Recipient, lines: list[Line], now: datetime) -> int:
    def compose(who: Recipient) -> Mail:
        return render("actions/notices/due", _words(lines))

    with transaction.atomic():
        told = outbox.put(f"actions.due:{timezone.localdate(now)}", [recipient], compose)
        if told:
            Reminder.objects.bulk_create(
                Reminder(
                    recipient=recipient.key,
                    kind=one.kind,
                    thing_id=one.pk,
                    due_on=one.due_on,
                    late=one.late,
                    at=now,
                )
                for one in lines
            )
    return told


def _words(lines: list[Line]) -> dict[str, Any]:
    lines = sorted(lines, key=lambda one: (one.due_on, one.kind, one.pk))
    return {
        "count": len(lines),
        "late": [one for one in lines if one.late],
        "soon": [one for one in lines if not one.late],
    }
