"""What happens to opinions and to requests for them, in words; whom it is told."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from parvis.notices.outbox import Recipient
from parvis.partners.models import Mandate, Organisation

OPINION, REQUEST = "opinion", "opinion_request"  # the kinds, as the thread names them
SECRET_TITLE = "Un avis à débattre"  # noqa: S105 - what others read of an opinion not yet sent
OPINION_SENTENCES = {
    "adopted": "Avis adopté",
    "sent": "Avis envoyé, réponse attendue de {concerns}",
    "published": "Avis rendu public",
    "replied": "Réponse de {concerns}",
    "added": "Complément de réponse de {concerns}",
}
REQUEST_SENTENCES = {
    "sent": "Avis demandé à {concerns}",
    "informed": "Information envoyée à {concerns}",
    "withdrawn": "Demande retirée",
}


def opinion_url(pk: int) -> str:
    """The absolute address of an opinion."""
    return settings.SITE_URL + reverse("councils:opinion", args=[pk])


def request_url(pk: int) -> str:
    """The absolute address of a request."""
    return settings.SITE_URL + reverse("councils:opinion_request", args=[pk])


def people_of(organisations: Iterable[Organisation], *, readers: bool = False) -> list[Recipient]:
    """Who acts for these organisations, and the address of their service; `readers` too when asked:
    the ordinary members of a body read for it."""
    wanted = {one.pk: one for one in organisations}
    mandates = Mandate.objects.in_force(timezone.localdate()).filter(organisation__in=wanted)
    if not readers:
        mandates = mandates.exclude(role="lecteur")
    found: dict[str, Recipient] = {}
    for pk, email in mandates.order_by("pk").values_list("person_id", "person__email"):
        found.setdefault(email.lower(), Recipient(f"user:{pk}", email))
    for one in wanted.values():
        if one.email:
            found.setdefault(one.email.lower(), Recipient(f"organisation:{one.pk}", one.email))
    return list(found.values())


def acts_here(organisation: Organisation) -> bool:
    """Whether somebody acts for this organisation here, and so replies in person."""
    running = Mandate.objects.in_force(timezone.localdate()).exclude(role="lecteur")
    return bool(running.filter(organisation=organisation).exists())
