"""Telling people of what is to watch over conventions of abatement: one mail per person, whatever
the number of conventions, and each alert once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from parvis.actions.models import Reminder
from parvis.actions.reminding import recipients
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.actors import Actor
from parvis.tfpb.alerts import (
    NO_PROGRAMME,
    labels,
    near,
    places_without_programme,
    programme_year,
)
from parvis.tfpb.convention_models import Convention
from parvis.tfpb.convention_things import due, url_of


@dataclass(frozen=True)
class Told:
    """One alert, as the mail tells it."""

    code: str
    pk: int
    title: str
    who: str  # the organisation that is to do it
    label: str
    due_on: date
    late: bool
    url: str
    places: list[str] = field(default_factory=list)  # where a programme is missing


def tell_everybody() -> int:
    """Write to each person whose organisation is to do something about a convention, and to its
    coordination; how many mails leave. What comes later than `near` waits."""
    now = timezone.now()
    today = timezone.localdate(now)
    known = set(
        Reminder.objects.filter(kind__startswith="tfpb_").values_list(
            "recipient", "kind", "thing_id", "due_on", "late"
        )
    )
    told = 0
    for recipient, actors in recipients(today):
        found = {_key(recipient, one): one for actor in actors for one in _alerts(actor, today)}
        new = {key: one for key, one in found.items() if key not in known}
        told += _tell(recipient, new, now) if new else 0
    return told


def _alerts(actor: Actor, today: date) -> Iterator[Told]:
    words = labels()
    rows = due(actor).filter(thing_due_on__lte=today + near()).order_by("thing_due_on", "pk")
    for _, pk, title, who, _, _, code, due_on, _ in rows:
        url = f"{settings.SITE_URL}{url_of(pk)}"
        yield Told(code, pk, title, who, words[code], due_on, due_on < today, url)


def _placed(alerts: Iterable[Told]) -> list[Told]:
    """The same; those of a missing programme say where."""
    given = list(alerts)
    rows: Any = Convention.objects.filter(
        pk__in=[one.pk for one in given if one.code == NO_PROGRAMME]
    )
    year = programme_year(timezone.localdate())
    places = places_without_programme(rows.select_related("landlord"), year)
    return [
        replace(one, places=places.get(one.pk, [])) if one.code == NO_PROGRAMME else one
        for one in given
    ]


def _key(recipient: Recipient, one: Told) -> tuple[str, str, int, date, bool]:
    return recipient.key, f"tfpb_{one.code}", one.pk, one.due_on, one.late


def _tell(
    recipient: Recipient, new: dict[tuple[str, str, int, date, bool], Told], now: datetime
) -> int:
    alerts = sorted(_placed(new.values()), key=lambda one: (one.due_on, one.title, one.who))

    def compose(who: Recipient) -> Mail:
        return render("tfpb/notices/alerts", {"alerts": alerts, "count": len(alerts)})

    with transaction.atomic():
        told = outbox.put(f"tfpb.alerts:{now.isoformat()}", [recipient], compose)
        if told:
            Reminder.objects.bulk_create(
                Reminder(recipient=key, kind=kind, thing_id=pk, due_on=due_on, late=late, at=now)
                for key, kind, pk, due_on, late in new
            )
    return told
