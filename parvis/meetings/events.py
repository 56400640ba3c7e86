"""What happens to sittings and decisions, in words, and the messages that it sends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse

from parvis.gatherings.events import addresses_of
from parvis.meetings.inviting import with_own_links
from parvis.meetings.models import Sitting
from parvis.notices import outbox
from parvis.notices.mail import render
from parvis.notices.outbox import Mail, Recipient
from parvis.partners.models import Organisation

SITTING_SENTENCES = {
    "convened": "Convocation envoyée",
    "sent": "Relevé de décisions envoyé",
    "approved": "Relevé approuvé",
}
DECISION_SENTENCES = {
    "taken": "Décision prise",
    "done": "Décision faite",
    "drop": "Décision abandonnée",
    "reopen": "Décision reprise",
}
SITTING_LABELS = {
    "prepared": "en préparation",
    "convened": "convoquée",
    "cancelled": "annulée",
    "held": "relevé à envoyer",
    "sent": "relevé envoyé",
    "approved": "relevé approuvé",
}


def page_url(pk: int) -> str:
    """The absolute address of a sitting's page."""
    return f"{settings.SITE_URL}{reverse('meetings:sitting', args=[pk])}"


def tell_called(sitting: Sitting, organisations: Iterable[Organisation]) -> int:
    """The convocation, with the agenda; once per person, however often it is sent."""
    key = f"sitting.convened:{sitting.pk}"
    return outbox.put(key, _reached(sitting, organisations), _words(sitting, "convened"))


def tell_releve(sitting: Sitting) -> int:
    """The relevé, to everybody who was called and to who has something to do."""
    wanted = set(sitting.gathering.guests.values_list("organisation_id", flat=True))
    wanted |= set(sitting.decisions.values_list("organisation_id", flat=True)) - {None}
    organisations = Organisation.objects.filter(pk__in=wanted)
    key = f"sitting.sent:{sitting.pk}"
    return outbox.put(key, _reached(sitting, organisations), _words(sitting, "released"))


def _reached(sitting: Sitting, organisations: Iterable[Organisation]) -> list[Recipient]:
    return with_own_links(addresses_of(organisations), sitting.gathering.guests.all())


def _words(sitting: Sitting, what: str) -> Any:
    context = {
        "sitting": sitting,
        "instance": sitting.instance,
        "gathering": sitting.gathering,
        "items": list(sitting.items.all()),
        "decisions": list(sitting.decisions.select_related("organisation")),
        "link": page_url(sitting.pk),
    }

    def compose(who: Recipient) -> Mail:
        return render(f"meetings/notices/{what}", {**context, "link": who.link or context["link"]})

    return compose
